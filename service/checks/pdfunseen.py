"""Characters of a PDF that no eye sees: each page is drawn with its text, without it, and with its text alone.

A character that changes nothing on the page, though it has ink when drawn alone, is covered or has the colour of what
is under it. A font that this machine lacks draws nothing alone either; then the colour under the character decides.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.service.checks.found import Trace
from gongkai.service.checks.unseen import hidden, runs
from gongkai.service.formats import pdf as reader
from gongkai.service.limits import Limits

_SCALE, _MOST_DOTS = 1.5, 12_000_000
#: From which difference of 255 two dots are two, and which share of a character's dots has to differ.
_APART, _SHARE = 24, 0.01
_TINY, _DARK, _EVEN = 1.5, 90, 12
_INVISIBLE = 3
Dots = npt.NDArray[np.int16]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Sight:
    """A page as it is, without its text, and its text alone; how dots and points go together."""

    whole: Dots
    bare: Dots
    alone: Dots
    edges: Box
    scale: float

    def patch(self, dots: Dots, box: Box) -> Dots:
        left, bottom, right, top = box
        trim, lift = (right - left) * 0.1, (top - bottom) * 0.1
        rows = slice(*_ends(self.edges[3] - top + lift, self.edges[3] - bottom - lift, self.scale))
        columns = slice(*_ends(left + trim - self.edges[0], right - trim - self.edges[0], self.scale))
        return dots[rows, columns]


def _ends(first: float, last: float, scale: float) -> tuple[int, int]:
    start = max(0, int(first * scale))
    return start, max(start + 1, round(last * scale))


def unseen(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Runs of unseen characters, page by page."""
    with reader.LOCK, closing(reader.opened(data)) as document:
        pages = min(len(document), limits.max_pages)
    for number in range(pages):
        with reader.LOCK, closing(reader.opened(data)) as document:
            found = list(_page(document, number))
        yield from (hidden(f"第{number + 1}页", text, cause) for text, cause in found)


def _page(document: pypdfium2.PdfDocument, number: int) -> Iterator[tuple[str, str]]:
    with closing(document[number]) as page:
        page.set_rotation(0)
        with closing(page.get_textpage()) as text:
            chars = list(_chars(text))
            causes = _causes(page, text, chars) if chars else {}
        blank = {index for index, char in chars if char.isspace() and char not in "\r\n"}
        yield from runs((char, None if index in blank else causes.get(index, "")) for index, char in chars)


def _chars(text: pypdfium2.PdfTextPage) -> Iterator[tuple[int, str]]:
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, index)
        char = chr(code) if 0 < code < 0x110000 else "\ufffd"
        generated = pdfium.FPDFText_IsGenerated(text.raw, index) == 1
        if not generated or char in "\r\n ":
            yield index, char


def _causes(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, chars: list[tuple[int, str]]) -> dict[int, str]:
    boxes = {index: text.get_charbox(index) for index, char in chars if not char.isspace()}
    sizes = {index: _size(text, index) for index in boxes}
    colours = {index: _colour(text, index) for index in boxes}
    sight = _seen(page)
    found = {index: _cause(sight, box, sizes[index], colours[index]) for index, box in boxes.items()}
    return {index: cause for index, cause in found.items() if cause}


def _size(text: pypdfium2.PdfTextPage, index: int) -> float:
    left, bottom, right, top = text.get_charbox(index, loose=True)
    return float(max(right - left, top - bottom))


def _colour(text: pypdfium2.PdfTextPage, index: int) -> tuple[int, int, int]:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text.raw, index, red, green, blue, alpha)
    return red.value, green.value, blue.value


def _seen(page: pypdfium2.PdfPage) -> _Sight:
    edges = page.get_bbox()
    area = max(1.0, (edges[2] - edges[0]) * (edges[3] - edges[1]))
    scale = min(_SCALE, (_MOST_DOTS / area) ** 0.5)
    whole = _drawn(page, scale, True)
    objects = list(page.get_objects(max_depth=8))
    for item in objects:
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            pdfium.FPDFTextObj_SetTextRenderMode(item.raw, _INVISIBLE)
    bare = _drawn(page, scale, True)
    for item in objects:
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            pdfium.FPDFTextObj_SetTextRenderMode(item.raw, 0)
            pdfium.FPDFPageObj_SetFillColor(item.raw, 0, 0, 0, 255)
        elif item.type != pdfium.FPDF_PAGEOBJ_FORM and item.container is None:
            pdfium.FPDFPage_RemoveObject(page.raw, item.raw)
            pdfium.FPDFPageObj_Destroy(item.raw)
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            pdfium.FPDFPath_SetDrawMode(item.raw, pdfium.FPDF_FILLMODE_NONE, False)
    return _Sight(whole, bare, _drawn(page, scale, False), edges, scale)


def _drawn(page: pypdfium2.PdfPage, scale: float, notes: bool) -> Dots:
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, draw_annots=notes)
    dots: Dots = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.int16)
    return dots


def _cause(sight: _Sight, box: Box, size: float, colour: tuple[int, int, int]) -> str:
    """Why a character isn't seen; empty when it is, or when nobody can tell."""
    left, bottom, right, top = sight.edges
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    if not (left <= middle[0] <= right and bottom <= middle[1] <= top):
        return "outside"
    if size < _TINY:
        return "tiny"
    whole, bare = sight.patch(sight.whole, box), sight.patch(sight.bare, box)
    if not whole.size or _differ(whole, bare):
        return ""
    ink = bool((255 - sight.patch(sight.alone, box) > _APART).any(axis=2).mean() > _SHARE)
    alike = bool((abs(bare - np.array(colour)) <= _APART).all())
    return _look(bare) if ink or alike else ""


def _differ(one: Dots, other: Dots) -> bool:
    return bool((abs(one - other) > _APART).any(axis=2).mean() > _SHARE)


def _look(dots: Dots) -> str:
    if float(dots.std(axis=(0, 1)).max()) > _EVEN:
        return "layer"
    return "dark" if float(dots.min(axis=2).mean()) < _DARK else "light"
