"""A database with people, of which every test sees only what it put in itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import accounts
import pytest

from gongkai.service.store.database import Database

AT = datetime(2026, 4, 28, 2, tzinfo=UTC)


class _Back(Exception):
    """Raised at the end of a test, so that nothing of it stays."""


@pytest.fixture(scope="module")
def filled():
    database = Database.open("sqlite://")
    with database.writing() as opened:
        accounts.fill(opened, AT)
    yield database
    database.close()


@pytest.fixture
def session(filled):
    with suppress(_Back), filled.writing() as opened:
        yield opened
        raise _Back
