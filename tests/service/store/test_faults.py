"""What goes wrong under a service: a full disk, a database that goes away, a process that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, select, text

from gongkai.service.errors import StoreError
from gongkai.service.store import connecting, trail
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Blob, Setting, Trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
VAULT = Vault(bytes(32))
WRITER = """
import sys
from datetime import UTC, datetime
from gongkai.service.store import trail
from gongkai.service.store.database import Database
from gongkai.service.store.vault import Vault
database, at = Database.open(sys.argv[1]), datetime(2026, 5, 6, tzinfo=UTC)
while True:
    with database.writing() as session:
        blob = Vault(bytes(32)).put(session, "text", "1", b"x" * 20000, at=at)
        entry = trail.append(session, "u", "put", "blob", blob, at=at)
    print(entry.seq, flush=True)
"""


def _write(database, size=20_000):
    with database.writing() as session:
        blob = VAULT.put(session, "text", "1", b"x" * size, at=AT)
        trail.append(session, "u", "put", "blob", blob, at=AT)


def _whole(database):
    """The number of entries, after looking that each has its blob and the chain holds."""
    with database.reading() as session:
        assert list(trail.verified(session)) == []
        blobs = set(session.scalars(select(Blob.id)))
        named = session.scalars(select(Trail.object).where(Trail.kind == "blob")).all()
    assert set(named) == blobs
    assert len(named) == len(blobs)
    return len(named)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    pages = []

    def most(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    with database.reading() as session:
        pages.append(session.scalar(text("PRAGMA page_count")) + 30)
    event.listen(database.engine, "checkout", most)
    with pytest.raises(StoreError, match="磁盘已满"):
        for _ in range(1000):
            _write(database)
    written = _whole(database)
    assert 2 < written < 10
    pages[0] += 1000
    _write(database)
    assert _whole(database) == written + 1
    database.close()


def test_a_locked_database_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(connecting, "BUSY_SECONDS", 0.1)
    first, second = (Database.open(f"sqlite:///{tmp_path / 'a.db'}") for _ in range(2))
    with first.writing() as session:
        session.add(Setting(key="k", value={}))
        session.flush()
        with pytest.raises(StoreError, match="正忙"):
            _write(second)
    _write(second)
    first.close()
    second.close()


def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "a.db").write_bytes(b"what is this? " * 100)
    with pytest.raises(StoreError, match="损坏"):
        Database.open(f"sqlite:///{tmp_path / 'a.db'}")


def test_a_server_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreError, match="连接不上") as caught:
        Database.open(f"postgresql://gongkai:geheim@/a?host={tmp_path}")
    assert "geheim" not in str(caught.value)
    assert caught.value.status == 503
    assert caught.value.after > 0


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="数据目录"):
        Database.open(f"sqlite:///{tmp_path / 'file' / 'a.db'}")


def test_a_database_that_goes_away_and_comes_back(postgres):
    database = Database.open(postgres.new())
    _write(database)
    postgres.stop()
    try:
        assert not database.ready()
        with pytest.raises(StoreError, match="连接不上"):
            _write(database)
    finally:
        postgres.start()
    assert database.ready()
    _write(database)
    assert _whole(database) == 2
    database.close()


def test_a_database_that_goes_away_halfway_keeps_nothing_of_it(postgres):
    database = Database.open(postgres.new())
    _write(database)
    with pytest.raises(StoreError, match="连接不上"), database.writing() as session:
        VAULT.put(session, "text", "1", b"x", at=AT)
        trail.append(session, "u", "put", "blob", "1", at=AT)
        postgres.stop()
        postgres.start()
    assert _whole(database) == 1
    database.close()


def test_a_process_that_is_killed_keeps_what_it_told(database, database_url):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, database_url], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(2)
    ]
    told = [int(writer.stdout.readline()) for writer in writers for _ in range(5)]
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.communicate()[0].splitlines() if line]
    _write(database)
    assert len(set(told)) == len(told)
    assert _whole(database) >= len(told) + 1
    with database.reading() as session:
        numbers = set(session.scalars(select(Trail.seq)))
        assert session.scalar(select(func.max(Trail.seq))) == len(numbers)
    assert set(told) < numbers
