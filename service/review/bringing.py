"""Bring in what `gongkai screen` left in a folder; once more after a new run, without touching what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.finding import Handling
from gongkai.service.access.actors import Actor
from gongkai.service.review import backlogs, rows
from gongkai.service.screening.results.entries import Entry, entries
from gongkai.service.screening.store import NAME, Store
from gongkai.service.store import trail
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Backlog, Kept, Screened, Unit, new_id
from gongkai.service.wire import Json

T = TypeVar("T")
#: Called in the transaction of every batch, with how many records are done of how many.
Each = Callable[[Session, int, int], None]
ORIGIN = "backlog"
_KINDS = {"u": "unit", "y": "year", "c": "category", "n": "clause"}
_BATCH = 500
_MOST_CHOICES = 300
_MOST_FOLDERS = 200
_NO_STORE = "{} 里没有筛查结果（{}），请检查目录，或者先运行 gongkai screen。"
_NO_NAME = "存量清单要有名称，请填写，例如“2006—2018年发文存量”。"


@dataclass(frozen=True, slots=True)
class Source:
    """What is brought in, under which name and for which unit; files below `roots` may be read again."""

    folder: Path
    name: str
    unit: str
    roots: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it: `new`, `changed` and `same` records, those that are `gone` from the archive, `stopped` ones with
    a secrecy mark (counted, not kept), files that `failed`, and `decisions` in the folder, which are not brought in."""

    backlog: str
    new: int
    changed: int
    same: int
    gone: int
    stopped: int
    failed: int
    decisions: int


@dataclass(slots=True)
class _Under:
    """An import under way."""

    backlog: str
    actor: Actor
    unit: str
    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    menus: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in _KINDS.values()})
    units: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    engine: Json = field(default_factory=dict)


def bring_in(
    database: Database, actor: Actor, source: Source, clock: Callable[[], datetime], each: Each = lambda *_: None
) -> Brought:
    """Records become documents, batch by batch: what stopped half-way goes on when it is begun again.

    Raises RequestError (nothing there), OutputError (not our store), StoreError.
    """
    if not (source.folder / NAME).is_file():
        raise RequestError(_NO_STORE.format(source.folder.name, NAME))
    if not source.name.strip():
        raise RequestError(_NO_NAME)
    with Store(source.folder) as store:
        under = _Under(_begun(database, source, clock()), actor, source.unit, clock())
        under.counts["decisions"] = sum(1 for _ in store.decisions())
        total = sum(1 for _ in store.places())
        for batch in batches(_counted(entries(store, {}), under), _BATCH):
            with database.writing() as session:
                _kept(session, batch, under)
                each(session, len(under.seen) + under.counts["stopped"], total)
        under.counts["failed"] = sum(row.failure is not None for row in store.files())
    with database.writing() as session:
        _ended(session, source, under)
    return Brought(under.backlog, *(under.counts[name] for name in Brought.__dataclass_fields__ if name != "backlog"))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of so many."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def screened(root: Path | None, deep: int = 3) -> list[str]:
    """The folders below a root, at most so deep, that hold what `gongkai screen` left; relative to it."""
    if root is None:
        return []
    found = (path for depth in range(1, deep + 1) for path in root.glob("*/" * depth + NAME))
    return sorted(str(path.parent.relative_to(root)) for path in islice(found, _MOST_FOLDERS))


def _begun(database: Database, source: Source, at: datetime) -> str:
    folder = str(source.folder.resolve())
    with database.writing() as session:
        session.get(Unit, source.unit, with_for_update=True)  # two imports of a folder make one backlog
        known = session.scalars(select(Backlog).where(Backlog.folder == folder, Backlog.unit == source.unit)).first()
        if known is None:
            known = Backlog(
                id=new_id(),
                name=source.name.strip(),
                unit=source.unit,
                folder=folder,
                engine={},
                created=at,
                changed=at,
            )
            session.add(known)
        known.name, known.changed = source.name.strip(), at
        return known.id


def _counted(found: Iterable[Entry], under: _Under) -> Iterator[Entry]:
    """All but those with a secrecy mark, of which only the number is kept."""
    for entry in found:
        under.engine = under.engine or entry.record.engine
        if entry.stopped:
            under.counts["stopped"] += 1
            continue
        if entry.unit:
            under.units[rows.unit_key(entry.unit)] = entry.unit
        for key in rows.keys(entry):
            under.menus[_KINDS[key[0]]][key] += 1
        yield entry


