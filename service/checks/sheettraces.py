"""Cells of a workbook that nobody sees: hidden sheets, rows and columns, colours, formats that show nothing, notes."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from itertools import groupby

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.service.checks.found import Trace
from gongkai.service.checks.officetraces import alike, cropped, parts, shared
from gongkai.service.formats.container import open_container
from gongkai.service.limits import Limits

_DELETE = "请删除隐藏的内容（不要只是隐藏）后另存为新文件，再替换已发布的文件"
_ANEW = "请用 gongkai redact 处理原文件后重新发布，不要用涂色的办法"
_HIDDEN = "隐藏的{}取消隐藏即可看到"
_RGB = re.compile(r"[0-9A-Fa-f]{8}")
_COLUMNS = 16_384
#: Points that nobody reads.
_SMALLEST = 2
_NOTHING = re.compile(r";;;+(?:@?;*)?")


def traces_sheet(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Hidden and unseen cells, notes, cropped pictures, embedded files, authors."""
    with open_container(data, limits) as box:
        yield from shared(box)
        for _, root in parts(box, "xl/drawings/"):
            yield from cropped(root, "图形")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts that openpyxl doesn't know are looked at elsewhere
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    for number, sheet in enumerate(book.worksheets, 1):
        place = f"工作表{number}"
        if sheet.sheet_state != "visible":
            yield Trace(f"隐藏的{place}", _table(_filled(sheet)), _HIDDEN.format("工作表"), _DELETE)
            continue
        yield from _lines(sheet, place)
        yield from _cells(sheet, place)


def _filled(sheet: Worksheet) -> list[Cell]:
    """Cells that the file has, in reading order; walking the sheet would make those that it lacks."""
    return [cell for _, cell in sorted(sheet._cells.items())]


def _table(cells: Iterable[Cell]) -> str:
    rows = groupby(cells, key=lambda cell: cell.row)
    return "\n".join("\t".join(map(_told, row)) for _, row in rows)


def _told(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value)


def _lines(sheet: Worksheet, place: str) -> Iterator[Trace]:
    every = _filled(sheet)
    rows = {at for at, row in sheet.row_dimensions.items() if row.hidden}
    if hidden := [cell for cell in every if cell.row in rows]:
        first = [cell for cell in every if cell.row == 1 and 1 not in rows]
        yield Trace(f"{place}隐藏的行", _table([*first, *hidden]), _HIDDEN.format("行"), _DELETE)
    spans = [(c.min or 1, c.max or 1) for c in sheet.column_dimensions.values() if c.hidden]
    columns = {at for low, high in spans[:_COLUMNS] for at in range(low, min(high, _COLUMNS) + 1)}
    if hidden := [cell for cell in every if cell.column in columns]:
        letters = "、".join(get_column_letter(at) for at in sorted({cell.column for cell in hidden})[:5])
        text = "\n".join(map(_told, sorted(hidden, key=lambda cell: cell.column)))
        yield Trace(f"{place}隐藏的列（{letters}）", text, _HIDDEN.format("列"), _DELETE)


def _cells(sheet: Worksheet, place: str) -> Iterator[Trace]:
    for cell in _filled(sheet):
        if cell.value is not None:
            why, sure = _cause(cell)
            if why:
                yield Trace(f"{place}的{cell.coordinate}", _told(cell), why, _ANEW, sure)
        if cell.comment and cell.comment.text.strip():
            yield Trace(f"{place}的{cell.coordinate}批注", cell.comment.text, "单元格留有批注", _DELETE)


def _cause(cell: Cell) -> tuple[str, bool]:
    if _NOTHING.fullmatch(cell.number_format or ""):
        return "单元格格式让内容不显示，点开单元格即可看到", False
    if cell.font and cell.font.sz and cell.font.sz <= _SMALLEST:
        return "单元格字号小到看不见，点开单元格即可看到", False
    ground = _colour(cell.fill.fgColor) if cell.fill and cell.fill.patternType == "solid" else "FFFFFF"
    ink = _colour(cell.font.color) if cell.font and cell.font.color else "000000"
    if not ground or not ink or not alike(ground, ink):
        return "", False
    dark = alike(ground, "000000")
    return "单元格文字与底色相同，点开单元格即可看到", dark


def _colour(colour: Color) -> str:
    """Red, green and blue; of a theme only its black and white are told; empty where it can't be said."""
    if colour.type == "theme" and not colour.tint:
        return {0: "FFFFFF", 1: "000000"}.get(colour.theme, "")
    if colour.type == "indexed":
        return {0: "000000", 1: "FFFFFF", 8: "000000", 9: "FFFFFF", 64: "000000", 65: "FFFFFF"}.get(colour.indexed, "")
    return colour.rgb[2:] if colour.type == "rgb" and _RGB.fullmatch(str(colour.rgb)) else ""
