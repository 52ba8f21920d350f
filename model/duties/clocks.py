"""Deadlines as days: when something must be public at the latest, how that was counted, and who was late.

The day of the event doesn't count, hours run from the event (民法典 article 201); a last day off is put off to the next
working day (article 203: disclosure law has no rule of its own, so the general one is borrowed); a fixed date is not.
Days and times are those of the agency's place, without a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gongkai.model.dates import FIRST
from gongkai.model.errors import RequestError, UnknownYear
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Deadline
from gongkai.model.workdays import ONE, Workdays

UNITS = {"workday": "个工作日", "day": "日", "hour": "小时"}
_LAST = 2999
_SPECIAL = ("within", "quarter", "year", "other")
_UNSETTLED = "；年底几天以下一年的放假通知为准"


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends: `last` is the last day in time, `moment` the last minute of one in hours; None: can't be told.

    `told` says in one sentence how it was counted, or why it can't be.
    """

    row: Deadline
    start: date | datetime
    told: str
    last: date | None = None
    moment: datetime | None = None


class State(StrEnum):
    """How something stands against its term."""

    due = "due"
    late = "late"
    kept = "kept"
    missed = "missed"
    short = "short"
    odd = "odd"
    untold = "untold"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]


_LABELS = {
    State.due: "未到期",
    State.late: "逾期未公开",
    State.kept: "按时",
    State.missed: "逾期公开",
    State.short: "公开天数不足",
    State.odd: "日期有误，请核对",
    State.untold: "算不出来，请人工核对",
}
#: What the late-entry detector reports.
AMISS = (State.late, State.missed, State.short, State.odd)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a term: `done` is when it was published; for a notice with a least duration, its last day."""

    key: str
    code: str
    start: date | datetime
    done: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry against its term; `over`: so many days late or too short."""

    entry: Entry
    due: Due
    state: State
    over: int = 0


def prevailing(codes: Iterable[str], rules: Rulebook) -> tuple[Deadline, ...]:
    """The terms in force where several fit: a special one puts the general one aside (条例 article 26). Raises
    RequestError."""
    rows = tuple(row_of(code, rules) for code in dict.fromkeys(codes))
    special = any(not row.general and row.clock in _SPECIAL for row in rows)
    return tuple(row for row in rows if not (special and row.general))


def row_of(code: str, rules: Rulebook) -> Deadline:
    """The deadline of a code. Raises RequestError."""
    if code not in rules.clock:
        raise RequestError(f"没有代码为 {code[:20]} 的公开时限，可用的有：{'、'.join(rules.clock)}。")
    return rules.clock[code]


def due(code: str, start: date | datetime, rules: Rulebook) -> Due:
    """When the term of a code ends that began with an event on a day; any day of the quarter or year reported on for
    those. Raises RequestError."""
    row = row_of(code, rules)
    if not FIRST <= start.year <= _LAST:
        return Due(row, start, f"{row.name}：起算日期不对，算不出来，请核对。")
    try:
        return _COUNTED[row.clock](row, start, rules)
    except UnknownYear as error:
        return Due(row, start, f"{row.name}：{error.message}")


def state(at: Due, now: date | datetime, done: date | datetime | None = None) -> State:
    """How it stands on a day, given when it was done; None while it isn't."""
    if at.last is None:
        return State.untold
    if done is None:
        return _open(at, now)
    if _before(done, at.start):
        return State.odd
    if at.moment and not isinstance(done, datetime) and done == at.last:
        return State.untold
    if at.row.clock == "lasting":
        return State.short if _day(done) < at.last else State.kept
    return State.missed if _over(at, done) else State.kept


def standing(entry: Entry, rules: Rulebook, now: date | datetime) -> Standing:
    """One entry against its term. Raises RequestError for a code that no table has."""
    at = due(entry.code, entry.start, rules)
    found = state(at, now, entry.done)
    if at.last is None or found not in (State.late, State.missed, State.short):
        return Standing(entry, at, found)
    return Standing(entry, at, found, abs((_day(entry.done or now) - at.last).days))


def to_do(entries: Iterable[Entry], rules: Rulebook, now: date | datetime) -> tuple[Standing, ...]:
    """What is still to be done, the most urgent first and what has no day last."""
    found = (standing(entry, rules, now) for entry in entries if entry.done is None)
    waiting = (one for one in found if one.state != State.kept)
    return tuple(sorted(waiting, key=lambda one: (one.due.last or date.max, one.entry.key)))


def amiss(entries: Iterable[Entry], rules: Rulebook, now: date | datetime) -> tuple[Standing, ...]:
    """What was published late, too short, or isn't yet and should be; the worst first."""
    found = (standing(entry, rules, now) for entry in entries)
    return tuple(sorted((one for one in found if one.state in AMISS), key=lambda one: (-one.over, one.entry.key)))


def _open(at: Due, now: date | datetime) -> State:
    if not _over(at, now):
        return State.due
    return State.kept if at.row.clock == "lasting" else State.late


