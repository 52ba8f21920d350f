"""What is due within an actor's reach: papers to publish, running notices, interpretations, tasks, yearly reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from gongkai.model.duties.clocks import AMISS, Due, State, state
from gongkai.model.duties.clocks import due as counted
from gongkai.model.duties.taskterms import next_due
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Deadline
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties.ledger import HAPPENED, clock_of, of_units, term_of
from gongkai.service.duties.occasions import occasions
from gongkai.service.duties.terms import terms_of
from gongkai.service.passages.sheet import FORM
from gongkai.service.review.opinions import unread
from gongkai.service.store.duties import Duty, Passage, Step
from gongkai.service.store.tables import Decided, Kept, Unit

#: How many rows of each kind are looked at, the most urgent first.
MOST = 2000
#: How long what is done stays on the list.
_PAST = timedelta(days=366)
#: How long before its last day a yearly report is reminded of.
_AHEAD = timedelta(days=60)
Kind = Literal["document", "notice", "interpretation", "task", "yearly"]
KINDS: dict[Kind, str] = {
    "document": "公文",
    "notice": "公示期",
    "interpretation": "解读",
    "task": "任务",
    "yearly": "年度事项",
}
#: What a filter of the state asks for.
STATES = {"open": "要办的", "late": "逾期的", "soon": "7日内到期", "done": "办完的"}
_WAITING = (State.due, State.late, State.untold)
_SOON = timedelta(days=7)
_TASK_LABELS = {State.late: "逾期未办", State.missed: "逾期办结", State.kept: "按时办结"}
#: A policy paper for which the form says so needs no interpretation.
_NO_INTERPRETATION = "不需要"


@dataclass(frozen=True, slots=True)
class Line:
    """Something with a term: what it is, where it is dealt with, how its term was counted and how it stands."""

    key: str
    kind: Kind
    title: str
    link: str
    unit: str
    due: Due
    state: State
    over: int = 0
    who: str = ""
    about: str = ""

    @property
    def label(self) -> str:
        """How it stands, in words: a task is dealt with, not published."""
        return _TASK_LABELS.get(self.state, self.state.label) if self.kind == "task" else self.state.label

    @property
    def waiting(self) -> bool:
        """Whether something is still to be done."""
        return self.state in _WAITING and self.kind != "notice" or self.state == State.due


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty fields don't count."""

    state: str = "open"
    kind: str = ""
    unit: str = ""


def here(at: datetime) -> datetime:
    """A time at the agency's place, as clocks count it."""
    return at.astimezone(ZONE).replace(tzinfo=None)


def lines(session: Session, actor: Actor, rules: Rulebook, now: datetime) -> tuple[Line, ...]:
    """All of it, the most urgent first and what has no last day at the end; `now` at the agency's place."""
    found: list[Line] = []
    for some in (
        _published(session, actor, rules, now), _decided(session, actor, rules, now),
        _tasks(session, actor, rules, now), _yearly(session, actor, rules, now),
    ):  # fmt: skip
        found.extend(some)
    return tuple(sorted(found, key=lambda one: (one.due.last or date.max, one.title, one.key)))


def chosen(found: Iterable[Line], wanted: Filter, now: datetime) -> tuple[Line, ...]:
    """Those that a filter asks for."""
    return tuple(
        one
        for one in found
        if _asked(one, wanted.state, now.date()) and wanted.kind in ("", one.kind) and wanted.unit in ("", one.unit)
    )


def _asked(one: Line, wanted: str, today: date) -> bool:
    if wanted == "late":
        return one.state in AMISS
    if wanted == "done":
        return not one.waiting
    if wanted == "soon":
        return one.waiting and one.due.last is not None and one.due.last <= today + _SOON
    return one.waiting or wanted not in STATES


def _line(
    key: str, kind: Kind, title: str, link: str, unit: str, due: Due, at: State, over: int, who: str = "",
    about: str = "",
) -> Line:  # fmt: skip
    return Line(key, kind, title or "（无标题）", link, unit, due, at, over, who, about)


