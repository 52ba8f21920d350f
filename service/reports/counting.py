"""What the records tell of a scope in a period: documents, steps, publications, decisions, applications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gongkai.service.casework.statistics import ZONE
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope
from gongkai.service.store.duties import Application, Passage, Step
from gongkai.service.store.tables import Decided, Kept

#: States in which nothing more has to be published.
SETTLED = ("published", "withheld", "on_request", "withdrawn", "deferred")
#: Catalog rows that hold normative documents.
NORMATIVE = ("G0102",)
#: Points of a percentage below which nothing changed.
SPAN = 0.05


@dataclass(frozen=True, slots=True)
class Published:
    """One publication: when it had to be (ISO or empty) and when it was."""

    document: str
    unit: str
    category: str
    channel: str
    due: str
    day: str

    @property
    def late(self) -> bool:
        """After the last day of its term."""
        return bool(self.due) and self.day > self.due[:10]


def local(at: datetime) -> str:
    """The ISO day of a moment where the agency is."""
    return at.astimezone(ZONE).date().isoformat()


def documents(session: Session, scope: Scope, period: Period) -> Counter[tuple[str, str]]:
    """Documents first screened in the period, by unit and standing decision (empty for none); backlogs left out."""
    rows = session.execute(
        select(Kept.unit, Kept.decided, func.count())
        .where(Kept.unit.in_(scope.units), Kept.backlog == "", *between(Kept.created, period))
        .group_by(Kept.unit, Kept.decided)
    )
    return Counter({(unit, decided): int(count) for unit, decided, count in rows})


def steps(session: Session, scope: Scope, period: Period) -> Counter[tuple[str, str]]:
    """Steps of 办理流转 by unit and kind."""
    rows = session.execute(
        select(Passage.unit, Step.kind, func.count())
        .join(Passage, Passage.document == Step.document)
        .where(Passage.unit.in_(scope.units), *between(Step.at, period))
        .group_by(Passage.unit, Step.kind)
    )
    return Counter({(unit, kind): int(count) for unit, kind, count in rows})


def published(session: Session, scope: Scope, period: Period) -> tuple[Published, ...]:
    """What was published in the period."""
    rows = session.scalars(select(Passage).where(Passage.unit.in_(scope.units), *between(Passage.published, period)))
    return tuple(
        Published(row.document, row.unit, row.category, row.channel, row.due, local(row.published))
        for row in rows
        if row.published
    )


def overdue(session: Session, scope: Scope, at: date) -> Counter[str]:
    """By unit, what had to be public before a day and is not."""
    rows = session.execute(
        select(Passage.unit, func.count())
        .where(
            Passage.unit.in_(scope.units),
            Passage.due != "",
            Passage.due < at.isoformat(),
            Passage.published.is_(None),
            Passage.state.not_in(SETTLED),
        )
        .group_by(Passage.unit)
    )
    return Counter({unit: int(count) for unit, count in rows})


def reasons(session: Session, scope: Scope, period: Period) -> Counter[tuple[str, str]]:
    """Decisions of the period that stand, by attribute and reason."""
    undone = select(Decided.undoes).where(Decided.undoes != "")
    rows = session.execute(
        select(Decided.attribute, Decided.reason, func.count(func.distinct(Decided.document)))
        .join(Kept, Kept.id == Decided.document)
        .where(
            Kept.unit.in_(scope.units),
            Decided.undoes == "",
            Decided.second.is_(False),
            Decided.id.not_in(undone),
            *between(Decided.at, period),
        )
        .group_by(Decided.attribute, Decided.reason)
    )
    return Counter({(attribute, reason): int(count) for attribute, reason, count in rows})


def register(session: Session, scope: Scope, period: Period) -> tuple[Application, ...]:
    """The applications that touch a period: received before its end, and not closed before its beginning or disputed
    since then."""
    rows = session.scalars(
        select(Application)
        .where(Application.unit.in_(scope.units), Application.received < period.after.isoformat())
        .where(
            (Application.closed == "")
            | (Application.closed >= period.first.isoformat())
            | (Application.extra["disputed"].as_string() >= period.first.isoformat())
        )
        .order_by(Application.received, Application.number)
    )
    return tuple(rows)


def received(register: Iterable[Application], period: Period) -> tuple[Application, ...]:
    """Those that came in the period."""
    return tuple(one for one in register if period.holds(one.received))


def closed(register: Iterable[Application], period: Period) -> tuple[Application, ...]:
    """Those that were closed in the period."""
    return tuple(one for one in register if one.closed and period.holds(one.closed))


def normative(session: Session, scope: Scope, year: Period) -> dict[str, int]:
    """Normative documents as the records know them: issued in the year, annulled in it, in force at its end."""
    mine = select(Kept.id, Kept.issued, Passage.validity, Passage.validity_since).join(
        Passage, Passage.document == Kept.id
    )
    rows = session.execute(mine.where(Kept.unit.in_(scope.units), Passage.category.in_(NORMATIVE))).all()
    after = year.after.isoformat()
    if not rows:
        return {}
    gone = [row for row in rows if row.validity and row.validity_since]
    made = [row for row in rows if year.holds(row.issued)]
    left = [row for row in rows if row.issued < after and not (row.validity and row.validity_since < after)]
    return {
        "normative_made": len(made),
        "normative_repealed": sum(year.holds(row.validity_since) for row in gone),
        "normative_valid": len(left),
    }


def between(column: InstrumentedAttribute[Any], period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a moment lies in a period."""
    return (column >= period.since, column < period.until)
