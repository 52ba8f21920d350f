"""Decisions and backlogs with their texts, as `gongkai.training` (adapt, active) reads them, and what active said.

The store holds no text: every file is read again, and left out if it is no longer what was screened.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from gongkai.model.errors import DocumentError, RequestError
from gongkai.model.finding import Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes
from gongkai.service.screening.decisions.conflicts import by_record, standing
from gongkai.service.screening.intake import lines, sources
from gongkai.service.screening.records import Decision, Part, Record
from gongkai.service.screening.results.drafts import draft
from gongkai.service.screening.store import FileRow, Store

#: The key under which the store keeps what active learning said.
ORDER = "order"
STOPPED, DIFFER, CHANGED = "疑似涉密，不导出", "审查意见不一致，还没有商定", "文件在筛查以后改过或者移走了"
_NO_ORDER = "{} 不是 python -m gongkai.training active 的输出，请把它的标准输出存成文件再导入。"


class ChangedDocument(DocumentError):
    """The file is no longer what was screened."""

    slug = "changed"
    title = CHANGED


@dataclass(frozen=True, slots=True)
class Exported:
    """How many documents were written, and how many were left out for each reason."""

    written: int
    left_out: Counter[str]


@dataclass(frozen=True, slots=True)
class Order:
    """What `active` said of the backlog: reviewed so far, the share of withheld ones found, whether to stop."""

    reviewed: int
    recall: float
    stop: bool
    waiting: int


def export(store: Store, to: Path, rules: Rulebook, spool: Path, backlog: bool = False) -> Exported:
    """Write a JSONL with texts: the decided records with their labels, or for `backlog` all records without any.

    `spool` is a private folder for what archives unpack to. Raises OutputError when it can't be written.
    """
    left_out: Counter[str] = Counter()
    written, texts = 0, _Texts(store, spool)
    with draft(to) as made, made.open("w", encoding="utf-8") as file:
        for record, labels in _chosen(store, rules, backlog, left_out):
            try:
                row = {"id": record.digest, "title": record.title, "text": texts.of(record)} | labels
            except DocumentError as error:
                left_out[error.title] += 1
                continue
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            written += 1
    return Exported(written, left_out)


def _chosen(
    store: Store, rules: Rulebook, backlog: bool, left_out: Counter[str]
) -> Iterator[tuple[Record, dict[str, object]]]:
    """Records with their labels. Papers with a secrecy mark never leave (保密法实施条例 2024 article 41)."""
    made = by_record(store)
    for record in store.records():
        decisions = made.get(record.digest, [])
        stands = standing(decisions)
        if record.handling == Handling.stop_classified:
            left_out[STOPPED] += backlog or bool(decisions)
        elif backlog:
            yield record, {}
        elif stands:
            yield record, _labels(record, stands, rules)
        elif decisions:
            left_out[DIFFER] += 1


def _labels(record: Record, decision: Decision, rules: Rulebook) -> dict[str, object]:
    """What training reads of a decision; a reason in words is for people only."""
    return {
        "attribute": decision.attribute,
        "categories": [decision.category] if decision.category in rules.category else [],
        "reasons": [decision.reason] if decision.reason in rules.reason else [],
        "number": record.number,
        "issuer": record.issuer,
        "date": record.issued,
        "genre": record.genre,
    }


class _Texts:
    """The texts of records, read anew from their files."""

    def __init__(self, store: Store, spool: Path) -> None:
        self.store, self.limits, self.spool = store, Limits(), spool

    def of(self, record: Record) -> str:
        """The text that was screened: the parts that could be read, the main one first. Raises DocumentError."""
        rows = list(self.store.files(record=record.digest))
        if not record.parts:
            return self._first(row for row in rows)
        first, *rest = [part for part in record.parts if part.characters]
        named = {part: self._first(r for r in rows if r.digest == part.digest) for part in (first, *rest)}
        return "\n".join([named[first], *(f"附件：{part.name}\n{named[part]}" for part in rest)])

    def _first(self, rows: Iterable[FileRow]) -> str:
        """Files of one digest are alike: the first that is still there will do. Raises DocumentError."""
        lost: DocumentError = ChangedDocument(CHANGED)
        for row in rows:
            try:
                return self._read(row)
            except DocumentError as error:
                lost = error
        raise lost

    def _read(self, row: FileRow) -> str:
        part = Part(sources.located(row.path))
        data = sources.contents(part, self.limits, self.spool)
        if row.digest != "sha256:" + hashlib.sha256(data).hexdigest():
            raise ChangedDocument(CHANGED)
        if part.locator.inside and part.locator.path.suffix.lower() == lines.SUFFIX:
            return data.decode("utf-8", "surrogatepass")
        return read_bytes(data, part.locator.name, self.limits).text


def read_order(path: Path) -> Order:
    """The output of `active`. Raises RequestError."""
    try:
        told = json.loads(path.read_bytes())
        order = Order(int(told["reviewed"]), float(told["recall_reached"]), told["stop"] is True, len(told["order"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise RequestError(_NO_ORDER.format(path.name)) from error
    if order.reviewed < 0 or not 0 <= order.recall <= 1:
        raise RequestError(_NO_ORDER.format(path.name))
    return order


def note_order(store: Store, order: Order, day: str) -> None:
    """Keep what active learning said of the backlog."""
    store.note(ORDER, json.dumps(asdict(order) | {"noted": day}))


def noted_order(store: Store) -> Order | None:
    """What was kept, or nothing."""
    told = json.loads(store.meta(ORDER) or "{}")
    return Order(*(told[key] for key in ("reviewed", "recall", "stop", "waiting"))) if told else None
