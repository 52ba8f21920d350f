"""Versions in a database of each kind: drafted, edited, put into force, left again."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import accounts
import pytest
from sqlalchemy import select

from gongkai.model.errors import RequestError
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.rules import versions
from gongkai.service.rules.folders import packed, unpacked, written
from gongkai.service.rules.memory import digest, shipped
from gongkai.service.settings import Settings
from gongkai.service.store.tables import RulebookVersion, Trail

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
SETTINGS = Settings()


@cache
def changed(weight="0.7"):
    return shipped() | {"law.toml": shipped()["law.toml"].replace("weight = 0.6", f"weight = {weight}", 1)}


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


@pytest.fixture
def office(session):
    return accounts.actor(session, "office")


def test_nothing_saved_means_what_ships(session):
    found = versions.history(session, SETTINGS)
    assert [(one.number, one.active, one.editable) for one in found] == [(0, True, False)]
    assert versions.in_force(session, SETTINGS).files == shipped()


def test_a_draft_is_edited_put_into_force_and_left(session, office):
    number = versions.draft(session, office, shipped(), "收紧口径", at=AT)
    seen = versions.version(session, SETTINGS, number)
    assert (number, seen.editable, seen.note, seen.by) == (1, True, "收紧口径", "周正言")
    versions.save(session, office, number, seen.digest, changed(), at=AT)
    versions.put_in_force(session, office, SETTINGS, number, at=AT)
    found = versions.in_force(session, SETTINGS)
    assert (found.number, found.digest, found.editable) == (1, digest(changed()), False)
    versions.put_in_force(session, office, SETTINGS, 0, at=AT)
    assert versions.in_force(session, SETTINGS).number == 0


def test_what_was_in_force_stays_as_it_was(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        office = accounts.actor(session, "office")
        versions.draft(session, office, shipped(), "", at=AT)
        versions.put_in_force(session, office, SETTINGS, 1, at=AT)
        versions.put_in_force(session, office, SETTINGS, 0, at=AT)
    with database.writing() as session:
        with pytest.raises(Conflicting):
            versions.save(session, office, 1, digest(shipped()), changed(), at=AT)
        with pytest.raises(Conflicting):
            versions.discard(session, office, 1, at=AT)
        assert [(one.number, one.used) for one in versions.history(session, SETTINGS)] == [(1, True), (0, True)]
    with database.reading() as session:
        told = session.execute(select(Trail.action, Trail.actor, Trail.detail).order_by(Trail.seq)).all()
        assert [row.action for row in told] == ["draft", "activate", "activate"]
        assert {row.actor for row in told} == {office.user}
        assert told[1].detail == {"number": 1, "digest": digest(shipped())}


def test_only_one_is_in_force(session, office):
    for _ in range(3):
        versions.draft(session, office, changed(), "", at=AT)
    for number in (3, 1, 2):
        versions.put_in_force(session, office, SETTINGS, number, at=AT)
        active = session.scalars(select(RulebookVersion.number).where(RulebookVersion.active)).all()
        assert active == [number]


def test_somebody_else_saved_meanwhile(session, office):
    versions.draft(session, office, shipped(), "", at=AT)
    versions.save(session, office, 1, digest(shipped()), changed(), at=AT)
    with pytest.raises(Outdated, match="刚被别人改过"):
        versions.save(session, office, 1, digest(shipped()), changed("0.9"), at=AT)
    assert versions.version(session, SETTINGS, 1).files == changed()


def test_a_draft_is_given_up(session, office):
    versions.draft(session, office, shipped(), "", at=AT)
    versions.rename(session, office, 1, " 新的说明 ", at=AT)
    assert versions.version(session, SETTINGS, 1).note == "新的说明"
    versions.discard(session, office, 1, at=AT)
    for gone in (1, 2**63):
        with pytest.raises(NotFound):
            versions.version(session, SETTINGS, gone)


def test_wrong_tables_from_outside_are_refused():
    with pytest.raises(RequestError, match=r"law.toml 第 14 行weight 类型不对"):
        versions.checked(changed('"多"'), SETTINGS)
    versions.checked(changed(), SETTINGS)


def test_out_as_a_zip_and_in_again(tmp_path):
    assert packed(changed()) == packed(changed())
    assert unpacked([("版本.ZIP", packed(changed()))], shipped()) == changed()
    one = unpacked(
        [("C:\\规则\\law.toml", b"\xef\xbb\xbf" + changed()["law.toml"].replace("\n", "\r\n").encode())], shipped()
    )
    assert one == changed()
    written(changed(), tmp_path / "规则")
    assert shipped(tmp_path / "规则") == changed()


@pytest.mark.parametrize(
    ("uploads", "why"),
    [
        ([], "没有可以导入"),
        ([("x.zip", b"PK")], "压缩包读不出来"),
        ([("../../passwd", b"")], "不认识规则表文件"),
        ([("law.toml", b"\xff\xfe")], "不是 UTF-8"),
        ([("law.toml", b"#" * (1024 * 1024 + 1))], "超过 1 MB"),
    ],
)
def test_what_cannot_be_brought_in(uploads, why):
    with pytest.raises(RequestError, match=why):
        unpacked(uploads, shipped())


def test_a_version_from_before_a_table_came_has_the_shipped_one(session, office):
    before = {file: text for file, text in shipped().items() if file != "consulting.toml"}
    number = versions.draft(session, office, before, "旧", at=AT)
    assert versions.version(session, SETTINGS, number).files == shipped()
