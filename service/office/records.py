"""Documents within reach, filtered and paged, and everything that is known of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.review.opinions import unread
from gongkai.service.store.tables import Decided, Kept, Screened, Unit, User

PAGE = 50
#: What a filter of the state asks for.
STATES = {
    "open": "未决定",
    "decided": "已决定",
    "review": "请人工复核",
    "disputed": "意见不一致",
    "differs": "决定与建议不同",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; empty fields don't count. `until` is not included."""

    words: str = ""
    attribute: str = ""
    state: str = ""
    unit: str = ""
    origin: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of documents with the names of their units, and where the next one begins."""

    documents: tuple[tuple[Kept, str], ...]
    next: str


def listed(session: Session, actor: Actor, wanted: Wanted, cursor: str = "", most: int = PAGE) -> Listed:
    """Documents, newest first, none that the actor reads blind. Raises RequestError for a cursor of another kind."""
    query = _after(_filtered(within_reach(actor).where(~unread(actor)), wanted), cursor)
    query = query.order_by(Kept.created.desc(), Kept.id.desc()).limit(most + 1)
    documents: list[Kept] = list(session.scalars(query))
    more = documents[most:]
    units = names(session, Unit, {document.unit for document in documents})
    shown = tuple((document, units.get(document.unit, "")) for document in documents[:most])
    last = documents[most - 1] if more else None
    return Listed(shown, f"{last.created.isoformat()}/{last.id}" if last else "")


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    for word in wanted.words.split():
        like = f"%{_literal(word)}%"
        query = query.where(or_(*(column.like(like, escape="\\") for column in (Kept.title, Kept.number, Kept.issuer))))
    same = ((Kept.attribute, wanted.attribute), (Kept.unit, wanted.unit), (Kept.origin, wanted.origin))
    for column, value in same:
        query = query.where(column == value) if value else query
    if wanted.since:
        query = query.where(Kept.created >= wanted.since)
    if wanted.until:
        query = query.where(Kept.created < wanted.until)
    return query.where(_STATES[wanted.state]) if wanted.state in _STATES else query


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_STATES = {
    "open": Kept.decided == "",
    "decided": Kept.decided != "",
    "review": Kept.needs_review,
    "disputed": Kept.disputed,
    "differs": and_(Kept.decided != "", Kept.decided != Kept.attribute),
}


def _after(query: Select[Any], cursor: str) -> Select[Any]:
    if not cursor:
        return query
    at, _, id = cursor.partition("/")
    try:
        created = datetime.fromisoformat(at)
    except ValueError:
        created = datetime.min
    if created.tzinfo is None:
        raise RequestError("翻页的位置不对，请从第一页重新查找。")
    return query.where(or_(Kept.created < created, and_(Kept.created == created, Kept.id < id)))


def units_within(session: Session, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The units that have documents within reach: id and name."""
    ids = within_reach(actor).with_only_columns(Kept.unit).distinct()
    query = select(Unit.id, Unit.name).where(Unit.id.in_(ids)).order_by(Unit.path)
    return tuple(session.execute(query).all())


def screenings(session: Session, document: str) -> tuple[Screened, ...]:
    """What was said of a document, newest first."""
    query = select(Screened).where(Screened.document == document).order_by(Screened.at.desc())
    return tuple(session.scalars(query))


def decisions(session: Session, document: str) -> tuple[tuple[Decided, str], ...]:
    """What was decided of it with whom, oldest first."""
    query = select(Decided, User.name).join(User, User.id == Decided.by).where(Decided.document == document)
    return tuple(session.execute(query.order_by(Decided.at)).all())


def names(session: Session, table: type[Unit] | type[User], ids: set[str]) -> dict[str, str]:
    """The names of units or users."""
    return {id: name for id, name in session.execute(select(table.id, table.name).where(table.id.in_(ids))).all()}
