"""What stands over a hidden place of a PDF page: a box, and the replacement as text where one is given."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import pikepdf
from pdfminer.fontmetrics import FONT_METRICS
from pikepdf import Dictionary, Name, Operator, String

from gongkai.model.document import Span
from gongkai.service.rewriting.slots import Edit

#: left, bottom, right, top in the coordinates of the page.
Box = tuple[float, float, float, float]
#: One operation of a content stream.
Operation: TypeAlias = tuple[list[Any], Operator]

_LATIN, _CHINESE = Name("/GkLatin"), Name("/GkHan")
#: Grey levels of a box with a replacement in it, and of one without.
PALE, DARK = 0.85, 0.2
_HELVETICA = FONT_METRICS["Helvetica"][1]


@dataclass(frozen=True, slots=True)
class Mark:
    """A box over one hidden stretch of a line, what it says, and how far (radians) both are turned around 0, 0."""

    box: Box
    text: str
    turn: float = 0.0

    @property
    def bounds(self) -> Box:
        """The smallest upright box around it."""
        left, bottom, right, top = self.box
        corners = [turned(x, y, self.turn) for x in (left, right) for y in (bottom, top)]
        return joined([(x, y, x, y) for x, y in corners])


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one hidden character stands: pdfium's number, origin, box, mark, and whether the mark begins with it."""

    number: int
    x: float
    y: float
    box: Box
    mark: Mark
    first: bool


def differing(edit: Edit, text: str) -> Iterator[Edit]:
    """The stretches of an edit that really change something: `138****1234` keeps seven digits as they are."""
    old, new, start = edit.span.of(text), edit.text, edit.span.start
    if len(old) != len(new):
        yield _trimmed(edit, old)
        return
    index = 0
    while index < len(old):
        first = index
        while index < len(old) and old[index] != new[index]:
            index += 1
        if index > first:
            yield Edit(Span(start + first, start + index), new[first:index])
        index += 1


def _trimmed(edit: Edit, old: str) -> Edit:
    """Without the characters that both begin and both end with; at least one is left."""
    new, most = edit.text, min(len(old), len(edit.text) + 1) - 1
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    return Edit(Span(edit.span.start + head, edit.span.end - tail), new[head : len(new) - tail])


def natural(text: str) -> float:
    """Width of a replacement at size 1."""
    if text.isascii():
        return sum(_HELVETICA.get(char, 500) for char in text) / 1000
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def writing(text: str) -> tuple[Name, String]:
    """The font that can show a replacement, and its codes."""
    if text.isascii():
        return _LATIN, String(text.encode("ascii"))
    return _CHINESE, String("".join(char if ord(char) < 0x10000 else "□" for char in text).encode("utf-16-be"))


def font(pdf: pikepdf.Pdf, name: Name) -> pikepdf.Object:
    """The font behind a name of `writing`: one that every reader of PDF brings along."""
    if name == _LATIN:
        return pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
    song = Name("/STSong-Light")
    look = {"/FontBBox": [-25, -254, 1000, 880], "/Ascent": 880, "/Descent": -120, "/CapHeight": 880, "/StemV": 93}
    descriptor = Dictionary({"/Type": Name.FontDescriptor, "/FontName": song, "/Flags": 6, "/ItalicAngle": 0, **look})
    system = Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4)
    below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=song, CIDSystemInfo=system, DW=1000)
    below.FontDescriptor, below.W = pdf.make_indirect(descriptor), pikepdf.Array([1, 95, 500])
    descendants = pikepdf.Array([pdf.make_indirect(below)])
    encoding = Name("/UniGB-UCS2-H")
    return pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=song, Encoding=encoding, DescendantFonts=descendants)
    )


def boxes(marks: Sequence[Mark]) -> tuple[bytes, bytes]:
    """Drawing operations for under and over the text of a page."""
    under = b"".join(_filled(mark, PALE) for mark in marks if mark.text)
    over = b"".join(_filled(mark, DARK) for mark in marks if not mark.text)
    return under, over


def _filled(mark: Mark, grey: float) -> bytes:
    left, bottom, right, top = mark.box
    across, up = math.cos(mark.turn), math.sin(mark.turn)
    way = f"{across:.6f} {up:.6f} {-up:.6f} {across:.6f} 0 0 cm " if mark.turn else ""
    return f"q {way}{grey} g {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re f Q\n".encode("ascii")


def written(mark: Mark, unseen: bool = False) -> list[Operation]:
    """The replacement set into its box, to be seen or only to be found."""
    left, bottom, right, top = mark.box
    size = max(1.0, (top - bottom) * 0.8)
    stretch = min(1.0, (right - left) / (natural(mark.text) * size)) * 100
    name, codes = writing(mark.text)
    across, up = math.cos(mark.turn), math.sin(mark.turn)
    start = turned(left, bottom + 0.2 * size, mark.turn)
    matrix = [Decimal(f"{part:.6f}") for part in (across, up, -up, across, *start)]
    steps: list[tuple[list[Any], str]] = [([], "BT"), ([name, _exact(size)], "Tf"), ([_exact(stretch)], "Tz")]
    steps += [([3 if unseen else 0], "Tr"), (list(matrix), "Tm"), ([codes], "Tj"), ([], "ET")]
    return [(operands, Operator(operator)) for operands, operator in steps]


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def turned(x: float, y: float, turn: float) -> tuple[float, float]:
    """A point turned around 0, 0."""
    across, up = math.cos(turn), math.sin(turn)
    return x * across - y * up, x * up + y * across


def joined(pieces: Sequence[Box]) -> Box:
    """The smallest box around some boxes."""
    return min(b[0] for b in pieces), min(b[1] for b in pieces), max(b[2] for b in pieces), max(b[3] for b in pieces)


def blank(char: str) -> bool:
    """Nothing to be seen of this character."""
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf")
