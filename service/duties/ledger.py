"""任务台账: tasks of work plans and of what happened, each with its next last day; done, noted, taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from gongkai.model.duties.clocks import due, said
from gongkai.model.duties.responsible import responsible
from gongkai.model.duties.taskterms import TaskTerm, after, next_due, read
from gongkai.model.duties.tasktopics import topic
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor, Reach
from gongkai.service.duties.occasions import Occasion
from gongkai.service.duties.taskplan import Task
from gongkai.service.duties.terms import moment
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.store import trail
from gongkai.service.store.duties import Duty
from gongkai.service.store.tables import Unit, new_id

KIND = "duty"
#: Where tasks come from that no plan names.
BY_HAND, HAPPENED = "手工登记", "事项触发"
MOST = 500
#: What stands further behind in a cell is no term, and tells no item.
_TERM, _UNITS, _TOPIC = 200, 300, 600


@dataclass(frozen=True, slots=True)
class Planned:
    """A task ready for the ledger: `due` is an ISO date or empty, `told` how it was counted."""

    place: int
    task: str
    requirement: str
    responsible: str
    term: TaskTerm
    due: str
    told: str
    category: str


def planned(tasks: Iterable[Task], rules: Rulebook, issued: date | None, today: date) -> tuple[Planned, ...]:
    """What a plan's tasks become: terms read and dated, units sorted, items guessed; the plan's year is its day's.

    Raises RequestError for more than are kept at once.
    """
    tasks = tuple(tasks)
    if len(tasks) > MOST:
        raise RequestError(f"方案有 {len(tasks)} 项任务，一次最多导入 {MOST} 项，请拆分以后再导入。")
    return tuple(_planned(task, rules, issued, today) for task in tasks)


def _planned(task: Task, rules: Rulebook, issued: date | None, today: date) -> Planned:
    term = read((task.deadline or task.requirement)[:_TERM], (issued or today).year)
    last, told = next_due(term, issued, today, rules.workdays)
    return Planned(
        task.place, task.task, task.requirement, responsible(task.responsible[:_UNITS]).told, term,
        last.isoformat() if last else "", told, topic(f"{task.requirement}{task.deadline}"[:_TOPIC], rules),
    )  # fmt: skip


def bring(session: Session, actor: Actor, source: str, tasks: Sequence[Planned], *, at: datetime) -> int:
    """Keep a plan's tasks for the actor's unit; how many. Raises RequestError, Conflicting when it is there already."""
    name = " ".join(source.split())[:200]
    if not name:
        raise RequestError("请填写方案名称，台账按它归类。")
    if not 0 < len(tasks) <= MOST:
        raise RequestError(f"一次导入 1 到 {MOST} 项任务，请检查文件或者拆分。")
    known = select(Duty.id).where(Duty.unit == actor.unit_id, Duty.source == name).limit(1)
    if session.scalar(known):
        raise Conflicting("这个方案已经导入过；要重新导入，请换一个名称，或者先删去原来的任务。")
    for one in tasks:
        session.add(_row(actor, name, one, at))
    trail.append(session, actor.user, "plan", KIND, actor.unit_id, at=at, tasks=len(tasks))
    return len(tasks)


def _row(actor: Actor, source: str, one: Planned, at: datetime) -> Duty:
    return Duty(
        id=new_id(), unit=actor.unit_id, source=source, place=one.place, task=one.task[:500],
        requirement=one.requirement[:2000], responsible=one.responsible[:300], terms=[_kept(one.term)], due=one.due,
        category=one.category, by=actor.user, at=at,
    )  # fmt: skip


def _kept(term: TaskTerm) -> dict[str, Any]:
    return {key: value for key, value in asdict(term).items() if value}


def add(session: Session, actor: Actor, task: Planned, *, at: datetime) -> Duty:
    """One task by hand. Raises RequestError."""
    if not (task.task.strip() or task.requirement.strip()):
        raise RequestError("请填写任务。")
    row = _row(actor, BY_HAND, task, at)
    session.add(row)
    trail.append(session, actor.user, "task", KIND, row.id, at=at)
    return row


def raised(
    session: Session, actor: Actor, rules: Rulebook, what: Occasion, about: str, start: date | datetime, *, at: datetime
) -> tuple[Duty, ...]:
    """The tasks that follow from something that happened, one for each clock. Raises RequestError for a clock that the
    rulebook lacks."""
    rows = tuple(_followed(actor, rules, what, about, start, code, at) for code in what.clocks)
    if what.term:
        rows = (_recurring(actor, what, about, start, rules, at),)
    for row in rows:
        session.add(row)
        trail.append(session, actor.user, "task", KIND, row.id, at=at, occasion=what.code)
    return rows


def _followed(
    actor: Actor, rules: Rulebook, what: Occasion, about: str, start: date | datetime, code: str, at: datetime
) -> Duty:
    if what.at_once:
        day = start.date() if isinstance(start, datetime) else start
        return _because(actor, what, about, {"kind": "by", "last": day.isoformat(), "written": "立即"}, day, at)
    counted = due(code, start, rules)
    term = {"kind": "clock", "code": code, "from": start.isoformat()[:16], "written": counted.row.name}
    return _because(actor, what, about, term, counted.last, at)


def _recurring(actor: Actor, what: Occasion, about: str, start: date | datetime, rules: Rulebook, at: datetime) -> Duty:
    day = start.date() if isinstance(start, datetime) else start
    last, _ = next_due(what.read, None, day, rules.workdays)
    return _because(actor, what, about, _kept(what.read) | {"occasion": what.code}, last, at)


def _because(actor: Actor, what: Occasion, about: str, term: dict[str, Any], last: date | None, at: datetime) -> Duty:
    """A task that follows from an occasion."""
    task = f"{what.task}：{about.strip()[:200]}" if about.strip() else what.task
    return Duty(
        id=new_id(), unit=actor.unit_id, source=HAPPENED, task=task, requirement=f"{what.name}；依据{what.basis}。",
        terms=[term], due=last.isoformat() if last else "", category=what.category, by=actor.user, at=at,
    )  # fmt: skip


def term_of(duty: Duty) -> TaskTerm:
    """The term of a task as it was read; of one with a clock of the rulebook, its words."""
    known = dict(duty.terms[0]) if duty.terms else {}
    kept = {key: known[key] for key in TaskTerm.__slots__ if key in known}
    if kept.get("kind") in (None, "clock"):
        kept["kind"] = "by" if duty.due else "standing"
        kept["last"] = duty.due
    kept["season"] = tuple(kept.get("season", ()))
    return TaskTerm(**{"written": "", **kept})


def clock_of(duty: Duty) -> tuple[str, date | datetime] | None:
    """The code of deadlines.toml and the day that a task's term runs from, where it has one."""
    known = duty.terms[0] if duty.terms else {}
    start = moment(str(known.get("from", "")))
    return (str(known["code"]), start) if known.get("kind") == "clock" and start else None


