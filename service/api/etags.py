"""Versions as ETags: answers that a caller has already, and changes only to what the caller saw."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header

from gongkai.service.errors import Outdated

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag(version: object) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def _wanted(
    if_match: Annotated[
        str,
        Header(description="只在版本仍然是这个时才执行（取自 ETag）；不给则不检查", examples=['"3"'], max_length=200),
    ] = "",
) -> int:
    """The version that a caller saw, 0 for don't mind. Raises Outdated for one that never was."""
    if if_match.strip() in ("", "*"):
        return 0
    given = _TAG.fullmatch(if_match.strip())
    if not given or not given[1].isascii() or not given[1].isdecimal() or not 0 < int(given[1]) < 2**31:
        raise Outdated("If-Match 里的版本不是本服务给出的，请重新读取后再提交。")
    return int(given[1])


def _held(
    if_none_match: Annotated[
        str,
        Header(description="调用方已有的版本（取自 ETag）；没有变化时回答 304", examples=['"3"'], max_length=1000),
    ] = "",
) -> frozenset[str]:
    """The versions that a caller has."""
    return frozenset(["*"] if if_none_match.strip() == "*" else _TAG.findall(if_none_match))


Seen = Annotated[int, Depends(_wanted)]
Held = Annotated[frozenset[str], Depends(_held)]


def is_held(held: frozenset[str], version: object) -> bool:
    """Whether the caller has this version."""
    return str(version) in held or "*" in held
