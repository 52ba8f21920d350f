"""Databases of both kinds: their tables, transactions, and what they say when something is wrong."""

from __future__ import annotations

import json
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from gongkai.model.errors import RequestError
from gongkai.service.errors import StoreError
from gongkai.service.store import upgrading
from gongkai.service.store.connecting import engine_for
from gongkai.service.store.database import Database
from gongkai.service.store.duties import Sample
from gongkai.service.store.failures import raced
from gongkai.service.store.tables import Base, Blob, Setting, Unit


def _blob(at):
    return Blob(kind="text", owner="1", sealed=b"", size=0, created=at)


def _setting(key="k", value="v"):
    return Setting(key=key, value={"v": value})


def test_the_steps_lead_to_the_tables_of_the_code(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(("rows", "same"), [((_setting, _setting), True), ((lambda: Blob(owner="1"),), False)])
def test_a_row_that_was_there_already_is_told_from_other_mistakes(database, rows, same):
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        for row in rows:
            session.add(row())
            session.flush()
            session.expunge_all()
    assert raced(caught.value) is same


def test_opening_again_changes_nothing(database, database_url):
    with database.writing() as session:
        session.add(_setting())
    again = Database.open(database_url)
    with again.reading() as session:
        assert session.get(Setting, "k").value == {"v": "v"}
    again.close()


def test_several_servers_may_start_at_once(database_url):
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(Database.open, [database_url] * 6))
    assert [one.ready() for one in opened] == [True] * 6
    for one in opened:
        one.close()


def test_a_newer_database_is_refused(database, database_url):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="更新版本的程序建立（版本 9999）"):
        Database.open(database_url)


def test_a_foreign_database_is_refused(database, database_url):
    with database.writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreError, match="别的程序的表"):
        Database.open(database_url)


def test_a_step_that_fails_leaves_nothing(database_url):
    def fail(connection, cursor, statement, parameters, context, many):
        if "CREATE TABLE trail" in statement:
            raise RuntimeError

    engine = engine_for(database_url)
    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        upgrading.upgrade(engine)
    assert upgrading.state(engine) == upgrading.State("", upgrading.versions()[-1])
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://a@b/c", "nothing", "sqlite+what:///x", "http://a"])
def test_another_kind_of_url_is_refused(url):
    with pytest.raises(RequestError, match="GONGKAI_DATABASE"):
        Database.open(url)


def test_what_is_raised_inside_takes_everything_back(database):
    with pytest.raises(KeyError), database.writing() as session:
        session.add(_setting())
        session.flush()
        raise KeyError
    with database.reading() as session:
        assert session.get(Setting, "k") is None


def test_reading_changes_nothing(database):
    with database.reading() as session:
        session.add(_setting())
        session.flush()
    with database.reading() as session:
        assert session.get(Setting, "k") is None


def test_times_come_back_aware_in_utc(database):
    given = datetime(2026, 5, 6, 7, 8, 9, 123456, timezone(timedelta(hours=8)))
    with database.writing() as session:
        session.add(_blob(given))
    with database.reading() as session:
        found = session.scalar(select(Blob.created))
    assert (found, found.utcoffset()) == (given, timedelta(0))


def test_naive_times_are_refused(database):
    with pytest.raises(StatementError, match="naive time"), database.writing() as session:
        session.add(_blob(datetime(2026, 5, 6)))


def test_writers_wait_for_each_other(database):
    with database.writing() as session:
        session.add(_setting(value=0))

    def add(_):
        with database.writing() as session:
            row = session.get(Setting, "k", with_for_update=True)
            row.value = {"v": row.value["v"] + 1}

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    with database.reading() as session:
        assert session.get(Setting, "k").value == {"v": 40}


def test_broken_constraints_stay_what_they_are(database):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add_all([Unit(id="1", name="a", path="1"), Unit(id="2", name="b", path="1")])


def test_a_value_that_no_column_holds_is_the_fault_of_who_sent_it(database):
    """Not of the database, of which nobody should be told that it is away."""
    values = [{"by": "李思齐", "seed": 2**70}, {"by": "李\0思齐", "seed": 1}]
    for value in values if database.engine.dialect.name == "postgresql" else values[:1]:
        row = Sample(id="a" * 32, unit="b" * 32, period="2026", documents=[], at=datetime.now(UTC), **value)
        with pytest.raises(RequestError, match="没法保存") as caught, database.writing() as session:
            session.add(row)
        assert "思齐" not in f"{caught.value.message}{caught.value.__cause__}"


def test_errors_never_hold_values(database):
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.add(Unit(id="1", name="不应出现的名称", path="1"))
        session.flush()
        session.execute(text("INSERT INTO unit (id, name, path) VALUES (:i, :n, '2')"), {"i": "1", "n": "不应出现的值"})
    assert "不应出现" not in str(caught.value)


def test_the_file_is_its_owners_alone(tmp_path):
    place = tmp_path / "data" / "gongkai.db"
    Database.open(f"sqlite:///{place}").close()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (place, place.parent)] == [0o600, 0o700]


def test_a_database_in_memory_is_one_for_all_threads():
    database = Database.open("sqlite://")
    with database.writing() as session:
        session.add(_setting())
    found = []

    def look():
        with database.reading() as session:
            found.append(session.get(Setting, "k").value)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    database.close()
    assert found == [{"v": "v"}]


@pytest.mark.parametrize(
    "value", [{"names": ["河道", "\0", "\u2028"], "shares": [0.1, 1e-7, 1.0, 10**30]}, ["\ud800"], {}, None, True]
)
def test_json_is_kept_as_it_was_given(value):
    engine = engine_for("sqlite://")
    kept = engine.dialect._json_serializer(value)
    assert json.loads(kept) == value
    engine.dispose()