def of_units(actor: Actor) -> Select[Any]:
    """The units whose tasks an actor sees: all, their own with those below, or none."""
    units = select(Unit.id)
    if actor.reach == Reach.all:
        return units
    if actor.reach == Reach.none:
        return units.where(false())
    below = Unit.path.startswith(f"{actor.unit}/", autoescape=True)
    return units.where(or_(Unit.path == actor.unit, below))


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty fields don't count. `state`: open, done, late."""

    words: str = ""
    source: str = ""
    state: str = ""


def listed(session: Session, actor: Actor, wanted: Filter, today: date) -> list[Duty]:
    """Tasks within reach: what has a day first, then by plan and number."""
    query = select(Duty).where(Duty.unit.in_(of_units(actor)))
    for word in wanted.words.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(*(c.like(like, escape="\\") for c in (Duty.task, Duty.requirement, Duty.responsible))))
    if wanted.source:
        query = query.where(Duty.source == wanted.source)
    states = {"open": Duty.done == "", "done": Duty.done != ""}
    if wanted.state in states:
        query = query.where(states[wanted.state])
    if wanted.state == "late":
        query = query.where(Duty.done == "", Duty.due != "", Duty.due < today.isoformat())
    order = (Duty.done != "", Duty.due == "", Duty.due, Duty.source, Duty.place)
    return list(session.scalars(query.order_by(*order).limit(MOST)))


def sources(session: Session, actor: Actor) -> list[str]:
    """The plans that the ledger has tasks of."""
    query = select(Duty.source).where(Duty.unit.in_(of_units(actor))).distinct().order_by(Duty.source)
    return list(session.scalars(query))


def done(session: Session, actor: Actor, id: str, day: str, version: int, *, at: datetime) -> Duty:
    """Mark a task done on a day; one that comes again goes on to its next period. Raises RequestError, NotFound,
    Outdated, Conflicting."""
    row, on = _own(session, actor, id, version), moment(day)
    if row.done:
        raise Conflicting("这项任务已经办结。")
    if on is None:
        raise RequestError("办结日期应当写成 2026-03-31，请改正。")
    before, term = row.due, term_of(row)
    follows = after(term, date.fromisoformat(before)) if before else None
    if follows:
        row.due = follows.isoformat()
    else:
        row.done = on.isoformat()[:10]
    _changed(session, actor, row, "done-task", at, due=before, day=on.isoformat()[:10])
    return row


def reopened(session: Session, actor: Actor, id: str, version: int, *, at: datetime) -> Duty:
    """Take a mark of being done back."""
    row = _own(session, actor, id, version)
    row.done = ""
    _changed(session, actor, row, "reopen-task", at)
    return row


def amended(session: Session, actor: Actor, id: str, version: int, given: dict[str, str], *, at: datetime) -> Duty:
    """Set note, responsible unit, last day and category. Raises RequestError, NotFound, Outdated."""
    row = _own(session, actor, id, version)
    if given.get("due") and moment(given["due"]) is None:
        raise RequestError("时限应当写成 2026-03-31，请改正。")
    row.note, row.responsible = given.get("note", row.note)[:1000], given.get("responsible", row.responsible)[:300]
    row.category = given.get("category", row.category)
    if "due" in given and given["due"] != row.due:
        row.due = given["due"][:10]
        words = f"人工改为{said(date.fromisoformat(row.due))}" if row.due else "人工改为没有最后一日"
        row.terms = [{"kind": "by" if row.due else "standing", "last": row.due, "written": words}]
    _changed(session, actor, row, "amend-task", at, due=row.due)
    return row


def dropped(session: Session, actor: Actor, id: str, version: int, *, at: datetime) -> None:
    """Take a task out of the ledger."""
    row = _own(session, actor, id, version)
    _changed(session, actor, row, "drop-task", at)
    session.delete(row)


def _own(session: Session, actor: Actor, id: str, version: int) -> Duty:
    row = session.scalar(select(Duty).where(Duty.id == id, Duty.unit.in_(of_units(actor))).with_for_update())
    if row is None:
        raise NotFound("没有这项任务，或者不在您能看的范围内。")
    if row.version != version:
        raise Outdated("这项任务刚被别人改过，没有保存；请刷新页面后再改。")
    return row


def _changed(session: Session, actor: Actor, row: Duty, action: str, at: datetime, **told: str) -> None:
    row.version += 1
    trail.append(session, actor.user, action, KIND, row.id, at=at, **told)
