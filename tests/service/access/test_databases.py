"""The same accounts on SQLite and on PostgreSQL, also when several people act at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import accounts
import pytest
from accounts import CIVIL, PASSWORD, TOP, WATER, user_id

from gongkai.model.errors import GongkaiError
from gongkai.service.access import beginning, keys, sessions, units, users
from gongkai.service.access.entering import Strangers, sign_in
from gongkai.service.access.users import Person
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Login, User
from gongkai.service.store.trail import verified


@pytest.fixture
def house(database, tmp_path, clock):
    return House(Settings(data=tmp_path / "data"), database, None, None, None, clock)


@pytest.fixture
def filled(house):
    with house.database.writing() as session:
        accounts.fill(session, house.clock())
    return house


def test_sign_in_and_out(filled, clock):
    begun = sign_in(filled, Strangers(), "drafter", PASSWORD)
    with filled.database.reading() as session:
        login, user, unit = sessions.find(session, begun.cookie, clock())
        assert (login.csrf, user.login, unit.id) == (begun.csrf, "drafter", WATER)
    with filled.database.writing() as session:
        sessions.end(session, begun.cookie)
        assert sessions.find(session, begun.cookie, clock()) is None


def test_parallel_guesses_are_all_counted(filled):
    strangers = Strangers()

    def guess(n):
        try:
            sign_in(filled, strangers, "drafter", f"guess {n}")
        except GongkaiError as refused:
            return guess(n) if refused.slug == "busy" else refused.slug  # nothing was tried or counted
        return "in"

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(guess, range(12)))
    assert sorted(set(said)) == ["not-signed-in", "too-often"]
    with filled.database.reading() as session:
        user = session.get(User, user_id("drafter"))
        assert user.failures == said.count("not-signed-in")
        assert user.locked_until is not None


def test_two_administrators_cannot_disable_each_other_at_once(filled, clock):
    with filled.database.writing() as session:
        other = users.add(session, "me", Person("admin2", "孙理", TOP, ("admin",)), "hash", clock()).id
    ready = Barrier(2)

    def disable(code):
        with filled.database.reading() as session:
            users.one(session, code)
        ready.wait(60)
        try:
            with filled.database.writing() as session:
                return users.disable(session, "me", code, clock()).disabled
        except GongkaiError:
            return False

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(disable, (user_id("admin"), other))) == [False, True]


def test_keys(filled, clock):
    with filled.database.writing() as session:
        user = users.one(session, user_id("tool"))
        _, text = keys.issue(session, user, "系统", ["suggest"], clock(), None)
    with filled.database.reading() as session:
        assert keys.find(session, text, clock())[0].actions == {"suggest"}
        assert keys.find(session, text[:-1] + "~", clock()) is None


def test_move_a_tree(filled, clock):
    with filled.database.writing() as session:
        section = units.add(session, "me", "河道科", WATER, clock()).id
        units.change(session, "me", WATER, "青禾县水务局", CIVIL, clock())
    with filled.database.reading() as session:
        assert units.unit(session, section).path == f"{TOP}/{CIVIL}/{WATER}/{section}"


@pytest.mark.parametrize("code", ["\0", "%00", "'; DROP TABLE user; --", "x" * 500, "é" * 32])
def test_what_is_no_id_is_not_found(filled, code):
    with filled.database.reading() as session:
        for find in (users.one, units.unit, keys.revoke):
            with pytest.raises(NotFound):
                find(session, code)


def test_words_of_any_kind(filled):
    with filled.database.reading() as session:
        for words in ("\0", "%", "'", "\\", "\ud800", "赵"):
            assert len(users.listed(session, words=words)) in (0, 1, len(accounts.USERS))


def test_one_first_administrator(house):
    code = beginning.invitation(house)

    def begin(n):
        try:
            person = Person(f"admin{n}", "吴守真", "", ())
            return beginning.begin(house, code, "青禾县人民政府", person, PASSWORD).cookie
        except GongkaiError:
            return ""

    with ThreadPoolExecutor(4) as threads:
        assert sum(map(bool, threads.map(begin, range(4)))) == 1
    with house.database.reading() as session:
        assert [user.roles for user in session.query(User)] == [["admin"]]
        assert session.query(Login).count() == 1
        assert list(verified(session)) == []
