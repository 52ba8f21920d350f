"""Text that hangs together though it lies in several places of an XML tree, and changes carried out in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lxml.etree import QName
from lxml.etree import _Element as Element

from gongkai.service.rewriting.slots import Edit, Slot

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NEVER_EMPTY = ("definedNames", "dataValidations", "hyperlinks", "conditionalFormatting")
_BREAKS = str.maketrans("\t\n", "  ")


class Holder(Protocol):
    """A place that holds characters and can be given others."""

    def read(self) -> str:
        """What stands there."""
        ...

    def write(self, text: str) -> None:
        """Put other text there."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The text of an element, or with `key` one of its attributes."""

    element: Element
    key: str | None = None

    def read(self) -> str:
        """The characters as they stand."""
        return (self.element.text if self.key is None else self.element.get(self.key)) or ""

    def write(self, text: str) -> None:
        """Spaces at the ends survive only where they are asked for."""
        if self.key is not None:
            self.element.set(self.key, text)
            return
        self.element.text = text
        if text != text.strip() and local(self.element) == "t":
            self.element.set(_SPACE, "preserve")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """An element that is read as characters, such as a tab or a line break; changed, it becomes text or goes."""

    element: Element
    shown: str

    def read(self) -> str:
        """The characters that the element stands for."""
        return self.shown

    def write(self, text: str) -> None:
        """Only in a run can an element give way to text."""
        parent = self.element.getparent()
        if text and local(parent) == "r":
            words = parent.makeelement(f"{{{QName(parent).namespace}}}t")
            parent.replace(self.element, words)
            Words(words).write(text)
        else:
            parent.remove(self.element)


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters from `start` of a holder on; without a holder they only separate."""

    text: str
    holder: Holder | None = None
    start: int = 0

    def cut(self, start: int, end: int) -> Piece:
        """Some of its characters, which know where they stand."""
        return Piece(self.text[start:end], self.holder, self.start + start)


@dataclass(frozen=True, slots=True, eq=False)
class Strand:
    """Pieces in reading order."""

    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """All characters."""
        return "".join(piece.text for piece in self.pieces)

    def stripped(self) -> Strand:
        """Without blanks at both ends."""
        text = self.text
        return self.part(len(text) - len(text.lstrip()), len(text.rstrip()))

    def part(self, start: int, end: int) -> Strand:
        """The characters of a span."""
        cuts = (piece.cut(max(0, start - at), max(0, end - at)) for at, piece in self._placed())
        return Strand(tuple(piece for piece in cuts if piece.text))

    def on_one_line(self) -> Strand:
        """With blanks for tabs and line ends."""
        return Strand(tuple(Piece(p.text.translate(_BREAKS), p.holder, p.start) for p in self.pieces))

    def without(self, unwanted: re.Pattern[str]) -> Strand:
        """Without what matches, which stays where it is in the file."""
        found: list[Piece] = []
        for piece in self.pieces:
            at = 0
            for match in unwanted.finditer(piece.text):
                found.append(piece.cut(at, match.start()))
                at = match.end()
            found.append(piece.cut(at, len(piece.text)))
        return Strand(tuple(piece for piece in found if piece.text))

    def change(self, edits: Sequence[Edit]) -> None:
        """Each replacement goes where its first character stands; the others are taken out everywhere else."""
        cuts: dict[Holder, list[tuple[int, int, str]]] = {}
        placed = list(self._placed())
        starts = [at for at, _ in placed]
        for edit in edits:
            first = max(0, bisect_right(starts, edit.span.start) - 1)
            touched = list(_touched(edit, placed[first : bisect_left(starts, edit.span.end)]))
            owner = next((place for place in touched if isinstance(place[0], Words)), touched[0] if touched else None)
            for place in touched:
                cuts.setdefault(place[0], []).append((place[1], place[2], edit.text if place is owner else ""))
        for holder, changes in cuts.items():
            holder.write(_changed(holder.read(), changes))

    def _placed(self) -> Iterator[tuple[int, Piece]]:
        at = 0
        for piece in self.pieces:
            yield at, piece
            at += len(piece.text)


def _touched(edit: Edit, placed: Iterable[tuple[int, Piece]]) -> Iterator[tuple[Holder, int, int]]:
    for at, piece in placed:
        start, end = max(edit.span.start, at), min(edit.span.end, at + len(piece.text))
        if start < end and piece.holder is not None:
            yield piece.holder, piece.start + start - at, piece.start + end - at


def _changed(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text of a slot after its edits."""
    return _changed(text, ((edit.span.start, edit.span.end, edit.text) for edit in edits))


def strand(holder: Holder) -> Strand:
    """All that one holder holds."""
    return Strand((Piece(holder.read(), holder),))


def joined(strands: Iterable[Strand], between: str) -> Strand:
    """Those that aren't empty, one after the other."""
    pieces: list[Piece] = []
    for one in strands:
        if one.text:
            pieces.extend((Piece(between),) if pieces else ())
            pieces.extend(one.pieces)
    return Strand(tuple(pieces))


class Target(Protocol):
    """What carries out the edits of a slot."""

    def change(self, edits: Sequence[Edit]) -> None:
        """Edits count characters of the slot."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Doomed:
    """An element that would not survive a change of its text in good order, so that it goes whole."""

    element: Element

    def change(self, edits: Sequence[Edit]) -> None:
        """Take the element out, once, and with it a container that it leaves empty."""
        parent = self.element.getparent()
        if parent is None:
            return
        parent.remove(self.element)
        if parent.get("count"):
            parent.set("count", str(len(parent)))
        if not len(parent) and local(parent) in _NEVER_EMPTY:
            parent.getparent().remove(parent)


class Ledger:
    """The slots of a file in reading order, and what carries out the edits of each."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self.targets: list[list[Target]] = []
        self._hidden: list[tuple[Slot, list[Target]]] = []

    def add(self, text: str, place: str, *targets: Target, after: str = "\n", body: bool = True) -> None:
        """Hidden text waits until the body is complete."""
        if body:
            self.slots.append(Slot(text, place, after))
            self.targets.append(list(targets))
        elif text.strip():
            self._hidden.append((Slot(text, place, after, body=False), list(targets)))

    def close(self) -> None:
        """Put what is hidden after the body."""
        self.slots.extend(slot for slot, _ in self._hidden)
        self.targets.extend(targets for _, targets in self._hidden)
        self._hidden = []


def local(element: Element | None) -> str:
    """The name without its namespace, so that transitional and strict files read alike; empty for comments."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return str(element.tag.rpartition("}")[2])
