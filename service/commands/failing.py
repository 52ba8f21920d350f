"""What a command says when it could not do something."""

from __future__ import annotations

import re
import sys

from gongkai.model.errors import GongkaiError, RequestError


class Usage(RequestError):
    """The options don't go together."""

    slug, title = "usage", "用法不对"


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def named(name: object) -> str:
    """A file name on one line of a terminal, without commands to it and without what no encoding holds."""
    return _CONTROLS.sub("?", str(name)).encode(errors="replace").decode()


def failed(name: str, error: GongkaiError) -> None:
    """One line on standard error; the others go on."""
    print(f"{named(name)}：{error.title}。{error.message}", file=sys.stderr)
