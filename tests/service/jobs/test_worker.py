"""Workers: how jobs end, are cancelled, given back, taken over, and outlive a database that goes away."""

from __future__ import annotations

import itertools
import logging
import threading
from functools import partial

import accounts
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.errors import Stopping, StoreError
from gongkai.service.jobs import queue, work, worker
from gongkai.service.jobs.minding import STILL, Watchman
from gongkai.service.store.tables import User

ROOM = 120


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nobody waits long, and nobody is taken for dead for being slow: beats come fast, and stand still as ever."""
    monkeypatch.setattr(worker, "_BEATS", 600)
    monkeypatch.setattr(worker, "_PAUSE", 0.02)
    monkeypatch.setattr(worker, "_LONG_PAUSE", 0.05)
    monkeypatch.setattr(work, "_PAUSE", 0.01)
    monkeypatch.setattr(work, "_LONGEST", 0.05)


def raising(error):
    def run(_):
        raise error

    return run


@pytest.mark.parametrize(
    ("run", "state", "slug"),
    [
        (lambda _: {"a": 1}, "done", None),
        (raising(RequestError("写错了。")), "failed", "request"),
        (raising(ValueError("张三的身份证")), "failed", "internal"),
        (raising(work.Cancelled()), "cancelled", None),
    ],
)
def test_how_a_job_ends(submit, crowd, ended, kind, caplog, run, state, slug):
    id = submit(kind(run))
    crowd()
    job = ended(id)
    assert (job.state, job.problem.get("slug")) == (state, slug)
    assert job.result == ({"a": 1} if state == "done" else {})
    assert "张三" not in caplog.text and "张三" not in str(job.problem)


def test_a_kind_that_there_is_not(submit, crowd, ended):
    id = submit("nothing")
    crowd()
    assert "可用的有：suggest" in ended(id).problem["detail"]


def test_cancelling_a_running_one(house, submit, crowd, ended, kind, until, job):
    def run(mine):
        while True:
            mine.check()

    id = submit(kind(run))
    crowd()
    until(lambda: job(id).state == "running")
    with house.database.writing() as session:
        queue.cancel(session, house.vault, accounts.actor(session, "drafter"), id, at=house.clock())
    assert ended(id).state == "cancelled"


def test_giving_back_at_the_end_of_the_service(submit, crowd, job, kind, until, ended):
    begun, attempts = threading.Event(), []

    def run(mine):
        attempts.append(mine.claim.attempt)
        if len(attempts) > 1:
            return {"went on": mine.claim.done}
        mine.write(done=7)
        begun.set()
        while True:
            mine.check()

    id = submit(kind(run))
    first = crowd()
    assert begun.wait(ROOM)
    first.stop()
    assert (job(id).state, job(id).attempt, job(id).done) == ("waiting", 0, 7)
    crowd()
    assert ended(id).result == {"went on": 7}
    assert attempts == [1, 1]


def test_a_crew_that_stops_gives_back(house, submit, job, kind, until):
    from gongkai.service.jobs.worker import Workers

    house.crew.errors = [Stopping("停止")]
    id = submit(kind(lambda mine: mine.ask(None)))
    workers = Workers(house)
    with house.database.writing() as session:
        claim = queue.claim(session, workers._name, at=house.clock())
    workers._do(claim)
    assert (job(id).state, job(id).attempt) == ("waiting", 0)


def test_a_dead_worker_is_taken_over_and_can_write_no_more(house, submit, crowd, ended, job, kind, monkeypatch):
    looks = itertools.count(0, STILL / 4)
    monkeypatch.setattr(worker, "Watchman", partial(Watchman, clock=lambda: next(looks)))
    id = submit(kind(lambda mine: {"attempt": mine.claim.attempt}))
    with house.database.writing() as session:
        dead = queue.claim(session, "dead", at=house.clock())
    crowd()
    assert ended(id).result == {"attempt": 2}
    with pytest.raises(queue.Fenced):
        work.Work(house, dead).write(done=99)
    assert job(id).done == 0


def test_one_that_lives_is_not_taken_over(house, submit, crowd, job, kind, ended, until, monkeypatch):
    """Time goes on by a quarter of what is too long whenever there was a beat, and others have looked."""
    over, runs, now, looks = threading.Event(), [], [0.0], []
    monkeypatch.setattr(worker, "Watchman", partial(Watchman, clock=lambda: looks.append(1) or now[0]))

    def run(mine):
        runs.append(mine.claim.attempt)
        over.wait(ROOM)
        return {}

    def signs():
        with house.database.reading() as session:
            return queue.signs(session)

    id = submit(kind(run))
    crowd()
    crowd()
    until(signs)
    for _ in range(6):
        before, looked = signs(), len(looks)
        now[0] += STILL / 4
        until(lambda before=before, looked=looked: signs() != before and len(looks) > looked + 4)
    assert (job(id).state, job(id).attempt, runs) == ("running", 1, [1])
    over.set()
    assert ended(id).state == "done"


def test_who_was_taken_over_stops(house, submit, crowd, kind, ended, caplog):
    runs = []

    def run(mine):
        runs.append(mine.claim)
        if len(runs) == 1:
            with mine.house.database.writing() as session:  # as another process would that saw no beat
                (sign,) = queue.signs(session)
                queue.reclaim(session, house.vault, sign, at=house.clock())
            while True:
                mine.check()
        return {"by": mine.claim.attempt}

    id = submit(kind(run))
    with caplog.at_level(logging.WARNING):
        crowd()
        assert ended(id).result == {"by": 2}
    assert len(runs) == 2


class Away:
    """A database that is away as often as is said."""

    def __init__(self, database, monkeypatch):
        self.left, self.real, self.ready = 0, database.writing, True
        monkeypatch.setattr(database, "writing", self.writing)
        monkeypatch.setattr(database, "ready", lambda: self.ready)

    def writing(self):
        if self.left:
            self.left -= 1
            raise StoreError("数据库连接中断了。")
        return self.real()


@pytest.mark.parametrize(("times", "ready"), [(1, True), (15, True), (30, False)])
def test_a_database_that_comes_back(house, submit, crowd, ended, kind, monkeypatch, times, ready):
    away = Away(house.database, monkeypatch)
    runs = []

    def run(mine):
        runs.append(1)
        away.left, away.ready = times, ready
        mine.write(done=1)
        away.left = times
        return {}

    id = submit(kind(run))
    crowd()
    job = ended(id)
    assert (job.state, job.done, job.attempt, runs) == ("done", 1, 1, [1])


def test_a_database_that_refuses_for_good(house, submit, crowd, ended, kind):
    runs = []
    id = submit(kind(lambda mine: runs.append(1) or raising(StoreError("加密保存的内容打不开。"))(mine)))
    crowd()
    job = ended(id)
    assert (job.state, job.problem["slug"], len(runs)) == ("failed", "store", 3)


def test_an_owner_who_was_disabled(house, submit, crowd, ended, kind):
    id = submit(kind(lambda mine: {"by": mine.actor().login}))
    with house.database.writing() as session:
        session.get(User, accounts.user_id("drafter")).disabled = True
    crowd()
    assert ended(id).problem["slug"] == "not-allowed"
    other = submit("trial", login="reviewer")
    assert ended(other).result == {"by": "reviewer"}
