"""The commands audit, backup, restore and database, as an administrator types them."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime

import pytest

from gongkai.service.cli import main
from gongkai.service.store import trail
from gongkai.service.store.database import Database

AT = datetime(2026, 5, 6, tzinfo=UTC)


@pytest.fixture
def type_in(capsys, monkeypatch, tmp_path, database_url):
    """Run a command on one database, or on another one; exit code and what it said."""
    monkeypatch.setenv("GONGKAI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GONGKAI_DATABASE", database_url)

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, (said.out + said.err).strip()

    return call


def _entries(url, number):
    database = Database.open(url)
    with database.writing() as session:
        for _ in range(number):
            trail.append(session, "u", "see", "document", "1", at=AT)
        trail.seal(session)
        head = trail.head(session)
    database.close()
    return "{}:{}".format(*head)


def test_the_tables_are_made_and_told(type_in, database_url):
    code, said = type_in("database", "status")
    empty = "还没有数据库" if database_url.startswith("sqlite") else "表结构是版本 （空），需要"
    assert (code, empty in said) == (1, True)
    assert type_in("database", "upgrade") == type_in("database", "status")
    code, said = type_in("database", "status")
    assert (code, said.startswith("表结构是最新的（版本 ")) == (0, True)


def test_a_whole_trail_is_told_with_its_end(type_in, database_url):
    mark = _entries(database_url, 3)
    code, said = type_in("audit", "verify")
    assert (code, f"共 3 条。末条 {mark}，" in said) == (0, True)
    _entries(database_url, 1)
    assert type_in("audit", "verify", "--expect", mark)[0] == 0


@pytest.mark.parametrize("mark", ["3:" + "0" * 64, "9:" + "a" * 64])
def test_a_trail_that_does_not_fit_the_mark_is_told(type_in, database_url, mark):
    _entries(database_url, 3)
    code, said = type_in("audit", "verify", "--expect", mark)
    assert (code, f"第 {mark[0]} 号留痕与记下的校验值不符" in said, "共 1 处" in said) == (1, True, True)


@pytest.mark.parametrize("mark", ["3", "x:" + "0" * 64, "3:abc"])
def test_a_mark_that_is_none_is_refused(type_in, mark, capsys):
    with pytest.raises(SystemExit) as caught:
        type_in("audit", "verify", "--expect", mark)
    assert caught.value.code == 2
    assert "序号:校验值" in capsys.readouterr().err


def test_a_changed_trail_is_told(type_in, tmp_path, monkeypatch):
    place = tmp_path / "a.db"
    monkeypatch.setenv("GONGKAI_DATABASE", f"sqlite:///{place}")
    _entries(f"sqlite:///{place}", 30)
    connection = sqlite3.connect(place)
    connection.executescript("DROP TRIGGER trail_no_update; UPDATE trail SET actor = 'x';")
    connection.close()
    code, said = type_in("audit", "verify")
    assert code == 1
    assert said.count("的内容被改动过") == 20
    assert "留痕不完整：共 30 处" in said


def test_from_backup_to_restored(type_in, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("GONGKAI_KEY", base64.b64encode(bytes(32)).decode())
    _entries(database_url, 2)
    code, said = type_in("backup", tmp_path / "b.zip")
    assert (code, "已备份 3 行" in said) == (0, True)
    code, said = type_in("restore", tmp_path / "b.zip")
    assert (code, "已经有内容" in said) == (1, True)
    monkeypatch.setenv("GONGKAI_DATABASE", f"sqlite:///{tmp_path / 'new.db'}")
    code, said = type_in("restore", tmp_path / "b.zip")
    assert (code, "已恢复 3 行" in said, "密钥" in said) == (0, True, False)
    assert "共 4 条" in type_in("audit", "verify")[1]


def test_another_key_is_warned_of(type_in, database_url, tmp_path, monkeypatch):
    _entries(database_url, 1)
    type_in("backup", tmp_path / "b.zip")
    monkeypatch.setenv("GONGKAI_DATABASE", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("GONGKAI_KEY", "ab" * 32)
    assert "不是备份时的密钥" in type_in("restore", tmp_path / "b.zip")[1]
