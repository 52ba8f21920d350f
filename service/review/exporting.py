"""The state of a backlog in the service as the files that `gongkai screen` writes: worklist, CSV, JSONL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.review import backlogs, opinions
from gongkai.service.review.bringing import batches
from gongkai.service.review.queue import Row
from gongkai.service.screening.records import Decision, PartTold, Pile, Place, Quote, Record, Role
from gongkai.service.screening.results import exports
from gongkai.service.screening.results.entries import Entry, Joint
from gongkai.service.screening.results.sheets import Cell, Head, Sheet
from gongkai.service.screening.results.workbook import Worklist
from gongkai.service.screening.results.worklist import NAME
from gongkai.service.screening.store import FileRow
from gongkai.service.store.tables import Backlog, Kept, Screened

FORMATS = {"xlsx": NAME, "csv": exports.CSV, "jsonl": exports.JSONL}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
#: Told how many documents are written, and of how many.
Told = Callable[[int, int], object]
_BATCH = 500
_FORMAT = "导出的格式只能是 xlsx、csv 或者 jsonl。"


def entries(
    session: Session, backlog: Backlog, reader: Actor | None = None, told: Told = lambda *_: None
) -> Iterator[Entry]:
    """Every document with a place as the results know it, in the order of the worklist; read batch by batch."""
    known = session.scalars(
        select(Kept.id).where(*_told(backlog, reader)).order_by(Kept.pile.desc(), Kept.rank)
    ).all()  # fmt: skip
    for number, ids in enumerate(batches(known, _BATCH)):
        found = {kept.id: kept for kept in session.scalars(select(Kept).where(Kept.id.in_(ids)))}
        said, made = latest(session, ids), opinions.of(session, ids)
        names = opinions.names(session, {decision.by for decisions in made.values() for decision in decisions})
        for one in ids:
            row = Row(found[one], tuple(made.get(one, ())), False)
            yield _entry(row, said[one], names)
        session.expunge_all()  # a hundred thousand documents would fill the memory
        told(number * _BATCH + len(ids), len(known))


def _told(backlog: Backlog, reader: Actor | None) -> Iterator[ColumnElement[bool]]:
    """Those with a place, but those that who takes them out reads blind."""
    yield Kept.backlog == backlog.id
    yield Kept.pile != ""
    if reader is not None:
        yield ~opinions.unread(reader)


def latest(session: Session, documents: list[str]) -> dict[str, Screened]:
    """The last screening of each document."""
    rows = session.scalars(select(Screened).where(Screened.document.in_(documents)).order_by(Screened.at, Screened.id))
    return {row.document: row for row in rows}


def _entry(row: Row, said: Screened, names: dict[str, str]) -> Entry:
    kept, place = row.kept, row.kept.place
    files = tuple(
        FileRow(path, Role(role), "", digest, kept.digest, None, _fields(place))
        for path, role, digest in place["files"]
    )
    at = Place(
        kept.digest, Pile(kept.pile), kept.rank, place["risk"], place["group"], place["series"], place["exception"],
        place["follows"], place["published"], tuple(place["remarks"]),
    )  # fmt: skip
    joint = None
    if place["joint"]:
        number, size, exceptions, leads = place["joint"]
        joint = Joint(number, size, exceptions, kept.digest if leads else "")
    return Entry(at, _record(kept, said), files, _decision(row, names), joint, place["source"], kept.disputed)


def _fields(place: dict[str, Any]) -> dict[str, str]:
    return {"unit": place["unit"], "attribute": place["recorded"]}


def _record(kept: Kept, said: Screened) -> Record:
    return Record(
        kept.digest, kept.title, kept.number, kept.issuer, kept.issued, kept.genre, kept.attribute, kept.confidence,
        kept.handling, kept.needs_review, {**said.result, "title": kept.title},
        tuple(Quote(code, words) for code, words in said.quotes), (),
        tuple(PartTold(name, Role(role), "", attribute, 0) for name, role, attribute in kept.place["parts"]),
    )  # fmt: skip


def _decision(row: Row, names: dict[str, str]) -> Decision | None:
    made = None if row.kept.disputed else row.standing
    if made is None:
        return None
    by, at = names.get(made.by, made.by), made.at.astimezone().isoformat(timespec="seconds")
    return Decision(row.kept.digest, made.attribute, by, at, made.reason, made.category, made.note, made.source)


@contextmanager
def exported(
    session: Session, backlog: Backlog, rules: Rulebook, format: str, now: datetime, reader: Actor | None = None,
    told: Told = lambda *_: None,
) -> Iterator[Path]:  # fmt: skip
    """A private file that is gone afterwards. Raises RequestError, OutputError."""
    if format not in FORMATS:
        raise RequestError(_FORMAT)
    folder = Path(tempfile.mkdtemp(prefix=".gongkai-"))
    try:
        write(session, backlog, rules, format, folder, now, reader, told)
        yield folder / FORMATS[format]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(
    session: Session, backlog: Backlog, rules: Rulebook, format: str, folder: Path, now: datetime,
    reader: Actor | None = None, told: Told = lambda *_: None,
) -> None:  # fmt: skip
    """Write one format into a folder under its usual name."""
    with ExitStack() as stack:
        if format == "xlsx":
            book = stack.enter_context(_Downloaded(folder, rules))
            for entry in entries(session, backlog, reader, told):
                book.add(entry)
            book.finish((), lambda: _summary(session, backlog, now, reader))
            return
        encoding, newline = ("utf-8-sig", "") if format == "csv" else ("utf-8", "\n")
        path = folder / FORMATS[format]
        path.touch(mode=0o600)
        file = stack.enter_context(path.open("w", encoding=encoding, errors="replace", newline=newline))
        sink = exports.Table(file) if format == "csv" else exports.Lines(file)
        for entry in entries(session, backlog, reader, told):
            sink.add(entry)


class _Downloaded(Worklist):
    """A worklist for somebody else's computer: no link there leads to the archive."""

    def sheet(self, title: str, heads: Sequence[Head], *, frozen: str = "") -> Sheet:  # noqa: ANN401
        """A sheet whose cells lead nowhere."""
        made = super().sheet(title, heads, frozen=frozen)
        return _Unlinked(self, made.made, made.heads, made.rows)


class _Unlinked(Sheet):
    def __init__(self, book: Any, made: Any, heads: Iterable[Head], rows: int) -> None:  # noqa: ANN401
        super().__init__(book, made, list(heads))
        self.rows = rows

    def add(self, cells: Iterable[Cell | None]) -> None:
        """One row without its links."""
        super().add(Cell(None, cell.look) if cell and cell.link else cell for cell in cells)


def _summary(session: Session, backlog: Backlog, now: datetime, reader: Actor | None = None) -> list[tuple[str, str]]:
    counted = session.execute(select(Kept.pile, func.count()).where(*_told(backlog, reader)).group_by(Kept.pile))
    counts = {pile: number for pile, number in counted}
    piles = "，".join(
        f"{pile.label} {counts.get(pile.value, 0):,} 件" for pile in (Pile.decide, Pile.confirm, Pile.stop)
    )
    stopped = backlogs.count(backlog, "stopped")
    return [
        ("清单", backlog.name),
        ("生成时间", now.astimezone().strftime("%Y-%m-%d %H:%M")),
        ("共有", f"{sum(counts.values()):,} 件：{piles}。另有疑似涉密 {stopped:,} 件，没有存入服务。"),
    ]
