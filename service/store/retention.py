"""How long what isn't a decision or the trail is kept, and its removal; what was removed is told in the trail."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from sqlalchemy import Delete, Select, delete, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.store import trail
from gongkai.service.store.tables import Blob, Job, Login, Once, Setting

DAYS, CLOCK = "retention.days", "retention.clock"
#: A clock that went back by more than SKEW (several hosts' clocks differ a little), or on by more than LEAP between two
#: runs, isn't trusted until it ran evenly for a day.
SKEW, LEAP, EVENLY = timedelta(minutes=10), timedelta(days=3), timedelta(days=1)
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Term:
    """保留期限: a row of retention.toml."""

    code: str
    name: str
    days: int
    least: int
    most: int
    basis: str
    why: str


@cache
def terms() -> dict[str, Term]:
    """All rows by code."""
    text = (resources.files("gongkai.service.store") / "retention.toml").read_text("utf-8")
    return {code: Term(code, **row) for code, row in tomllib.loads(text)["kept"].items()}


def days(session: Session) -> dict[str, int]:
    """How many days each kind is kept: as set, else as the table says."""
    row = session.get(Setting, DAYS)
    given = row.value if row else {}
    return {term.code: given.get(term.code, term.days) for term in terms().values()}


def set_days(session: Session, actor: str, code: str, count: int, *, at: datetime) -> None:
    """Keep a kind for so many days, noted in the trail. Raises RequestError outside the table's bounds."""
    term = terms().get(code)
    if term is None:
        raise RequestError(f"没有名为 {code} 的保留期限，可用的有：{'、'.join(terms())}。")
    if not term.least <= count <= term.most:
        raise RequestError(f"{term.name}的保留期限应当在 {term.least} 到 {term.most} 天之间，请改正。")
    before = days(session)
    row = session.get(Setting, DAYS) or Setting(key=DAYS, value={})
    row.value = {**row.value, code: count}
    session.add(row)
    trail.append(session, actor, "retention", "setting", code, at=at, before=before[code], days=count)


def sweep(session: Session, at: datetime) -> dict[str, int]:
    """Remove what is over; how many rows of each kind, also noted in the trail where there were any."""
    if not _trusted(session, at):
        return {}
    kept = days(session)
    removed = {"expired": _gone(session, delete(Blob).where(Blob.expires < at))}
    for code, remove in SWEEPS.items():
        removed[code] = remove(session, at - timedelta(days=kept[code]))
    told = {code: count for code, count in removed.items() if count}
    if told:
        trail.append(session, trail.SYSTEM, "sweep", "store", "", at=at, **told)
    return told


def _trusted(session: Session, at: datetime) -> bool:
    """Whether the clock can be believed: one that leaps would remove in a moment what has years to stay."""
    row = session.get(Setting, CLOCK)
    if row is None:
        session.add(Setting(key=CLOCK, value={"since": "", "last": at.isoformat()}))
        return True
    last, since = datetime.fromisoformat(row.value["last"]), row.value["since"]
    if not -SKEW <= at - last <= LEAP:
        since = at.isoformat()
    elif since and at - datetime.fromisoformat(since) >= EVENLY:
        since = ""
    row.value = {"since": since, "last": at.isoformat()}
    return not since


def _texts(session: Session, before: datetime) -> int:
    return _gone(session, delete(Blob).where(Blob.kind == "text", Blob.created < before))


def _jobs(session: Session, before: datetime) -> int:
    over: Select[str] = select(Job.id).where(Job.state.in_(ENDED), Job.changed < before)
    session.execute(delete(Blob).where(Blob.kind.startswith("job-"), Blob.owner.in_(over)))
    return _gone(session, delete(Job).where(Job.state.in_(ENDED), Job.changed < before))


def _logins(session: Session, before: datetime) -> int:
    return _gone(session, delete(Login).where(Login.expires < before))


def _onces(session: Session, before: datetime) -> int:
    return _gone(session, delete(Once).where(Once.created < before))


def _gone(session: Session, what: Delete) -> int:
    found: int = session.execute(what).rowcount  # type: ignore[attr-defined]
    return found


SWEEPS: dict[str, Callable[[Session, datetime], int]] = {
    "text": _texts,
    "job": _jobs,
    "login": _logins,
    "once": _onces,
}
