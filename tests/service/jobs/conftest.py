"""A house whose crew is one desk in this process, on both databases, with people in it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from datetime import UTC, datetime

import accounts
import pytest

from gongkai.service.crew.working import Bench
from gongkai.service.house import House
from gongkai.service.jobs import kinds, queue
from gongkai.service.jobs.kinds import Kind
from gongkai.service.jobs.worker import Workers
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Job
from gongkai.service.store.vault import Vault

AT = datetime(2031, 5, 6, 8, tzinfo=UTC)
ROOM = 120


class Hands:
    """A crew that does orders at once; `errors` are raised first, in turn."""

    def __init__(self, desk):
        self.bench, self.errors, self.orders = Bench(desk), [], []

    def give(self, order, *, seconds=None, urgent=False):
        assert not urgent, "jobs let people go first"
        self.orders.append(order)
        future = Future()
        try:
            if self.errors:
                raise self.errors.pop(0)
            future.set_result(self.bench(order))
        except Exception as error:
            if getattr(error, "after", 0):  # Busy, Stopping: at the door
                raise
            future.set_exception(error)
        return future


@pytest.fixture
def house(database, desk, tmp_path):
    with database.writing() as session:
        accounts.fill(session, AT)
    settings = Settings(workers=0, job_workers=2, data=tmp_path / "data")
    return House(settings, database, Vault(bytes(32)), Hands(desk), lambda: desk.screener.rules, lambda: AT)


@pytest.fixture
def submit(house):
    def call(kind, *uploads, login="drafter", **order):
        with house.database.writing() as session:
            actor = accounts.actor(session, login)
            return queue.submit(session, house.vault, actor, kind, uploads, order, at=AT).id

    return call


@pytest.fixture
def job(house):
    def call(id):
        with house.database.reading() as session:
            return session.get(Job, id)

    return call


@pytest.fixture
def rows(house, job):
    def call(id):
        with house.database.reading() as session:
            return list(queue.rows(session, house.vault, job(id), at=house.clock()))

    return call


@pytest.fixture
def until():
    def call(condition):
        deadline = time.monotonic() + ROOM
        while not condition():
            assert time.monotonic() < deadline, "it never happens"
            time.sleep(0.01)

    return call


@pytest.fixture
def ended(job, until):
    def call(id):
        until(lambda: job(id).state in queue.ENDED)
        return job(id)

    return call


@pytest.fixture
def crowd(house):
    """Starts workers; they stop with the test."""
    begun, others = [], threading.enumerate()

    def call(still=30.0):
        workers = Workers(house, still)
        workers.start()
        begun.append(workers)
        return workers

    yield call
    for workers in begun:
        workers.stop()
    names = [thread.name for thread in threading.enumerate() if thread not in others]
    assert not [name for name in names if name.startswith(("gongkai-job", "gongkai-minder"))]


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job that does what a function says."""

    def call(run, name="trial", files=9):
        monkeypatch.setitem(kinds.KINDS, name, Kind("试验", "suggest", "", files))
        real = kinds.Kind.run.fget
        monkeypatch.setattr(kinds.Kind, "run", property(lambda self: run if not self.does else real(self)))
        return name

    return call
