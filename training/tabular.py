"""Rows of CSV, XLSX and JSONL files with the numbers by which people find them."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from gongkai.model.folding import fold
from gongkai.training.authored import CorpusError

#: A row's number (of a JSONL file its line) and its cells by heading; None where the row can't be read.
NumberedRow = tuple[int, dict[str, Any] | None]
SUFFIXES = (".jsonl", ".csv", ".tsv", ".xlsx")
_HEADINGS_WITHIN = 10
_LONGEST_CELL = 2**31 - 1


def decoded(data: bytes, name: str) -> str:
    """Text in UTF-8, UTF-16 with its mark or GB18030, found by trying. Raises CorpusError."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CorpusError(f"{name} 不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8。")


def heading(name: object) -> str:
    """A column's name as it is compared: folded, without blanks, lower case."""
    return "".join(fold(str(name)).split()).lower()


def read_table(path: Path, known: Callable[[set[str]], bool], sheet: str = "") -> Iterator[NumberedRow]:
    """The rows below the first row whose headings are `known`; of a workbook the named sheet, else the first.

    Raises CorpusError for a file that is no such table or has no such headings.
    """
    if path.suffix.lower() == ".jsonl":
        yield from _json_lines(path)
        return
    rows = _workbook(path, sheet) if path.suffix.lower() == ".xlsx" else _csv(path)
    heads: list[str] = []
    for place, cells in enumerate(rows, 1):
        if not heads:
            if known({heading(cell) for cell in cells}):
                heads = [heading(cell) for cell in cells]
            elif place >= _HEADINGS_WITHIN:
                break
        elif any(str(cell).strip() for cell in cells):
            yield place, dict(zip(heads, cells, strict=False))
    if not heads:
        raise CorpusError(f"{path.name} 的前 {_HEADINGS_WITHIN} 行里没有认得的表头，请检查列名或者映射表的 [columns]。")


def _json_lines(path: Path) -> Iterator[NumberedRow]:
    for place, line in enumerate(decoded(path.read_bytes(), path.name).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        yield place, {heading(key): value for key, value in row.items()} if isinstance(row, dict) else None


def _csv(path: Path) -> Iterator[list[str]]:
    text = decoded(path.read_bytes(), path.name)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_unix(cell) for cell in row]
    except csv.Error as error:
        raise CorpusError(f"{path.name} 不是完整的 CSV 表格，请重新导出。") from error
    finally:
        csv.field_size_limit(limit)


def _workbook(path: Path, sheet: str) -> Iterator[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise CorpusError(f"{path.name} 不是完整的 .xlsx 表格，请重新导出。") from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise CorpusError(f"{path.name} 里没有映射表指定的工作表，请检查 sheet。")
        for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _unix(str(value).replace("_x000D_", "\r"))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
