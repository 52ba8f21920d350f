"""A new key: the former opens what it sealed until all is sealed anew, and an interrupted run goes on."""

from __future__ import annotations

import base64
import stat
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from gongkai.model.errors import RequestError
from gongkai.service.cli import main
from gongkai.service.errors import StoreError
from gongkai.service.settings import Settings
from gongkai.service.store import resealing
from gongkai.service.store.database import Database
from gongkai.service.store.keys import keys_of, renewed
from gongkai.service.store.resealing import Resealed
from gongkai.service.store.tables import Trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
FORMER, NOW, LOST = bytes(range(32)), bytes(32), bytes([7]) * 32
VAULT = Vault(NOW, old=(FORMER,))


def put(database, vault, *owners):
    with database.writing() as session:
        for owner in owners:
            vault.put(session, "text", owner, f"赵一鸣{owner}".encode(), at=AT)


def get(database, vault, owner):
    with database.reading() as session:
        return vault.get(session, "text", owner).decode()


def test_all_is_sealed_anew_and_an_interrupted_run_goes_on(database, monkeypatch):
    monkeypatch.setattr(resealing, "TOGETHER", 2)
    put(database, Vault(FORMER), *"abcde")
    put(database, VAULT, "f")
    put(database, Vault(LOST), "g")
    assert get(database, VAULT, "a") == "赵一鸣a"
    assert resealing.looked(database, VAULT) == Resealed(5, 1, 1)

    def enough(found):
        if found.all == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(database, VAULT, lambda: AT, enough)
    done = resealing.looked(database, VAULT).same - 1
    assert 2 <= done <= 4
    assert resealing.reseal(database, VAULT, lambda: AT) == Resealed(5 - done, 1 + done, 1)
    assert [get(database, Vault(NOW), owner) for owner in "af"] == ["赵一鸣a", "赵一鸣f"]
    with pytest.raises(StoreError, match="打不开"):
        get(database, VAULT, "g")
    with database.reading() as session:
        told = [
            one.detail for one in session.scalars(select(Trail).where(Trail.action == "reseal").order_by(Trail.seq))
        ]
    assert [one["state"] for one in told] == ["begun", "begun", "done"]
    assert told[-1]["changed"] == 5 - done and NOW.hex() not in str(told)


def test_a_former_key_seals_nothing(database):
    put(database, VAULT, "a")
    with pytest.raises(StoreError):
        get(database, Vault(FORMER), "a")


def test_the_command_from_a_new_key_to_its_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GONGKAI_DATA", str(tmp_path))
    settings = Settings(data=tmp_path)
    (former,) = keys_of(settings)
    database = Database.open(f"sqlite:///{tmp_path / 'gongkai.db'}")
    put(database, Vault(former), "a", "b")
    assert main(["vault", "renew"]) == 0
    beside = tmp_path / "vault.key.old"
    assert stat.S_IMODE(beside.stat().st_mode) == stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600
    assert (keys_of(settings)[1:], keys_of(settings)[0] != former) == ((former,), True)
    assert main(["vault", "status"]) == 0
    assert "现在的密钥 0 项，以前的密钥 2 项" in capsys.readouterr().out
    assert main(["vault", "reseal"]) == 0
    beside.unlink()
    assert get(database, Vault(*keys_of(settings)), "b") == "赵一鸣b"
    database.close()
    (tmp_path / "vault.key").write_text(base64.b64encode(LOST).decode())
    assert main(["vault", "status"]) == 1
    assert "有 2 项没有密钥能打开" in capsys.readouterr().out


def test_keys_that_are_named(tmp_path):
    named = f"{FORMER.hex()}, {base64.b64encode(LOST).decode()}"
    assert keys_of(Settings(key=NOW.hex(), old_keys=named)) == (NOW, FORMER, LOST)
    with pytest.raises(RequestError, match="GONGKAI_OLD_KEYS"):
        keys_of(Settings(key=NOW.hex(), old_keys="短"))
    with pytest.raises(RequestError, match="openssl rand"):
        renewed(Settings(key=NOW.hex(), data=tmp_path))
