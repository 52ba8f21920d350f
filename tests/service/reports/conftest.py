"""The half year of halfyear.py in a database of each module's own."""

from __future__ import annotations

import pytest
from halfyear import fill

from gongkai.model.rulebook import Rulebook
from gongkai.service.store.database import Database


@pytest.fixture(scope="session")
def rules():
    return Rulebook.load()


@pytest.fixture(scope="module")
def filled(tmp_path_factory, rules):
    """A database of its own for a module."""
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('reports') / 'gongkai.db'}")
    with database.writing() as session:
        fill(session, rules)
    yield database
    database.close()
