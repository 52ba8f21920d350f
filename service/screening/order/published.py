"""Lists of papers that others keep: what is public already, and forwarded papers with their attributes.

A list is a CSV, XLSX, XLS or TXT file, or JSONL. Columns are known by their headings (标题, 文号, 公开属性, 日期) or
as keys (title, number, attribute, issued); without headings a cell like 国办发〔2021〕5号 is the number, and the
longest other one the title.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.model.errors import DocumentError, RequestError
from gongkai.model.folding import fold
from gongkai.model.references import number_key, title_key
from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes
from gongkai.service.screening.order.outlines import Outline, attribute_of

#: A shorter title stands over many papers.
LEAST_TITLE = 10
#: Papers of a list that are kept under one title.
_BEARERS = 64
_LIMITS = Limits(max_bytes=200 * 1024 * 1024, max_characters=100_000_000, max_cells=10_000_000)
_HEADINGS = {
    "title": ("title", "标题", "题名", "文件标题", "文件题名", "文件名称", "名称", "信息名称", "公文标题"),
    "number": ("number", "doc_number", "文号", "发文字号", "文件编号", "发文文号", "公文字号", "文件号"),
    "attribute": ("attribute", "公开属性", "属性", "公开方式", "公开类别"),
    "issuer": ("issuer", "发文机关", "制作机关", "发布机关"),
    "reason": ("reason", "理由代码", "理由", "不公开理由", "不予公开理由"),
    "issued": ("issued", "date", "pub_date", "成文日期", "发文日期", "发布日期", "公开日期", "印发日期", "日期"),
}
_UNREAD = "清单 {} 读不出来：{}"
_NOTHING = "清单 {} 里没有找到标题或者文号，请检查列名（标题、文号）。"
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fffa-zA-Z]{1,12} ?[〔(] ?(?:19|20)\d\d ?[〕)] ?第?\d{1,6} ?号")


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of a list; what the list doesn't say is empty."""

    title: str = ""
    number: str = ""
    attribute: str = ""
    issued: str = ""
    issuer: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, found by number or title."""

    numbers: dict[str, Entry] = field(default_factory=dict)
    titles: dict[str, tuple[Entry, ...]] = field(default_factory=dict)


NOTHING = Listing()


def listing(path: Path | None) -> Listing:
    """The list in a file, an empty one without a file. Raises RequestError when it can't be read or names nothing."""
    if path is None:
        return NOTHING
    try:
        return _indexed(entries(path), path.name)
    except csv.Error as error:
        raise RequestError(_UNREAD.format(path.name, "有的单元格过长或者引号不成对，请另存为 XLSX。")) from error


def match(listed: Listing, outline: Outline) -> str:
    """The number, else the title, under which a record stands in a list; nothing where it doesn't.

    A title alone is believed where it is long enough and neither number nor year speaks against it.
    """
    if not outline.classified:
        if (entry := listed.numbers.get(outline.number_key)) and _same_year(entry, outline):
            return entry.number
        for entry in listed.titles.get(outline.title_key, ()):
            if not _other_number(entry, outline) and _same_year(entry, outline):
                return entry.title
    return ""


def _other_number(entry: Entry, outline: Outline) -> bool:
    return bool(entry.number and outline.number) and number_key(entry.number) != outline.number_key


def _same_year(entry: Entry, outline: Outline) -> bool:
    """Whether the years differ by no more than the turn of one."""
    listed, own = _YEAR.match(entry.issued), _YEAR.match(outline.issued)
    return not (listed and own) or abs(int(listed[0]) - int(own[0])) <= 1


def _indexed(entries: Iterable[Entry], name: str) -> Listing:
    numbers: dict[str, Entry] = {}
    titles: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if key := number_key(entry.number):
            numbers.setdefault(key, entry)
        if len(key := title_key(entry.title)) >= LEAST_TITLE and len(titles[key]) < _BEARERS:
            titles[key].append(entry)
    if not numbers and not titles:
        raise RequestError(_NOTHING.format(name))
    return Listing(numbers, {key: tuple(found) for key, found in titles.items()})


def entries(path: Path) -> Iterator[Entry]:
    """The papers of a list, in its order. Raises RequestError."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() in (".jsonl", ".json"):
            return _objects(decode(data), path.name)
        return _rows(_cells(read_bytes(data, path.name, _LIMITS).text, path.suffix.lower()))
    except OSError as error:
        raise RequestError(_UNREAD.format(path.name, "文件不存在或者没有读取权限，请检查路径。")) from error
    except DocumentError as error:
        raise RequestError(_UNREAD.format(path.name, error.message)) from error


def _objects(text: str, name: str) -> Iterator[Entry]:
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise RequestError(_UNREAD.format(name, f"第 {place} 行不是 JSON 对象，请改正。"))
        yield _entry({_heading(str(key)): str(value) for key, value in row.items() if value is not None})


def _cells(text: str, suffix: str) -> Iterator[list[str]]:
    lines = text.splitlines()
    if suffix == ".csv":
        delimiter = "\t" if "\t" in (lines or [""])[0] else ","
        return ([cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter))
    return ([cell.strip() for cell in line.split("\t")] for line in lines)


def _rows(rows: Iterable[list[str]]) -> Iterator[Entry]:
    """Entries of a table; a row of headings holds for those below it, and the sheet's name above is no entry."""
    columns: list[str] = []
    for row in rows:
        headings = [_heading(cell) for cell in row]
        if {"title", "number"} & set(headings):
            columns = headings
        elif columns:
            yield _entry({name: cell for name, cell in zip(columns, row, strict=False) if name})
        else:
            yield _guessed(row)


def _heading(cell: str) -> str:
    plain = "".join(cell.split()).lower()
    return next((name for name, known in _HEADINGS.items() if plain in known), "")


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        "".join(row.get("title", "").split()).strip("《》"),
        row.get("number", ""),
        attribute_of(row.get("attribute", "")),
        row.get("issued", ""),
        row.get("issuer", ""),
        row.get("reason", ""),
    )


def _guessed(row: Sequence[str]) -> Entry:
    """A row without headings: what is written as a number, and the longest of the rest; both may share a cell."""
    found = [_NUMBER.search(fold(cell)) for cell in row]
    number = next((match.group() for match in found if match), "")
    rest = [cell[: m.start()] + cell[m.end() :] if m else cell for cell, m in zip(row, found, strict=True)]
    attribute = next((value for cell in row if (value := attribute_of(cell))), "")
    title = max(rest, key=len, default="").strip("()（）,，;； ")
    return _entry({"title": title, "number": number, "attribute": attribute})
