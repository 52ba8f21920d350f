"""The lines of an agency's catalog (XLSX or CSV) with what each column means, merged cells filled in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.model.folding import fold
from gongkai.service.formats.container import read_part
from gongkai.service.formats.sheet import opened
from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits

LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_unpacked=200 * 1024 * 1024)
MOST_LINES, MOST_COLUMNS, MOST_CHARACTERS = 5000, 60, 2000
#: Headings as the 26 grass-roots standard catalogs and agencies write them, by what they mean.
HEADINGS = {
    "first": r"一级(?:事项|目录|指标|标题|分类)|事项大类|公开类别",
    "second": r"二级(?:事项|目录|指标|标题|分类)|公开事项(?:名称)?|事项名称",
    "third": r"三级(?:事项|目录|指标|标题|分类)",
    "content": r"(?:主要)?公开内容(?:要素|要求)?|公开要素|内容要素",
    "basis": r"(?:公开|政策|法律)?依据",
    "deadline": r"(?:公开)?(?:时限|期限)|公开时间",
    "publisher": r"(?:公开|责任|发布)(?:主体|单位|机构|部门|股室|科室)",
    "channel": r"(?:公开)?(?:渠道|载体|渠道(?:和|及|与)?载体|平台|形式)",
    "audience": r"公开对象",
    "scope": r"(?:公开)?范围",
    "manner": r"公开方式",
    "level": r"公开层级",
    "site": r"(?:网站|对应)?栏目(?:名称)?",
    "all": r"全?社会(?:公众)?",
    "some": r"特定(?:群体|人群|对象)(?:请?写明)?",
    "proactive": r"主动(?:公开)?",
    "on_request": r"依申请(?:公开)?",
    "county": r"县(?:区)?级|区级|县市区级",
    "town": r"乡[镇村]?(?:街道)?级?|镇级|街道级?",
    "city": r"(?:设区的)?市级",
    "province": r"省级",
    "village": r"村级",
    "nation": r"国家级?",
    "number": r"序号|编号|号",
    "code": r"代码",
    "aliases": r"别处的叫法|别名",
}
_MEANS = {key: re.compile(words) for key, words in HEADINGS.items()}
#: Headings that stand under another one.
BELOW: tuple[str, ...] = ("all", "some", "proactive", "on_request", "first", "second", "third")
BELOW += ("nation", "province", "city", "county", "town", "village")
NEEDED = {"second": "二级事项", "basis": "公开依据", "deadline": "公开时限"}
_MARKS = re.compile(r"[^\u4e00-\u9fff]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_NO_BOOK = "文件读不出来，请确认是没有加密的 .xlsx 或者 .csv 文件。"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that can't be taken over: the sheet with the cell, and one Chinese sentence."""

    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a catalog by the meaning of its columns."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")

    def wrong(self, key: str, message: str) -> Wrong:
        """What is wrong with a cell of this line."""
        place = f"{self.letters.get(key, '')}{self.row}"
        return Wrong(f"{self.sheet}!{place}" if self.sheet else place, message)


Grid = list[list[str]]


def read_lines(name: str, data: bytes) -> tuple[Line, ...]:
    """The lines of every sheet that has the headings. Raises RequestError."""
    lines = [line for sheet, grid in grids(name, data).items() for line in _lines(sheet, grid)]
    if not lines:
        names = "、".join(NEEDED.values())
        raise RequestError(f"没有找到目录表头：前几行里要有“{names}”这几列，并且表头下面要有内容。")
    return tuple(lines)


def grids(name: str, data: bytes) -> dict[str, Grid]:
    """The cells of every sheet as text, merged ones filled in. Raises RequestError."""
    if len(data) > LIMITS.max_bytes:
        raise RequestError(f"文件超过 {LIMITS.max_bytes // 2**20} MB，请拆分以后再导入。")
    kind = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise RequestError("文件应当是 .xlsx 或者 .csv，请另存以后再导入。")
    try:
        return dict(_book(data)) if kind == ".xlsx" else {"": _csv(data)}
    except GongkaiError as error:
        raise RequestError(error.message) from error
    except Exception as error:  # openpyxl answers damage with a dozen exception types
        raise RequestError(_NO_BOOK) from error


def _csv(data: bytes) -> Grid:
    rows = csv.reader(io.StringIO(decode(data), newline=""))
    return [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in _few(rows)]


def _few(rows: Iterator[Any]) -> Iterator[Any]:
    for place, row in enumerate(rows):
        if place >= MOST_LINES:
            raise RequestError(f"一张表超过 {MOST_LINES} 行，请拆分以后再导入。")
        yield row


def _book(data: bytes) -> Iterator[tuple[str, Grid]]:
    with opened(data, LIMITS) as (book, box):
        for sheet in book.worksheets:
            merged = _MERGED.findall(read_part(box, sheet._worksheet_path))  # it has no name in public
            sheet.reset_dimensions()
            rows = _few(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
            yield sheet.title, _filled([[_text(cell) for cell in row] for row in rows], merged)


def _filled(grid: Grid, merged: list[bytes]) -> Grid:
    """Put what stands in a merged cell into all of its places, as far as the sheet is filled at all."""
    for reference in merged[:MOST_LINES]:
        left, top, right, bottom = range_boundaries(reference.decode())
        if top > len(grid) or left > len(grid[top - 1]):
            continue
        value = grid[top - 1][left - 1]
        for row in grid[top - 1 : bottom]:
            width = min(right, MOST_COLUMNS)
            row += [""] * (width - len(row))
            row[left - 1 : width] = [value] * (width - left + 1)
    return grid


def _text(value: object) -> str:
    told = "" if value is None else str(value)
    return told.replace("\r", "").replace("\t", " ").strip()[:MOST_CHARACTERS]


def _lines(sheet: str, grid: Grid) -> Iterator[Line]:
    head = next((place for place in range(min(15, len(grid))) if _named(grid, place)), None)
    if head is None:
        return
    columns, depth = _columns(grid, head)
    letters = {key: get_column_letter(place + 1) for key, place in columns.items()}
    first = ""
    for place, row in enumerate(grid[head + depth :], head + depth + 1):
        cells = {key: row[at] if at < len(row) else "" for key, at in columns.items()}
        first = cells.get("first") or first
        if any(cells[key] for key in ("second", "third", "content", "basis") if key in cells):
            yield Line(sheet, place, {**cells, "first": first}, letters)


def _named(grid: Grid, place: int) -> bool:
    return NEEDED.keys() <= _columns(grid, place)[0].keys()


def _columns(grid: Grid, place: int) -> tuple[dict[str, int], int]:
    """Which column means what, and how many rows the headings take."""
    top, below = grid[place], grid[place + 1] if place + 1 < len(grid) else []
    under = [_meaning(cell) for cell in below]
    heads = all(key or not cell or cell in top for key, cell in zip(under, below, strict=True))
    depth = 2 if heads and any(key in BELOW for key in under) else 1
    found: dict[str, int] = {}
    for at in range(max(len(top), len(below) if depth == 2 else 0)):
        own = under[at] if depth == 2 and at < len(under) and under[at] in BELOW else ""
        key = own or (_meaning(top[at]) if at < len(top) else "")
        if key and key not in found:
            found[key] = at
    return found, depth


def _meaning(cell: str) -> str:
    bare = _MARKS.sub("", fold(cell))
    return next((key for key, words in _MEANS.items() if words.fullmatch(bare)), "")
