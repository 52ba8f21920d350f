"""The self-check: duties of disclosure that the records show unfulfilled, with the documents and how to mend it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gongkai.model.errors import UnknownYear
from gongkai.service.casework.statistics import ZONE
from gongkai.service.reports import counting
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.counting import NORMATIVE, SETTLED
from gongkai.service.reports.punctual import in_time, last_day
from gongkai.service.reports.shapes import Cell, Part, Report, Table, plain
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Decided, Kept

BASIS = "《政府信息公开条例》第四十六条、第四十七条；各单位自查、主管部门网上核查"
#: As many documents are named for one item.
MOST = 30
_YEAR = timedelta(days=365)
_TERM = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A row of selfcheck.toml."""

    code: str
    name: str
    basis: str
    mend: str


@dataclass(frozen=True, slots=True)
class Named:
    """Something that was found: the unit's id, a title or number, and a day or other remark."""

    unit: str
    title: str
    remark: str = ""


@cache
def items() -> tuple[Item, ...]:
    """The table; rows whose check the program doesn't have are an error of the table."""
    text = (resources.files("gongkai.service.reports") / "selfcheck.toml").read_text("utf-8")
    return tuple(Item(**row) for row in tomllib.loads(text)["item"])


def selfcheck(session: Session, asked: Asked) -> Report:
    """The report; documents of the period, and what is open on its last day (or today)."""
    found = {item: tuple(CHECKS[item.code](session, asked)) for item in items()}
    rows = [(item.name, len(named), item.basis, item.mend if named else "") for item, named in found.items()]
    summary = plain("自查项目", "项目", ("发现", "依据", "整改办法"), rows)
    wrong = sum(bool(named) for named in found.values())
    said = f"自查{len(found)}项，{wrong}项发现问题，共{sum(map(len, found.values()))}件。"
    lists = tuple(_list(item, named, asked.scope.units) for item, named in found.items() if named)
    parts = (Part("一、自查结果", (said,), (summary,)), Part("二、问题清单", tables=lists))
    title = f"{asked.scope.name}{asked.period.name}政府信息公开自查报告"
    return Report(title, asked.scope.name, asked.period.name, asked.today, parts, basis=BASIS)


