"""The pages of a PDF as pdfium shows them: lines with the place of every character, and pictures of whole pages."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.model.errors import OversizedDocument
from gongkai.service.formats import pdf as reader
from gongkai.service.limits import Limits
from gongkai.service.rewriting.pdfmarks import DARK, Box, Mark, Spot, blank, joined, turned
from gongkai.service.rewriting.pdfwords import lettered

#: Dots per inch of a page that becomes a picture, and how many dots it may have at most.
_DPI, _MOST_DOTS = 200, 40_000_000
#: A page of which more than this share of characters has no known meaning can't be read.
_UNKNOWN, _UNKNOWN_AT_LEAST = 0.1, 5
#: Hidden characters that are further apart than so many sizes get boxes of their own.
_GAP = 2.0
#: From which angle to the edges of the page text is slanted, in radians; how high its line is, in sizes.
_SLANT, _HIGH = 0.02, 1.1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `chars` gives for each character its numbers at pdfium."""

    text: str
    chars: tuple[tuple[int, ...], ...]
    after: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its lines, its edges, and how many of its characters have no known meaning."""

    lines: tuple[Line, ...]
    box: Box
    unknown: int

    @property
    def unreadable(self) -> bool:
        """Whether these are too many to pass over."""
        whole = sum(len(line.text) for line in self.lines)
        return self.unknown >= _UNKNOWN_AT_LEAST and self.unknown > _UNKNOWN * max(whole, self.unknown)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A visible character as drawn: its number, itself, where it starts, its box.

    `slant` is its angle where it is none of four; `own` is its box then, measured along its line.
    """

    index: int
    char: str
    x: float
    y: float
    box: Box
    slant: float = 0.0
    own: Box = (0.0, 0.0, 0.0, 0.0)

    @property
    def origin(self) -> tuple[float, float]:
        """Where it starts."""
        return self.x, self.y


def sheets(data: bytes, limits: Limits) -> list[Sheet]:
    """All pages; raises OversizedDocument."""
    found, length = [], 0
    with reader.LOCK, closing(reader.opened(data)) as document:
        for index in range(len(document)):
            with closing(document[index]) as page, closing(page.get_textpage()) as text:
                length += text.count_chars()
                if length > limits.max_characters:
                    raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
                found.append(Sheet(tuple(_lines(text, page.get_width())), page.get_bbox(), _unknown(text)))
    return found


def _lines(textpage: pypdfium2.PdfTextPage, width: float) -> Iterator[Line]:
    """Lines like the reader's, so that what is judged is the same text."""
    text = textpage.get_text_range()
    exact = len(text) == textpage.count_chars()
    places = list(_places(textpage, text))
    measured, chars, start = [], [], 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        first = start + len(raw) - len(raw.lstrip())
        start += len(raw)
        if stripped:
            measured.append(
                reader.measured(textpage, stripped, first) if exact else reader.Line(stripped, 0.0, 0.0, 0.0)
            )
            chars.append(tuple(places[first : first + len(stripped)]))
    yield from _joined(measured, chars, width)


def _joined(lines: list[reader.Line], chars: list[tuple[tuple[int, ...], ...]], width: float) -> Iterator[Line]:
    margin = min((line.left for line in lines if line.size), default=0.0)
    edge = max([reader.COLUMN * width, *(line.right for line in lines)])
    for index, line in enumerate(lines):
        text, after = line.text, "\n"
        if index + 1 < len(lines) and reader.runs_on(line, lines[index + 1], margin, edge):
            below = lines[index + 1].text
            whole = reader.join(text, below)
            text = text[: -1 if text.endswith(("\ufffe", "\x02")) else None]
            after = whole[len(text) : len(whole) - len(below)]
        yield Line(text.replace("\ufffe", "-"), chars[index][: len(text)], after)


def _places(textpage: pypdfium2.PdfTextPage, text: str) -> Iterator[tuple[int, ...]]:
    """pdfium's character numbers for each character of its text; two for one beyond the basic plane."""
    unit = 0
    for char in text:
        count = 2 if ord(char) > 0xFFFF else 1
        found = {pdfium.FPDFText_GetCharIndexFromTextIndex(textpage.raw, unit + step) for step in range(count)}
        yield tuple(sorted(index for index in found if index >= 0))
        unit += count


def _unknown(textpage: pypdfium2.PdfTextPage) -> int:
    found = [pdfium.FPDFText_HasUnicodeMapError(textpage.raw, index) for index in range(textpage.count_chars())]
    return found.count(1)


def glyphs(data: bytes, pages: Sequence[int]) -> dict[int, list[Glyph]]:
    """The visible characters of some pages, in the order of the text."""
    with reader.LOCK, closing(reader.opened(data)) as document:
        return {index: list(_glyphs(document, index)) for index in pages}


def _glyphs(document: pypdfium2.PdfDocument, number: int) -> Iterator[Glyph]:
    x, y = ctypes.c_double(), ctypes.c_double()
    with closing(document[number]) as page, closing(page.get_textpage()) as text:
        for index in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text.raw, index)
            hyphen = pdfium.FPDFText_IsHyphen(text.raw, index) == 1
            char = "-" if hyphen else chr(code) if code < 0x110000 else "\ufffd"
            if pdfium.FPDFText_IsGenerated(text.raw, index) == 1 or blank(char) or not code:
                continue
            pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
            box = text.get_charbox(index, loose=True)
            yield Glyph(index, char, x.value, y.value, box, *_slanted(text, index, box, (x.value, y.value)))


