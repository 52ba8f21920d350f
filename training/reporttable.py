"""A report on a corpus as a Chinese table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gongkai.model.finding import Attribute

SHOWN = 20
KINDS_SHOWN = 40
_WIDTH = 18
_COUNTS = {
    "attribute": "公开属性",
    "category": "目录",
    "clause": "负面清单条款",
    "near": "易误判条款",
    "genre": "文种",
    "year": "年份",
    "level": "层级",
    "group": "机关组",
}


def as_table(found: Mapping[str, Any]) -> str:
    """The report in sections, long lists cut with a note of how many more there are."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    conflicts, leaks = found["conflicts"], found["leaks"]
    yield from _section("语料", [(name, str(n)) for name, n in found["sources"].items()], found["documents"])
    for key, name in _COUNTS.items():
        rows = [(_label(value), str(n)) for value, n in found["counts"][key].items()]
        if rows:
            yield from _section(name, rows, limit=KINDS_SHOWN)
    yield from _section("近似重复而标注不一致", map(_pair, conflicts["between"]), len(conflicts["between"]))
    yield from _section("文中标注与标注表不一致", map(_place, conflicts["within"]), len(conflicts["within"]))
    yield from _section("正文里还有标注字样", [(name, "") for name in leaks["label_words"]], len(leaks["label_words"]))
    if leaks["authored_annotations"]:
        yield f"  （自编语料里另有 {leaks['authored_annotations']} 篇带附注等标注，按标注规范保留）"
    yield from _section("与留出文件近似重复，一并留出", map(_pair, leaks["across_split"]), len(leaks["across_split"]))
    yield from _section("留出检验", [], found["held_out"])
    yield from _section("近似重复", map(_pair, found["duplicates"]), len(found["duplicates"]))
    yield from _section("编号重复", [(name, "") for name in found["same_id"]], len(found["same_id"]))
    yield from _section("文字很少", [(name, "") for name in found["short"]], len(found["short"]))
    yield from _section("没有读入", map(_place, found["dropped"]), len(found["dropped"]))
    yield from _section("略去了部分标注", map(_place, found["labels_left_out"]), len(found["labels_left_out"]))


def _section(name: str, rows: Iterable[tuple[str, str]], count: int | None = None, limit: int = SHOWN) -> Iterator[str]:
    listed = list(rows)
    yield f"{name}：{count}" if count is not None else name
    for left, right in listed[:limit]:
        yield f"  {padded(left, _WIDTH)} {right}".rstrip()
    if len(listed) > limit:
        yield f"  …… 还有 {len(listed) - limit} 项，加 --json 看全部"


def padded(text: str, width: int) -> str:
    """The text with blanks up to a width in columns, of which a Chinese character takes two."""
    return text + " " * (width - sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text))


def _label(value: str) -> str:
    if value in list(Attribute):
        return Attribute(value).label
    return "（未标）" if value == "(none)" else value


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    names: Sequence[str] = row["ids"]
    labels = "、".join(_label(value or "(none)") for value in row["attributes"])
    return f"{names[0]} 与 {names[1]}", f"相似度 {row['similarity']:.2f}　{labels}"


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    where = f"{row['file']} 第 {row['row']} 行" if row["row"] else row["file"]
    return where, row["message"]
