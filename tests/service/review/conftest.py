"""A screened archive of 120 records brought into a database of each kind."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import accounts
import backlogs
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.review.bringing import Source, bring_in

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def rules():
    return Rulebook.load()


@pytest.fixture
def clock():
    """A clock that goes on by a second each time somebody looks."""
    times = iter(range(10**9))
    return lambda: START + timedelta(seconds=next(times))


@pytest.fixture(scope="session")
def screened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("screened")
    backlogs.filled(folder, 120).close()
    return folder


@pytest.fixture
def out(tmp_path, screened):
    return shutil.copytree(screened, tmp_path / "out")


@pytest.fixture
def people(database, clock):
    with database.writing() as session:
        accounts.fill(session, clock())
        return {login: accounts.actor(session, login) for login in accounts.USERS}


@pytest.fixture
def source(out):
    return Source(out, "青禾县水务局存量", accounts.WATER)


@pytest.fixture
def brought(database, people, source, clock):
    return bring_in(database, people["reviewer"], source, clock)
