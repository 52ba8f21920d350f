"""Was an application answered in time: by the register's own word, by days, or it can't be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.model.errors import UnknownYear
from gongkai.model.workdays import Workdays
from gongkai.service.store.duties import Application

#: Working days to answer and by which an answer may be put off: 2008 version article 24, 2019 version article 33.
#: The wording of the former is general knowledge and not checked against a copy.
TERMS = ((date(2019, 5, 15), 20, 20), (date(2008, 5, 1), 15, 15))


@dataclass(frozen=True, slots=True)
class Punctual:
    """Closed applications: answered in time, late, and those of which it can't be told; `extended` had their term
    extended, `paused` days taken off."""

    kept: int
    late: int
    untold: int
    extended: int = 0
    paused: int = 0

    @property
    def all_kept(self) -> bool:
        """Whether every one is known to be in time."""
        return bool(self.kept) and not self.late and not self.untold


def punctual(closed: Iterable[Application], calendar: Workdays) -> Punctual:
    """Count them."""
    rows = list(closed)
    told = [in_time(one, calendar) for one in rows]
    extended, paused = sum(one.extra.get("extended") is True for one in rows), sum(_paused(one) > 0 for one in rows)
    return Punctual(told.count(True), told.count(False), told.count(None), extended, paused)


def in_time(one: Application, calendar: Workdays) -> bool | None:
    """Whether one was; None where the register doesn't say and the calendar lacks the year.

    Days that were spent asking third parties are taken off (article 33, third paragraph).
    """
    if isinstance(one.extra.get("in_time"), bool):
        return bool(one.extra["in_time"])
    try:
        received, closed = date.fromisoformat(one.received), date.fromisoformat(one.closed)
    except ValueError:
        return None
    days = _days(received, extended=bool(one.extra.get("extended")))
    passed = (closed - received).days - _paused(one)
    if passed <= days:
        return True  # fewer days than working days are allowed: no calendar is needed
    try:
        worked = calendar.between(received, closed)
    except UnknownYear:
        return None
    return worked - _paused(one) <= days


def _days(received: date, *, extended: bool) -> int:
    since = next((row for row in TERMS if received >= row[0]), TERMS[-1])
    return since[1] + (since[2] if extended else 0)


def _paused(one: Application) -> int:
    paused = one.extra.get("paused", 0)
    return int(paused) if isinstance(paused, int | float) else 0


def last_day(one: Application, calendar: Workdays) -> date | None:
    """The last day to answer; None where it can't be told."""
    try:
        received = date.fromisoformat(one.received)
        allowed = _days(received, extended=bool(one.extra.get("extended")))
        return calendar.add(received, allowed + _paused(one))
    except (ValueError, UnknownYear):
        return None
