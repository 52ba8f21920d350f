"""Retention: what goes and when, what never goes, and a clock that leaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
import pytest
from said import TEXT, said
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep, text_of
from gongkai.service.store import trail
from gongkai.service.store.retention import days, set_days, sweep, terms
from gongkai.service.store.tables import Blob, Decided, Job, Kept, Login, Once, Trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)
VAULT = Vault(b"k" * 32, keep_text=True)
RULES = Rulebook.load()


@pytest.fixture
def filled(database):
    """One of everything, made at AT."""
    with database.writing() as session:
        accounts.fill(session, AT)
        actor = accounts.actor(session, "drafter")
        document = keep(session, VAULT, actor, said(), text=TEXT, origin="api", at=AT)
        decide(session, RULES, actor, document, Given("proactive"), at=AT)
        who = {"owner": actor.user, "unit": actor.unit_id}
        for state in ("done", "failed", "cancelled", "waiting", "running"):
            job = Job(kind="check", order={}, state=state, created=AT, changed=AT, **who)
            session.add(job)
            session.flush()
            VAULT.put(session, "job-in", job.id, b"file", at=AT)
        VAULT.put(session, "redaction", "1", b"copy", at=AT, expires=AT + timedelta(hours=1))
        session.add(Login(id="1", user=actor.user, csrf="", created=AT, seen=AT, expires=AT + timedelta(hours=10)))
        session.add(Once(actor="a", key="k", request="r", created=AT))
        sweep(session, AT)
    return database


def _steadily(database, until, step=DAY):
    """Sweep day by day, as a server that runs on; what was removed in all."""
    removed, at = {}, AT
    while at < AT + until:
        at += step
        with database.writing() as session:
            for kind, count in sweep(session, at).items():
                removed[kind] = removed.get(kind, 0) + count
    return removed


def _count(database, table, *where):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where))


@pytest.mark.parametrize(
    ("time", "removed"),
    [
        (DAY, {"expired": 1}),
        (3 * DAY, {"expired": 1, "once": 1}),
        (9 * DAY, {"expired": 1, "once": 1, "login": 1}),
        (31 * DAY, {"expired": 1, "once": 1, "login": 1, "job": 3}),
        (181 * DAY, {"expired": 1, "once": 1, "login": 1, "job": 3, "text": 1}),
    ],
)
def test_each_kind_goes_when_its_days_are_over(filled, time, removed):
    assert _steadily(filled, time, 2 * DAY if time > 10 * DAY else DAY) == removed


def test_what_stays_for_good(filled):
    before = _count(filled, Trail)
    _steadily(filled, 400 * DAY, 3 * DAY)
    assert [_count(filled, table) for table in (Kept, Decided)] == [1, 1]
    assert _count(filled, Job, Job.state.in_(("waiting", "running"))) == 2
    assert _count(filled, Blob, Blob.kind == "job-in") == 2
    assert _count(filled, Trail) > before
    with filled.reading() as session:
        assert list(trail.verified(session)) == []
        assert text_of(session, VAULT, session.scalar(select(Kept))) is None


def test_what_was_removed_is_told_in_counts(filled):
    _steadily(filled, 3 * DAY)
    with filled.reading() as session:
        told = session.scalars(select(Trail).where(Trail.action == "sweep").order_by(Trail.seq)).all()
    assert [(one.actor, one.detail) for one in told] == [("system", {"expired": 1}), ("system", {"once": 1})]


@pytest.mark.parametrize("leap", [4 * DAY, 4000 * DAY, -9 * DAY, -4000 * DAY])
def test_a_clock_that_leaps_removes_nothing_until_it_ran_evenly(filled, leap):
    hour = timedelta(hours=1)
    with filled.writing() as session:
        assert sweep(session, AT + leap) == {}
        for hours in range(1, 23):
            assert sweep(session, AT + leap + hours * hour) == {}
        assert sweep(session, AT + 2 * hour) == {}
    assert _count(filled, Blob, Blob.kind == "text") == 1
    assert _steadily(filled, 4 * DAY, 6 * hour) == {"expired": 1, "once": 1}


def test_days_that_an_administrator_set(filled):
    with filled.writing() as session:
        set_days(session, "u", "text", 2, at=AT)
        set_days(session, "u", "job", 3, at=AT)
        assert days(session) == {"text": 2, "job": 3, "login": 7, "once": 2}
    assert _steadily(filled, 4 * DAY) == {"expired": 1, "once": 1, "text": 1, "job": 3}
    with filled.reading() as session:
        noted = session.scalars(select(Trail).where(Trail.action == "retention").order_by(Trail.seq)).all()
    assert [(one.object, one.detail) for one in noted] == [
        ("text", {"before": 180, "days": 2}),
        ("job", {"before": 30, "days": 3}),
    ]


@pytest.mark.parametrize(("code", "count", "words"), [("trail", 3, "没有名为"), ("text", 0, "1 到 3650 天")])
def test_other_days_are_refused(database, code, count, words):
    with pytest.raises(RequestError, match=words), database.writing() as session:
        set_days(session, "u", code, count, at=AT)


def test_every_row_of_the_table_says_why():
    assert all(term.least <= term.days <= term.most and term.basis and term.why for term in terms().values())
