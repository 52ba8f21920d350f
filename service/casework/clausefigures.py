"""How each clause of the negative list fares: hits, and decisions that followed it or went against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.statistics import LABELS, clause_hits, last_screenings, within
from gongkai.service.store.tables import Decided, Unit

#: Which attributes follow a clause; the others of the table say how to disclose, not whether.
FOLLOWING = {"must": ("withheld",), "may": ("withheld", "on_request")}


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """One clause: documents in which it was hit, their standing decisions by attribute, and how many of those
    withheld give the clause's own reason. `title` is empty for a clause that the list no longer has."""

    clause: str
    title: str
    force: str
    hits: int
    proactive: int
    on_request: int
    withheld: int
    resting: int

    @property
    def decided(self) -> int:
        """Hits with a standing decision."""
        return self.proactive + self.on_request + self.withheld

    @property
    def followed(self) -> int | None:
        """Decisions that did as the clause says; None for clauses that don't say whether to disclose."""
        labels = FOLLOWING.get(self.force)
        return sum(getattr(self, label) for label in labels) if labels else None

    @property
    def against(self) -> int | None:
        """Decisions that did otherwise."""
        return None if self.followed is None else self.decided - self.followed


@dataclass(frozen=True, slots=True)
class Outside:
    """One unit's withheld documents, and those of them whose reason no clause carries that was hit in them."""

    unit: str
    name: str
    withheld: int
    outside: int


def clause_figures(
    session: Session, actor: Actor, rules: Rulebook, since: datetime | None, until: datetime | None
) -> tuple[ClauseFigures, ...]:
    """Every clause of the list in its order, then those that only past screenings know."""
    reach = within(actor, since, until)
    hits = clause_hits(session, last_screenings(reach)).cte("hits")
    given = _given()
    rests = (given.c.document == hits.c.document) & (given.c.reason == _reason_of(hits.c.clause, rules))
    held = (reach.c.decided == "withheld") & given.c.document.is_not(None)
    query = (
        select(
            hits.c.clause,
            func.count(),
            *(func.sum(case((reach.c.decided == label, 1), else_=0)) for label in LABELS),
            func.sum(case((held, 1), else_=0)),
        )
        .join(reach, reach.c.id == hits.c.document)
        .join(given, rests, isouter=True)
        .group_by(hits.c.clause)
    )
    found = {code: [int(count) for count in counts] for code, *counts in session.execute(query)}
    return tuple(_rows(found, rules))


def _rows(found: dict[str, list[int]], rules: Rulebook) -> Iterator[ClauseFigures]:
    for code in [*rules.clause, *sorted(found.keys() - rules.clause.keys())]:
        row = rules.clause.get(code)
        yield ClauseFigures(code, row.title if row else "", row.force if row else "", *found.get(code, [0] * 5))


def outside_list(
    session: Session, actor: Actor, rules: Rulebook, since: datetime | None, until: datetime | None
) -> tuple[Outside, ...]:
    """Units that withheld something, most outside the list first: an alarm of withholding too much."""
    reach = within(actor, since, until)
    hits = clause_hits(session, last_screenings(reach)).cte("hits")
    given = _given()
    rests = (given.c.document == hits.c.document) & (given.c.reason == _reason_of(hits.c.clause, rules))
    listed = select(hits.c.document).join(given, rests)
    count = func.sum(case((reach.c.id.in_(listed), 0), else_=1))
    query = (
        select(reach.c.unit, Unit.name, func.count(), count)
        .join(Unit, Unit.id == reach.c.unit)
        .where(reach.c.decided == "withheld")
        .group_by(reach.c.unit, Unit.name)
        .order_by(count.desc(), Unit.name)
    )
    return tuple(Outside(unit, name, int(held), int(out)) for unit, name, held, out in session.execute(query))


def _reason_of(clause: ColumnElement[Any], rules: Rulebook) -> ColumnElement[str]:
    told = [(clause == row.id, row.reason) for row in rules.clauses if row.reason]
    return case(*told, else_="-") if told else literal("-")


def _given() -> CTE:
    """The reasons for which a document is withheld by decisions that were not taken back, each once."""
    undone = select(Decided.undoes).where(Decided.undoes != "")
    valid = (Decided.undoes == "", Decided.attribute == "withheld", Decided.id.not_in(undone))
    return select(Decided.document, Decided.reason).where(*valid).distinct().cte("given")
