"""What a running service consists of, opened once by create_app and handed to every route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.opening import crew_of
from gongkai.service.crew.orders import Crew
from gongkai.service.settings import Settings
from gongkai.service.store.connecting import address
from gongkai.service.store.database import Database
from gongkai.service.store.keys import keys_of
from gongkai.service.store.tables import RulebookVersion
from gongkai.service.store.vault import Vault


def now() -> datetime:
    """The time, aware; tests give the house another clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """The parts of a service. `rules` gives the rulebook in use now (it changes without a restart)."""

    settings: Settings
    database: Database
    vault: Vault
    crew: Crew
    rules: Callable[[], Rulebook]
    clock: Callable[[], datetime] = now

    def close(self) -> None:
        """End the children, give the database back."""
        self.crew.close()
        self.database.close()


def opened(settings: Settings, clock: Callable[[], datetime] = now) -> House:
    """Open every part. With `settings.open` the database is in memory and whoever comes is a drafter.

    Raises RulebookError, ModelFolderError, StoreError or RequestError.
    """
    key, *old = keys_of(settings)
    vault = Vault(key, settings.keep_text and not settings.open, tuple(old))
    database = Database.open(address(settings))
    try:
        crew = crew_of(settings, _active(database))
    except BaseException:
        database.close()
        raise
    return House(settings, database, vault, crew, lambda: crew.rules, clock)


def _active(database: Database) -> dict[str, str] | None:
    """The tables of the rulebook version in force, None for those of the settings."""
    with database.reading() as session:
        return session.scalar(select(RulebookVersion.files).where(RulebookVersion.active))
