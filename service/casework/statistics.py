"""Figures over the documents within an actor's reach, counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.settings import ZONE as ZONE
from gongkai.service.store.tables import Kept, Screened, Unit
from gongkai.service.wire import Json

#: The months of a period without an end: as many as a chart has room for.
MONTHS = 24
LABELS = ("proactive", "on_request", "withheld")


def counts(session: Session, actor: Actor, since: datetime | None, until: datetime | None) -> Json:
    """What was suggested and decided in a period (`until` not included), all figures as whole numbers.

    `total`; `attribute`, `handling`, `decided` by code; `review`, `disputed`; `reason`, `category`, `clause` by code of
    the last screening, most frequent first (a document counts once for a clause); `month` and `unit` as lists;
    `agreement`: suggested -> decided -> count.
    """
    reach = within(actor, since, until)
    return {
        "total": _one(session, select(func.count()).select_from(reach)),
        "review": _one(session, select(func.count()).where(reach.c.needs_review)),
        "disputed": _one(session, select(func.count()).where(reach.c.disputed)),
        "attribute": _by(session, reach.c.attribute),
        "handling": _by(session, reach.c.handling),
        "decided": _by(session, reach.c.decided, reach.c.decided != ""),
        "agreement": _agreement(session, reach),
        "month": _months(session, reach, since, until),
        "unit": _units(session, reach),
        **_said(session, reach),
    }


def within(actor: Actor, since: datetime | None, until: datetime | None) -> Any:  # noqa: ANN401 - a subquery
    """The documents within reach that were first screened in a period, with what is counted of them."""
    query: Any = within_reach(actor).with_only_columns(
        Kept.id, Kept.unit, Kept.attribute, Kept.handling, Kept.needs_review, Kept.disputed, Kept.decided, Kept.created
    )
    if since:
        query = query.where(Kept.created >= since)
    if until:
        query = query.where(Kept.created < until)
    return query.cte("within")


def _one(session: Session, query: Select[Any]) -> int:
    return int(session.scalar(query) or 0)


def _by(session: Session, column: ColumnElement[Any], *where: ColumnElement[bool]) -> dict[str, int]:
    """How many of each code, most frequent first."""
    query = select(column, func.count()).where(*where).group_by(column).order_by(func.count().desc(), column)
    return {str(code): int(count) for code, count in session.execute(query) if code}


def _agreement(session: Session, reach: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 - a subquery
    found: dict[str, dict[str, int]] = {label: dict.fromkeys(LABELS, 0) for label in LABELS}
    query = select(reach.c.attribute, reach.c.decided, func.count()).where(reach.c.decided != "")
    for said, decided, count in session.execute(query.group_by(reach.c.attribute, reach.c.decided)):
        found.setdefault(said, {})[decided] = count
    return found


def _units(session: Session, reach: Any) -> list[Json]:  # noqa: ANN401 - a subquery
    """Each unit: `withheld_wrongly` are those that the machine would make public and people decided not to,
    `opened` the reverse."""
    open_, closed = reach.c.attribute == "proactive", reach.c.attribute != "proactive"
    public, held = reach.c.decided == "proactive", reach.c.decided.in_(LABELS[1:])
    query = (
        select(
            reach.c.unit,
            Unit.name,
            func.count().label("total"),
            _sum(reach.c.decided != "").label("decided"),
            *(_sum(reach.c.attribute == label).label(label) for label in LABELS),
            *(_sum(reach.c.decided == label).label(f"decided_{label}") for label in LABELS),
            _sum(open_ & (reach.c.decided != "")).label("open_decided"),
            _sum(open_ & held).label("withheld_wrongly"),
            _sum(closed & public).label("opened"),
        )
        .join(Unit, Unit.id == reach.c.unit)
        .group_by(reach.c.unit, Unit.name)
        .order_by(func.count().desc(), Unit.name)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _months(session: Session, reach: Any, since: datetime | None, until: datetime | None) -> list[Json]:  # noqa: ANN401
    first, last = session.execute(select(func.min(reach.c.created), func.max(reach.c.created))).one()
    if first is None:
        return []
    starts = list(months(since or first, last))[-MONTHS:]
    place = case(*((reach.c.created >= start, at) for at, start in reversed(list(enumerate(starts)))), else_=-1)
    query = select(place.label("place"), reach.c.attribute, func.count()).group_by("place", reach.c.attribute)
    found: list[Json] = [{"month": f"{start:%Y-%m}", **dict.fromkeys(LABELS, 0)} for start in starts]
    for at, attribute, count in session.execute(query):
        if at >= 0:
            found[at][attribute] = count
    return found


def months(since: datetime, last: datetime) -> Iterable[datetime]:
    """The beginnings of the months from one time to another, the first one included."""
    start = since.astimezone(ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while start <= last:
        yield start
        start = (start + timedelta(days=32)).replace(day=1)


def _said(session: Session, reach: Any) -> dict[str, dict[str, int]]:  # noqa: ANN401 - a subquery
    """First reason, first category and all clauses of the last screening of each document."""
    last = last_screenings(reach)
    codes = [last.c.result[(part, 0, "code")].as_string() for part in ("reasons", "categories")]
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    rows: Any = session.execute(select(*codes, func.count()).group_by(*codes))
    for reason, category, count in rows:
        found[0].update({reason: count} if reason else {})
        found[1].update({category: count} if category else {})
    reasons, categories = (dict(sorted(one.items(), key=lambda item: (-item[1], item[0]))) for one in found)
    return {"reason": reasons, "category": categories, "clause": _clauses(session, last)}


def last_screenings(reach: Any) -> Any:  # noqa: ANN401 - subqueries
    """`document` and `result` of the last screening of each document."""
    # ranked by ids alone: results are long, and sorting them along is what takes the time
    place = func.row_number().over(partition_by=Screened.document, order_by=(Screened.at.desc(), Screened.id))
    ranked = select(Screened.id, place.label("place")).join(reach, reach.c.id == Screened.document).subquery()
    newest = select(Screened.document, Screened.result).join(ranked, ranked.c.id == Screened.id)
    return newest.where(ranked.c.place == 1).subquery()


def _clauses(session: Session, last: Any) -> dict[str, int]:  # noqa: ANN401 - a subquery
    once = clause_hits(session, last).subquery()
    return _by(session, once.c.clause)


def clause_hits(session: Session, last: Any) -> Select[Any]:  # noqa: ANN401 - a subquery
    """`clause` and `document` of every hit in these screenings, each pair once."""
    if session.get_bind().dialect.name == "postgresql":
        hit = func.json_array_elements(last.c.result["negative"]).table_valued("value")
        code: ColumnElement[Any] = hit.c.value.op("->>")("clause")
    else:
        hit = func.json_each(last.c.result, "$.negative").table_valued("value")
        code = func.json_extract(hit.c.value, "$.clause")
    return select(code.label("clause"), last.c.document).select_from(last).join(hit, true()).distinct()
