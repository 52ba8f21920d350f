"""The trail: chained, append-only, and every change of it or of a decision is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import accounts
import pytest
from said import said
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.store import trail
from gongkai.service.store.tables import Decided, Trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, 7, 8, 9, 5, tzinfo=UTC)
RULES = Rulebook.load()
#: How the triggers are put aside by somebody who owns the database.
ASIDE = {
    "sqlite": "DROP TRIGGER {table}_no_{what}",
    "postgresql": "ALTER TABLE {table} DISABLE TRIGGER USER",
}


def _append(database, number=1, **detail):
    with database.writing() as session:
        for each in range(number):
            trail.append(session, "u", "see", "document", str(each), at=AT, **detail)


def _wrong(database):
    with database.reading() as session:
        return [(one.seq, one.why) for one in trail.verified(session)]


def _entries(database):
    with database.reading() as session:
        return session.scalars(select(Trail).order_by(Trail.seq)).all()


def _decided(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        actor = accounts.actor(session, "drafter")
        document = keep(session, Vault(b"k" * 32), actor, said(), text="", origin="api", at=AT)
        decide(session, RULES, actor, document, Given("proactive", note="同意"), at=AT)


def _by_force(database, table, what, statement):
    """Change the database as its owner could, past the triggers."""
    kind = database.engine.dialect.name
    with database.writing() as session:
        session.execute(text(ASIDE[kind].format(table=table, what=what)))
        session.execute(text(statement))


def test_entries_are_numbered_and_chained(database):
    _append(database, 2, attribute="proactive", count=3, part=0.25)
    _append(database, 1)
    entries = _entries(database)
    assert [one.seq for one in entries] == [1, 2, 3]
    assert [one.before for one in entries] == [trail.START, entries[0].hash, entries[1].hash]
    assert len({one.hash for one in entries}) == 3
    assert _wrong(database) == []


def test_what_is_not_kept_leaves_no_entry(database):
    with pytest.raises(KeyError), database.writing() as session:
        trail.append(session, "u", "see", "document", "1", at=AT)
        raise KeyError
    assert _entries(database) == []


def test_a_savepoint_taken_back_takes_its_entries_along(database):
    with database.writing() as session:
        trail.append(session, "u", "see", "document", "1", at=AT)
        with pytest.raises(KeyError), session.begin_nested():
            with session.begin_nested():
                trail.append(session, "u", "see", "document", "2", at=AT)
            raise KeyError
        with session.begin_nested():
            trail.append(session, "u", "see", "document", "3", at=AT)
    assert [one.object for one in _entries(database)] == ["1", "3"]


def test_writers_at_once_make_one_chain(database):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: _append(database, 3), range(20)))
    assert [one.seq for one in _entries(database)] == list(range(1, 61))
    assert _wrong(database) == []


def test_a_clock_that_goes_back_does_not_break_the_chain(database):
    with database.writing() as session:
        for days in (0, 900, -900):
            at = (AT + timedelta(days=days)).astimezone(timezone(timedelta(hours=8)))
            trail.append(session, "u", "see", "document", "1", at=at)
    assert [one.at.year for one in _entries(database)] == [2026, 2028, 2023]
    assert _wrong(database) == []


def test_details_that_are_no_json_are_refused(database):
    for value in (float("nan"), b"bytes", AT):
        with pytest.raises((ValueError, TypeError)):
            _append(database, part=value)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET action = 'x'",
        "DELETE FROM trail",
        "UPDATE decision SET note = 'x'",
        "DELETE FROM decision",
        "INSERT INTO trail SELECT * FROM trail",
    ],
)
def test_the_database_refuses_changes(database, statement):
    _decided(database)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(statement))
    assert _wrong(database) == []


@pytest.mark.parametrize("table", ["trail", "decision"])
def test_rows_can_not_be_replaced_or_emptied(database, table):
    _decided(database)
    with pytest.raises(IntegrityError), database.writing() as session:
        if database.engine.dialect.name == "sqlite":
            session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
        else:
            session.execute(text(f"TRUNCATE {table}"))
    assert _wrong(database) == []


@pytest.mark.parametrize(
    ("table", "what", "statement", "expected"),
    [
        ("trail", "update", "UPDATE trail SET actor = 'x' WHERE seq = 1", [(1, "第 1 号留痕的内容被改动过。")]),
        ("trail", "update", "UPDATE trail SET at = '2026-05-06' WHERE seq = 2", [(2, "第 2 号留痕的内容被改动过。")]),
        (
            "trail",
            "delete",
            "DELETE FROM trail WHERE seq = 1",
            [(2, "第 2 号留痕之前少了 1 条。"), (2, "第 2 号留痕与前一条接不上。")],
        ),
        ("decision", "update", "UPDATE decision SET attribute = 'withheld'", [(2, "不符，被改动过")]),
        ("decision", "update", "UPDATE decision SET note = ''", [(2, "不符，被改动过")]),
        ("decision", "delete", "DELETE FROM decision", [(2, "第 2 号留痕所记的决定不见了。")]),
        ("trail", "delete", "DELETE FROM trail WHERE seq = 2", [(0, "没有留痕")]),
    ],
)
def test_what_was_changed_by_force_is_seen(database, table, what, statement, expected):
    _decided(database)
    _by_force(database, table, what, statement)
    found = _wrong(database)
    assert [seq for seq, _ in found] == [seq for seq, _ in expected]
    assert all(words in why for (_, why), (_, words) in zip(found, expected, strict=True)), found


def test_a_decision_slipped_in_is_seen(database):
    _decided(database)
    columns = [column.name for column in Decided.__table__.columns]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join("'slipped'" if name == "id" else f'"{name}"' for name in columns)
    with database.writing() as session:
        session.execute(text(f"INSERT INTO decision ({names}) SELECT {values} FROM decision"))
    assert _wrong(database) == [(0, "决定 slipped 没有留痕。")]


def test_long_trails_are_walked_in_batches(database, monkeypatch):
    monkeypatch.setattr(trail, "BATCH", 4)
    _append(database, 11)
    _decided(database)
    assert _wrong(database) == []
    with database.reading() as session:
        assert trail.head(session)[0] == session.scalar(select(func.count()).select_from(Trail)) == 13
