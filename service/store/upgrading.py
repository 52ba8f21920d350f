"""The tables of a database, brought up to what this version of the product needs."""

from __future__ import annotations

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from gongkai.service.errors import StoreError
from gongkai.service.store.duties import Passage

#: The number of PostgreSQL's advisory lock that servers starting at the same time take in turn.
LOCK = 0x676F6E676B62
#: Every table of ours: those of both modules.
NAMES = frozenset(Passage.metadata.tables)
_VERSION = "alembic_version"
_NEWER = "数据库由更新版本的程序建立（版本 {}），当前程序不认识，请升级程序后再启动。"
_FOREIGN = "这个数据库里已经有别的程序的表，请换一个空的数据库。"


@dataclass(frozen=True, slots=True)
class State:
    """The version of a database's tables (empty for none), and the one that this product needs."""

    current: str
    newest: str


def state(engine: Engine) -> State:
    """How far a database is, without changing it. Raises StoreError for a newer or foreign one."""
    with engine.connect() as connection:
        return found(connection)


def upgrade(engine: Engine) -> None:
    """Create or change the tables, all steps or none. Raises StoreError for a newer or foreign database."""
    with engine.execution_options(writing=True).begin() as connection:
        upgrade_within(connection)


def upgrade_within(connection: Connection, to: str = "head") -> None:
    """The same inside a transaction, up to a version."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    state = found(connection)
    if state.current == (state.newest if to == "head" else to):
        return
    steps = _steps()
    steps.attributes["connection"] = connection
    command.upgrade(steps, to)


def known(version: str) -> bool:
    """Whether these steps lead over a version."""
    return version in versions()


def versions() -> list[str]:
    """The versions that the steps lead to, oldest first."""
    walked = ScriptDirectory.from_config(_steps()).walk_revisions()
    return [step.revision for step in walked][::-1]


def remove_all(connection: Connection) -> None:
    """Remove our tables, of which none holds anything."""
    gone = MetaData()
    gone.reflect(connection, only=lambda name, _: name in NAMES or name == _VERSION)
    gone.drop_all(connection)


def _steps() -> Config:
    config = Config()
    config.set_main_option("script_location", "gongkai.service.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def found(connection: Connection) -> State:
    """How far the database of a connection is. Raises StoreError for a newer or foreign one."""
    current = MigrationContext.configure(connection).get_current_revision() or ""
    steps = versions()
    if current and current not in steps:
        raise StoreError(_NEWER.format(current))
    if not current and set(inspect(connection).get_table_names()) & NAMES:
        raise StoreError(_FOREIGN)
    return State(current, steps[-1])
