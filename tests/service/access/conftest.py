"""A small application of the access routes alone, over a database in memory, with a clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
import pytest
from argon2 import PasswordHasher
from fastapi import Depends, FastAPI, UploadFile
from sqlalchemy import select

from gongkai.service.access import passwords
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.house import House
from gongkai.service.pages import account, keyring, login, people, setup, units
from gongkai.service.pages.layout import SecurityHeaders
from gongkai.service.pages.refusing import for_people
from gongkai.service.problems import handle_problems
from gongkai.service.settings import Settings
from gongkai.service.store.connecting import engine_for
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Base, Trail

BEGINNING = datetime(2031, 3, 4, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = BEGINNING

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hashes that take no time; test_passwords looks at the real ones."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def build(tmp_path, clock):
    """Build the application with settings of one's own."""
    houses = []

    def built(**given):
        settings = Settings(**{"data": tmp_path / "data", "database": "sqlite://", **given})
        app = FastAPI()
        database = Database(engine_for("sqlite://"))
        Base.metadata.create_all(database.engine)  # the store's own tests run the migrations
        house = House(settings, database, None, None, None, clock)
        houses.append(house)
        app.state.house = house
        for one in (login, setup, account, people, units, keyring):
            app.include_router(one.router)
        for action in ("suggest", "audit"):
            _try_door(app, action)
        app.add_middleware(SecurityHeaders)
        handle_problems(app)
        for_people(app)
        return app

    yield built
    for house in houses:
        house.database.close()


def _try_door(app, action):
    door = Depends(may(action))

    @app.api_route(f"/v1/try/{action}", methods=["GET", "POST"])
    def tried(actor: Actor = door) -> str:
        return actor.login

    @app.post(f"/v1/sent/{action}")
    def sent(file: UploadFile, actor: Actor = door) -> int:
        return len(file.file.read())


@pytest.fixture
def app(build):
    """The application with everybody of accounts.py."""
    app = build()
    accounts.peopled(app)
    return app


@pytest.fixture
def session(app):
    """An open session on the application's database; nothing of it is kept."""
    with app.state.house.database.reading() as session:
        yield session


@pytest.fixture
def noted(app):
    """The actions in the trail, oldest first."""

    def read(object=None):
        query = select(Trail).order_by(Trail.seq)
        with app.state.house.database.reading() as session:
            return [entry.action for entry in session.scalars(query) if object in (None, entry.object)]

    return read
