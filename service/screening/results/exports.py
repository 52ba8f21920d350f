"""Results for other systems: a CSV that no spreadsheet takes for formulas, and JSONL.

A line of `results.jsonl` is the output contract (`suggestion.schema.json`, without replacements) with `record` (digest
of the files' bytes), `files`, `place` and, where a person decided, `decision`. A record with a secrecy mark has
`record`, `handling`, `files` and its pile, and nothing else.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import IO

from gongkai.model.finding import Handling
from gongkai.service.screening.results.entries import Entry, joined, label
from gongkai.service.screening.results.sheets import begins_formula, clean
from gongkai.service.screening.results.worklist import personal, remarks
from gongkai.service.wire import Json

CSV, JSONL = "results.csv", "results.jsonl"


def _codes(entry: Entry, key: str, code: str) -> str:
    return " ".join(dict.fromkeys(row[code] for row in entry.record.result.get(key, ())))


_ALWAYS: dict[str, Callable[[Entry], object]] = {
    "记录编号": lambda e: e.record.digest,
    "分堆": lambda e: e.place.pile.label,
    "序号": lambda e: e.place.rank,
    "处理方式": lambda e: Handling(e.record.handling).label,
    "文件": lambda e: "\n".join(row.path for row in e.files),
}
_OPEN: dict[str, Callable[[Entry], object]] = {
    "标题": lambda e: e.record.title,
    "文号": lambda e: e.record.number,
    "发文机关": lambda e: e.record.issuer,
    "成文日期": lambda e: e.record.issued,
    "文种": lambda e: e.record.genre,
    "单位": lambda e: e.unit,
    "建议属性": lambda e: e.attribute,
    "把握": lambda e: f"{e.record.confidence:.4f}",
    "风险": lambda e: f"{e.place.risk:.4f}",
    "须人工判断": lambda e: "是" if e.record.needs_review else "否",
    "理由代码": lambda e: _codes(e, "reasons", "code"),
    "目录代码": lambda e: _codes(e, "categories", "code"),
    "负面清单": lambda e: _codes(e, "negative", "clause"),
    "须遮蔽处数": personal,
    "快速模式": lambda e: "是" if e.fast else "否",
    "登记属性": lambda e: e.recorded("attribute"),
    "组编号": lambda e: joined(e.place) if e.joint else "",
    "组内例外": lambda e: "是" if e.joint and e.place.exception else "",
    "已公开": lambda e: e.place.published,
    "提示": lambda e: "\n".join(remarks(e)),
    "决定": lambda e: label(e.decision.attribute) if e.decision else "",
    "决定理由": lambda e: e.decision.reason if e.decision else "",
    "决定目录": lambda e: e.decision.category if e.decision else "",
    "审查人": lambda e: e.decision.by if e.decision else "",
    "决定时间": lambda e: e.decision.at if e.decision else "",
}
HEADERS = (*_ALWAYS, *_OPEN)


class Table:
    """The CSV under way, in UTF-8 with a byte-order mark, as Chinese spreadsheets expect it."""

    def __init__(self, file: IO[str]) -> None:
        self._rows = csv.writer(file)
        self._rows.writerow(HEADERS)

    def add(self, entry: Entry) -> None:
        """One record."""
        told = _ALWAYS if entry.stopped else _ALWAYS | _OPEN
        self._rows.writerow([safe(told[head](entry)) if head in told else "" for head in HEADERS])


def safe(value: object) -> str:
    """A value that a spreadsheet shows as it stands: an apostrophe keeps it from being calculated."""
    text = clean(str(value))
    return f"'{text}" if begins_formula(text) else text


def as_json(entry: Entry) -> Json:
    """A record as a line of `results.jsonl`."""
    files: list[Json] = [{"path": row.path, "role": row.role.value} for row in entry.files]
    head: Json = {"record": entry.record.digest, "handling": entry.record.handling, "files": files}
    if entry.stopped:
        return head | {"place": {"pile": entry.place.pile.value, "rank": entry.place.rank}}
    place = asdict(entry.place)
    del place["digest"]
    made = asdict(entry.decision) if entry.decision else None
    return {**entry.record.result, **head, "place": place} | ({"decision": made} if made else {})


class Lines:
    """The JSONL under way."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def add(self, entry: Entry) -> None:
        """One record."""
        self._file.write(json.dumps(as_json(entry), ensure_ascii=False, separators=(",", ":")) + "\n")
