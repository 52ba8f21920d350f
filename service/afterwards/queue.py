"""The queue of the yearly re-review: withheld, deferred and often requested documents whose day has come (条例 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from gongkai.model.duties.conversion import Awaited, Held, Proposal, awaited, proposals, yearly
from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.assembling import process_roles
from gongkai.service.afterwards.awaiting import awaiting, later
from gongkai.service.afterwards.topicrules import rules as topic_rules
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.office.records import names
from gongkai.service.review import opinions
from gongkai.service.store.duties import Application, Passage, Relation, Step
from gongkai.service.store.tables import Decided, Kept, Unit

PAGE = 30
#: Steps that are a re-review.
REVIEWS = ("retain", "convert", "defer", "resume")
SCOPES = {"due": "到期待评", "deferred": "暂缓公开", "all": "全部不予公开和暂缓公开"}
_ENDED = ("withheld", "on_request", "deferred")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the queue; empty fields don't count."""

    scope: str = "due"
    unit: str = ""
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One document of the queue: `since` the day of its decision, `revisit` the day on which it is looked at again,
    `late` so many days ago; `proposals` what speaks for a change."""

    kept: Kept
    passage: Passage | None
    unit: str
    reason: str
    basis: str
    since: date
    revisit: date
    late: int
    awaited: Awaited
    held: Held
    proposals: tuple[Proposal, ...]

    @property
    def deferred(self) -> bool:
        """Whether it is put off (暂缓公开)."""
        return self.held.deferred

    @property
    def first(self) -> Proposal:
        """The strongest of what speaks for a change, or that the year is over."""
        return self.proposals[0] if self.proposals else yearly(self.held)


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of it, and how many there are."""

    items: tuple[Item, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))


def queue(session: Session, actor: Actor, wanted: Wanted, at: datetime, page: int = 1, most: int = PAGE) -> Queue:
    """What an actor has to look at again: overdue deferrals first, then by the day."""
    found = filtered(session, actor, wanted, at)
    total = int(session.scalar(select(func.count()).select_from(found.subquery())) or 0)
    put_off = _state().in_(("deferred",))
    ordered = found.order_by(put_off.desc(), _revisit(), _decided_at(), Kept.id).offset((page - 1) * most).limit(most)
    rows = [(kept, passage) for kept, passage in session.execute(ordered).all()]
    return Queue(tuple(items(session, rows, at)), total, page)


def one(session: Session, kept: Kept, at: datetime) -> Item:
    """A document as an item of the queue, wherever it stands."""
    return items(session, [(kept, session.get(Passage, kept.id))], at)[0]


def filtered(session: Session, actor: Actor, wanted: Wanted, at: datetime) -> Select[Any]:
    """Documents with their passages that a filter asks for."""
    many = topic_rules(session).many
    reach: Any = within_reach(actor).where(~opinions.unread(actor)).add_columns(Passage)
    query = reach.outerjoin(Passage, Passage.document == Kept.id).where(_in_scope(many))
    if wanted.scope == "deferred":
        query = query.where(_state() == "deferred")
    elif wanted.scope != "all":
        query = query.where(_due(at, many))
    query = query.where(Kept.unit == wanted.unit) if wanted.unit else query
    query = query.where(_stands_on(wanted.reason)) if wanted.reason else query
    for word in wanted.words.split():
        query = query.where(or_(*(c.contains(word, autoescape=True) for c in (Kept.title, Kept.number))))
    found: Select[Any] = query
    return found


def _state() -> ColumnElement[str]:
    return func.coalesce(Passage.state, "")


def _revisit() -> ColumnElement[str]:
    return func.coalesce(Passage.revisit, "")


def _in_scope(many: int) -> ColumnElement[bool]:
    """Withheld for good, or put off; also those that many asked for. The query has to join Passage."""
    ended = or_(Passage.document.is_(None), Passage.state.in_(_ENDED))
    asked = and_(Kept.decided == Attribute.on_request, _requested() >= many)
    return or_(_state() == "deferred", and_(Kept.decided == Attribute.withheld, ended), and_(asked, ended))


def _decided_at() -> Any:  # noqa: ANN401 - a scalar subquery
    return select(func.max(Decided.at)).where(Decided.document == Kept.id).correlate(Kept).scalar_subquery()


