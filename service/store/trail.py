"""留痕: append-only entries, each covering the one before, so that nothing can be changed or removed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, func, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from gongkai.service.store.tables import Decided, Trail

#: What the first entry names as the hash before it.
START = "0" * 64
#: The number of PostgreSQL's advisory lock that writers of the trail take in turn.
LOCK = 0x676F6E676B61
#: Who acts where no user does.
SYSTEM = "system"
BATCH = 1000
_PENDING = "trail"
#: Asked and written with nearly every request: built once, and written without the session's bookkeeping.
_LAST = select(Trail.seq, Trail.hash).order_by(Trail.seq.desc()).limit(1)
_ENTRY = insert(Trail)
_COLUMNS = tuple(column.key for column in Trail.__table__.columns)


def append(
    session: Session,
    actor: str,
    action: str,
    kind: str,
    object: str,
    *,
    at: datetime,
    **detail: Any,  # noqa: ANN401
) -> Trail:
    """Add an entry; it gets its number and hash when `Database.writing` ends. Details hold ids, codes, counts and
    digests only. `actor` is a user's id, or SYSTEM for what happens by itself or from the command line."""
    plain = json.loads(_canonical(detail))
    entry = Trail(at=at.astimezone(UTC), actor=actor, action=action, kind=kind, object=object, detail=plain)
    session.info.setdefault(_PENDING, []).append((entry, session.get_nested_transaction()))
    return entry


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """Drop what was appended within a savepoint that is rolled back, or within one inside it."""

    def outside(transaction: SessionTransaction | None) -> bool:
        while transaction is not None and transaction is not rolled_back:
            transaction = transaction.parent
        return transaction is None

    if pending := session.info.get(_PENDING):
        session.info[_PENDING] = [one for one in pending if outside(one[1])]


def seal(session: Session) -> None:
    """Number and chain what was appended, one writer at a time; `Database.writing` does it last, so that the lock is
    held shortly and nobody who waits for it holds up another."""
    session.flush()
    entries = [entry for entry, _ in session.info.get(_PENDING, ())]
    if not entries:
        return
    session.info[_PENDING] = []
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    seq, before = head(session)
    for entry in entries:
        seq += 1
        entry.seq, entry.before = seq, before
        before = entry.hash = _hash(entry)
    session.connection().execute(_ENTRY, [{name: getattr(entry, name) for name in _COLUMNS} for entry in entries])


def head(session: Session) -> tuple[int, str]:
    """The number and hash of the last entry."""
    last = session.connection().execute(_LAST).first()
    return (last.seq, last.hash) if last else (0, START)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _hash(entry: Trail) -> str:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [entry.seq, at, entry.actor, entry.action, entry.kind, entry.object, entry.detail, entry.before]
    return hashlib.sha256(_canonical(row).encode()).hexdigest()


def digest(decision: Decided) -> str:
    """The digest of a decision as its entry in the trail holds it."""
    row = [
        decision.id,
        decision.document,
        decision.screening,
        decision.attribute,
        decision.reason,
        decision.basis,
        decision.category,
        decision.note,
        decision.second,
        decision.undoes,
        decision.by,
        decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        decision.source,
    ]
    return hashlib.sha256(_canonical(row).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the trail does not hold: its number, and what is wrong in one Chinese sentence."""

    seq: int
    why: str


def verified(session: Session) -> Iterator[Broken]:
    """Walk the chain from its beginning, and every decision against its entry; nothing where all is whole."""
    seq, before, found = 0, START, 0
    entries = session.scalars(select(Trail).order_by(Trail.seq).execution_options(yield_per=BATCH))
    for batch in entries.partitions():
        for entry in batch:
            yield from _links(entry, seq, before)
            seq, before = entry.seq, entry.hash
        named = [entry for entry in batch if "decision" in entry.detail]
        decisions = _decisions(session, [entry.detail["decision"] for entry in named])
        found += len(decisions)
        yield from _matches(named, decisions)
    if found != session.scalar(select(func.count()).select_from(Decided)):
        yield from _unnoted(session)


def _links(entry: Trail, seq: int, before: str) -> Iterator[Broken]:
    if entry.seq != seq + 1:
        yield Broken(entry.seq, f"第 {entry.seq} 号留痕之前少了 {entry.seq - seq - 1} 条。")
    if entry.before != before:
        yield Broken(entry.seq, f"第 {entry.seq} 号留痕与前一条接不上。")
    if entry.hash != _hash(entry):
        yield Broken(entry.seq, f"第 {entry.seq} 号留痕的内容被改动过。")


def _decisions(session: Session, ids: list[str]) -> dict[str, Decided]:
    return {one.id: one for one in session.scalars(select(Decided).where(Decided.id.in_(ids)))} if ids else {}


def _matches(entries: list[Trail], decisions: dict[str, Decided]) -> Iterator[Broken]:
    for entry in entries:
        decision = decisions.get(entry.detail["decision"])
        if decision is None:
            yield Broken(entry.seq, f"第 {entry.seq} 号留痕所记的决定不见了。")
        elif (decision.document, digest(decision)) != (entry.object, entry.detail.get("digest")):
            yield Broken(entry.seq, f"决定 {decision.id} 与第 {entry.seq} 号留痕不符，被改动过。")


def _unnoted(session: Session) -> Iterator[Broken]:
    noted = {
        detail["decision"]
        for detail in session.scalars(select(Trail.detail).execution_options(yield_per=BATCH))
        if "decision" in detail
    }
    for id in session.scalars(select(Decided.id).order_by(Decided.at)):
        if id not in noted:
            yield Broken(0, f"决定 {id} 没有留痕。")
