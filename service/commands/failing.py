"""What a command says when it could not do something."""

from __future__ import annotations

import sys

from gongkai.model.errors import GongkaiError, RequestError


class Usage(RequestError):
    """The options don't go together."""

    slug, title = "usage", "用法不对"


def failed(name: str, error: GongkaiError) -> None:
    """One line on standard error; the others go on."""
    print(f"{name}：{error.title}。{error.message}", file=sys.stderr)
