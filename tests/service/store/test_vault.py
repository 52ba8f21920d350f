"""The vault: sealed under one key, bound to owner, kind and role."""

from __future__ import annotations

import base64
import stat
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from gongkai.model.errors import RequestError
from gongkai.service.errors import StoreError
from gongkai.service.settings import Settings
from gongkai.service.store.keys import key_of
from gongkai.service.store.tables import Blob
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
KEY = bytes(range(32))
VAULT = Vault(KEY)


def _put(database, data=b"one", at=AT, **more):
    with database.writing() as session:
        return VAULT.put(session, more.pop("kind", "text"), more.pop("owner", "1"), data, at=at, **more)


def _get(database, vault=VAULT, kind="text", owner="1", role=""):
    with database.reading() as session:
        return vault.get(session, kind, owner, role)


def test_the_newest_bytes_come_back(database):
    _put(database, "赵一鸣".encode())
    _put(database, b"newer", at=AT + timedelta(seconds=1))
    _put(database, b"other role", at=AT + timedelta(seconds=2), role="page")
    assert [_get(database), _get(database, role="page"), _get(database, owner="2")] == [b"newer", b"other role", None]


def test_nothing_can_be_read_in_the_database(database):
    _put(database, "赵一鸣".encode())
    _put(database, "赵一鸣".encode(), owner="2")
    with database.reading() as session:
        one, two = session.scalars(select(Blob.sealed)).all()
    assert "赵一鸣".encode() not in one
    assert one != two


@pytest.mark.parametrize("change", [{"owner": "2"}, {"role": "page"}, {"kind": "job-in"}])
def test_rows_can_not_be_swapped(database, change):
    _put(database)
    with database.writing() as session:
        session.execute(update(Blob).values(**change))
    with pytest.raises(StoreError, match="打不开"):
        _get(database, **change)


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(60)])
def test_damaged_bytes_are_told(database, sealed):
    _put(database)
    with database.writing() as session:
        session.execute(update(Blob).values(sealed=sealed))
    with pytest.raises(StoreError, match="打不开"):
        _get(database)


def test_another_key_opens_nothing(database):
    _put(database)
    with pytest.raises(StoreError, match="密钥不对"):
        _get(database, Vault(bytes(32)))


def test_bytes_are_dropped_by_role_or_all(database):
    for role in ("", "page", "file"):
        _put(database, role=role)
    with database.writing() as session:
        assert VAULT.has(session, "text", "1", "page")
        assert VAULT.drop(session, "text", "1", "page") == 1
        assert not VAULT.has(session, "text", "1", "page")
        assert VAULT.drop(session, "text", "1") == 2
        assert session.execute(text("SELECT count(*) FROM blob")).scalar() == 0


def test_the_key_is_never_shown():
    assert "key" not in repr(VAULT)


@pytest.mark.parametrize("words", [KEY.hex(), base64.b64encode(KEY).decode(), base64.b64encode(KEY).decode() + "\n"])
def test_a_key_is_read_as_hex_or_base64(tmp_path, words):
    (tmp_path / "key").write_text(words)
    assert key_of(Settings(key=words)) == key_of(Settings(key_file=tmp_path / "key")) == KEY


@pytest.mark.parametrize("words", ["短", "abc", base64.b64encode(bytes(16)).decode(), "zz" * 32])
def test_a_bad_key_is_refused_and_not_repeated(words):
    with pytest.raises(RequestError, match="32 字节密钥") as caught:
        key_of(Settings(key=words))
    assert words not in caught.value.message


def test_a_missing_key_file_is_told(tmp_path):
    with pytest.raises(RequestError, match="密钥文件读不出来"):
        key_of(Settings(key_file=tmp_path / "none"))


def test_the_first_start_makes_a_key_for_later_ones(tmp_path):
    settings = Settings(data=tmp_path / "data")
    made = key_of(settings)
    assert made == key_of(settings)
    assert made != key_of(Settings(data=tmp_path / "other"))
    assert stat.S_IMODE((tmp_path / "data" / "vault.key").stat().st_mode) == 0o600


def test_an_open_service_keeps_no_key(tmp_path):
    settings = Settings(data=tmp_path / "data", open=True)
    assert key_of(settings) != key_of(settings)
    assert not settings.data.exists()
