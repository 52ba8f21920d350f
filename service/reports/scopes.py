"""Whose records a report counts: a unit with those below it, within what the actor may see."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.errors import NotFound
from gongkai.service.store.tables import Unit

_NONE = "没有这个机构，或者不在您能看的范围内，请从列表里选。"


@dataclass(frozen=True, slots=True)
class Scope:
    """`unit` is the id of the top one, `units` all of them with their names in the order of the tree."""

    unit: str
    name: str
    units: dict[str, str]


def reachable(session: Session, actor: Actor) -> list[Unit]:
    """The units whose figures an actor may see, each before those below it."""
    query = select(Unit).order_by(Unit.path)
    if actor.reach != Reach.all:
        below = Unit.path.startswith(f"{actor.unit}/", autoescape=True)
        query = query.where(or_(Unit.path == actor.unit, below))
    return list(session.scalars(query))


def scope(session: Session, actor: Actor, unit: str = "") -> Scope:
    """A unit and those below it; without one all within reach, under the name of the topmost. Raises NotFound."""
    known = reachable(session, actor)
    top = next((row for row in known if row.id == unit), None)
    if unit and top is None:
        raise NotFound(_NONE)
    if top is not None:
        known = [row for row in known if f"{row.path}/".startswith(f"{top.path}/")]
    tops = [row for row in known if not any(row.path.startswith(f"{other.path}/") for other in known)]
    first = next((row for row in tops if row.id == actor.unit_id), tops[0] if tops else None)
    if first is None:
        raise NotFound(_NONE)
    return Scope(first.id, first.name, {row.id: row.name for row in known})
