"""What withheld and deferred items wait for (awaiting.toml), and when they are looked at again."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from gongkai.model.duties.conversion import Awaited
from gongkai.service.rules import owntables


def awaiting(session: Session) -> tuple[Awaited, ...]:
    """The rows in their order, or of the agency's own; the last one fits whatever no other does."""
    return owntables.rows(session, "afterwards/awaiting.toml", Awaited)


def named(session: Session, code: str) -> str:
    """What it is called; the code itself where no row has it, as people may have written their own words."""
    return next((row.name for row in awaiting(session) if row.code == code), code)


def later(day: date, months: int) -> date:
    """So many months after a day, no later than the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
