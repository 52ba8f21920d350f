"""Registers: CSV and XLSX tables that name files and say what is known of each."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import openpyxl

from gongkai.model.errors import MissingDocument, RequestError
from gongkai.model.folding import fold
from gongkai.service.formats import text
from gongkai.service.limits import Limits
from gongkai.service.screening.intake.fields import told
from gongkai.service.screening.records import Failure, Locator, Part

#: The names of columns, by the field that they fill; compared folded and without blanks.
COLUMNS = {
    "file": (
        "文件名", "文件", "路径", "文件路径", "正文文件", "正文路径", "存放路径", "电子文件名", "电子文件",
        "file", "path", "filename",
    ),
    "attached": ("附件", "附件文件", "附件路径", "附件名", "附件名称", "attachments"),
    "id": ("编号", "流水号", "档号", "id"),
    "title": ("标题", "题名", "文件标题", "公文标题", "文件题名", "title"),
    "number": ("文号", "发文字号", "公文文号", "文件编号", "number"),
    "issued": ("成文日期", "发文日期", "印发日期", "制发日期", "文件日期", "形成日期", "日期", "issued", "date"),
    "issuer": ("发文机关", "发文单位", "制发机关", "责任者", "issuer"),
    "attribute": ("公开属性", "公开方式", "信息公开属性", "公开类别", "公开形式", "attribute"),
    "unit": ("拟稿部门", "主办部门", "承办部门", "拟稿单位", "主办单位", "归口部门", "部门", "处室", "机构", "unit"),
    "category": ("主题分类", "公开目录", "目录", "栏目", "category"),
    "note": ("备注", "说明", "note"),
}  # fmt: skip
_FIELDS = {name: label for label, names in COLUMNS.items() for name in names}
_WITHIN = 10
_LONGEST_CELL = 1_000_000
#: A register of a whole archive is longer than any table that is a document.
_MORE = 40
#: So many folders of a path on another machine are looked for beside the register.
_DEEPEST = 40
_SEPARATORS = re.compile(r"[;；\n|]+")
_BROKEN = "登记表 {} 读不出来：请确认它是完整的 CSV（UTF-8 或 GB18030）或 .xlsx 表格。"
_LARGE = "登记表 {} 太大，请按年度拆成几张表。"
_TWICE = "登记表第 {} 行的文件前面已经登记过，这一行没有使用。"
_NOT_THERE = "登记表第 {} 行写的文件不存在或无法读取，请改正文件名，或者把文件放到登记表旁边。"
_NOT_NAMED = "登记表第 {} 行没有写文件名。"


@dataclass(frozen=True, slots=True)
class Registers:
    """What registers say: the fields of each file, its attachments, and the rows that name no file.

    `sources` are the tables that are registers and so no documents; `taken` are all attachments.
    """

    sources: frozenset[Path] = frozenset()
    rows: dict[Path, dict[str, str]] = field(default_factory=dict)
    attached: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    taken: frozenset[Path] = frozenset()
    failures: tuple[tuple[Part, Failure], ...] = ()


NONE = Registers()


def read(sources: Sequence[Path], limits: Limits) -> Registers:
    """All registers among the sources; file names count from the folder of their register.

    Raises RequestError for a table that can't be read.
    """
    rows: dict[Path, dict[str, str]] = {}
    attached: dict[Path, tuple[Path, ...]] = {}
    failures: list[tuple[Part, Failure]] = []
    tables = [source for source in sources if source.suffix.lower() in (".csv", ".tsv", ".xlsx") and source.is_file()]
    known = [table for table in tables if _is_register(table, limits)]
    for table in known:
        for place, fields in _rows(table, limits):
            _note(table, place, fields, rows, attached, failures)
    attached = {path: rest for path, paths in attached.items() if (rest := tuple(p for p in paths if p not in rows))}
    taken = frozenset(path for paths in attached.values() for path in paths)
    return Registers(frozenset(known), rows, attached, taken, tuple(failures))


def _note(
    table: Path,
    place: int,
    fields: dict[str, str],
    rows: dict[Path, dict[str, str]],
    attached: dict[Path, tuple[Path, ...]],
    failures: list[tuple[Part, Failure]],
) -> None:
    """Put one row where it belongs."""
    path = _place(table, fields.pop("file", ""))
    names = [_place(table, name) for name in _SEPARATORS.split(fields.pop("attached", "")) if name.strip()]
    others = tuple(dict.fromkeys(name for name in names if name is not None and name != path))
    if path is None or not _is_there(path) or path in rows:
        message = _NOT_NAMED if path is None else _TWICE if path in rows else _NOT_THERE
        failures.append(_failed(table, place, message))
        return
    rows[path] = told(fields)
    there = tuple(name for name in others if _is_there(name))
    if there:
        attached[path] = there
    if len(there) < len(others):
        failures.append(_failed(table, place, _NOT_THERE.replace("文件不存在", "附件不存在", 1)))


def _failed(table: Path, place: int, message: str) -> tuple[Part, Failure]:
    return Part(Locator(table, (f"第{place}行",))), Failure(MissingDocument.slug, message.format(place))


def _place(table: Path, name: str) -> Path | None:
    """The file that a row names; of a path on another machine the longest end that exists beside the register."""
    tidy = name.strip().replace("\\", "/")
    if not tidy or "\0" in tidy:
        return None
    named = table.parent / tidy
    pieces = [piece for piece in tidy.split("/") if piece not in ("", ".", "..")][-_DEEPEST:]
    ends = (table.parent.joinpath(*pieces[start:]) for start in range(len(pieces)))
    return Path(os.path.abspath(next((path for path in (named, *ends) if _is_there(path)), named)))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no disk could hold
        return False


def _is_register(table: Path, limits: Limits) -> bool:
    return any(_heading(cells) for _, cells in itertools.islice(_cells(table, limits), _WITHIN))


def _heading(cells: Sequence[str]) -> list[str]:
    """The field of each column, or nothing for a row that is no heading of a register."""
    labels = [_FIELDS.get("".join(fold(cell).split()).lower(), "") for cell in cells]
    if "file" not in labels and "attached" in labels:
        labels[labels.index("attached")] = "file"
    told = {label for label in labels if label}
    return labels if "file" in told and (len(told) > 1 or sum(map(bool, cells)) == 1) else []


def _rows(table: Path, limits: Limits) -> Iterator[tuple[int, dict[str, str]]]:
    labels: list[str] = []
    for place, cells in _cells(table, limits):
        if not labels:
            labels = _heading(cells)
        elif any(cells):
            fields: dict[str, str] = {}
            for label, cell in zip(labels, cells, strict=False):
                if label and cell:
                    fields.setdefault(label, cell)
            yield place, fields


def _cells(table: Path, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, of a workbook the first sheet's."""
    rows = _workbook if table.suffix.lower() == ".xlsx" else _delimited
    cells = 0
    try:
        for place, row in enumerate(rows(table), 1):
            cells += len(row)
            if cells > limits.max_cells * _MORE:
                raise RequestError(_LARGE.format(table.name))
            yield place, [_value(value) for value in row]
    except RequestError:
        raise
    except Exception as error:
        raise RequestError(_BROKEN.format(table.name)) from error


def _delimited(table: Path) -> Iterator[Sequence[object]]:
    content = text.decode(table.read_bytes())
    first = content.split("\n", 1)[0]
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(content, newline=""), delimiter=max(",\t;", key=first.count))
    finally:
        csv.field_size_limit(limit)


def _workbook(table: Path) -> Iterator[Sequence[object]]:
    with warnings.catch_warnings():  # openpyxl warns of every extension that it leaves out
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(table, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
