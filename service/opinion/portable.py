"""Papers as .pdf: headings, paragraphs and ruled tables on A4, set in Chinese without a font of our own.

The typeface is named and not embedded (STSong-Light by Adobe's GB1 collection): every viewer sets it in the Song of its
machine. So a server needs no font, and such a file is for reading and printing, not PDF/A for archives.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

_WIDE, _HIGH = 595.28, 841.89
_LEFT, _TOP, _BOTTOM = 62.0, 66.0, 60.0
_ROOM = _WIDE - 2 * _LEFT
#: Sizes in points: 小二 for a heading, 小四 for all else.
_HEAD, _BODY, _LEADING, _PAD = 18.0, 12.0, 18.0, 5.0
#: A row of so many lines at most stays on one page.
_WHOLE = 12
#: What must not begin a line.
_HANGING = "，。；：、！？）》”’】〕,.;:!?)"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table row: `share` of the table's width."""

    text: str
    share: float
    centred: bool = False


def width(text: str, size: float = _BODY) -> float:
    """How wide a text is set: ASCII takes half an em, all else a whole one."""
    return sum(0.5 if char.isascii() else 1.0 for char in text) * size


def wrapped(text: str, room: float, size: float = _BODY) -> list[str]:
    """The lines of a text in a room; at least one."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and width(line + char, size) > room and char not in _HANGING:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


@dataclass
class Paper:
    """A paper under way, from top to bottom; the same calls give the same bytes."""

    _pages: list[list[str]] = field(default_factory=lambda: [[]])
    _y: float = _HIGH - _TOP

    def heading(self, text: str) -> None:
        """A centred title."""
        for line in wrapped(text, _ROOM, _HEAD):
            self._step(_HEAD * 1.6)
            self._text(_LEFT + (_ROOM - width(line, _HEAD)) / 2, line, _HEAD)
        self._step(_LEADING / 2)

    def paragraph(self, text: str, *, indent: bool = False, right: bool = False) -> None:
        """Lines of text; `indent` by two characters, or at the right edge."""
        for line in wrapped(f"　　{text}" if indent else text, _ROOM):
            self._step(_LEADING)
            self._text(_LEFT + (_ROOM - width(line) if right else 0), line)

    def row(self, cells: Sequence[Cell]) -> None:
        """A ruled row of a table; one that is longer than the page goes on on the next."""
        left = [wrapped(cell.text, cell.share * _ROOM - 2 * _PAD) for cell in cells]
        while any(left):
            fit, need = int((self._y - _BOTTOM - 2 * _PAD) // _LEADING), max(map(len, left))
            if fit < min(need, _WHOLE):
                self._turn()
                continue
            part = [lines[:fit] for lines in left]
            left = [lines[fit:] for lines in left]
            self._row(cells, part)

    def _row(self, cells: Sequence[Cell], part: Sequence[Sequence[str]]) -> None:
        high = max(map(len, part)) * _LEADING + 2 * _PAD
        x = _LEFT
        for cell, lines in zip(cells, part, strict=True):
            wide = cell.share * _ROOM
            self._pages[-1].append(f"{x:.2f} {self._y - high:.2f} {wide:.2f} {high:.2f} re S")
            for place, line in enumerate(lines):
                at = x + (wide - width(line)) / 2 if cell.centred else x + _PAD
                self._text(at, line, y=self._y - _PAD - (place + 1) * _LEADING + 4)
            x += wide
        self._y -= high

    def _step(self, high: float) -> None:
        if self._y - high < _BOTTOM:
            self._turn()
        self._y -= high

    def _turn(self) -> None:
        self._pages.append([])
        self._y = _HIGH - _TOP

    def _text(self, x: float, text: str, size: float = _BODY, y: float | None = None) -> None:
        if text.strip():
            told = text.encode("utf-16-be", "replace").hex()
            at = self._y if y is None else y
            self._pages[-1].append(f"BT /F1 {size:g} Tf {x:.2f} {at:.2f} Td <{told}> Tj ET")

    def packed(self, title: str) -> bytes:
        """The file."""
        with Pdf.new() as pdf:
            font = pdf.make_indirect(_font())
            for drawn in self._pages:
                content = "\n".join(["0.5 w", *drawn]).encode("ascii")
                page = Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, _WIDE, _HIGH]),
                    Resources=Dictionary(Font=Dictionary(F1=font)),
                    Contents=Stream(pdf, content),
                )
                pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
            pdf.docinfo["/Title"] = title
            pdf.Root["/Lang"] = "zh-CN"
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _font() -> Dictionary:
    """A composite font that viewers know by its name; its ASCII (CID 1 to 95) is set half an em wide."""
    system = Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=4)
    described = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6, FontBBox=Array([-25, -254, 1000, 880]),
        ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=93,
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), CIDSystemInfo=system, DW=1000,
        W=Array([1, 95, 500]), FontDescriptor=described,
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light-UniGB-UTF16-H"),
        Encoding=Name("/UniGB-UTF16-H"), DescendantFonts=Array([inner]),
    )  # fmt: skip


def pairs(cells: Sequence[tuple[str, str]]) -> Iterator[Cell]:
    """Names and values beside each other: one pair over the whole width, or two."""
    for name, value in cells:
        yield Cell(name, 0.17, centred=True)
        yield Cell(value, 1 / len(cells) - 0.17)
