"""Days as people type them: from the morning of one to the end of another, where the agency is."""

from __future__ import annotations

from datetime import datetime, timedelta

from gongkai.model.errors import RequestError
from gongkai.service.casework.statistics import ZONE

#: The first morning of our era has no time in UTC.
EARLIEST = datetime(1900, 1, 1, tzinfo=ZONE)


def day(written: str) -> datetime | None:
    """The beginning of a day (2026-03-31), nothing for no day. Raises RequestError."""
    if not written:
        return None
    try:
        found = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=ZONE)
        return max(found, EARLIEST)
    except ValueError as error:
        raise RequestError("日期应当写成 2026-03-31 这样，请改正。") from error


def end(written: str) -> datetime | None:
    """The end of a day."""
    found = day(written)
    return found + timedelta(days=1) if found and found.year < 9999 else found
