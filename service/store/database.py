"""One database for a service: SQLite in a file by default, PostgreSQL by URL; the same code on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gongkai.service.store import trail
from gongkai.service.store.connecting import engine_for
from gongkai.service.store.failures import keepable, told
from gongkai.service.store.upgrading import upgrade


class Database:
    """Connections to one database. Raises StoreError when it can't be reached or written, RequestError for a value that
    it can't hold."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writers = engine.execution_options(writing=True)

    @classmethod
    def open(cls, url: str) -> Database:
        """Open by URL and bring the tables up to date (Alembic). `sqlite://` is in memory, for tests, `--open`.

        Raises StoreError, also for a database that a newer version of the product has written.
        """
        database = cls(engine_for(url))
        try:
            with told():
                upgrade(database.engine)
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing: what was changed in it is rolled back."""
        with told(), keepable(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together, or not at all when anything is raised inside.

        One writer at a time on SQLite: do slow work (children, files) before, and never open one inside another.
        """
        with told(), keepable(), Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session
            trail.seal(session)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees all rows as they are at one moment, whatever is written meanwhile."""
        postgresql = self.engine.dialect.name == "postgresql"
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ") if postgresql else self.engine
        with told(), engine.connect() as connection:
            yield connection

    def ready(self) -> bool:
        """Whether the database answers now."""
        try:
            with self.engine.connect() as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
