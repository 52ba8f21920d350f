"""The service's database, for commands that work on it without a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.model.errors import RequestError
from gongkai.service.settings import Settings
from gongkai.service.store.connecting import address
from gongkai.service.store.database import Database


@contextmanager
def database_of(settings: Settings, lacking: str) -> Iterator[Database]:
    """The database of the settings, up to date. Raises StoreError; RequestError with `--open`, which keeps nothing:
    `lacking` says what it has not."""
    if settings.open:
        raise RequestError(f"免登录（GONGKAI_OPEN）的服务{lacking}，请先去掉这个设置。")
    database = Database.open(address(settings))
    try:
        yield database
    finally:
        database.close()
