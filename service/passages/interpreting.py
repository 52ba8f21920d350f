"""解读: whether policy documents that were published were interpreted, in time, by the unit that drafted them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.duties.clocks import due
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.passages.sheet import FORM
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, Unit

#: The clock of interpretation in deadlines.toml.
CLOCK = "D3"


@dataclass(frozen=True, slots=True)
class Owed:
    """A published policy document without interpretation:谁起草、谁解读, so `unit` owes it, until `last` (ISO)."""

    document: str
    title: str
    unit: str
    last: str
    late: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many published policy documents there are, how many were interpreted, and of these in time."""

    policies: int
    interpreted: int
    timely: int
    owed: tuple[Owed, ...]


def last_day(published: date, rules: Rulebook) -> str:
    """The last day for interpretation, empty where it can't be told."""
    found = due(CLOCK, published, rules).last if CLOCK in rules.clock else None
    return found.isoformat() if found else ""


def coverage(session: Session, actor: Actor, rules: Rulebook, today: date) -> Coverage:
    """Over the policy documents within reach that are public now; what is owed most urgent first."""
    reach = within_reach(actor).with_only_columns(Kept.id)
    query = (
        select(Kept, Passage, Unit.name)
        .join(Passage, Passage.document == Kept.id)
        .join(Unit, Unit.id == Kept.unit)
        .where(Kept.id.in_(reach), Passage.state == "published", Passage.published.is_not(None))
    )
    rows = [row for row in session.execute(query) if row[1].bundle.get(FORM, {}).get("policy") == "是"]
    told = _interpreted(session, [kept.id for kept, _, _ in rows])
    owed = [_owed(kept, passage, unit, rules, today) for kept, passage, unit in rows if kept.id not in told]
    owed.sort(key=lambda one: (one.last, one.document))
    return Coverage(len(rows), len(told), sum(told.values()), tuple(owed))


def _interpreted(session: Session, documents: list[str]) -> dict[str, bool]:
    """Which were interpreted, and whether in time."""
    query = select(Step).where(Step.document.in_(documents), Step.kind == "interpret").order_by(Step.at.desc())
    return {one.document: not one.record.get("over") for one in session.scalars(query)}


def _owed(kept: Kept, passage: Passage, unit: str, rules: Rulebook, today: date) -> Owed:
    published = (passage.published.astimezone(ZONE) if passage.published else passage.changed).date()
    last = last_day(published, rules)
    late = (today - date.fromisoformat(last)) // timedelta(days=1) if last else 0
    return Owed(kept.id, kept.title, unit, last, max(0, late))
