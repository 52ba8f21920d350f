"""Sign-in: what it gives, what it refuses, and how lock-out grows."""

from __future__ import annotations

import accounts
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.access import entering, passwords
from gongkai.service.access.entering import Strangers, locked_until, sign_in, wait
from gongkai.service.errors import NotSignedIn, TooOften
from gongkai.service.store.tables import Login, User


@pytest.fixture
def enter(app):
    house, strangers = app.state.house, Strangers()

    def entered(login, password=accounts.PASSWORD, cookie=""):
        return sign_in(house, strangers, login, password, cookie)

    return entered


def refused(act, *given):
    """Seconds to wait, 0 for a wrong password."""
    with pytest.raises((NotSignedIn, TooOften)) as error:
        act(*given)
    return error.value.after


@pytest.mark.parametrize("login", ["drafter", " Drafter ", "DRAFTER"])
def test_login(enter, session, login):
    begun = enter(login)
    row = session.query(Login).one()
    assert (row.user, row.csrf) == (accounts.user_id("drafter"), begun.csrf)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("drafter", "wrong"),
        ("nobody", accounts.PASSWORD),
        ("tool", ""),
        ("tool", accounts.PASSWORD),
        ("", ""),
        ("dra\0fter", "x"),
        ("drafter", accounts.PASSWORD + "x"),
    ],
)
def test_refused_alike(enter, session, login, password):
    with pytest.raises(NotSignedIn) as error:
        enter(login, password)
    assert error.value.message == entering.WRONG
    assert session.query(Login).count() == 0


def test_disabled(app, enter):
    with app.state.house.database.writing() as session:
        session.get(User, accounts.user_id("drafter")).disabled = True
    with pytest.raises(NotSignedIn, match="登录名或者口令不对"):
        enter("drafter")


def test_sign_in_ends_the_session_that_the_browser_had(enter, session):
    first = enter("drafter")
    second = enter("drafter", cookie=first.cookie)
    assert first.cookie != second.cookie
    assert session.query(Login).count() == 1


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (4, None), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (10_000, 60)],
)
def test_locks_grow(clock, failures, minutes):
    until = locked_until(failures, clock())
    assert minutes == (None if until is None else (until - clock()).total_seconds() / 60)


@pytest.mark.parametrize("login", ["drafter", "nobody"])
def test_lock_out_is_alike_for_logins_that_do_not_exist(enter, clock, login):
    waits = [refused(enter, login, "wrong") for _ in range(5)]
    assert waits == [0] * 5
    assert refused(enter, login, "wrong") == 61
    assert refused(enter, login, accounts.PASSWORD) == 61
    clock.move(seconds=60)
    assert refused(enter, login, "wrong") == 0
    assert refused(enter, login, "wrong") == 121
    clock.move(seconds=121)
    assert refused(enter, login, "wrong") == 0
    assert refused(enter, login, "wrong") == 241


def test_success_forgets_failures(enter, session, clock):
    for _ in range(4):
        refused(enter, "drafter", "wrong")
    enter("drafter")
    user = session.get(User, accounts.user_id("drafter"))
    assert (user.failures, user.locked_until) == (0, None)


def test_others_are_not_locked(enter):
    for _ in range(6):
        refused(enter, "drafter", "wrong")
    assert enter("reviewer").cookie


def test_a_try_counts_before_its_password_is_checked(app, enter, monkeypatch):
    counts = []

    def looking(kept, password):
        with app.state.house.database.reading() as session:
            counts.append(session.get(User, accounts.user_id("drafter")).failures)
        return False

    monkeypatch.setattr(passwords, "matches", looking)
    for _ in range(3):
        refused(enter, "drafter", "guess")
    assert counts == [1, 2, 3]


@pytest.mark.parametrize(("hours", "seconds"), [(-48, 3601), (0, 61)])
def test_a_clock_that_jumps_back_locks_no_longer_than_an_hour(enter, clock, hours, seconds):
    for _ in range(5):
        refused(enter, "drafter", "wrong")
    clock.move(hours=hours)
    assert refused(enter, "drafter") == seconds


def test_wait(clock):
    assert [wait(None, clock()), wait(clock(), clock())] == [0, 0]


def test_trail(enter, noted):
    enter("drafter")
    refused(enter, "drafter", "wrong")
    refused(enter, "secret that was typed into the wrong field", "wrong")
    assert noted(accounts.user_id("drafter")) == ["sign-in", "sign-in-failed"]
    assert noted("unknown") == ["sign-in-failed"]


def test_older_hash_is_renewed(app, enter, session, monkeypatch):
    from argon2 import PasswordHasher

    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", stronger)
    assert enter("drafter").cookie
    assert enter("drafter").cookie
    kept = session.get(User, accounts.user_id("drafter")).password
    assert kept.startswith("$argon2id$v=19$m=16,t=2,p=1$")


def test_check_own(app, session):
    house, user = app.state.house, accounts.user_id("drafter")
    entering.check_own(house, user, accounts.PASSWORD)
    for _ in range(5):
        with pytest.raises(RequestError, match="现在的口令不对"):
            entering.check_own(house, user, "wrong")
    assert refused(entering.check_own, house, user, accounts.PASSWORD) == 61


def test_strangers_have_an_end(clock, monkeypatch):
    monkeypatch.setattr(entering, "MOST", 2)
    strangers = Strangers()
    for name in "abc":
        strangers.charge(name, clock())
    assert list(strangers._held) == ["b", "c"]
