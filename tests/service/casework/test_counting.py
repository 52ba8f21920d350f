"""Figures are counted once a minute for each reach and period."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import accounts
import pytest
from said import TEXT, said

from gongkai.service.casework import counting
from gongkai.service.casework.counting import FRESH, Counted
from gongkai.service.casework.keeping import keep
from gongkai.service.casework.statistics import counts
from gongkai.service.store import trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)


class Timer:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def timer():
    return Timer()


@pytest.fixture
def add(database):
    def one(login):
        with database.writing() as session:
            accounts.fill(session, AT)
            actor = accounts.actor(session, login)
            keep(session, Vault(bytes(32)), actor, said(), text=TEXT, origin="api", at=AT)

    return one


def total(database, counted, login, since=None, at=AT):
    with database.reading() as session:
        figures = counted.of(session, accounts.actor(session, login), since, None, at=at)
        return figures.found["total"], figures.at


def test_nothing_but_its_age_makes_it_old(database, add, timer):
    add("drafter")
    counted, later = Counted(timer), AT + DAY
    assert total(database, counted, "office") == (1, AT)
    add("neighbour")
    timer.now += FRESH - 0.1
    assert total(database, counted, "auditor", at=later) == (1, AT)  # the same reach: everything
    timer.now += 0.2
    assert total(database, counted, "office", at=later) == (2, later)


def test_while_nothing_is_added_they_are_counted_once_and_exact_ones_at_once(database, add, timer, monkeypatch):
    calls = []
    monkeypatch.setattr(counting, "counts", lambda *given: calls.append(1) or counts(*given))
    add("drafter")
    counted, later = Counted(timer), AT + DAY
    assert total(database, counted, "office") == (1, AT)
    timer.now += 2 * FRESH
    with database.writing() as session:
        trail.append(session, "x", "see", "document", "y", at=AT)
    assert total(database, counted, "office", at=later) == (1, later)
    assert calls == [1]
    add("neighbour")
    with database.reading() as session:
        office = accounts.actor(session, "office")
        assert counted.of(session, office, None, None, at=later, exact=True).found["total"] == 2


def test_each_reach_and_period_has_its_own(database, add, timer):
    add("drafter")
    add("neighbour")
    counted = Counted(timer)
    logins = ("office", "reviewer", "drafter", "neighbour", "admin")
    found = {login: total(database, counted, login)[0] for login in logins}
    assert found == {"office": 2, "reviewer": 1, "drafter": 1, "neighbour": 1, "admin": 0}
    assert total(database, counted, "office", since=AT + DAY)[0] == 0


def test_who_asks_at_the_same_time_waits_for_one(monkeypatch, timer):
    begun, over, calls = threading.Event(), threading.Event(), []

    def slow(*_):
        calls.append(1)
        begun.set()
        assert over.wait(60)
        return {"total": 1}

    monkeypatch.setattr(counting, "counts", slow)
    monkeypatch.setattr(counting, "standing", lambda _: "")
    monkeypatch.setattr(counting, "_key", lambda *_: ("all",))
    counted = Counted(timer)
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(counted.of, None, None, None, None, at=AT) for _ in range(4)]
        assert begun.wait(60)
        over.set()
        assert [one.result(60).found for one in waiting] == [{"total": 1}] * 4
    assert calls == [1]


def test_it_keeps_no_more_than_so_many(monkeypatch, timer):
    monkeypatch.setattr(counting, "_MOST", 3)
    monkeypatch.setattr(counting, "counts", lambda session, *_: {"total": session})
    monkeypatch.setattr(counting, "standing", lambda _: "")
    monkeypatch.setattr(counting, "_key", lambda actor, *_: (actor,))
    counted = Counted(timer)
    for number, actor in enumerate("abcda"):
        assert counted.of(number, actor, None, None, at=AT).found == {"total": number}  # each was counted anew
    assert counted.of(9, "d", None, None, at=AT).found == {"total": 3}
