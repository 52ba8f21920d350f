"""Lines of a Word part in the order and form in which `service/formats/word.py` reads them, as strands.

A line is a list of cells; a paragraph is a line of one cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from gongkai.service.formats.word import SKIPPED, attribute, child_named, descendants
from gongkai.service.rewriting.officeparagraphs import inline
from gongkai.service.rewriting.strands import Piece, Strand, joined, local


@dataclass(frozen=True, slots=True)
class Line:
    """What is read as one line, and whether it stands in a table or a text box."""

    cells: tuple[Strand, ...]
    place: str = ""

    @property
    def strand(self) -> Strand:
        """The cells with tabs between them."""
        pieces = [piece for cell in self.cells for piece in (Piece("\t"), *cell.pieces)]
        return Strand(tuple(pieces[1:]))


def lines(root: Element) -> tuple[Line, ...]:
    """All lines, without line ends at the beginning and the end; none where nothing is written."""
    found = list(_blocks(root))
    while found and not found[-1].strand.text.strip("\n"):
        found.pop()
    while found and not found[0].strand.text.strip("\n"):
        found.pop(0)
    if not any(line.strand.text.strip() for line in found):
        return ()
    found[0] = _trimmed(found[0], "\n", "")
    found[-1] = _trimmed(found[-1], "", "\n")
    return tuple(found)


def readings(root: Element) -> list[tuple[Element, str]]:
    """Each text with a reading over it (w:ruby), and that text as it stands."""
    return [(ruby, _base(ruby)) for ruby in root.iter("{*}ruby")]


def forget_readings(found: list[tuple[Element, str]]) -> int:
    """Empty the readings of texts that changed since: pinyin over a mask tells the name. Gives how many."""
    changed = [ruby for ruby, before in found if _base(ruby) != before]
    for ruby in changed:
        for text in ruby.iterfind("{*}rt//{*}t"):
            text.text = ""
    return len(changed)


def _base(ruby: Element) -> str:
    return "".join(inline(base).text for base in ruby.iterchildren("{*}rubyBase"))


def _trimmed(line: Line, left: str, right: str) -> Line:
    cells = list(line.cells)
    if left:
        text = cells[0].text
        cells[0] = cells[0].part(len(text) - len(text.lstrip(left)), len(text))
    if right:
        text = cells[-1].text
        cells[-1] = cells[-1].part(0, len(text.rstrip(right)))
    return Line(tuple(cells), line.place)


def _blocks(container: Element, place: str = "") -> Iterator[Line]:
    for block in _block_elements(container):
        if local(block) == "tbl":
            yield from _rows(block, place or "表格")
        else:
            yield Line((inline(block),), place)
            yield from _boxes(block)


def _block_elements(container: Element) -> Iterator[Element]:
    for child in container:
        tag = local(child)
        if tag in ("p", "tbl"):
            yield child
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _block_elements(child)


def _boxes(element: Element) -> Iterator[Line]:
    for child in element:
        tag = local(child)
        if tag == "txbxContent":
            yield from _blocks(child, "文本框")
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _boxes(child)


def _rows(table: Element, place: str) -> Iterator[Line]:
    for row in descendants(table, "tr"):
        cells = [_cell(cell) for cell in descendants(row, "tc")]
        filled = [cell for cell in cells if any(line.text for line in cell)]
        if len(filled) == 1 and len(filled[0]) > 1:  # a frame around paragraphs, not data
            yield from (Line((line,), place) for line in filled[0])
        elif filled:
            flat = [joined(cell, " ").on_one_line() for cell in cells]
            while not flat[-1].text:
                flat.pop()
            yield Line(tuple(flat), place)


def _cell(cell: Element) -> list[Strand]:
    """None where it only continues a merged cell."""
    properties = child_named(cell, "tcPr")
    for name in ("vMerge", "hMerge"):
        merge = child_named(properties, name) if properties is not None else None
        if merge is not None and attribute(merge, "val") in (None, "continue"):
            return []
    return [line.strand.stripped() for line in _blocks(cell)]
