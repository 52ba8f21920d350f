"""The reminders' calendar: as RFC 5545 wants it, the same ids every time, no more than a title and a term."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from gongkai.model.duties.clocks import due
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties.reminders import Reminder, feed, uid

BOOK = Rulebook.load()
NOW = datetime(2026, 2, 1, 9, 30, tzinfo=ZONE)


def reminder(code: str, start: date | datetime, title: str = "关于某地块出让的批复", key: str = "7f3a") -> Reminder:
    return Reminder(key, title, due(code, start, BOOK))


def made(*reminders: Reminder) -> bytes:
    return feed(reminders, BOOK.workdays, "青禾县公开时限", NOW)


def events(*reminders: Reminder) -> list[Event]:
    return list(Calendar.from_ical(made(*reminders)).walk("VEVENT"))


LAND = reminder("D20", date(2026, 1, 30))
NEWS = reminder("H5", datetime(2026, 2, 17, 22, 30), "关于某事件的通报")


def test_a_day_is_an_event_of_that_day_with_alarms_on_the_mornings_of_working_days_before() -> None:
    (event,) = events(LAND)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 3, 5), date(2026, 3, 6))
    assert event["summary"] == "时限到期：关于某地块出让的批复"
    assert event["description"] == LAND.due.told
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert [datetime(2026, 3, 5) + alarm for alarm in alarms] == [datetime(2026, 3, 2, 9), datetime(2026, 3, 4, 9)]


def test_alarms_are_not_set_in_holidays() -> None:
    (event,) = events(reminder("D1", date(2026, 2, 14)))  # due on 2026-02-24, after nine days off
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert [datetime(2026, 2, 24) + alarm for alarm in alarms] == [datetime(2026, 2, 12, 9), datetime(2026, 2, 14, 9)]


def test_alarms_before_the_first_known_year_are_plain_days() -> None:
    (event,) = events(reminder("Y0131", date(2014, 6, 1)))  # due on 2015-01-31; 2015 has no notice
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [
        timedelta(days=-3, hours=9),
        timedelta(days=-1, hours=9),
    ]


def test_a_moment_is_told_in_universal_time() -> None:
    (event,) = events(NEWS)
    assert event.decoded("dtstart") == datetime(2026, 2, 17, 19, 30, tzinfo=UTC)
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(hours=-2), timedelta(minutes=-30)]


def test_a_notice_that_must_stay_is_called_so() -> None:
    (event,) = events(reminder("P7", date(2026, 6, 10)))
    assert event["summary"].startswith("公示期满：")


def test_what_has_no_last_day_is_left_out() -> None:
    assert events(reminder("SPECIAL", date(2026, 1, 1)), reminder("D20", date(2026, 12, 20))) == []


def test_ids_are_stable_differ_and_tell_nothing() -> None:
    first, second = events(LAND, NEWS), events(NEWS, LAND)
    assert [one["uid"] for one in first] == [one["uid"] for one in reversed(second)]
    assert len({uid(key, code) for key in ("7f3a", "7f3b") for code in ("D20", "D7")}) == 4
    assert uid("7f3a", "D20") == "df8b67c3-1ef3-5566-8b9d-bbd0e62dcf84@gongkai"
    assert not re.search("7f3a|D20", uid("7f3a", "D20"))


def test_the_bytes_are_as_the_standard_wants_them() -> None:
    found = made(LAND, NEWS, reminder("D7", date(2026, 2, 2), "长" * 300))
    lines = found.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert [line for line in lines if len(line) > 75 or b"\n" in line] == []
    for wanted in (b"VERSION:2.0", b"METHOD:PUBLISH", b"REFRESH-INTERVAL;VALUE=DURATION:PT12H"):
        assert lines.count(wanted) == 1
    for each in (b"DTSTAMP:20260201T013000Z", b"CLASS:PRIVATE", b"TRANSP:TRANSPARENT"):
        assert lines.count(each) == 3
    assert made(LAND, NEWS) == made(LAND, NEWS)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("甲\r\nATTENDEE:mailto:x@example.invalid", "甲 ATTENDEE:mailto:x@example.invalid"),
        ("甲，乙;丙,丁\\戊", "甲，乙;丙,丁\\戊"),
        ("甲\x00\x0b\u2028乙", "甲 乙"),
        ("END:VEVENT", "END:VEVENT"),
        ("  ", "（无标题）"),
        ("长" * 300, "长" * 120),
    ],
)
def test_a_title_stays_one_line_of_text(title: str, shown: str) -> None:
    (event,) = events(reminder("D20", date(2026, 1, 30), title))
    assert event["summary"] == f"时限到期：{shown}"
    assert "attendee" not in event


def test_no_property_holds_more_than_title_and_term() -> None:
    (event,) = events(LAND)
    told = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP"}
    assert set(event) == told


def test_an_empty_feed_is_a_calendar() -> None:
    assert Calendar.from_ical(made())["x-wr-calname"] == "青禾县公开时限"