def _over(at: Due, when: date | datetime) -> bool:
    if at.moment and isinstance(when, datetime):
        return when > at.moment
    return at.last is not None and _day(when) > at.last


def _before(done: date | datetime, start: date | datetime) -> bool:
    if isinstance(done, datetime) and isinstance(start, datetime):
        return done < start
    return _day(done) < _day(start)


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def said(day: date) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _within(row: Deadline, start: date | datetime, rules: Rulebook) -> Due:
    if not row.count:
        return _other(row, start, rules)
    if row.unit == "hour":
        return _hours(row, start)
    last, how = _ends(row, _day(start), rules.workdays)
    return Due(row, start, f"最迟{said(last)}：自{_from(row, start)}起{how}；依据{row.basis}。", last)


def _lasting(row: Deadline, start: date | datetime, rules: Rulebook) -> Due:
    last, how = _ends(row, _day(start), rules.workdays)
    return Due(row, start, f"至少公开到{said(last)}：自{_from(row, start)}起不少于{how}；依据{row.basis}。", last)


def _prompt(row: Deadline, start: date | datetime, rules: Rulebook) -> Due:
    """At once; the general term is the outer bound, as no other is prescribed."""
    general = next((one for one in rules.deadlines if one.general and one.count), None)
    if general is None:
        return _other(row, start, rules)
    last, how = _ends(general, _day(start), rules.workdays)
    outer = f"最迟不超过{said(last)}：自{_from(row, start)}起{how}"
    return Due(row, start, f"应当及时公开，没有规定天数，{outer}；依据{row.basis}、{general.basis}。", last)


def _quarter(row: Deadline, start: date | datetime, rules: Rulebook) -> Due:
    day = _day(start)
    quarter = (day.month - 1) // 3
    name = f"{day.year}年第{'一二三四'[quarter]}季度"
    if row.count:
        last, how = _ends(row, _quarter_end(day.year, quarter), rules.workdays)
        return Due(row, start, f"最迟{said(last)}公开{name}的：季度结束后{how}；依据{row.basis}。", last)
    last = _quarter_end(day.year + (quarter == 3), (quarter + 1) % 4)
    why = "按季度公开，没有规定天数，不晚于下一季度末"
    return Due(row, start, f"最迟{said(last)}公开{name}的：{why}；依据{row.basis}。", last)


def _quarter_end(year: int, quarter: int) -> date:
    return date(year, 12, 31) if quarter == 3 else date(year, quarter * 3 + 4, 1) - ONE


def _year(row: Deadline, start: date | datetime, _: Rulebook) -> Due:
    last = date.fromisoformat(f"{start.year + 1:04}-{row.day}")
    why = f"最迟{said(last)}（含当日）公开{start.year}年度的：{row.name}，固定的日子不因休息日顺延"
    return Due(row, start, f"{why}；依据{row.basis}。", last)


def _other(row: Deadline, start: date | datetime, _: Rulebook) -> Due:
    return Due(row, start, f"{row.name}：没有规定天数，算不出最后一日，请按有关规定办理；依据{row.basis}。")


def _hours(row: Deadline, start: date | datetime) -> Due:
    if not isinstance(start, datetime):
        return Due(row, start, f"{row.name}：起算时间没有写到几时几分，算不出来，请补上。")
    end = start + timedelta(hours=row.count)
    since = f"{row.start or '起算'}时（{said(start)}{start:%H:%M}）"
    why = f"自{since}起连续计算{row.count}小时，休息日不扣除"
    return Due(row, start, f"最迟{said(end)}{end:%H:%M}：{why}；依据{row.basis}。", end.date(), end)


def _from(row: Deadline, start: date | datetime) -> str:
    return f"{row.start or '起算'}之日（{said(_day(start))}，当日不计）"


def _ends(row: Deadline, start: date, calendar: Workdays) -> tuple[date, str]:
    """The last day of a term in days, and how it was counted."""
    term = f"{row.count}{UNITS[row.unit]}"
    if row.unit == "workday":
        last = calendar.add(start, row.count)
        how = term + _skipped(start, last, row.count, calendar)
    else:
        end = start + timedelta(days=row.count)
        last = end if row.stays else calendar.worked(end)
        how = term if last == end else f"{term}，最后一日{said(end)}是休息日，顺延到{said(last)}（民法典第二百零三条）"
    return last, how if row.stays or calendar.settled(last) else how + _UNSETTLED


def _skipped(start: date, last: date, count: int, calendar: Workdays) -> str:
    free = (last - start).days - count
    made_up = sum(start < day <= last for day in calendar.work)
    told = f"，其间休息日{free}天不计" if free else ""
    return told + (f"，调休上班{made_up}天计入" if made_up else "")


_COUNTED: dict[str, Callable[[Deadline, date | datetime, Rulebook], Due]] = {
    "within": _within,
    "lasting": _lasting,
    "quarter": _quarter,
    "year": _year,
    "prompt": _prompt,
    "other": _other,
}
