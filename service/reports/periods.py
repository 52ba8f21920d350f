"""Periods of reports: a year, a quarter or a month, as people write them and as days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongkai.model.errors import RequestError
from gongkai.service.casework.statistics import ZONE

_WRITTEN = re.compile(r"(?P<year>20\d\d)(?:-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_WRONG = "报告期应当写成 2025（年）、2025-Q3（季度）或 2025-07（月），请改正。"
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months: `first` the first day, `after` the day after the last one."""

    code: str
    first: date
    after: date

    @classmethod
    def of(cls, written: str) -> Period:
        """Read `2025`, `2025-Q3` or `2025-07`. Raises RequestError."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None:
            raise RequestError(_WRONG)
        year = int(found["year"])
        if found["quarter"]:
            return cls._months(written.strip(), year, int(found["quarter"]) * 3 - 2, 3)
        if found["month"]:
            return cls._months(written.strip(), year, int(found["month"]), 1)
        return cls._months(written.strip(), year, 1, 12)

    @classmethod
    def _months(cls, code: str, year: int, month: int, count: int) -> Period:
        last = month + count - 1
        after = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
        return cls(code, date(year, month, 1), after)

    @property
    def name(self) -> str:
        """As a report writes it."""
        if "Q" in self.code:
            return f"{self.first.year}年第{_QUARTERS[self.first.month // 3]}季度"
        return f"{self.first.year}年" if len(self.code) == 4 else f"{self.first.year}年{self.first.month}月"

    @property
    def last(self) -> date:
        """The last day."""
        return self.after - timedelta(days=1)

    @property
    def since(self) -> datetime:
        """The first moment, where the agency is."""
        return datetime(self.first.year, self.first.month, 1, tzinfo=ZONE)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime(self.after.year, self.after.month, 1, tzinfo=ZONE)

    @property
    def before(self) -> Period:
        """The period of the same kind before it."""
        day = self.first - timedelta(days=1)
        if "Q" in self.code:
            return Period.of(f"{day.year}-Q{(day.month + 2) // 3}")
        return Period.of(f"{day.year}" if len(self.code) == 4 else f"{day:%Y-%m}")

    def holds(self, day: str) -> bool:
        """Whether an ISO date lies in it; an empty one doesn't."""
        return self.first.isoformat() <= day[:10] < self.after.isoformat()


def latest(kind: str, today: date) -> str:
    """The last whole period of a kind (year, quarter, month), which is what one reports on."""
    if kind == "year":
        return str(today.year - 1)
    this = f"{today.year}-Q{(today.month + 2) // 3}" if kind == "quarter" else f"{today:%Y-%m}"
    return Period.of(this).before.code
