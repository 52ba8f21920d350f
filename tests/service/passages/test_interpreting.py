"""解读 of what was published: covered, owed by the unit that drafted it, late."""

from __future__ import annotations

from datetime import date, timedelta

from accounts import actor
from walking import AGREE, DAY, OPEN, POLICY, RELEASE, RULES, SIGNED, Walk

from gongkai.service.passages.interpreting import coverage, last_day

PUBLISHED = (
    *SIGNED,
    ("reviewer", "first", AGREE),
    ("second", "second", AGREE),
    ("office", "final", AGREE),
    ("second", "release", RELEASE),
    ("drafter", "publish", {"day": DAY, "channel": "门户"}),
)


def _told(database, today, login="drafter"):
    with database.reading() as session:
        return coverage(session, actor(session, login), RULES, today)


def test_what_is_public_is_interpreted_or_owed(database):
    walks = [Walk(database) for _ in range(4)]
    for walk, form in zip(walks, (POLICY, POLICY, OPEN, POLICY), strict=True):
        walk.form(form)
        walk.through(*(PUBLISHED if walk is not walks[3] else SIGNED))
    walks[0].take("drafter", "interpret", day=DAY, channel="门户")
    told = _told(database, date(2026, 5, 12))
    assert (told.policies, told.interpreted, told.timely) == (2, 1, 1)
    assert [(one.document, one.unit, one.last, one.late) for one in told.owed] == [
        (walks[1].id, "青禾县水务局", "2026-05-09", 3)
    ]
    walks[1].at += timedelta(days=6)
    walks[1].take("drafter", "interpret", day="2026-05-12", channel="门户")
    told = _told(database, date(2026, 5, 12))
    assert (told.interpreted, told.timely, told.owed) == (2, 1, ())
    assert _told(database, date(2026, 5, 12), "neighbour").policies == 0


def test_the_last_day_counts_made_up_days():
    assert [last_day(date(2026, 5, 6), RULES), last_day(date(2026, 9, 30), RULES)] == ["2026-05-09", "2026-10-10"]
