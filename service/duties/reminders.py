"""Reminders of what is due as a calendar that desktop programs subscribe to (RFC 5545, RFC 7986)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event

from gongkai.model.duties.clocks import Due
from gongkai.model.errors import UnknownYear
from gongkai.model.workdays import Workdays
from gongkai.service.casework.statistics import ZONE

#: Working days before the last day, and the hour, at which one is reminded.
AHEAD = (3, 1)
MORNING = timedelta(hours=9)
#: Before a moment.
SOON = (timedelta(hours=2), timedelta(minutes=30))
_REFRESH = timedelta(hours=12)
_LONGEST = 120
_SPACE = UUID("6f1f7a53-2c0e-5d0b-9a4e-0d6a2f2b7c11")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something due: `key` is the store's id, `title` the stored one, in which personal data is hidden."""

    key: str
    title: str
    due: Due


def feed(reminders: Iterable[Reminder], calendar: Workdays, name: str, now: datetime) -> bytes:
    """A calendar of all that has a last day; what has none is left out. `now` (with a zone) stamps the events."""
    told = Calendar()
    told.add("prodid", "-//gongkai//duties//ZH")
    told.add("version", "2.0")
    told.add("calscale", "GREGORIAN")
    told.add("method", "PUBLISH")
    told.add("name", _line(name))
    told.add("x-wr-calname", _line(name))
    told.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    for one in reminders:
        if one.due.last is not None:
            told.add_component(_event(one, one.due.last, calendar, now))
    return bytes(told.to_ical())


def uid(key: str, code: str) -> str:
    """The same for the same thing and term in every feed; it names neither."""
    return f"{uuid5(_SPACE, f'{code}/{key}')}@gongkai"


def _event(one: Reminder, last: date, calendar: Workdays, now: datetime) -> Event:
    event, moment = Event(), one.due.moment
    event.add("uid", uid(one.key, one.due.row.code))
    event.add("dtstamp", now.astimezone(UTC))
    if moment is None:
        event.add("dtstart", last)
        event.add("dtend", last + timedelta(days=1))
    else:
        event.add("dtstart", _utc(moment))
    event.add("summary", _summary(one))
    event.add("description", one.due.told)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for ahead in SOON if moment else _mornings(last, calendar):
        event.add_component(_alarm(-ahead, _summary(one)))
    return event


def _alarm(trigger: timedelta, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", trigger)
    return alarm


def _mornings(last: date, calendar: Workdays) -> Iterable[timedelta]:
    """How long before the last day begins the mornings of the working days ahead of it are."""
    for count in AHEAD:
        try:
            day = calendar.add(last, -count)
        except UnknownYear:
            day = last - timedelta(days=count)
        yield (last - day) - MORNING


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def _summary(one: Reminder) -> str:
    kind = "公示期满" if one.due.row.clock == "lasting" else "时限到期"
    return f"{kind}：{_line(one.title)[:_LONGEST] or '（无标题）'}"


def _line(words: str) -> str:
    return _CONTROL.sub(" ", words).strip()
