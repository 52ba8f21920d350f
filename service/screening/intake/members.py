"""Members of a container: what they are called and what can't be read of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count

from gongkai.model.errors import DocumentError

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a container. `size` in bytes; `error` says why it can't be read."""

    name: str
    size: int
    error: DocumentError | None = None


def unique(name: str, known: Collection[str]) -> str:
    """A member's name as it is shown: with slashes, without what could leave a folder or break a line, and unlike any
    in `known`."""
    pieces = name.replace("\\", "/").split("/")
    plain = "/".join("".join(map(_shown, piece)) for piece in pieces if piece.strip() not in ("", ".", ".."))
    plain = plain[-_LONGEST:].lstrip("/") or "未命名"
    if plain not in known:
        return plain
    stem, dot, suffix = plain.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem and "/" not in suffix else (plain, "")
    numbers = chain(range(2, 10), count(len(known) + 1))  # no long search where thousands share a name
    return next(name for number in numbers if (name := f"{stem}({number}){suffix}") not in known)


def _shown(character: str) -> str:
    return character if character.isprintable() else "\ufffd"
