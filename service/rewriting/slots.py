"""A file as redaction sees it: every text that somebody could read or copy out of it, and a way to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongkai.model.document import Span
from gongkai.service.limits import Limits


@dataclass(frozen=True, slots=True)
class Slot:
    """Text that hangs together: a paragraph across its runs, a cell, a comment, a property.

    `place` names where it stands, in Chinese (正文, 表格, 页眉, 脚注, 批注, 隐藏工作表 …). `after` is what separates
    it from the next slot in the text that is judged: a line end, or a tab between the cells of a row. `body` tells
    what a reader of the page sees from what is hidden in the file.
    """

    text: str
    place: str
    after: str = "\n"
    body: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement inside one slot; the span counts the slot's own characters, the text may be empty."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A new file. `dropped` says what was taken out whole, `by_eye` what only a person can check; both in Chinese."""

    data: bytes
    dropped: tuple[str, ...] = ()
    by_eye: tuple[str, ...] = ()


class OpenFile(Protocol):
    """A file taken apart. Slots stand in reading order, the body first, what is hidden after it."""

    @property
    def slots(self) -> Sequence[Slot]:
        """All text of the file that will still be in it after rewriting."""
        ...

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        """The file with the edits of each slot (by its index; edits of a slot don't overlap) carried out."""
        ...


#: Takes a file apart. Raises DocumentError; UnsupportedPart names what can't be made safe.
Opener = Callable[[bytes, Limits], OpenFile]

#: Everything that can be found in the bytes of a written file: (place in Chinese, text), all parts and streams
#: unpacked, metadata included, whether shown or not. It shares no parsing with `OpenFile`, so that it can prove it.
Remains = Callable[[bytes, Limits], Iterator[tuple[str, str]]]
