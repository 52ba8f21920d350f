"""The text that is judged, and places in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

from gongkai.model.errors import EmptyDocument

_new = tuple.__new__


class _Pair(NamedTuple):
    start: int
    end: int


class Span(_Pair):
    """Characters `start` to `end` (exclusive) of a text as read; a tuple, as a document has thousands.

    Raises ValueError for a place without a character.
    """

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        """A place of at least one character."""
        if not 0 <= start < end:
            raise ValueError(f"not a span: {start} to {end}")
        return _new(cls, (start, end))

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Hold every character of `other`."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Document:
    """One document as read; its text never changes afterwards, so every offset stays true.

    Raises EmptyDocument when the text has no visible character.
    """

    id: str
    text: str
    title: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise EmptyDocument("文件里没有文字：请确认文件内容，扫描件请先做文字识别。")

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the hexadecimal digest of the text in UTF-8."""
        return "sha256:" + hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def folded(self) -> str:
        """The text folded for matching, of the same length."""
        from gongkai.model.folding import fold

        return fold(self.text)


def covered(spans: Iterable[Span], length: int) -> bytearray:
    """Which characters of a text stand in spans: 1 for each that does."""
    taken = bytearray(length)
    for span in spans:
        taken[span.start : span.end] = b"\1" * len(span)
    return taken
