"""Engines: what SQLite and PostgreSQL need to be told before they hold a service's data."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from pydantic_core import PydanticSerializationError, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from gongkai.model.errors import RequestError
from gongkai.service.errors import StoreError
from gongkai.service.settings import Settings

BUSY_SECONDS = 10
#: Connections of one process: a transaction takes milliseconds, and PostgreSQL allows 100 to all processes together.
CONNECTIONS = 16
#: A process that hangs within a transaction loses it after so long, or nobody else could write the trail.
IDLE_SECONDS = 120
_OPTIONS = f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
_BAD_URL = "环境变量 GONGKAI_DATABASE 应当是 sqlite:///文件 或者 postgresql://用户@主机/库名，请改正。"


def address(settings: Settings) -> str:
    """The URL of a service's database: its own file in the data folder unless set, in memory when open to all."""
    if settings.open:
        return "sqlite://"
    return settings.database or f"sqlite:///{settings.data / 'gongkai.db'}"


def engine_for(url: str) -> Engine:
    """An engine that never shows values in its errors. Raises RequestError for a URL of another kind."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise RequestError(_BAD_URL) from error
    if parsed.drivername == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername in ("postgresql", "postgresql+psycopg"):
        return _postgresql(parsed)
    raise RequestError(_BAD_URL)


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,
            json_serializer=_json,
            pool_use_lifo=True,
            connect_args={"connect_timeout": BUSY_SECONDS, "options": _OPTIONS},
        )
    except ImportError as error:
        raise RequestError("要用 PostgreSQL，请先安装驱动：pip install 'gongkai[postgres]'。") from error


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _private(Path(str(url.database)))
    # a database in memory is its connection: there is exactly one, and who comes waits for it
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if in_memory else CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        json_serializer=_json,
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _json(value: object) -> str:
    """A value for a column of JSON, in a quarter of the time that Python's own encoder takes, which writes the rest."""
    try:
        return to_json(value).decode()
    except PydanticSerializationError:
        return json.dumps(value)


def _private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError("数据库文件建不起来，请检查数据目录是否存在、能不能写。") from error


def _prepare(connection: SqliteConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would not before reading
    # FULL: what a person was told is decided stands even after the power failed
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # a writer that began as a reader could not wait for another one: SQLite refuses it at once
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