def _stood(due: Due, now: datetime, done: date | datetime | None) -> tuple[State, int]:
    """How a term stands, and by how many days it is over."""
    found = state(due, now, done)
    if due.last is None or found not in (State.late, State.missed, State.short):
        return found, 0
    day = done or now
    return found, abs(((day.date() if isinstance(day, datetime) else day) - due.last).days)


def _published(session: Session, actor: Actor, rules: Rulebook, now: datetime) -> Iterator[Line]:
    """Documents on their way: publication, and after it notices that run and interpretations."""
    since = now.replace(tzinfo=ZONE) - _PAST
    reach = within_reach(actor).where(~unread(actor)).with_only_columns(Kept.id)
    query = select(Kept, Passage, Unit.name).join(Passage, Passage.document == Kept.id)
    query = query.join(Unit, Unit.id == Kept.unit).where(Kept.id.in_(reach))
    query = query.where(
        or_(and_(Passage.published.is_(None), Passage.start != ""), Passage.published >= since),
        Passage.state.not_in(("withheld", "on_request", "deferred", "withdrawn")),
    )
    rows = session.execute(query.order_by(Passage.due).limit(MOST)).all()
    interpreted = _interpreted(session, [kept.id for kept, _, _ in rows])
    for kept, passage, unit in rows:
        yield from _of_passage(kept, passage, unit, rules, now)
        if passage.published and _to_interpret(passage):
            yield _interpretation(kept, passage, unit, interpreted.get(kept.id, ""), rules, now)


def _of_passage(kept: Kept, passage: Passage, unit: str, rules: Rulebook, now: datetime) -> Iterator[Line]:
    link = f"/passages/{kept.id}"
    codes = [code for code in passage.codes if code in rules.clock]
    at = passage.published.astimezone(ZONE).replace(tzinfo=None) if passage.published else None
    done = at.date() if at and (at.hour, at.minute) == (0, 0) else at
    terms = terms_of(passage.category, passage.start, rules, codes=codes)
    for due in terms.counted:
        stands, over = _stood(due, now, done)
        yield _line(f"{kept.id}/{due.row.code}", "document", kept.title, link, unit, due, stands, over)
    for code in terms.codes:
        if at and rules.clock[code].clock == "lasting":
            due = counted(code, at.date(), rules)
            stands, over = _stood(due, now, None)
            yield _line(f"{kept.id}/{code}", "notice", kept.title, link, unit, due, stands, over)


def _to_interpret(passage: Passage) -> bool:
    form = passage.bundle.get(FORM, {})
    return bool(form.get("policy") == "是" and form.get("interpretation", "") != _NO_INTERPRETATION)


def _interpreted(session: Session, documents: list[str]) -> dict[str, str]:
    """The day on which each document's interpretation went out."""
    query = select(Step.document, Step.record, Step.at).where(Step.kind == "interpret", Step.document.in_(documents))
    found = session.execute(query.order_by(Step.at)).all()
    return {document: str(record.get("day") or here(at).date()) for document, record, at in found}


def _interpretation(kept: Kept, passage: Passage, unit: str, day: str, rules: Rulebook, now: datetime) -> Line:
    started = passage.published or now
    due = counted("D3", started.astimezone(ZONE).date() if started.tzinfo else started.date(), rules)
    stands, over = _stood(due, now, date.fromisoformat(day) if day else None)
    title = f"解读：{kept.title}"
    return _line(f"{kept.id}/interpretation", "interpretation", title, f"/passages/{kept.id}", unit, due, stands, over)