def _kept(session: Session, batch: Sequence[Entry], under: _Under) -> None:
    session.get(Backlog, under.backlog, with_for_update=True)  # and no document twice
    digests = [entry.record.digest for entry in batch]
    found = session.scalars(select(Kept).where(Kept.digest.in_(digests), Kept.backlog == under.backlog))
    known = {kept.digest: kept for kept in found}
    fresh = [_row(entry, under) for entry in batch if entry.record.digest not in known]
    if fresh:
        session.execute(insert(Kept), fresh)
    ids = {row["digest"]: row["id"] for row in fresh} | {digest: kept.id for digest, kept in known.items()}
    under.seen.update(ids.values())
    changed = {entry.record.digest for entry in batch if _renewed(known.get(entry.record.digest), entry, under)}
    changed |= _screened(session, batch, ids, under)
    under.counts["new"] += len(fresh)
    under.counts["changed"] += len(changed & known.keys())
    under.counts["same"] += len(known.keys() - changed)


def _renewed(kept: Kept | None, entry: Entry, under: _Under) -> bool:
    return kept is not None and rows.renew(kept, entry, under.at)


def _row(entry: Entry, under: _Under) -> Json:
    return {
        "id": new_id(), "unit": under.unit, "owner": under.actor.user, "origin": ORIGIN, "backlog": under.backlog,
        "digest": entry.record.digest, "created": under.at, "changed": under.at, "version": 1, "decided": "",
        "decisions": 0, "disputed": False, **rows.told(entry),
    }  # fmt: skip


def _screened(session: Session, batch: Sequence[Entry], ids: dict[str, str], under: _Under) -> set[str]:
    """A screening for each record that has none like it; the digests of those that got one."""
    latest: dict[str, Screened] = {}
    for row in session.scalars(select(Screened).where(Screened.document.in_(list(ids.values()))).order_by(Screened.at)):
        latest[row.document] = row
    told = []
    for entry in batch:
        before, result = latest.get(ids[entry.record.digest]), rows.result(entry)
        if before is None or (before.result, before.quotes) != (result, rows.quotes(entry)):
            told.append((entry, result))
    if told:
        session.execute(insert(Screened), [
            {"id": new_id(), "document": ids[entry.record.digest], "at": under.at, "engine": entry.record.engine,
             "result": result, "quotes": rows.quotes(entry)} for entry, result in told
        ])  # fmt: skip
    return {entry.record.digest for entry, _ in told}


def _ended(session: Session, source: Source, under: _Under) -> None:
    under.counts["gone"] = _put_away(session, source.folder, under)
    menus = {kind: _menu(kind, counts, under.units) for kind, counts in under.menus.items()}
    counts = dict(under.counts) | {"records": len(under.seen)}
    session.execute(
        update(Backlog).where(Backlog.id == under.backlog)
        .values(engine=backlogs.as_engine(under.engine, counts, menus, source.roots), changed=under.at)
    )  # fmt: skip
    trail.append(session, under.actor.user, "backlog.add", "backlog", under.backlog, at=under.at, **counts)


def _menu(kind: str, counts: Counter[str], units: dict[str, str]) -> list[list[str | int]]:
    ordered = sorted(counts.items()) if kind != "unit" else counts.most_common()
    return [[key, units.get(key, key[2:]), count] for key, count in ordered[:_MOST_CHOICES]]


def _put_away(session: Session, folder: Path, under: _Under) -> int:
    """Documents that the archive has no more leave the piles; what people decided of them stays.

    One that turned out to carry a secrecy mark loses all that was kept of it.
    """
    known = session.scalars(select(Kept.id).where(Kept.backlog == under.backlog, Kept.pile != "")).all()
    gone = [one for one in known if one not in under.seen]
    with Store(folder) as store:
        for batch in batches(gone, _BATCH):
            for kept in session.scalars(select(Kept).where(Kept.id.in_(batch))):
                kept.pile, kept.rank, kept.group, kept.changed, kept.version = "", 0, "", under.at, kept.version + 1
                record = store.record(kept.digest)
                if record is not None and record.handling == Handling.stop_classified:
                    _forget(session, kept)
    return len(gone)


def _forget(session: Session, kept: Kept) -> None:
    kept.title = kept.number = kept.issuer = kept.issued = kept.genre = ""
    kept.handling, kept.place = Handling.stop_classified.value, {}
    session.execute(delete(Screened).where(Screened.document == kept.id))
