"""五公开: of which step of power each document tells, and what of each step is public, by unit and year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import last_screenings
from gongkai.service.catalog.items import STEPS
from gongkai.service.store.tables import Decided, Kept, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in one year: how many documents of each step, and how many of them are for the public."""

    unit: str
    year: str
    counts: dict[str, int]
    public: dict[str, int]

    @property
    def total(self) -> int:
        """All documents whose item is known."""
        return sum(self.counts.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """Steps of which nothing is public."""
        return tuple(step for step in STEPS if not self.public.get(step))


def step_of(code: str, rules: Rulebook) -> str:
    """The step that an item belongs to; nothing for one that is not in the catalog."""
    row = rules.category.get(code)
    return row.five_public if row and code != "G99" else ""


def category_of(session: Session, document: str) -> str:
    """The item of a document: as people decided, else the likeliest of its last screening."""
    rows = items_of(session, select(Kept.id).where(Kept.id == document).cte("one"))
    found: str = session.execute(select(rows.c.code)).scalar() or ""
    return found


def coverage(session: Session, actor: Actor, rules: Rulebook) -> tuple[Line, ...]:
    """The documents within reach by unit, newest year first."""
    reach: Any = within_reach(actor).with_only_columns(Kept.id).cte("reach")
    told = items_of(session, reach)
    year = func.substr(Kept.issued, 1, 4)
    label: ColumnElement[str] = func.coalesce(func.nullif(Kept.decided, ""), Kept.attribute)
    query = (
        select(Unit.name, year, told.c.code, label, func.count())
        .join(Kept, Kept.id == told.c.document)
        .join(Unit, Unit.id == Kept.unit)
        .group_by(Unit.name, year, told.c.code, label)
    )
    return _lines(session.execute(query).all(), rules)


def _lines(rows: Iterable[Any], rules: Rulebook) -> tuple[Line, ...]:
    found: dict[tuple[str, str], Line] = {}
    for unit, year, code, label, count in rows:
        step = step_of(code or "", rules)
        if not step:
            continue
        line = found.setdefault((unit, year or ""), Line(unit, year or "", {}, {}))
        line.counts[step] = line.counts.get(step, 0) + count
        if label == "proactive":
            line.public[step] = line.public.get(step, 0) + count
    return tuple(sorted(found.values(), key=lambda line: (line.unit, -int(line.year or 0))))


def items_of(session: Session, reach: Any) -> Any:  # noqa: ANN401 - subqueries
    """`document` and `code` of its item: as people decided, else the likeliest of the last screening."""
    last = last_screenings(reach)
    place = func.row_number().over(partition_by=Decided.document, order_by=(Decided.at.desc(), Decided.id))
    chosen = select(Decided.document, Decided.category, place.label("place")).where(Decided.category != "").subquery()
    said = last.c.result[("categories", 0, "code")].as_string()
    joined = last.outerjoin(chosen, (chosen.c.document == last.c.document) & (chosen.c.place == 1))
    return select(last.c.document, func.coalesce(chosen.c.category, said).label("code")).select_from(joined).subquery()
