"""Passages within reach, by what is to be done with them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.duties.terms import Terms, terms_of
from gongkai.service.passages.passing import states
from gongkai.service.review.opinions import unread
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept, Unit

PAGE = 50
#: The queue of what only waits for being put on the site.
TO_PUBLISH = "to_publish"
OPEN = ("drafted", "submitted", "returned", "reviewed", "signed", "released")


@dataclass(frozen=True, slots=True)
class Row:
    """A document on its way; `unit` is its unit's name."""

    document: Kept
    passage: Passage
    unit: str


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many documents are in each state, and in the queue to publish."""
    reach = _reach(actor).subquery()
    query = select(Passage.state, func.count()).join(reach, reach.c.id == Passage.document).group_by(Passage.state)
    found = {state: count for state, count in session.execute(query)}
    found[TO_PUBLISH] = session.scalar(select(func.count()).select_from(_to_publish(_joined(actor)).subquery())) or 0
    return found


def listed(session: Session, actor: Actor, state: str = "", q: str = "", page: int = 1) -> tuple[list[Row], bool]:
    """A page of passages in a state (or the queue to publish, or all open ones), and whether more follow."""
    query = _in_state(_joined(actor), state)
    if word := q.strip()[:100]:
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Kept.title.like(like), Kept.number.like(like)))
    # what is due first comes first; without a day, the longest untouched
    query = query.order_by(Passage.due == "", Passage.due, Passage.changed, Passage.document)
    found = session.execute(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    rows = [Row(document, passage, unit) for document, passage, unit in found]
    return rows[:PAGE], len(rows) > PAGE


def undetermined(session: Session, actor: Actor, most: int = PAGE) -> list[Kept]:
    """Documents within reach that nobody began to pass on yet, newest first; those of backlogs go other ways."""
    begun = select(Passage.document)
    query = within_reach(actor).where(Kept.id.not_in(begun), Kept.backlog == "")
    return list(session.scalars(query.order_by(Kept.created.desc()).limit(most)))


def _in_state(query: Select[Kept, Passage, str], state: str) -> Select[Kept, Passage, str]:
    if state == TO_PUBLISH:
        return _to_publish(query)
    if state in states():
        return query.where(Passage.state == state)
    return query.where(Passage.state.in_(OPEN))


def _to_publish(query: Select[Kept, Passage, str]) -> Select[Kept, Passage, str]:
    return query.where(Passage.state == "released", Kept.decided == Attribute.proactive)


def _joined(actor: Actor) -> Select[Kept, Passage, str]:
    return (
        select(Kept, Passage, Unit.name)
        .join(Passage, Passage.document == Kept.id)
        .join(Unit, Unit.id == Kept.unit)
        .where(Kept.id.in_(_reach(actor)))
    )


def _reach(actor: Actor) -> Select[str]:
    reach: Select[str] = within_reach(actor).where(~unread(actor)).with_only_columns(Kept.id)
    return reach


def clock_of(row: Row, rules: Rulebook) -> Terms:
    """How the last day of a document was counted."""
    attribute = row.document.decided or Attribute.proactive
    codes = [str(code) for code in row.passage.codes]
    return terms_of(row.passage.category, row.passage.start, rules, attribute=attribute, codes=codes)
