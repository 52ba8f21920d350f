"""Small tables beside the code: all are listed; an agency's own version holds, is refused when wrong, is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import accounts
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.afterwards.awaiting import awaiting
from gongkai.service.afterwards.topicrules import rules
from gongkai.service.errors import Conflicting, Outdated
from gongkai.service.passages.indexing import agencies
from gongkai.service.rules.owntables import checked, companions, differences, save, standing, undo
from gongkai.service.store.database import Database

AT = datetime(2026, 4, 28, 2, tzinfo=UTC)
KNOWN = {one.file: one for one in companions()}
TOPICS, AGENCIES, WAITS = (
    KNOWN[file] for file in ("afterwards/topics.toml", "passages/agencies.toml", "afterwards/awaiting.toml")
)


@pytest.fixture
def session():
    database = Database.open("sqlite://")
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened
    database.close()


def test_every_table_beside_the_code_is_listed():
    home = Path(str(resources.files("gongkai.service")))
    assert sorted(KNOWN) == sorted(path.relative_to(home).as_posix() for path in home.rglob("*.toml"))
    assert [one.file for one in companions() if one.editable] == [AGENCIES.file, WAITS.file, TOPICS.file]
    assert all(checked(one, one.shipped) == one.shipped for one in companions() if one.editable)


def test_an_agencys_own_holds_and_is_taken_back_step_by_step(session):
    office = accounts.actor(session, "office")
    assert (rules(session).many, standing(session, TOPICS).version) == (3, 0)
    for number, many in enumerate((5, 7)):
        text = TOPICS.shipped.replace("many = 3", f"many = {many}")
        save(session, office, TOPICS, text.replace("\n", "\r\n"), number, at=AT)
        assert rules(session).many == many
    assert differences(TOPICS.shipped, standing(session, TOPICS).text) == (("-", "many = 3"), ("+", "many = 7"))
    with pytest.raises(Outdated):
        save(session, office, TOPICS, TOPICS.shipped, 1, at=AT)
    for number, many in ((2, 5), (3, 3)):
        undo(session, office, TOPICS, number, at=AT)
        assert rules(session).many == many
    own = standing(session, TOPICS)
    assert (own.version, own.undoable, own.text) == (4, False, TOPICS.shipped)
    with pytest.raises(Conflicting):
        undo(session, office, TOPICS, 4, at=AT)
    session.flush()


def test_codes_and_months_of_an_agency(session):
    office = accounts.actor(session, "office")
    code = '[[agency]]\ncode = "12345678X"\nunit = "青禾县水务局"\n'
    save(session, office, AGENCIES, AGENCIES.shipped + code, 0, at=AT)
    assert [row.code for row in agencies(session)] == ["000000000", "12345678X"]
    before = awaiting(session)[0].months
    text = WAITS.shipped.replace(f"months = {before}", f"months = {before - 1}", 1)
    save(session, office, WAITS, text, 0, at=AT)
    assert awaiting(session)[0].months == before - 1


@pytest.mark.parametrize(
    ("table", "text", "says"),
    [
        (TOPICS, "", "至少一行"),
        (TOPICS, TOPICS.shipped.replace("many = 3", "many = 0"), "many 应当大于 1"),
        (TOPICS, TOPICS.shipped.replace("many = 3", "many = 三"), "TOML"),
        (TOPICS, TOPICS.shipped.replace("[[rule]]", "[[rule]]\nwhat = 1"), "what"),
        (AGENCIES, '[[agency]]\ncode = "1"\nunit = ""\n', "9位"),
        (WAITS, WAITS.shipped.replace('code = "decision"', 'code = "other"', 1), "不能删去代码"),
        (KNOWN["passages/states.toml"], "", "不能在网页上改"),
    ],
)
def test_what_is_wrong_is_not_put_in_force(table, text, says):
    with pytest.raises(RequestError, match=says):
        checked(table, text)
