"""The digest of a day: what is late, due and soon due, what else waits for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.model.errors import UnknownYear
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.overwithholding import Withholding, alarms
from gongkai.service.duties.dues import Line, here, lines, missing
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

#: Working days ahead that count as soon.
SOON = 3


@dataclass(frozen=True, slots=True)
class Digest:
    """A day: its lines by how urgent they are, counts by state of the documents on their way, units that withhold too
    much, days to look at deferred and withheld ones again, years without a holiday notice."""

    day: date
    late: tuple[Line, ...]
    today: tuple[Line, ...]
    soon: tuple[Line, ...]
    untold: tuple[Line, ...]
    waiting: dict[str, int]
    revisit: int
    alarms: tuple[Withholding, ...]
    missing: tuple[int, ...]

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.late or self.today or self.soon or self.untold or self.revisit or any(self.waiting.values()))


def digest(session: Session, actor: Actor, rules: Rulebook, at: datetime) -> Digest:
    """The day of `at` within an actor's reach."""
    now = here(at)
    day, every = now.date(), lines(session, actor, rules, now)
    waiting = [one for one in every if one.waiting]
    end = _ahead(day, rules)
    dated = [(one, one.due.last) for one in waiting if one.due.last]
    return Digest(
        day,
        tuple(one for one, last in dated if last < day),
        tuple(one for one, last in dated if last == day),
        tuple(one for one, last in dated if day < last <= end),
        tuple(one for one in waiting if one.due.last is None and one.kind != "task"),
        _states(session, actor),
        _revisit(session, actor, day),
        alarms(session, actor, rules, at) if actor.may("statistics") else (),
        missing(rules, every, day),
    )


def _ahead(day: date, rules: Rulebook) -> date:
    try:
        return rules.workdays.add(day, SOON)
    except UnknownYear:
        return day + timedelta(days=SOON)


def _states(session: Session, actor: Actor) -> dict[str, int]:
    """How many documents stand where somebody has to act."""
    reach = within_reach(actor).with_only_columns(Kept.id)
    query = select(Passage.state, func.count()).where(Passage.document.in_(reach)).group_by(Passage.state)
    return {state: count for state, count in session.execute(query).all()}


def _revisit(session: Session, actor: Actor, day: date) -> int:
    reach = within_reach(actor).with_only_columns(Kept.id)
    over = (Passage.revisit != "", Passage.revisit <= day.isoformat(), Passage.document.in_(reach))
    return session.scalar(select(func.count()).select_from(Passage).where(*over)) or 0
