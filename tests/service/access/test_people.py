"""Users and units: made, changed, locked out; the tree stays one."""

from __future__ import annotations

import accounts
import pytest
from accounts import CIVIL, TOP, WATER, user_id

from gongkai.model.errors import RequestError
from gongkai.service.access import sessions, units, users
from gongkai.service.access.users import Person
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.store.tables import Unit, User

NEW = Person("chen.fang", "陈方", WATER, ("reviewer", "drafter"))


@pytest.fixture
def writing(app):
    with app.state.house.database.writing() as session:
        yield session


def test_add(writing, clock):
    user = users.add(writing, "me", NEW, "hash", clock())
    assert (user.login, user.roles, user.must_change, user.disabled) == (
        "chen.fang",
        ["drafter", "reviewer"],
        True,
        False,
    )


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"login": "x"}, RequestError),
        ({"login": "有中文"}, RequestError),
        ({"login": "a b"}, RequestError),
        ({"login": ".hidden"}, RequestError),
        ({"login": "DRAFTER"}, Conflicting),
        ({"name": " "}, RequestError),
        ({"name": "陈\0方"}, RequestError),
        ({"unit": "f" * 32}, NotFound),
        ({"unit": "\0"}, NotFound),
        ({"roles": ("king",)}, RequestError),
        ({"roles": ("admin",), "machine": True}, RequestError),
        ({"subject": "s" * 301}, Conflicting),
    ],
)
def test_refused(writing, clock, change, kind):
    from dataclasses import replace

    with pytest.raises(kind):
        users.add(writing, "me", replace(NEW, **change), "", clock())


def test_subject_belongs_to_one(writing, clock):
    from dataclasses import replace

    first = users.add(writing, "me", replace(NEW, subject="s-1"), "", clock())
    with pytest.raises(Conflicting):
        users.add(writing, "me", replace(NEW, login="other", subject="s-1"), "", clock())
    assert users.change(writing, "me", first.id, replace(NEW, subject="s-1"), clock()).subject == "s-1"


@pytest.mark.parametrize("act", ["disable", "demote"])
def test_last_administrator_stays(writing, clock, act):
    admin = writing.get(User, user_id("admin"))

    def gone():
        if act == "disable":
            users.disable(writing, "me", admin.id, clock())
        else:
            users.change(writing, "me", admin.id, Person("admin", admin.name, TOP, ("auditor",)), clock())

    with pytest.raises(Conflicting, match="最后一个系统管理员"):
        gone()
    users.add(writing, "me", Person("second-admin", "孙理", TOP, ("admin",)), "hash", clock())
    gone()
    assert admin.disabled or admin.roles == ["auditor"]


def test_disable_ends_sessions(app, clock):
    begun = accounts.begun(app, "drafter")
    with app.state.house.database.writing() as session:
        users.disable(session, "me", user_id("drafter"), clock())
        assert sessions.find(session, begun.cookie, clock()) is None
        users.enable(session, "me", user_id("drafter"), clock())
        assert sessions.find(session, begun.cookie, clock()) is None


def test_new_password_ends_other_sessions_and_unlocks(app, clock):
    kept, other = accounts.begun(app, "drafter"), accounts.begun(app, "drafter")
    with app.state.house.database.writing() as session:
        session.get(User, user_id("drafter")).failures = 9
        user = users.give_password(
            session, "me", user_id("drafter"), "hash", clock(), must_change=False, cookie=kept.cookie
        )
        assert [bool(sessions.find(session, one.cookie, clock())) for one in (kept, other)] == [True, False]
        assert (user.failures, user.password) == (0, "hash")


def test_machines_have_no_password(writing, clock):
    with pytest.raises(Conflicting):
        users.give_password(writing, "me", user_id("tool"), "hash", clock(), must_change=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"words": "一鸣"}, ["drafter"]),
        ({"words": "DRAFT"}, ["drafter"]),
        ({"words": "%"}, []),
        ({"words": "_"}, []),
        ({"words": "\0"}, sorted(accounts.USERS)),
        ({"role": "reviewer"}, ["reviewer", "second"]),
        ({"role": "king"}, []),
        ({"limit": 2}, ["admin", "auditor"]),
        ({"after": "privacy"}, ["reviewer", "second", "tool"]),
    ],
)
def test_listed(session, query, found):
    assert [user.login for user, _ in users.listed(session, **query)] == found


def test_invented_passwords():
    made = {users.invented() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        users.passwords.check(one, "drafter", "赵一鸣")


def test_what_administrators_do_is_noted(app, clock, noted):
    with app.state.house.database.writing() as session:
        code = users.add(session, "me", NEW, "hash", clock()).id
        users.change(session, "me", code, NEW, clock())
        users.change(session, "me", code, Person("x", "陈方", CIVIL, ("privacy",)), clock())
        users.disable(session, "me", code, clock())
        users.enable(session, "me", code, clock())
        users.unlock(session, "me", code, clock())
        users.give_password(session, "me", code, "hash", clock(), must_change=True)
    assert noted(code) == [
        "user-added",
        "user-changed",
        "user-disabled",
        "user-enabled",
        "user-unlocked",
        "password-set",
    ]


def tree(session):
    return [(units.depth(row), row.name) for row in units.listed(session)]


def test_units(writing, clock):
    section = units.add(writing, "me", "河道科", WATER, clock())
    assert section.path == f"{TOP}/{WATER}/{section.id}"
    units.change(writing, "me", WATER, "青禾县水利局", CIVIL, clock())
    assert section.path == f"{TOP}/{CIVIL}/{WATER}/{section.id}"
    assert tree(writing) == [(0, "青禾县人民政府办公室"), (1, "青禾县民政局"), (2, "青禾县水利局"), (3, "河道科")]
    units.change(writing, "me", section.id, "河道科", "", clock())
    assert section.path == section.id


@pytest.mark.parametrize(
    ("code", "name", "parent", "kind"),
    [
        (TOP, "青禾县", WATER, Conflicting),
        (WATER, "青禾县水务局", WATER, Conflicting),
        (WATER, "青禾县民政局", TOP, Conflicting),
        (WATER, "水", TOP, RequestError),
        (WATER, "水" * 101, TOP, RequestError),
        (WATER, "青禾县水务局", "f" * 32, NotFound),
        ("nothing", "青禾县水务局", TOP, NotFound),
    ],
)
def test_unit_refused(writing, clock, code, name, parent, kind):
    with pytest.raises(kind):
        units.change(writing, "me", code, name, parent, clock())


def test_same_name_elsewhere_is_fine(writing, clock):
    units.add(writing, "me", "办公室", WATER, clock())
    units.add(writing, "me", "办公室", CIVIL, clock())
    with pytest.raises(Conflicting):
        units.add(writing, "me", "办公室", CIVIL, clock())
    with pytest.raises(Conflicting, match="两个名为"):
        units.named(writing, "办公室")


def test_tree_has_a_depth(writing, clock):
    parent = TOP
    for level in range(2, units.DEEPEST + 1):
        parent = units.add(writing, "me", f"第{level}级", parent, clock()).id
    with pytest.raises(Conflicting):
        units.add(writing, "me", "再下级", parent, clock())
    with pytest.raises(Conflicting):
        units.change(writing, "me", writing.query(Unit).filter_by(name="第2级").one().id, "第2级", WATER, clock())
