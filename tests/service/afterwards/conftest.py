"""One database for all of these tests: each changes it in a session that is rolled back."""

from __future__ import annotations

import accounts
import pytest
from withheld import OLD

from gongkai.model.rulebook import Rulebook
from gongkai.service.store.database import Database


@pytest.fixture(scope="session")
def rules():
    return Rulebook.load()


@pytest.fixture(scope="session")
def _database():
    database = Database.open("sqlite://")
    with database.writing() as session:
        accounts.fill(session, OLD)
    yield database
    database.close()


@pytest.fixture
def session(_database):
    with _database.reading() as session:
        yield session


@pytest.fixture
def reviewer(session):
    return accounts.actor(session, "reviewer")
