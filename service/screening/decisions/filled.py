"""Rows that reviewers filled in: of worklists, audit samples and lists of conflicts (XLSX), and decisions as JSONL."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from gongkai.model.dates import DATE, as_date
from gongkai.model.errors import GongkaiError, RequestError
from gongkai.model.folding import fold
from gongkai.service.formats.container import open_container, refuse_doctype
from gongkai.service.limits import Limits
from gongkai.service.screening.results.worklist import COLUMNS, HEADER_ROW, Column

#: The column by which a row of an audit sample is known; the worklist has none.
SAMPLE = Column("sample", "抽样编号", 16)
#: What makes a row a decision: somebody's name and the day alone may have been filled down by mistake.
TELLING = ("decision", "reason", "category", "whole", "note")
_KEYS = {column.header: column.key for column in (*COLUMNS, SAMPLE)}
#: Of a spreadsheet; a file may claim any.
_LAST_ROW = 1_048_576
_LARGE = Limits(max_bytes=1024 * 1024 * 1024, max_unpacked=8 * 1024 * 1024 * 1024)
_NO_BOOK = "{} 不是完整的 .xlsx 工作簿，请从本程序写出的工作表另存一份再导入。"
_NO_SHEET = "{} 里没有带“记录编号”和“决定”两列的工作表，请用本程序写出的工作表。"
_NO_LINE = "不是一个 JSON 对象，请改正这一行。"
#: Days of spreadsheets count from here (1900 is no leap year, but spreadsheets think so).
_FIRST_DAY = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that was not imported: the file, the sheet with the cell (or the line), and one Chinese sentence."""

    file: str
    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Filled:
    """One row with its cells by the keys of the worklist's columns, as text; `days` holds cells that are dates."""

    file: str
    sheet: str
    row: int
    cells: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")

    @property
    def source(self) -> str:
        """File and row, as they are kept with a decision."""
        return f"{self.file} {self.sheet}!{self.row}" if self.sheet else f"{self.file}:{self.row}"

    def at(self, key: str) -> str:
        """Where a cell is: `逐件决定!H12`."""
        return f"{self.sheet}!{self.letters.get(key, '')}{self.row}" if self.sheet else f"第 {self.row} 行"

    def wrong(self, key: str, message: str) -> Wrong:
        """What is wrong with a cell."""
        return Wrong(self.file, self.at(key), message)

    def day(self, key: str) -> date | None:
        """The day in a cell: a date, a day's number, or a date in words; None for anything else."""
        if key in self.days:
            return self.days[key]
        text = fold(self[key])
        match = DATE.fullmatch(text)
        if match:
            return as_date(match)
        number = text.removesuffix(".0")
        return _FIRST_DAY + timedelta(int(number)) if number.isdecimal() and len(number) == 5 else None


def read_filled(path: Path) -> Iterator[Filled | Wrong]:
    """The rows of a file that hold a decision or a part of one. Raises RequestError for a file that is none of ours."""
    yield from _lines(path) if path.suffix.lower() == ".jsonl" else _rows(path)


def _lines(path: Path) -> Iterator[Filled | Wrong]:
    for place, line in enumerate(_bytes(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            cells = {_named(key): _text(value) for key, value in told.items()}
        except (ValueError, AttributeError, RecursionError):
            yield Wrong(path.name, f"第 {place} 行", _NO_LINE)
            continue
        yield Filled(path.name, "", place, cells)


def _named(key: str) -> str:
    return {"attribute": "decision"}.get(key, key)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise RequestError(f"{path.name} 读不出来，请确认文件存在并且有权读取。") from error


def _rows(path: Path) -> Iterator[Filled]:
    book = _opened(path)
    try:
        sheets = [found for sheet in book.worksheets if (found := _headed(sheet))]
        if not sheets:
            raise RequestError(_NO_SHEET.format(path.name))
        for sheet, columns in sheets:
            yield from _filled(path.name, sheet, columns)
    except (GongkaiError, GeneratorExit):
        raise
    except Exception as error:
        raise RequestError(_NO_BOOK.format(path.name)) from error
    finally:
        book.close()


def _opened(path: Path) -> Any:  # noqa: ANN401 - openpyxl has no types
    data = _bytes(path)
    try:
        with open_container(data, _LARGE) as box:
            _refuse_doctypes(box)
        with warnings.catch_warnings():  # openpyxl warns of every extension that it leaves out
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise RequestError(_NO_BOOK.format(path.name)) from error


def _refuse_doctypes(box: zipfile.ZipFile) -> None:
    for name in box.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with box.open(name) as part:
                refuse_doctype(part.read(4096))


def _headed(sheet: Any) -> tuple[Any, dict[int, str]] | None:  # noqa: ANN401
    """A sheet with the keys of its columns by place; None for one that holds no decisions."""
    sheet.reset_dimensions()  # the stored size may lie
    heads = next(sheet.iter_rows(min_row=HEADER_ROW, max_row=HEADER_ROW, values_only=True), ())
    keys: dict[int, str] = {}
    for place, head in enumerate(heads):
        key = _KEYS.get(str(head or "").strip(), "")
        if key and key not in keys.values():
            keys[place] = key
    return (sheet, keys) if {"digest", "decision"} <= set(keys.values()) else None


def _filled(file: str, sheet: Any, columns: dict[int, str]) -> Iterator[Filled]:  # noqa: ANN401
    letters = {key: get_column_letter(place + 1) for place, key in columns.items()}
    told = [place for place, key in columns.items() if key in TELLING]
    rows = sheet.iter_rows(min_row=HEADER_ROW + 1, max_row=_LAST_ROW, values_only=True)
    for row, values in enumerate(rows, HEADER_ROW + 1):
        if not any(place < len(values) and _text(values[place]) for place in told):
            continue
        pairs = [(key, values[place]) for place, key in columns.items() if place < len(values)]
        yield Filled(file, _text(sheet.title), row, _texts(pairs), letters, _days(pairs))


def _texts(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {key: text for key, value in pairs if (text := _text(value))}


def _days(pairs: Iterable[tuple[str, object]]) -> dict[str, date]:
    return {
        key: value.date() if isinstance(value, datetime) else value for key, value in pairs if isinstance(value, date)
    }


def _text(value: object) -> str:
    return "" if value is None else "".join(c if c.isprintable() else " " for c in str(value)).strip()
