"""Large worklists go out and come in as jobs; a job is refused when its owner may not have it done any more."""

from __future__ import annotations

import io

import accounts
import backlogs
import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.service.errors import NotAllowed, NotFound
from gongkai.service.jobs import exchanging, queue
from gongkai.service.jobs.kinds import KINDS
from gongkai.service.jobs.queue import Upload
from gongkai.service.jobs.work import Work
from gongkai.service.pages import backlogs as backlogs_pages
from gongkai.service.review.bringing import Source, bring_in
from gongkai.service.store.tables import Backlog, Decided, Job, Kept, Trail, User


@pytest.fixture
def reviewer(house):
    with house.database.reading() as session:
        return accounts.actor(session, "reviewer")


@pytest.fixture
def backlog(house, reviewer, tmp_path):
    backlogs.filled(tmp_path / "存量", 12).close()
    source = Source(tmp_path / "存量", "旧档案", accounts.WATER)
    brought = bring_in(house.database, reviewer, source, house.clock)
    with house.database.reading() as session:
        return session.get(Backlog, brought.backlog)


@pytest.fixture
def done(house, reviewer, backlog):
    """Orders a job, does it, gives it back as it is kept."""

    def one(format="", file=None):
        with house.database.writing() as session:
            exchanging.order(session, house, reviewer, backlog, format, file=file)
        with house.database.writing() as session:
            work = Work(house, queue.claim(session, "one", at=house.clock()))
        work.end("done", result=KINDS[work.claim.kind].run(work))
        with house.database.reading() as session:
            return session.get(Job, work.claim.id)

    return one


@pytest.mark.parametrize("exchange,large", [(11, False), (5, True)])
def test_from_a_size_on_it_is_a_job(house, backlog, exchange, large):
    object.__setattr__(house.settings, "exchange", exchange)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).where(Kept.pile != "")) in range(6, 12)
        assert exchanging.large(session, house, backlog) == large


def test_it_goes_out_and_comes_in_again(house, reviewer, backlog, done):
    job = done("xlsx")
    assert job.done == job.total > 0
    with house.database.reading() as session:
        _, file = exchanging.made(session, house, reviewer, job.id)
        assert [one.id for one in exchanging.under_way(session, reviewer, backlog.id, house.clock())] == [job.id]
        with pytest.raises(NotFound):  # nobody else's
            exchanging.made(session, house, accounts.actor(session, "office"), job.id)
    book = openpyxl.load_workbook(io.BytesIO(file.data))
    heads = {cell.value: cell.column for cell in book["逐件决定"][1]}
    for row, label in ((2, "不公开吧"), (3, "主动公开")):
        book["逐件决定"].cell(row, heads["决定"]).value = label
    filled = io.BytesIO()
    book.save(filled)
    taken = done(file=Upload(file.name, filled.getvalue()))
    with house.database.reading() as session:
        told = exchanging.taken_in(session, house, reviewer, taken.id)
        assert (told.new, told.known, [one.cell.partition("!")[2] for one in told.wrong]) == (1, 0, ["I2"]), told
        assert session.scalar(select(func.count()).select_from(Decided)) == 1
        assert list(queue.rows(session, house.vault, taken, at=house.clock())) == []


def test_the_citys_table_and_what_there_is_not(house, reviewer, backlog, done):
    job = done(exchanging.MUNICIPAL)
    with house.database.reading() as session:
        assert exchanging.made(session, house, reviewer, job.id)[1].name == "municipal.xlsx"
        with pytest.raises(NotFound):
            exchanging.taken_in(session, house, reviewer, job.id)
    with house.database.writing() as session, pytest.raises(RequestError, match="xlsx、csv"):
        exchanging.order(session, house, reviewer, backlog, "exe")


@pytest.mark.parametrize(
    ("changed", "words"), [({"roles": ["auditor"]}, "没有做“建议公开属性”任务的权限"), ({"disabled": True}, "已停用")]
)
def test_who_may_not_any_more_has_nothing_done(house, submit, changed, words):
    id = submit("suggest", Upload("a.txt", "关于召开会议的通知".encode()))
    with house.database.writing() as session:
        work, user = Work(house, queue.claim(session, "one", at=house.clock())), session.get(User, "drafter")
        user = user or session.scalars(select(User).where(User.login == "drafter")).one()
        for name, value in changed.items():
            setattr(user, name, value)
    with pytest.raises(NotAllowed, match=words):
        work.permit("suggest", "建议公开属性")
    with house.database.reading() as session:
        entry = session.scalars(select(Trail).order_by(Trail.seq.desc()).limit(1)).one()
        assert (entry.action, entry.object, entry.detail["job"]) == ("refuse", id, "suggest")


def test_the_pages_of_a_large_worklist(house, backlog, done):
    object.__setattr__(house.settings, "exchange", 5)
    app = FastAPI()
    app.state.house = house
    app.include_router(backlogs_pages.router)
    job = done("jsonl")
    client = accounts.signed_in(app, "reviewer")
    place = f"/review/{backlog.id}"
    answers = [
        client.get(f"{place}/export?format=jsonl"),
        client.get(f"{place}/municipal"),
        client.post(f"{place}/exchange", files={"file": ("a.jsonl", b"{}")}),
    ]
    assert [(one.status_code, one.headers["location"]) for one in answers] == [
        (303, f"{place}/exchange#exchanging")
    ] * 3
    page = client.get(f"{place}/exchange").text
    assert page.count("在排队") == 3 and "在后台办理的" in page
    answer = client.get(f"{place}/exported/{job.id}")
    assert (answer.headers["content-disposition"], answer.text.count("\n") > 5) == (
        'attachment; filename="results.jsonl"', True,
    )  # fmt: skip
    assert f"{place}/exported/{job.id}" in client.get(f"{place}/exchanging").text
