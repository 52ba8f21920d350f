"""The queue on both databases: nobody else's job, no job twice, none lost."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import accounts
import pytest
from sqlalchemy import select

from gongkai.service.access import roles
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import Fenced, Upload
from gongkai.service.store.tables import Blob, Job, Trail, Unit, User
from gongkai.service.store.vault import Vault

AT = datetime(2031, 5, 6, 8, tzinfo=UTC)
VAULT = Vault(bytes(32))
FILES = (Upload("赵一鸣的报告.txt", b"one"), Upload("b.txt", b"two\nlines"))


@pytest.fixture
def people(database):
    """Actors by login."""
    with database.writing() as session:
        accounts.fill(session, AT)
    with database.reading() as session:
        users = session.scalars(select(User)).all()
        return {user.login: roles.actor(user, session.get(Unit, user.unit)) for user in users}


@pytest.fixture
def submit(database, people):
    def call(files=FILES, login="drafter", at=AT, kind="suggest"):
        with database.writing() as session:
            return queue.submit(session, VAULT, people[login], kind, files, {"style": ""}, at=at).id

    return call


@pytest.fixture
def claim(database):
    def call(worker="one"):
        with database.writing() as session:
            return queue.claim(session, worker, at=AT)

    return call


def job(database, id):
    with database.reading() as session:
        return session.get(Job, id)


def blobs(database, kind=queue.IN):
    with database.reading() as session:
        return session.scalars(select(Blob.role).where(Blob.kind == kind).order_by(Blob.role)).all()


def test_files_are_sealed_and_their_names_too(database, submit):
    id = submit()
    with database.reading() as session:
        packed = [VAULT.get(session, queue.IN, id, role) for role in "01"]
        sealed = [blob.sealed for blob in session.scalars(select(Blob))]
        told = [entry.detail for entry in session.scalars(select(Trail))]
    assert [Upload.unpacked(data) for data in packed] == list(FILES)
    assert not any("赵一鸣".encode() in data or b"two" in data for data in sealed)
    assert told == [{"job": "suggest", "files": 2}]


def test_the_oldest_first_and_none_twice(database, submit, claim):
    ids = [submit(at=AT + timedelta(seconds=number)) for number in (1, 0, 2)]
    claims = [claim() for _ in range(4)]
    assert [one and one.id for one in claims] == [ids[1], ids[0], ids[2], None]
    assert {(one.attempt, one.done, one.total) for one in claims[:3]} == {(1, 0, 2)}


def test_many_workers_at_once_take_each_job_once(database, submit, claim):
    ids = {submit(()) for _ in range(12)}
    taken, together = [], threading.Barrier(4)

    def work(name):
        together.wait()
        while one := claim(name):
            taken.append(one.id)

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(ids) == len(set(taken))
    assert set(taken) == ids


def test_whose_job_it_is(database, people, submit):
    id = submit()
    with database.reading() as session:
        assert queue.mine(session, people["drafter"], id).id == id
        assert [found.id for found in session.scalars(queue.listed(people["drafter"]))] == [id]
        for stranger in ("reviewer", "admin", "neighbour"):
            assert session.scalars(queue.listed(people[stranger])).all() == []
            with pytest.raises(NotFound):
                queue.mine(session, people[stranger], id)
        with pytest.raises(NotFound):
            queue.mine(session, people["drafter"], "0" * 32)


def test_only_who_holds_a_job_may_write_of_it(database, submit, claim):
    id = submit()
    first = claim("one")
    assert reclaim(database, id)
    second = claim("two")
    assert (first.attempt, second.attempt) == (1, 2)
    for write in (queue.held, queue.give_back, lambda s, c, at: queue.end(s, VAULT, c, queue.DONE, at=at)):
        with pytest.raises(Fenced), database.writing() as session:
            write(session, first, at=AT)
    with database.writing() as session:
        queue.held(session, second, at=AT, done=1)
        queue.end(session, VAULT, second, queue.DONE, at=AT, result={"done": 2})
    found = job(database, id)
    assert (found.state, found.done, found.result, blobs(database)) == ("done", 1, {"done": 2}, [])
    with pytest.raises(Fenced), database.writing() as session:
        queue.held(session, second, at=AT)


def reclaim(database, id):
    with database.reading() as session:
        (sign,) = [sign for sign in queue.signs(session) if sign.id == id]
    with database.writing() as session:
        return queue.reclaim(session, VAULT, sign, at=AT)


def test_one_that_beat_again_is_not_taken(database, submit, claim):
    submit()
    held = claim()
    with database.reading() as session:
        (sign,) = queue.signs(session)
    with database.writing() as session:
        queue.held(session, held, at=AT)
    with database.writing() as session:
        assert not queue.reclaim(session, VAULT, sign, at=AT)
    with database.writing() as session:
        queue.held(session, held, at=AT)


def test_three_attempts_and_no_more(database, submit, claim):
    id = submit()
    for attempt in (1, 2, 3):
        assert claim().attempt == attempt
        assert reclaim(database, id)
    found = job(database, id)
    assert (found.state, found.problem["slug"], blobs(database)) == ("failed", "crash", [])
    assert claim() is None


def test_attempts_count_anew_with_each_file(database, submit, claim):
    id = submit()
    for done in range(5):
        held = claim()
        with database.writing() as session:
            queue.held(session, held, at=AT, done=done)
        assert reclaim(database, id)
    assert (job(database, id).state, claim().attempt) == ("waiting", 2)


def test_giving_back_is_no_attempt(database, submit, claim):
    id = submit()
    for _ in range(5):
        held = claim()
        with database.writing() as session:
            queue.held(session, held, at=AT, done=1)
            queue.give_back(session, held, at=AT)
    held = claim()
    assert (held.id, held.attempt, held.done) == (id, 1, 1)


def cancel(database, actor, id):
    with database.writing() as session:
        return queue.cancel(session, VAULT, actor, id, at=AT).state


def test_cancelling(database, people, submit, claim):
    waits, runs = submit(), submit()
    assert cancel(database, people["drafter"], waits) == "cancelled"
    held = claim()
    assert held.id == runs
    assert cancel(database, people["drafter"], runs) == "running"
    assert job(database, runs).cancel
    assert reclaim(database, runs)
    assert job(database, runs).state == "cancelled"
    assert blobs(database) == []
    for id in (waits, runs):
        with pytest.raises(Conflicting):
            cancel(database, people["drafter"], id)
    with pytest.raises(NotFound):
        cancel(database, people["neighbour"], runs)


def test_how_many_there_are(database, submit, claim):
    for _ in range(3):
        submit(())
    claim()
    with database.reading() as session:
        assert queue.counts(session) == {"waiting": 2, "running": 1}
        assert queue.waiting(session)


@pytest.mark.parametrize("days", [-4000, 4000])
def test_a_clock_that_jumps_loses_nothing(database, submit, claim, days):
    id = submit(at=AT + timedelta(days=days))
    held = claim()
    assert held.id == id
    with database.writing() as session:
        queue.held(session, held, at=AT - timedelta(days=days))
    assert job(database, id).state == "running"
