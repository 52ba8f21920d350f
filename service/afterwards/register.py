"""A register of applications (.xlsx, .csv) read by its headings (register.toml); the names in it go no further."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

from gongkai.model.dates import DATE, as_date
from gongkai.model.errors import GongkaiError, RequestError
from gongkai.model.folding import fold
from gongkai.model.tablefile import read_rows
from gongkai.service.afterwards.sweeping import HIDDEN
from gongkai.service.columnchoice import Chosen, Layout, layout
from gongkai.service.formats.sheet import opened
from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits

LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_unpacked=200 * 1024 * 1024)
MOST_LINES, MOST_COLUMNS, MOST_CHARACTERS = 5000, 60, 2000
_ASIDE = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
#: 白云路 is not the applicant 白云.
_NO_PLACE = "(?![路街巷镇乡村组县区市河湖山桥])"
_NO_BOOK = "登记表读不出来，请确认是没有加密的 .xlsx 或者 .csv 文件。"
_SHOWN = 30
Grid = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the register and how its heading may be written."""

    code: str
    name: str
    headings: tuple[str, ...]
    required: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def told(self, written: str) -> bool | None:
        """What a cell of a yes-or-no column says; None for what is neither."""
        plain = written.strip().upper()
        return True if plain in self.yes else False if plain in self.no else None


@dataclass(frozen=True, slots=True)
class Line:
    """One application as the register has it, by the codes of its columns."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, code: str) -> str:
        return self.cells.get(code, "")


@cache
def columns() -> tuple[Column, ...]:
    """The columns that are read."""
    return read_rows(resources.files("gongkai.service.afterwards"), "register.toml", "column", Column)


class UnknownHeadings(RequestError):
    """No row has the headings: which column is what has to be chosen."""


def read_lines(name: str, data: bytes, chosen: Chosen | None = None) -> tuple[Line, ...]:
    """The applications of the first sheet that has the headings, or of the columns that were chosen. Raises
    RequestError, UnknownHeadings among them."""
    grids = _grids(name, data)
    if chosen is not None:
        grid = grids[chosen.sheet] if chosen.sheet < len(grids) else []
        return tuple(_lines(grid, chosen.head, chosen.places))
    for grid in grids:
        if (head := next((place for place in range(min(15, len(grid))) if _needed(grid[place])), None)) is not None:
            return tuple(_lines(grid, head, _places(grid[head])))
    wanted = "、".join(column.name for column in columns() if column.required)
    raise UnknownHeadings(f"没有找到表头：前几行里要有“{wanted}”这几列，请照着改表头以后再导入。")


def laid_out(name: str, data: bytes) -> Layout | None:
    """The first sheet that looks like a table, to choose its columns. Raises RequestError."""
    for sheet, grid in enumerate(_grids(name, data)):
        if found := layout([[_text(cell) for cell in row] for row in grid[:_SHOWN]], _code, sheet):
            return found
    return None


def _grids(name: str, data: bytes) -> list[Grid]:
    if len(data) > LIMITS.max_bytes:
        raise RequestError(f"登记表超过 {LIMITS.max_bytes // 2**20} MB，请拆分以后再导入。")
    kind = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise RequestError("登记表应当是 .xlsx 或者 .csv，请另存以后再导入。")
    try:
        return list(_book(data)) if kind == ".xlsx" else [_csv(data)]
    except GongkaiError as error:
        raise RequestError(error.message) from error
    except Exception as error:  # openpyxl answers damage with a dozen exception types
        raise RequestError(_NO_BOOK) from error


def _csv(data: bytes) -> Grid:
    return [row[:MOST_COLUMNS] for row in _few(csv.reader(io.StringIO(decode(data), newline="")))]


def _few(rows: Iterator[Any]) -> Iterator[Any]:
    for place, row in enumerate(rows):
        if place >= MOST_LINES:
            raise RequestError(f"登记表超过 {MOST_LINES} 行，请按年份拆分以后再导入。")
        yield row


def _book(data: bytes) -> Iterator[Grid]:
    with opened(data, LIMITS) as (book, _):
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            yield [list(row) for row in _few(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))]


def _needed(row: list[Any]) -> bool:
    return {column.code for column in columns() if column.required} <= _places(row).keys()


def _places(row: list[Any]) -> dict[str, int]:
    """Which column of the sheet is which of ours; the first of two alike counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        code = _code(_text(cell))
        if code and code not in found:
            found[code] = place
    return found


def _code(heading: str) -> str:
    bare = _MARKS.sub("", _ASIDE.sub("", fold(heading)))
    return next((column.code for column in columns() if bare in column.headings), "")


def _lines(grid: Grid, head: int, places: Mapping[str, int]) -> Iterator[Line]:
    for row, cells in enumerate(grid[head + 1 :], head + 2):
        told = {code: _text(cells[place]) if place < len(cells) else "" for code, place in places.items()}
        if told["number"] or told["topic"]:
            told["topic"] = _nameless(told["topic"], told.pop("name", ""))
            yield Line(row, told)


def _nameless(topic: str, name: str) -> str:
    """A topic without the name of the applicant, who often writes it there too."""
    return re.sub(re.escape(name) + _NO_PLACE, HIDDEN * len(name), topic) if len(name) > 1 else topic


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    told = "" if value is None else str(value)
    return " ".join(told.split())[:MOST_CHARACTERS]


def day(written: str) -> str:
    """A day as registers write it (2026-3-5, 2026年3月5日, 20260305) as an ISO date; empty for none that exists."""
    folded = fold(written).replace("T", " ")
    if re.fullmatch(r"(?:19|20)\d{6}", folded):
        folded = f"{folded[:4]}-{folded[4:6]}-{folded[6:]}"
    match = DATE.search(folded)
    found = as_date(match) if match else None
    return found.isoformat() if found else ""