def _decided(session: Session, actor: Actor, rules: Rulebook, now: datetime) -> Iterator[Line]:
    """Documents decided to be made public that nobody began to pass on; backlogs have their own list."""
    reach = within_reach(actor).where(~unread(actor)).with_only_columns(Kept.id)
    under_way = select(Passage.document).where(or_(Passage.start != "", Passage.published.is_not(None)))
    query = select(Kept, Unit.name).join(Unit, Unit.id == Kept.unit).where(
        Kept.id.in_(reach), Kept.decided == Attribute.proactive, Kept.backlog == "",
        Kept.id.not_in(under_way),
    )  # fmt: skip
    rows = session.execute(query.order_by(Kept.created.desc()).limit(MOST)).all()
    items = _items(session, [kept.id for kept, _ in rows])
    for kept, unit in rows:
        start = kept.issued or here(kept.created).date().isoformat()
        for due in terms_of(items.get(kept.id, ""), start, rules).counted:
            stands, over = _stood(due, now, None)
            key, link = f"{kept.id}/{due.row.code}", f"/documents/{kept.id}"
            yield _line(key, "document", kept.title, link, unit, due, stands, over)


def _items(session: Session, documents: list[str]) -> dict[str, str]:
    query = select(Decided.document, Decided.category).where(Decided.document.in_(documents), Decided.category != "")
    return {document: category for document, category in session.execute(query.order_by(Decided.at)).all()}


def _tasks(session: Session, actor: Actor, rules: Rulebook, now: datetime) -> Iterator[Line]:
    since = (now - _PAST).date().isoformat()
    query = select(Duty, Unit.name).join(Unit, Unit.id == Duty.unit).where(Duty.unit.in_(of_units(actor)))
    query = query.where(Duty.due != "", or_(Duty.done == "", Duty.done >= since)).order_by(Duty.due).limit(MOST)
    for duty, unit in session.execute(query).all():
        due = due_of(duty, rules, now.date())
        stands, over = _stood(due, now, date.fromisoformat(duty.done) if duty.done else None)
        title = duty.task or duty.requirement
        about = duty.requirement if duty.task else ""
        yield _line(duty.id, "task", title, f"/ledger#{duty.id}", unit, due, stands, over, duty.responsible, about)


def due_of(duty: Duty, rules: Rulebook, today: date) -> Due:
    """The last day of a task as it stands in the ledger, with how it was told."""
    if (clock := clock_of(duty)) and clock[0] in rules.clock:
        return counted(*clock, rules)
    term = term_of(duty)
    row = Deadline("TASK", term.label, duty.source)
    last = date.fromisoformat(duty.due) if duty.due else None
    if term.kind in ("by", "standing") or last is None:
        _, told = next_due(term, None, today, rules.workdays)
    else:
        told = f"最迟{duty.due}：按“{term.written}”。"
    return Due(row, last or today, told, last)


def _yearly(session: Session, actor: Actor, rules: Rulebook, now: datetime) -> Iterator[Line]:
    """What every agency owes each year, from two months ahead; what its ledger has is reminded of from there."""
    query = select(Duty.terms).where(Duty.unit.in_(of_units(actor)), Duty.source == HAPPENED)
    known = {terms[0].get("occasion") for terms in session.scalars(query) if terms}
    for one in occasions():
        last, told = next_due(one.read, None, now.date(), rules.workdays) if one.always else (None, "")
        if last is None or last - now.date() > _AHEAD or one.code in known:
            continue
        due = Due(Deadline("YEARLY", one.name, one.basis), last, f"{told}依据{one.basis}。", last)
        stands, over = _stood(due, now, None)
        yield _line(f"{one.code}/{last.year}", "yearly", one.task, "/ledger#happened", "", due, stands, over)


def missing(rules: Rulebook, found: Iterable[Line], today: date) -> tuple[int, ...]:
    """Years without a holiday notice that are needed now: those that terms run into, and next year's in December."""
    known = rules.workdays.years
    wanted = {today.year} | ({today.year + 1} if today.month == 12 else set())
    wanted |= {year for one in found if one.due.last is None for year in _years(one, today)}
    return tuple(sorted(wanted - known))


def _years(one: Line, today: date) -> tuple[int, ...]:
    start = one.due.start.year if one.due.row.unit == "workday" or one.due.row.clock == "prompt" else today.year
    return (start, start + 1) if start >= today.year else (start,)