def _slanted(textpage: pypdfium2.PdfTextPage, index: int, box: Box, origin: tuple[float, float]) -> tuple[float, Box]:
    """The angle of a slanted character and its box along it; pdfium tells the upright box around that one only."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage.raw, index, matrix):
        return 0.0, box
    angle = math.atan2(matrix.b, matrix.a)
    if abs(math.remainder(angle, math.pi / 2)) < _SLANT:
        return 0.0, box
    left, bottom, right, top = box
    high = _HIGH * pdfium.FPDFText_GetFontSize(textpage.raw, index) * math.hypot(matrix.c, matrix.d)
    start, _ = turned(*origin, -angle)
    x, y = turned((left + right) / 2, (bottom + top) / 2, -angle)
    return angle, (start, y - high / 2, max(start, 2 * x - start), y + high / 2)


def spots(hidden: Sequence[Glyph], text: str) -> Iterator[Spot]:
    """The spots of one hidden stretch of a line; its first piece gets the replacement."""
    for number, piece in enumerate(_pieces(hidden)):
        slant, said = piece[0].slant, "" if number else text
        mark = Mark(joined([glyph.own if slant else glyph.box for glyph in piece]), said, slant)
        yield from (Spot(g.index, g.x, g.y, _reach(g), mark, place == 0) for place, g in enumerate(piece))


def _reach(glyph: Glyph) -> Box:
    """Where a character is looked for besides its origin: the upright box of a slanted one holds others."""
    return (glyph.x, glyph.y, glyph.x, glyph.y) if glyph.slant else glyph.box


def _pieces(hidden: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """What stands together: pdfium's lines go on below after a hyphen."""
    piece: list[Glyph] = []
    for glyph in hidden:
        if piece and (_apart(piece[-1].box, glyph.box) or abs(piece[0].slant - glyph.slant) > _SLANT):
            yield piece
            piece = []
        piece.append(glyph)
    if piece:
        yield piece


def _apart(one: Box, other: Box) -> bool:
    size = max(one[2] - one[0], one[3] - one[1])
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    return max(across, down) > _GAP * size or (across > 0 and down > 0)


def is_clean(before: Sequence[Glyph], after: Sequence[Glyph], hidden: set[int], marks: Sequence[Mark]) -> bool:
    """Whether a page lost exactly what it should: all else is in its place, and what is new stands under the marks.

    Neither the order counts nor how often a character is drawn at one spot: pdfium passes over text drawn twice.
    """
    stays = [glyph for glyph in before if glyph.index not in hidden]
    old, new = _cells(stays), _cells(after)
    if not all(_has(new, glyph) for glyph in stays):
        return False
    strange = [glyph for glyph in after if not _has(old, glyph)]
    for mark in marks:
        said = [glyph for glyph in strange if glyph.char in mark.text and _under(glyph, mark)]
        if len(said) > len(mark.text):
            return False
        strange = [glyph for glyph in strange if glyph not in said]
    return not strange


def _cells(glyphs: Sequence[Glyph]) -> set[tuple[str, int, int]]:
    return {(glyph.char, round(glyph.x), round(glyph.y)) for glyph in glyphs}


def _has(cells: set[tuple[str, int, int]], glyph: Glyph) -> bool:
    """Whether the same character stands within about a point."""
    x, y = round(glyph.x), round(glyph.y)
    return any((glyph.char, x + across, y + up) in cells for across in (0, -1, 1) for up in (0, -1, 1))


def _under(glyph: Glyph, mark: Mark) -> bool:
    left, bottom, right, top = mark.box
    x, y = turned(glyph.x, glyph.y, -mark.turn)
    return left - 0.5 <= x <= right and bottom <= y <= top


def pictured(data: bytes, number: int, marks: Sequence[Mark]) -> tuple[npt.NDArray[np.uint8], Box]:
    """A page as dots, rows by columns by red, green, blue, with the marks in them; and its edges in points."""
    with reader.LOCK, closing(reader.opened(data)) as document, closing(document[number]) as page:
        page.set_rotation(0)
        left, bottom, right, top = edges = page.get_bbox()
        wide, high = right - left, top - bottom
        scale = min(_DPI / 72, math.sqrt(_MOST_DOTS / max(1.0, wide * high)))
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, draw_annots=False)
        dots = np.array(bitmap.to_numpy()[:, :, :3])
    for mark in marks:
        bounds = mark.bounds
        rows = _span((top - bounds[3]) * scale - 1, (top - bounds[1]) * scale + 1, dots.shape[0])
        columns = _span((bounds[0] - left) * scale - 1, (bounds[2] - left) * scale + 1, dots.shape[1])
        if mark.turn:
            dots[rows, columns][_within(mark, rows, columns, scale, (left, top))] = round(DARK * 255)
            continue
        words = lettered(mark.text, columns.stop - columns.start, rows.stop - rows.start)
        dots[rows, columns] = words[:, :, np.newaxis]
    return dots, edges


def _within(
    mark: Mark, rows: slice, columns: slice, scale: float, corner: tuple[float, float]
) -> npt.NDArray[np.bool_]:
    """Which dots of a cut lie in a slanted box."""
    across, up = math.cos(mark.turn), math.sin(mark.turn)
    x = np.arange(columns.start, columns.stop)[np.newaxis, :] / scale + corner[0]
    y = corner[1] - np.arange(rows.start, rows.stop)[:, np.newaxis] / scale
    left, bottom, right, top = mark.box
    along, above = x * across + y * up, y * across - x * up
    return (along >= left) & (along <= right) & (above >= bottom) & (above <= top)


def _span(first: float, last: float, most: int) -> slice:
    start = min(max(0, math.floor(first)), most)
    return slice(start, min(max(start, math.ceil(last)), most))