def _list(item: Item, named: tuple[Named, ...], units: Mapping[str, str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (one.title or "（无标题）", units.get(one.unit, ""), one.remark) for one in named[:MOST]
    ]
    note = f"只列前{MOST}件，共{len(named)}件。" if len(named) > MOST else ""
    return plain(item.name, "公文或者申请", ("单位", "情况"), rows, note)


def _end(asked: Asked) -> date:
    """The day on which the period is looked at."""
    return min(asked.period.last, asked.today)


def _mine(asked: Asked) -> Select[Any]:
    """Documents of the scope that came in the period."""
    columns: list[Any] = [Kept.unit, Kept.title, Kept.created]
    query: Select[Any] = select(*columns)
    mine = (Kept.unit.in_(asked.scope.units), Kept.backlog == "")
    return query.where(*mine, *counting.between(Kept.created, asked.period))


def _undecided(session: Session, asked: Asked) -> Iterable[Named]:
    for row in session.execute(_mine(asked).where(Kept.decided == "").order_by(Kept.created)):
        day = row.created.astimezone(ZONE).date()
        if _workdays(asked, day) > _TERM:
            yield Named(row.unit, row.title, f"{day} 提交")


def _workdays(asked: Asked, day: date) -> int:
    """Working days since a day; calendar days in weeks of five where a year's calendar is missing."""
    try:
        return asked.rules.workdays.between(day, _end(asked))
    except UnknownYear:
        return (_end(asked) - day).days * 5 // 7


def _unfounded(session: Session, asked: Asked) -> Iterable[Named]:
    undone = select(Decided.undoes).where(Decided.undoes != "")
    given = (Decided.attribute == "withheld", Decided.undoes == "", Decided.id.not_in(undone), Decided.basis != "")
    founded = select(Decided.document).where(*given)
    for row in session.execute(_mine(asked).where(Kept.decided == "withheld", Kept.id.not_in(founded))):
        yield Named(row.unit, row.title)


def _normative(session: Session, asked: Asked) -> Iterable[Named]:
    query = _mine(asked).join(Passage, Passage.document == Kept.id)
    closed = Kept.decided.in_(("withheld", "on_request"))
    for row in session.execute(query.where(Passage.category.in_(NORMATIVE), closed)):
        yield Named(row.unit, row.title)


def _overdue(session: Session, asked: Asked) -> Iterable[Named]:
    open_ = (Passage.published.is_(None), Passage.state.not_in(SETTLED))
    due = (Passage.due != "", Passage.due < _end(asked).isoformat())
    for passage, title in _passages(session, asked, *due, *open_):
        yield Named(passage.unit, title, f"应于 {passage.due[:10]} 前公开")


def _late(session: Session, asked: Asked) -> Iterable[Named]:
    done = counting.between(Passage.published, asked.period)
    for passage, title in _passages(session, asked, *done, Passage.due != ""):
        day = counting.local(passage.published) if passage.published else ""
        if day > passage.due[:10]:
            yield Named(passage.unit, title, f"应于 {passage.due[:10]} 前，{day} 公开")


def _unreviewed(session: Session, asked: Asked) -> Iterable[Named]:
    secrecy, release = (select(Step.document).where(Step.kind == kind) for kind in ("secrecy", "release"))
    lacking = ~Passage.document.in_(secrecy) | ~Passage.document.in_(release)
    done = counting.between(Passage.published, asked.period)
    for passage, title in _passages(session, asked, *done, lacking):
        yield Named(passage.unit, title, passage.channel)


def _unrevisited(session: Session, asked: Asked) -> Iterable[Named]:
    last = _moment(_end(asked) - _YEAR)
    looked = select(Step.document).where(Step.kind.in_(("withhold", "archive", "retain", "defer")), Step.at >= last)
    decided = select(Decided.document, func.max(Decided.at).label("at")).group_by(Decided.document).subquery()
    query = (
        select(Kept.unit, Kept.title, decided.c.at)
        .join(decided, decided.c.document == Kept.id)
        .where(Kept.unit.in_(asked.scope.units), Kept.decided.in_(("withheld", "on_request")))
        .where(decided.c.at < last, Kept.id.not_in(looked))
    )
    for row in session.execute(query):
        yield Named(row.unit, row.title, f"{counting.local(row.at)} 决定")


def _deferred(session: Session, asked: Asked) -> Iterable[Named]:
    over = (Passage.state == "deferred", Passage.revisit != "", Passage.revisit < _end(asked).isoformat())
    for passage, title in _passages(session, asked, *over):
        yield Named(passage.unit, title, f"{passage.revisit[:10]} 到期")


def _passages(session: Session, asked: Asked, *where: Any) -> list[tuple[Passage, str]]:  # noqa: ANN401 - conditions
    query = select(Passage, Kept.title).join(Kept, Kept.id == Passage.document)
    query = query.where(Passage.unit.in_(asked.scope.units), *where).order_by(Passage.due, Passage.created)
    return [(passage, title) for passage, title in session.execute(query)]


def _unpunctual(session: Session, asked: Asked) -> Iterable[Named]:
    rows = counting.register(session, asked.scope, asked.period)
    for one in counting.closed(rows, asked.period):
        if in_time(one, asked.rules.workdays) is False:
            yield Named(one.unit, one.number, f"{one.received} 收到，{one.closed} 答复")


def _unanswered(session: Session, asked: Asked) -> Iterable[Named]:
    for one in counting.register(session, asked.scope, asked.period):
        last = None if one.closed else last_day(one, asked.rules.workdays)
        if last is not None and last < _end(asked):
            yield Named(one.unit, one.number, f"{one.received} 收到，应于 {last} 前答复")


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


CHECKS: Mapping[str, Callable[[Session, Asked], Iterable[Named]]] = MappingProxyType(
    {
        "undecided": _undecided,
        "unfounded": _unfounded,
        "normative": _normative,
        "overdue": _overdue,
        "late": _late,
        "unreviewed": _unreviewed,
        "unrevisited": _unrevisited,
        "deferred": _deferred,
        "unpunctual": _unpunctual,
        "unanswered": _unanswered,
    }
)