def _requested() -> Any:  # noqa: ANN401 - a scalar subquery
    """How many applications that nobody assessed yet ask for a document."""
    open_ = select(func.count()).where(Application.document == Kept.id, Application.assessed == "")
    return open_.correlate(Kept).scalar_subquery()


def _due(at: datetime, many: int) -> ColumnElement[bool]:
    """The day that was set, else a year after the decision; a decision that its papers were waiting for; many asked."""
    day = at.astimezone(ZONE).date().isoformat()
    dated = and_(_revisit() != "", _revisit() <= day)
    yearly_ = and_(_revisit() == "", _decided_at() <= at - _YEAR)
    return or_(dated, yearly_, _overtaken(), _requested() >= many)


def _overtaken() -> ColumnElement[bool]:
    """A paper of a dossier whose decision is there, not looked at since."""
    seen = select(Step.id).where(Step.document == Kept.id, Step.kind.in_(REVIEWS), Step.at >= Relation.at)
    inside = and_(Relation.target == Kept.id, Relation.role.in_(process_roles()))
    own = and_(Relation.document == Kept.id, Relation.role == "result", Relation.target != "")
    return (
        select(Relation.id).where(or_(inside, own), ~seen.correlate(Kept, Relation).exists()).correlate(Kept).exists()
    )


def _stands_on(reason: str) -> ColumnElement[bool]:
    return select(Decided.id).where(Decided.document == Kept.id, Decided.reason == reason).exists()


def items(session: Session, rows: list[tuple[Kept, Passage | None]], at: datetime) -> list[Item]:
    """Documents as items: their decision, what they wait for, what speaks for a change."""
    ids = [kept.id for kept, _ in rows]
    made, settled, asked = opinions.of(session, ids), _settled(session, ids), _asked(session, ids)
    units = names(session, Unit, {kept.unit for kept, _ in rows})
    ways = _Ways(awaiting(session), topic_rules(session).many, at.astimezone(ZONE).date())
    return [
        _item(kept, passage, units.get(kept.unit, ""), made.get(kept.id, []), settled, asked, ways)
        for kept, passage in rows
    ]


@dataclass(frozen=True, slots=True)
class _Ways:
    """By what items are judged: the rows of awaiting.toml, how many requests are many, and the day."""

    rows: tuple[Awaited, ...]
    many: int
    today: date


def _item(
    kept: Kept,
    passage: Passage | None,
    unit: str,
    made: list[Decided],
    settled: dict[str, str],
    asked: dict[str, int],
    ways: _Ways,
) -> Item:
    stands = next((one for one in reversed(made) if one.attribute == kept.decided), None)
    since = (stands.at if stands else kept.created).astimezone(ZONE).date()
    held = Held(
        title=kept.title,
        decided=kept.decided,
        reason=stands.reason if stands else "",
        awaiting=passage.awaiting if passage else "",
        machine=kept.attribute,
        deferred=bool(passage and passage.state == "deferred"),
        until=_day(passage.revisit) if passage else None,
        settled=settled.get(kept.id, ""),
        requests=asked.get(kept.id, 0),
    )
    row, today = awaited(held, ways.rows), ways.today
    revisit = held.until or later(since, row.months)
    found = proposals(held, ways.rows, today, ways.many)
    basis = stands.basis if stands else ""
    return Item(
        kept, passage, unit, held.reason, basis, since, revisit, max(0, (today - revisit).days), row, held, found
    )


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _settled(session: Session, documents: list[str]) -> dict[str, str]:
    """Of papers that belong to the dossier of a decision: its title."""
    inside = select(Relation.target, Kept.title).join(Kept, Kept.id == Relation.document)
    inside = inside.where(Relation.target.in_(documents), Relation.role.in_(process_roles()))
    own = select(Relation.document, Relation.title).where(Relation.document.in_(documents), Relation.role == "result")
    found = (*session.execute(own.where(Relation.target != "")).all(), *session.execute(inside).all())
    return {document: title for document, title in found}


def _asked(session: Session, documents: list[str]) -> dict[str, int]:
    query = select(Application.document, func.count()).where(Application.document.in_(documents))
    rows = session.execute(query.where(Application.assessed == "").group_by(Application.document)).all()
    return {document: int(count) for document, count in rows}
