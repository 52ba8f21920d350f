"""Workbooks written row by row: protected cells but for a reviewer's, drop-downs, links; no cell is ever a formula."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from pathlib import Path
from typing import Self

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import _WorkbookChild
from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter
from openpyxl.worksheet.hyperlink import Hyperlink

from gongkai.service.screening.results.drafts import draft, scratch

_A3, _A4 = 8, 9
MOST_ROWS = 1_000_000
#: Excel drops every link of a sheet with more.
MOST_LINKS = 65_530
#: Excel opens no cell with more characters than 32,767.
MOST_CHARACTERS = 32_000
HEAD_FILL, HEAD_INK, LINK_INK = "FF24415F", "FFFFFFFF", "FF1F4E8C"
#: Control and direction characters that XML forbids or that make a name read as another; line breaks stay.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SIDE = Side(style="thin", color="FFD3D8DF")
#: The wide ones too: Chinese spreadsheets take them for the narrow.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is shown, and whether a reviewer may write into it."""

    format: str = "General"
    align: str = "left"
    open: bool = False
    link: bool = False
    bold: bool = False
    head: bool = False
    quoted: bool = False
    wrap: bool = True
    size: float = 10
    ink: str = "FF1C2430"
    fill: str = ""
    lined: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its look; `link` leads to a file."""

    value: Value
    look: Look = Look()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column as a sheet needs it: `look` holds for cells that nobody filled."""

    header: str
    width: float
    look: Look = Look()
    hidden: bool = False


def clean(text: str) -> str:
    """Text as a cell can hold it: no control characters, at most `MOST_CHARACTERS`."""
    plain = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    plain = plain.encode("utf-8", "replace").decode()
    return plain if len(plain) <= MOST_CHARACTERS else plain[: MOST_CHARACTERS - 1] + "…"


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula once somebody edits or pastes it."""
    return text.lstrip().startswith(_FORMULA)


def height(cells: Sequence[Cell | None], heads: Sequence[Head]) -> float:
    """The height of a row in points that shows all words of its wrapped cells, up to what Excel allows."""
    lines, size = 1, 10.0
    for cell, head in zip(cells, heads, strict=False):
        if cell and isinstance(cell.value, str) and not head.hidden and cell.look.wrap:
            lines = max(lines, sum(_lines(line, head.width) for line in cell.value.split("\n")))
        size = max(size, cell.look.size if cell else 0)
    return min(lines * size * 1.4 + 4, 409)


def _lines(words: str, width: float) -> int:
    """How many lines words take in a column: a Chinese character (three bytes) is as wide as two digits."""
    more = len(words.encode("utf-8", "replace")) - len(words)
    return max(1, ceil((1.1 * len(words) + 0.45 * more) / (width - 1.5)))


class Book:
    """A workbook under way, in private files in the folder of its place until `save`; a context that removes them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open = Workbook(write_only=True)
        self._styles: dict[Look, StyleArray] = {}
        self._scratch: list[Path] = []

    def sheet(self, title: str, heads: Sequence[Head], *, frozen: str = "") -> Sheet:
        """A new sheet with its headings in the first row."""
        made = self.open.create_sheet(title)
        file = scratch(self.path.parent)
        self._scratch.append(file)
        self._prepared(made, heads, frozen)
        # openpyxl would put its rows into the machine's common folder, where they outlive a killed run
        made._writer = WorksheetWriter(made, str(file))
        ALL_TEMP_FILES.append(str(file))
        made._writer.write_top()
        sheet = Sheet(self, made, heads)
        if any(head.header for head in heads):
            sheet.add([Cell(head.header, Look(head=True, bold=True, align="center")) for head in heads])
        return sheet

    def _prepared(self, made: _WorkbookChild, heads: Sequence[Head], frozen: str) -> None:
        for index, head in enumerate(heads, 1):
            column = made.column_dimensions[get_column_letter(index)]
            column.width, column.hidden = head.width, head.hidden
            column._style = self.style(replace(head.look, lined=False))
        made.freeze_panes = frozen or None
        made.sheet_view.zoomScale = 100
        made.page_setup.orientation, made.page_setup.paperSize = "landscape", _A3 if len(heads) > 4 else _A4
        made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
        made.sheet_properties.pageSetUpPr.fitToPage = True
        made.HeaderFooter.oddFooter.center.text = "&A  第 &P 页，共 &N 页"

    def style(self, look: Look) -> StyleArray:
        """A look as openpyxl keeps it."""
        if look not in self._styles:
            cell = WriteOnlyCell(self.open.worksheets[0])
            ink = HEAD_INK if look.head else LINK_INK if look.link else look.ink
            cell.font = Font(name="微软雅黑", size=look.size, bold=look.bold, color=ink)
            upright = "center" if look.head else "top"
            cell.alignment = Alignment(look.align, upright, wrap_text=look.wrap, indent=look.align == "right")
            cell.protection = Protection(locked=not look.open)
            cell.number_format = look.format
            if fill := HEAD_FILL if look.head else look.fill:
                cell.fill = PatternFill("solid", fgColor=fill)
            if look.lined:
                cell.border = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
            cell.quotePrefix = look.quoted
            self._styles[look] = cell._style
        return self._styles[look]

    def save(self) -> None:
        """Put the workbook into its place. Raises OutputError."""
        try:
            with draft(self.path) as made:
                self.open.save(made)
        finally:
            self.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    def drop(self) -> None:
        """Remove what is under way; nothing happens after `save`."""
        for made in self.open.worksheets:
            if not made.closed:
                with contextlib.suppress(OSError, LxmlError, StopIteration):
                    made.close()  # else its generators complain when they are collected
        for file in self._scratch:
            with contextlib.suppress(ValueError):
                ALL_TEMP_FILES.remove(str(file))
            file.unlink(missing_ok=True)
        self._scratch.clear()


