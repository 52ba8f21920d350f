"""Spreadsheets: .xlsx and .xls, every sheet, one row a line."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import xlrd

from gongkai.model.errors import EncryptedDocument, OversizedDocument, UnsupportedFormat
from gongkai.service.formats.compound import open_compound, read_stream
from gongkai.service.formats.container import open_container, read_part, refuse_doctype
from gongkai.service.limits import Limits

#: Empty positions are cheap but not free: a row may name only its 16,384th cell.
_POSITIONS_A_CELL = 20
#: The namespace of workbooks that openpyxl takes for empty.
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
#: A character as workbooks write those that XML lacks, and more; that of an underscore stays as openpyxl leaves it.
_CODE = re.compile(r"(?<!_x005F)_x(?!005F)([0-9A-Fa-f]{4})_")
_BIRTH = re.compile(r"\s*(?:出生(?:日期|年月日?|时间)?|生日)\s*(?:[（(].*)?")
_SERIAL = re.compile(r"[0-9]{4,5}")
_AHEAD = re.compile(r'(?P<digits>"[0-9]{2,12}"|(?:\\[0-9]){2,12})(?P<filled>@|[0#]+)')
#: Days as workbooks count them, from 1910 to 2049.
_DAYS = range(3654, 54_789)


def read_xlsx(data: bytes, limits: Limits) -> str:
    """A line with the name of each sheet, then its rows with tab-separated cells; formulas show their stored result."""
    with opened(data, limits) as (book, _):
        some = any(ahead(code)[0] for code in book._number_formats)
        return _render(((sheet.title, _openpyxl_rows(sheet, some)) for sheet in book.worksheets), limits)


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[tuple[Any, zipfile.ZipFile]]:
    """A workbook to read values from, and its container. Raises DocumentError, and what openpyxl makes of damage."""
    import openpyxl  # takes longer to load than most documents to judge, and few of them are workbooks

    with open_container(data, limits) as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of every extension that it leaves out
        _refuse_doctypes(box)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            yield book, box
        finally:
            book.close()


def _refuse_doctypes(box: zipfile.ZipFile) -> None:
    for name in box.namelist():
        if name.lower().endswith((".xml", ".rels")):
            content = read_part(box, name)
            refuse_doctype(content)
            if name.lower() == "xl/workbook.xml" and _STRICT in content:
                raise UnsupportedFormat("这是“严格的 Open XML”工作簿，请用 Excel 或 WPS 另存为普通的 .xlsx 后再试。")


def _openpyxl_rows(sheet: object, some_ahead: bool) -> Iterator[Iterable[object]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # the stored size may lie
    rows: Iterable[Any] = sheet.iter_rows(values_only=not some_ahead)  # type: ignore[attr-defined]
    if not some_ahead:
        yield from rows
        return
    for row in rows:
        yield [put_ahead(cell_text(c.value), *ahead(c.number_format or "")) or c.value for c in row]


@lru_cache(1000)
def ahead(code: str) -> tuple[str, int]:
    """The digits that a number format puts before a value, and to how many digits it fills the value up."""
    match = _AHEAD.fullmatch(code.split(";")[0])
    return (re.sub(r"\D", "", match["digits"]), match["filled"].count("0")) if match else ("", 0)


def put_ahead(text: str, digits: str, width: int) -> str:
    """The text of a cell with such digits; empty where there are none, or the text is no number."""
    return digits + text.rjust(width, "0") if digits and text.isdecimal() else ""


def read_xls(data: bytes, limits: Limits) -> str:
    """As read_xlsx, for the old binary format."""
    # xlrd follows a damaged sector chain for ever, so it gets the stream and never sees the container.
    stream = read_stream(open_compound(data), "Workbook", "Book")
    try:
        book = xlrd.open_workbook(file_contents=stream, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise EncryptedDocument("Excel 文件已加密，请去掉密码后再提交。") from error
        raise
    with book:
        names = book.sheet_names()
        return _render(((name, _xlrd_rows(book, name)) for name in names), limits)


def _xlrd_rows(book: xlrd.Book, name: str) -> Iterator[Iterable[object]]:
    sheet = book.sheet_by_name(name)
    for number in range(sheet.nrows):
        yield [_xlrd_value(cell, book.datemode) for cell in sheet.row(number)]
    book.unload_sheet(name)


def _xlrd_value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _xlrd_date(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return cell.value


def _xlrd_date(value: float, datemode: int) -> object:
    try:
        moment = xlrd.xldate.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        return value
    return moment.time() if 0 <= value < 1 else moment


def _render(sheets: Iterable[tuple[str, Iterable[Iterable[object]]]], limits: Limits) -> str:
    """Nothing when all cells are empty; raises OversizedDocument above the limit of cells."""
    lines, cells, positions, characters = [], 0, 0, 0
    for title, rows in sheets:
        lines.append(title)
        births: set[int] = set()
        for row in rows:
            values = [born(cell_text(value), column, births) for column, value in enumerate(row)]
            positions += len(values) + 1
            cells += sum(map(bool, values))
            if cells > limits.max_cells or positions > limits.max_cells * _POSITIONS_A_CELL:
                raise OversizedDocument("表格单元格过多，请拆分成几个文件后再提交。")
            if any(values):
                lines.append("\t".join(values).rstrip("\t"))
                characters += len(lines[-1])
            if characters > limits.max_characters:
                raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
    return "\n".join(lines) if cells else ""


def cell_text(value: object) -> str:
    """What a cell holds, on one line, as its reader sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(_CODE.sub(_character, str(value)).split("\n")).replace("\t", " ").replace("\r", "").strip()


def _character(code: re.Match[str]) -> str:
    character = chr(int(code[1], 16))
    return character if character in "\t\n" or character >= " " and not "\x7f" <= character < "\xa0" else ""


def born(text: str, column: int, births: set[int]) -> str:
    """The text of a cell, a bare number of days as the date it is where its heading asks for a birth.

    `births` holds the columns of such headings in the rows above, and gets those of this cell.
    """
    if _BIRTH.fullmatch(text):
        births.add(column)
    elif column in births and _SERIAL.fullmatch(text) and int(text) in _DAYS:
        return (date(1899, 12, 30) + timedelta(int(text))).isoformat()
    return text


def _number(value: float) -> str:
    """Digits as a reader sees them: no `.0`, no exponent, and none beyond what a float holds."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
