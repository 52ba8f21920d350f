"""The trail as people read it: filtered, paged, in words."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from gongkai.service.access.roles import table
from gongkai.service.afterwards.assembling import roles
from gongkai.service.duties.occasions import occasions
from gongkai.service.office.records import names
from gongkai.service.store import trail
from gongkai.service.store.tables import Trail, Unit, User

PAGE = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """A filter of the trail; empty fields don't count. `who` is a login, a name or an id; `until` is not included."""

    who: str = ""
    action: str = ""
    kind: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in words: what the details are called, and their values as short text."""

    seq: int
    at: datetime
    who: str
    action: str
    kind: str
    code: str
    object: str
    detail: tuple[tuple[str, str], ...]


@cache
def words() -> dict[str, dict[str, str]]:
    """What actions, kinds and details are called (entries.toml)."""
    text = (resources.files("gongkai.service.office") / "entries.toml").read_text("utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found


def entries(session: Session, sought: Sought, before: int = 0, most: int = PAGE) -> tuple[tuple[Entry, ...], int]:
    """Entries, newest first, below a number; and the number below which the next page begins, 0 for none."""
    query = _filtered(session, select(Trail), sought).order_by(Trail.seq.desc()).limit(most + 1)
    if before:
        query = query.where(Trail.seq < before)
    found: list[Trail] = list(session.scalars(query))
    return told(session, found[:most]), found[most - 1].seq if len(found) > most else 0


def of_object(session: Session, kind: str, object: str, most: int = PAGE) -> tuple[Entry, ...]:
    """What happened to one thing, newest first."""
    query = select(Trail).where(Trail.kind == kind, Trail.object == object).order_by(Trail.seq.desc()).limit(most)
    return told(session, list(session.scalars(query)))


def gathered(found: Iterable[Entry]) -> tuple[tuple[Entry, int], ...]:
    """Entries in their order, the newest of each run of the same by the same person, with how many there are."""
    runs = [list(run) for _, run in groupby(found, key=lambda one: (one.who, one.action, one.detail))]
    return tuple((run[0], len(run)) for run in runs)


def told(session: Session, found: list[Trail]) -> tuple[Entry, ...]:
    """Entries in words."""
    called = names(session, User, {entry.actor for entry in found} | _named(found, _PEOPLE))
    called |= names(session, Unit, _named(found, _UNITS))
    return tuple(_told(entry, called) for entry in found)


def _named(found: list[Trail], keys: frozenset[str]) -> set[str]:
    """The ids that details of these names hold."""
    return {str(entry.detail[key]) for entry in found for key in keys & entry.detail.keys()}


def _filtered(session: Session, query: Select[Any], sought: Sought) -> Select[Any]:
    same = ((Trail.action, sought.action), (Trail.kind, sought.kind), (Trail.object, sought.object))
    for column, value in same:
        query = query.where(column == value) if value else query
    if sought.who:
        known = select(User.id).where(or_(User.login == sought.who, User.name == sought.who))
        who = [*session.scalars(known), sought.who]
        query = query.where(Trail.actor.in_([trail.SYSTEM] if sought.who == SYSTEM else who))
    if sought.since:
        query = query.where(Trail.at >= sought.since)
    return query.where(Trail.at < sought.until) if sought.until else query


SYSTEM = "系统"
#: Details that hold the id of a person or of a unit.
_PEOPLE, _UNITS = frozenset({"user", "reader"}), frozenset({"unit", "above"})
_ROLES = frozenset({"roles", "before"})
#: Details that hold the code of a row, and the rows.
_ROWS: dict[str, Callable[[], tuple[Any, ...]]] = {"occasion": occasions, "role": roles}


def _told(entry: Trail, called: dict[str, str]) -> Entry:
    known = words()
    who = SYSTEM if entry.actor == trail.SYSTEM else called.get(entry.actor, entry.actor)
    shown = ((key, _detail(key, value, called)) for key, value in sorted(entry.detail.items()))
    detail = tuple((known["detail"].get(key, key), value) for key, value in shown if value)
    action = known["action"].get(entry.action, entry.action)
    kind = known["kind"].get(entry.kind, entry.kind)
    return Entry(entry.seq, entry.at, who, action, kind, entry.kind, entry.object, detail)


def _detail(key: str, value: Any, called: dict[str, str]) -> str:  # noqa: ANN401 - JSON
    if key in _PEOPLE | _UNITS:
        return called.get(str(value), str(value))
    if isinstance(value, list) and key in _ROLES:
        return "、".join(table().names(value))
    if isinstance(value, list) and key == "scopes":
        return "；".join(row.name for code, row in table().actions.items() if code in value)
    if key in _ROWS:
        return next((str(row.name) for row in _ROWS[key]() if row.code == value), str(value))
    return _value(value)


def _value(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(_value, value))
    return words()["value"].get(str(value), str(value))
