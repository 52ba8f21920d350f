"""A screened folder is brought in by a job: told how far it is, begun anew where it was interrupted, never doubled."""

from __future__ import annotations

import accounts
import backlogs
import pytest
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.service.jobs import bringing, queue
from gongkai.service.jobs.queue import Fenced
from gongkai.service.jobs.work import Cancelled, GivenBack, Work
from gongkai.service.review import bringing as importing
from gongkai.service.store.tables import Backlog, Job, Kept, Screened

GIVEN = {"folder": "2026", "name": "旧档案", "unit": accounts.WATER}


@pytest.fixture
def filled(house, tmp_path, monkeypatch):
    """A house with a folder of 60 records to bring in, 20 at a time."""
    backlogs.filled(tmp_path / "存量" / "2026", 60).close()
    object.__setattr__(house.settings, "backlogs", tmp_path / "存量")
    monkeypatch.setattr(importing, "_BATCH", 20)
    return house


@pytest.fixture
def reviewer(filled):
    with filled.database.reading() as session:
        return accounts.actor(session, "reviewer")


def claimed(house):
    with house.database.writing() as session:
        return Work(house, queue.claim(session, "one", at=house.clock()))


def numbers(house):
    with house.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in (Backlog, Kept, Screened)]


def test_the_folder_becomes_a_backlog(filled, reviewer, crowd, ended):
    id = bringing.order(filled, reviewer, GIVEN).id
    crowd()
    job = ended(id)
    assert (job.state, job.done, job.total) == ("done", 60, 60), job.problem
    assert {key: job.result[key] for key in ("new", "stopped", "failed")} == {"new": 58, "stopped": 2, "failed": 3}
    with filled.database.reading() as session:
        (backlog,) = session.scalars(select(Backlog))
        assert (backlog.id, backlog.name, backlog.unit) == (job.result["backlog"], "旧档案", accounts.WATER)
        assert [one.id for one in bringing.under_way(session, reviewer, filled.clock())] == [id]


@pytest.mark.parametrize("flag,raised", [("stop", GivenBack), ("cancel", Cancelled), ("lost", Fenced)])
def test_what_was_interrupted_begins_anew(filled, reviewer, flag, raised):
    bringing.order(filled, reviewer, GIVEN)
    work, seen = claimed(filled), []
    check = Work.check

    def third(self):
        seen.append(self)
        if len(seen) == 3:
            getattr(self.flags, flag).set()
        check(self)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(raised):
        patch.setattr(Work, "check", third)
        bringing.bring(work)
    with filled.database.reading() as session:
        job = session.get(Job, work.claim.id)
        assert (job.done, job.total) == (42, 60)  # both with a secrecy mark are counted and make no row
    for switch in (work.flags.stop, work.flags.cancel, work.flags.lost):
        switch.clear()
    assert bringing.bring(work)["same"] == 40
    assert numbers(filled) == [1, 58, 58]


def test_a_worker_that_lost_its_job_writes_nothing(filled, reviewer):
    bringing.order(filled, reviewer, GIVEN)
    work = claimed(filled)
    with filled.database.writing() as session:
        session.get(Job, work.claim.id).worker = "another"
    with pytest.raises(Fenced):
        bringing.bring(work)
    assert numbers(filled) == [1, 0, 0]


def test_it_is_not_begun_twice(filled, reviewer):
    first, again = (bringing.order(filled, reviewer, GIVEN).id for _ in range(2))
    other = bringing.order(filled, reviewer, {**GIVEN, "name": "另一份"}).id
    assert first == again == other


@pytest.mark.parametrize(
    "changed,words",
    [
        ({"folder": "../2026"}, "目录"),
        ({"folder": ""}, "目录"),
        ({"unit": accounts.CIVIL}, "机构"),
        ({"name": " "}, "名称"),
    ],
)
def test_what_cannot_be_ordered(filled, reviewer, changed, words):
    with pytest.raises(RequestError, match=words):
        bringing.order(filled, reviewer, {**GIVEN, **changed})
