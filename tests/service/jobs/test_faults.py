"""Processes that are killed, databases that go away, full disks, clocks that jump: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import accounts
import labour
import pytest
from sqlalchemy import event, select

from gongkai.service.errors import StoreError
from gongkai.service.jobs import kinds, queue, work, worker
from gongkai.service.jobs.queue import Upload
from gongkai.service.jobs.worker import Workers
from gongkai.service.store import retention
from gongkai.service.store.tables import Job, Setting, Trail
from gongkai.service.store.trail import verified
from gongkai.service.store.vault import Vault

AT = datetime(2031, 5, 6, 8, tzinfo=UTC)
JOBS, FILES = 3, 10
ROOM = 60
REFUSALS = 30


@pytest.fixture
def submitted(database):
    """Jobs that count; the same on every database."""
    with database.writing() as session:
        accounts.fill(session, AT)
    uploads = [Upload(str(number), b"x") for number in range(FILES)]
    with database.writing() as session:
        actor = accounts.actor(session, "drafter")
        return [queue.submit(session, Vault(bytes(32)), actor, "tally", uploads, at=AT).id for _ in range(JOBS)]


def tallies(database):
    with database.reading() as session:
        rows = session.scalars(select(Setting).where(Setting.key.contains("/")))
        return {row.key: row.value["times"] for row in rows}


def states(database):
    with database.reading() as session:
        return {job.id: (job.state, job.done, job.result) for job in session.scalars(select(Job))}


def all_once(database, ids):
    """Every file of every job was done, none twice, and the trail is whole."""
    assert states(database) == {id: ("done", FILES, {"done": FILES}) for id in ids}
    assert tallies(database) == {f"{id}/{number}": 1 for id in ids for number in range(FILES)}
    with database.reading() as session:
        assert list(verified(session)) == []
        ended = session.scalars(select(Trail.object).where(Trail.kind == "job", Trail.action == "done")).all()
    assert sorted(ended) == sorted(ids)


def until(condition):
    deadline = time.monotonic() + ROOM
    while not condition():
        assert time.monotonic() < deadline, "it never happens"
        time.sleep(0.02)


def over(database):
    return all(state in queue.ENDED for state, _, _ in states(database).values())


class Servers:
    """Processes that work the queue off."""

    def __init__(self, url, folder):
        self._url, self._folder, self.running = url, folder, []

    def start(self):
        script = [sys.executable, str(Path(labour.__file__)), self._url, str(self._folder)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.running.append(process)
        return process

    def ready(self, process):
        """Wait for it; its children's process ids."""
        word, *pids = process.stdout.readline().split()
        assert word == "ready"
        return list(map(int, pids))

    def kill(self, process):
        process.kill()
        self._gone(process)

    def _gone(self, process):
        process.wait(20)
        process.stdin.close()
        process.stdout.close()
        self.running.remove(process)

    def end(self):
        """Stop them gently."""
        for process in list(self.running):
            process.stdin.close()
            process.wait(30)
            self._gone(process)


@pytest.fixture
def servers(database_url, tmp_path):
    begun = Servers(database_url, tmp_path / "data")
    yield begun
    for process in list(begun.running):
        begun.kill(process)


def test_killed_servers_and_children(database, submitted, servers):
    """Three processes in turn: children are killed, then all of the process, in the middle of jobs; the last ends."""
    chance = random.Random(6)
    for _ in range(2):
        server = servers.start()
        pids = servers.ready(server)
        before = len(tallies(database))
        until(lambda before=before: len(tallies(database)) > before or over(database))
        os.kill(pids[0], signal.SIGKILL)
        time.sleep(chance.random() / 5)
        servers.kill(server)
    assert not over(database)
    servers.ready(servers.start())
    until(lambda: over(database))
    servers.end()
    all_once(database, submitted)


def test_several_processes_at_once(database, submitted, servers):
    """Of three that share the queue one is killed and one is stopped gently; each file is still done once."""
    first, second, third = (servers.start() for _ in range(3))
    for process in (first, second, third):
        servers.ready(process)
    until(lambda: len(tallies(database)) > 2)
    servers.kill(first)
    second.stdin.close()
    until(lambda: over(database))
    servers.running.remove(second)
    second.wait(30)
    second.stdout.close()
    servers.end()
    all_once(database, submitted)


# ---- within one process ----


@pytest.fixture
def crowd(house, database, monkeypatch):
    monkeypatch.setitem(kinds.KINDS, "tally", kinds.Kind("计数", "suggest", "labour:tally"))
    monkeypatch.setattr(kinds.Kind, "run", property(lambda _: labour.tally))
    for module, name in ((worker, "_PAUSE"), (worker, "_LONG_PAUSE"), (work, "_PAUSE"), (work, "_LONGEST")):
        monkeypatch.setattr(module, name, 0.03)
    house.crew.bench = lambda order: time.sleep(order[1]) or "awake"
    begun = []

    def call(clock=None):
        begun.append(Workers(replace(house, clock=clock or house.clock), still=1.0))
        begun[-1].start()

    yield call
    for workers in begun:
        workers.stop()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_and_comes_back(house, database, submitted, crowd, postgres):
    crowd()
    for _ in range(2):
        before = len(tallies(database))
        until(lambda before=before: len(tallies(database)) > before)
        postgres.stop()
        time.sleep(1.5)
        postgres.start()
    assert not over(database)
    until(lambda: over(database))
    all_once(database, submitted)


def fill(database, size):
    """Take what is left, in pieces of a size; a database that is busy for a moment is not full.

    Their keys fall among those of the work: one page of the index may be full while others have room.
    """
    refused = 0
    while refused < REFUSALS:
        try:
            with database.writing() as session:
                session.add(Setting(key=uuid4().hex, value={"": "x" * size}))
        except StoreError as error:
            refused += "磁盘已满" in str(error)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk(house, database, submitted, crowd):
    room = [10**6]
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute(f"PRAGMA max_page_count={room[0]}"))
    crowd()
    until(lambda: len(tallies(database)) > 2)
    room[0] = 1  # less than it holds is what it holds: nothing can be added
    for size in (50_000, 3_000, 300, 30):
        fill(database, size)
    stuck = len(tallies(database))
    time.sleep(1)
    assert len(tallies(database)) - stuck <= 1
    assert not over(database)
    room[0] = 10**6
    until(lambda: over(database))
    all_once(database, submitted)


def test_a_clock_that_jumps(house, database, submitted, crowd):
    with database.writing() as session:
        retention.sweep(session, AT)  # what was swept once knows a leap; before that a clock can only be believed
    jumps = iter(range(10**6))

    def clock():
        return AT + timedelta(days=400 * (-1) ** next(jumps))

    crowd(clock)
    crowd(clock)
    until(lambda: over(database))
    all_once(database, submitted)
