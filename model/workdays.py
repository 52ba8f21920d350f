"""Working days: Monday to Friday, but for the days off and the make-up days of each year's State Council notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.model.errors import UnknownYear

ONE = timedelta(days=1)
#: Days off in every year (全国年节及纪念日放假办法 2024, article 2), so that a forgotten holiday is seen.
_ALWAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
#: From this day on, the next year's notice may still change what is a working day (2018-12-29 was one by it).
_YEAR_END = (12, 24)
_NO_NOTICE = "规则表 calendar.toml 里没有 {year} 年的放假安排，算不出工作日；请按国务院办公厅的放假通知补上。"
_CODE = re.compile(r"(?P<year>\d{4})(?P<change>-.+)?")


@dataclass(frozen=True, slots=True)
class Notice:
    """放假通知: `off` and `work` are days (2026-02-14) or spans (2026-02-15/2026-02-23); a bare year is a whole one."""

    code: str
    name: str
    basis: str
    off: tuple[str, ...] = ()
    work: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        code = _CODE.fullmatch(self.code)
        if code is None:
            raise ValueError("的 code 应当是四位年份（全年安排），或者年份加短横和名称（调整通知），请改正。")
        off, work = set(days("off", self.off)), set(days("work", self.work))
        if off & work:
            raise ValueError(f"的 off 和 work 都有 {min(off & work)}，请改正。")
        year = int(code["year"])
        for day in sorted(off | work):
            if not date(year - 1, 12, 1) <= day <= date(year, 12, 31):
                raise ValueError(f"的 {'off' if day in off else 'work'} 写的 {day} 不在 {year} 年，请改正。")
        if not code["change"]:
            _whole(year, off, work)

    @property
    def year(self) -> int | None:
        """The year that it settles as a whole; None when it only changes one."""
        return None if "-" in self.code else int(self.code)


def _whole(year: int, off: set[date], work: set[date]) -> None:
    for month, day in _ALWAYS:
        if date(year, month, day) not in off:
            raise ValueError(f"的 off 没有写 {date(year, month, day)}，这一天依法放假，请补上。")
    for one in sorted(work):
        if one.weekday() < 5:
            raise ValueError(f"的 work 写的 {one} 本来就上班，请核对日期。")


def days(column: str, spans: Iterable[str]) -> Iterator[date]:
    """The days that a column names. Raises ValueError, for a row."""
    for span in spans:
        first, _, last = span.partition("/")
        try:
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise ValueError(
                f"的 {column} 写的 {span[:30]} 不是日期，应当写成 2026-02-14 或者 2026-02-15/2026-02-23。"
            ) from None
        if not timedelta(0) <= end - day <= timedelta(days=31):
            raise ValueError(f"的 {column} 写的 {span[:30]} 先后颠倒或者超过一个月，请改正。")
        while day <= end:
            yield day
            day += ONE


@dataclass(frozen=True)
class Workdays:
    """Which days are worked in the years that have a notice; of other years it tells nothing."""

    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]

    @classmethod
    def of(cls, notices: Iterable[Notice]) -> Workdays:
        """The calendar after all notices, each changing those before it."""
        off, work, years = set[date](), set[date](), set[int]()
        for notice in notices:
            free, worked = set(days("off", notice.off)), set(days("work", notice.work))
            off, work = (off - worked) | free, (work - free) | worked
            years |= {notice.year} if notice.year else set()
        return cls(frozenset(off), frozenset(work), frozenset(years))

    def is_workday(self, day: date) -> bool:
        """Whether it is worked. Raises UnknownYear."""
        if day.year not in self.years:
            raise UnknownYear(_NO_NOTICE.format(year=day.year))
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def settled(self, day: date) -> bool:
        """Whether no notice to come can change it."""
        return day.year + 1 in self.years or (day.month, day.day) < _YEAR_END

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after a day, which doesn't count itself; before it when negative. Raises
        UnknownYear."""
        step = ONE if count > 0 else -ONE
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def worked(self, day: date) -> date:
        """The day itself when it is worked, otherwise the next that is. Raises UnknownYear."""
        while not self.is_workday(day):
            day += ONE
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is earlier. Raises UnknownYear."""
        first, last = min(start, end), max(start, end)
        count = sum(self.is_workday(first + ONE * place) for place in range(1, (last - first).days + 1))
        return count if start <= end else -count
