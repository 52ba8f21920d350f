"""Rows of a sheet as slots, in the order and form in which `service/formats/sheet.py` reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter

from gongkai.model.errors import CorruptDocument, OversizedDocument
from gongkai.service.formats.sheet import born
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officexml import keep_only
from gongkai.service.rewriting.sheetcells import Book, Cell, Formula, written
from gongkai.service.rewriting.strands import Ledger, Target, local

_ROW = ("r", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot")
_ABROAD = re.compile(r"\[[0-9]+\]")
#: Where a formula puts two texts together.
_JOINT = re.compile(r'"\s*[&,]\s*"')
_KINDS = ("n", "s", "str", "b", "e", "d", "inlineStr")
_DISORDER = "表格的行列次序不正确，请用 Excel 或 WPS 打开后另存为新文件。"


@dataclass(slots=True, eq=False)
class Rows:
    """Walks through the sheets of one workbook and counts what it sees."""

    book: Book
    ledger: Ledger
    limits: Limits
    names: re.Pattern[str]
    #: What a change of a cell does besides: (row, column) of the current sheet -> targets.
    bound: Mapping[tuple[int, int], list[Target]] = field(default_factory=dict)
    cells: int = 0
    characters: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    _hidden: list[tuple[int, int]] = field(default_factory=list)
    _births: set[int] = field(default_factory=set)

    def add(self, sheet: Element, place: str) -> None:
        """A slot for each cell that shows something; `place` is empty for a sheet that is shown."""
        self._hidden, self._births = _hidden_columns(sheet), set()
        self.hidden_columns += sum(end - start + 1 for start, end in self._hidden if end < 16_000)
        rows = [row for data in sheet.iterchildren("{*}sheetData") for row in data]
        for number, row in _numbered(rows):
            self._row(row, number, place)

    def _row(self, row: Element, number: int, place: str) -> None:
        for key in row.keys():  # noqa: SIM118  # not a dict
            if key not in _ROW:
                del row.attrib[key]
        unseen = row.get("hidden") in ("1", "true")
        self.hidden_rows += unseen
        shown = ((column, cell, self.book.text(cell)) for column, cell in self._columns(row, number))
        found = [(column, cell, born(text, column, self._births)) for column, cell, text in shown if text]
        if not found:
            return
        self.cells += len(found)
        self.characters += sum(len(text) for _, _, text in found)
        if self.cells > self.limits.max_cells or self.characters > self.limits.max_characters:
            raise OversizedDocument("表格内容过多，请拆分成几个文件后再提交。")
        if found[0][0] > 1:
            self.ledger.add("", place or "单元格", after="\t" * (found[0][0] - 1))
        following = [column for column, _, _ in found[1:]]
        for (column, cell, text), then in zip(found, [*following, 0], strict=True):
            named = place or ("隐藏行" if unseen else self._place(column))
            targets = (Cell(cell, self.book, text), *self.bound.get((number, column), ()))
            self.ledger.add(text, named, *targets, after="\t" * (then - column) if then else "\n")

    def _place(self, column: int) -> str:
        return "隐藏列" if any(start <= column <= end for start, end in self._hidden) else "单元格"

    def _columns(self, row: Element, number: int) -> list[tuple[int, Element]]:
        found, last = [], 0
        for cell in list(row):
            if local(cell) != "c":
                row.remove(cell)
                continue
            column = _column(cell, number) if cell.get("r") else last + 1
            if column <= last:
                raise CorruptDocument(_DISORDER)
            last = column
            _clean_cell(cell, f"{get_column_letter(column)}{number}")
            self._formula(cell)
            found.append((column, cell))
        return found

    def _formula(self, cell: Element) -> None:
        for formula in list(cell.iterchildren("{*}f")):
            text = formula.text or ""
            if _ABROAD.search(text):
                cell.remove(formula)
            elif written(text, self.names):
                for shown in dict.fromkeys((text, _JOINT.sub("", text))):
                    self.ledger.add(shown, "公式", Formula(formula), body=False)


def _numbered(rows: list[Element]) -> list[tuple[int, Element]]:
    found, last = [], 0
    for row in rows:
        number = int(row.get("r", last + 1))
        if local(row) != "row" or number <= last:
            raise CorruptDocument(_DISORDER)
        last = number
        found.append((number, row))
    return found


def _column(cell: Element, number: int) -> int:
    letters, row = coordinate_from_string(cell.get("r", ""))
    if row != number:
        raise CorruptDocument(_DISORDER)
    return int(column_index_from_string(letters))


def _clean_cell(cell: Element, reference: str) -> None:
    for key in cell.keys():  # noqa: SIM118  # not a dict
        if key not in ("r", "s", "t") or (key == "t" and cell.get(key) not in _KINDS):
            del cell.attrib[key]
    cell.set("r", reference)
    cell.set("s", str(int(cell.get("s", "0"))))
    keep_only(cell, ("f", "is" if cell.get("t") == "inlineStr" else "v"))
    for name in ("f", "v", "is"):
        for twin in list(cell.iterchildren(f"{{*}}{name}"))[1:]:
            cell.remove(twin)
    for inside in cell.iterchildren("{*}is"):
        keep_only(inside, ("t", "r"))


def _hidden_columns(sheet: Element) -> list[tuple[int, int]]:
    return [
        (int(column.get("min", "0")), int(column.get("max", "0")))
        for group in sheet.iterchildren("{*}cols")
        for column in group
        if column.get("hidden") in ("1", "true") or column.get("width") == "0"
    ]