class Sheet:
    """One sheet under way; `rows` counts its headings too."""

    def __init__(self, book: Book, made: _WorkbookChild, heads: Sequence[Head]) -> None:
        self.book, self.made, self.heads = book, made, heads
        self.rows = self.links = 0

    def add(self, cells: Iterable[Cell | None]) -> None:
        """One row, as high as its words need; None leaves a cell as its column is."""
        self.rows += 1
        row = list(cells)
        self.made.row_dimensions[self.rows].height = height(row, self.heads)
        self.made.append([cell and self._cell(cell) for cell in row])
        del self.made.row_dimensions[self.rows]  # it is written; a hundred thousand of them would fill the memory

    def _cell(self, given: Cell) -> WriteOnlyCell:
        value, look = given.value, given.look
        if isinstance(value, str):
            value = clean(value)
            look = replace(look, quoted=True) if begins_formula(value) else look
        linked = bool(given.link) and self.links < MOST_LINKS
        cell = WriteOnlyCell(self.made)
        if isinstance(value, str):
            cell._value, cell.data_type = value, "s"  # the setter would make a formula of what begins with =
        else:
            cell.value = value
        cell._style = self.book.style(replace(look, link=True) if linked else look)
        if linked:
            self.links += 1
            cell._hyperlink = Hyperlink(ref="", target=given.link)
        return cell

    def protect(self, allowed: Mapping[str, bool]) -> None:
        """Lock all cells but the open ones; `allowed` says what may still be done, in openpyxl's words."""
        self.made.protection.sheet = True
        for what, may in allowed.items():
            setattr(self.made.protection, what, not may)

    def close(self) -> None:
        """Filter over the headings; headings on every printed page."""
        if self.rows and any(head.header for head in self.heads):
            self.made.auto_filter.ref = f"A1:{get_column_letter(len(self.heads))}{self.rows}"
            self.made.print_title_rows = "1:1"
