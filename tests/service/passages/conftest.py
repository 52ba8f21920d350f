"""One database for a module: every walk brings a document of its own."""

from __future__ import annotations

import pytest
from walking import Walk

from gongkai.service.store.database import Database


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    yield database
    database.close()


@pytest.fixture
def walk(shared):
    """Begin a walk with a form, and take the steps given."""

    def begin(form, *steps, **more):
        walk = Walk(shared)
        walk.form(form, **more)
        return walk.through(*steps)

    return begin
