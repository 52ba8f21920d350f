"""How far the re-review of a year is, unit by unit, and what was turned into disclosure and isn't public yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.queue import REVIEWS, Wanted, filtered
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.office.records import names
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, Unit

#: Disclosure that was decided and hasn't happened: the states before 已公开.
_UNDER_WAY = ("drafted", "submitted", "returned", "reviewed", "signed", "released")


@dataclass(frozen=True, slots=True)
class Progress:
    """One unit in one year: `held` still withheld or put off, `due` of these to be looked at now; `seen` documents
    re-reviewed in the year, by what came of it last."""

    unit: str
    held: int
    due: int
    seen: int
    kept: int
    converted: int
    deferred: int

    @property
    def share(self) -> float:
        """How much of what was to be looked at this year is done."""
        return self.seen / max(self.seen + self.due, 1)


@dataclass(frozen=True, slots=True)
class Owed:
    """Something to be made public after a re-review: `since` the day of that, `due` the last day, `late` days over."""

    kept: Kept
    unit: str
    since: date
    due: str
    late: int


def progress(session: Session, actor: Actor, year: int, at: datetime) -> tuple[Progress, ...]:
    """Every unit within reach that has something to look at, in the order of their names."""
    held, due = (_counted(session, actor, scope, at) for scope in ("all", "due"))
    ways = _ways(session, actor, year)
    units = names(session, Unit, {*held, *due, *ways})
    rows = (
        Progress(
            units.get(unit, ""), held.get(unit, 0), due.get(unit, 0), sum(ways[unit].values()),
            ways[unit]["retain"], ways[unit]["convert"] + ways[unit]["resume"], ways[unit]["defer"],
        )
        for unit in units
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.unit))


def _counted(session: Session, actor: Actor, scope: str, at: datetime) -> dict[str, int]:
    found = filtered(session, actor, Wanted(scope), at).subquery()
    rows = session.execute(select(found.c.unit, func.count()).group_by(found.c.unit)).all()
    return {unit: int(count) for unit, count in rows}


def _ways(session: Session, actor: Actor, year: int) -> dict[str, dict[str, int]]:
    """By unit and step, the last re-review in the year of each document counted."""
    start, end = (datetime(one, 1, 1, tzinfo=ZONE) for one in (year, year + 1))
    reach = within_reach(actor).with_only_columns(Kept.id, Kept.unit).subquery()
    query = select(reach.c.unit, Step.document, Step.kind).join(reach, reach.c.id == Step.document)
    query = query.where(Step.kind.in_(REVIEWS), Step.at >= start, Step.at < end).order_by(Step.at)
    last = {(unit, document): kind for unit, document, kind in session.execute(query).all()}
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(REVIEWS, 0))
    for (unit, _), kind in last.items():
        found[unit][kind] += 1
    return found


def owed(session: Session, actor: Actor, at: datetime) -> tuple[Owed, ...]:
    """整改清单: what a re-review turned into 主动公开 and isn't published yet, the most overdue first."""
    turned = select(func.max(Step.at)).where(Step.document == Kept.id, Step.kind.in_(("convert", "resume")))
    since = turned.correlate(Kept).scalar_subquery()
    query = (
        within_reach(actor)
        .join(Passage, Passage.document == Kept.id)
        .where(Kept.decided == Attribute.proactive, Passage.state.in_(_UNDER_WAY), since.is_not(None))
        .add_columns(Passage, since)
    )
    rows = session.execute(query).all()
    units = names(session, Unit, {kept.unit for kept, _, _ in rows})
    today = at.astimezone(ZONE).date()
    found = [_owed(kept, passage, units.get(kept.unit, ""), moment, today) for kept, passage, moment in rows]
    return tuple(sorted(found, key=lambda one: (-one.late, one.since, one.kept.id)))


def _owed(kept: Kept, passage: Passage, unit: str, moment: datetime, today: date) -> Owed:
    late = (today - date.fromisoformat(passage.due[:10])).days if passage.due else 0
    return Owed(kept, unit, moment.astimezone(ZONE).date(), passage.due, max(0, late))
