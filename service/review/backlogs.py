"""Which backlogs there are within an actor's reach, and what is known of each as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.errors import NotFound
from gongkai.service.store.tables import Backlog, Unit
from gongkai.service.wire import Json

_NONE = "没有这份存量清单，或者不在您的机构范围内。"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that records can be filtered by: its key in `place`, its name where no table has one, its count."""

    key: str
    name: str
    count: int


def reachable(actor: Actor) -> Select[Backlog]:
    """The backlogs of an actor's unit and those below it; all or none by their reach."""
    found = select(Backlog).join(Unit, Unit.id == Backlog.unit)
    if actor.reach == Reach.all:
        return found
    if actor.reach == Reach.none:
        return found.where(Backlog.id == "")
    below = Unit.path.startswith(f"{actor.unit}/", autoescape=True)
    return found.where(or_(Unit.path == actor.unit, below))


def listed(session: Session, actor: Actor) -> list[Backlog]:
    """All within reach, the last changed first."""
    return list(session.scalars(reachable(actor).order_by(Backlog.changed.desc(), Backlog.id)))


def found(session: Session, actor: Actor, backlog: str) -> Backlog:
    """One within reach. Raises NotFound."""
    one = session.scalars(reachable(actor).where(Backlog.id == backlog)).one_or_none()
    if one is None:
        raise NotFound(_NONE)
    return one


def reaches(actor: Actor, unit: Unit) -> bool:
    """Whether a unit's backlogs are within an actor's reach."""
    if actor.reach in (Reach.all, Reach.none):
        return actor.reach == Reach.all
    return unit.path == actor.unit or unit.path.startswith(f"{actor.unit}/")


def units(session: Session, actor: Actor) -> list[Unit]:
    """The units that a backlog can be brought in for."""
    found = select(Unit).order_by(Unit.path)
    if actor.reach != Reach.all:
        found = found.where(or_(Unit.path == actor.unit, Unit.path.startswith(f"{actor.unit}/", autoescape=True)))
    return list(session.scalars(found))


def choices(backlog: Backlog, kind: str) -> list[Choice]:
    """What its records can be filtered by, of one kind: unit, year, category or clause."""
    return [Choice(*row) for row in backlog.engine.get("menus", {}).get(kind, ())]


def count(backlog: Backlog, what: str) -> int:
    """What was counted when it came in: records, stopped (with a secrecy mark, not kept), failed."""
    return int(backlog.engine.get("counts", {}).get(what, 0))


def roots(backlog: Backlog) -> list[Path]:
    """The folders below which its files may be read again."""
    return [Path(root) for root in backlog.engine.get("roots", ()) if root]


def engine_of(backlog: Backlog) -> Json:
    """Version, model, rulebook and profile that screened it."""
    return {key: backlog.engine.get(key, "") for key in ("version", "model", "rulebook", "profile")}


def as_engine(engine: Json, counts: Json, menus: Json, roots: Sequence[Path]) -> Json:
    """The same as the table keeps it."""
    return {**engine, "counts": counts, "menus": menus, "roots": [str(root) for root in roots]}
