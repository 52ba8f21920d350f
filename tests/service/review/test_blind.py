"""A second reader who has not decided sees neither suggestion nor first opinion, wherever they look."""

from __future__ import annotations

from dataclasses import dataclass

import accounts
import pytest
from sqlalchemy import select

from gongkai.service.app import create_app
from gongkai.service.casework.deciding import undo
from gongkai.service.office.records import Wanted as Sought
from gongkai.service.office.records import listed
from gongkai.service.precedents.meanings import Meanings
from gongkai.service.precedents.similar import Asked, precedents
from gongkai.service.review import exporting, opinions, queue, seconds
from gongkai.service.review.bringing import Source, bring_in
from gongkai.service.review.judging import SUGGESTED, Verdict, decide_all
from gongkai.service.review.queue import Wanted
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Backlog, Kept


@dataclass(frozen=True)
class Read:
    """Two documents that the first reader decided; the second one reads `blind` again and not `plain`."""

    blind: str
    plain: str


def given(database, backlog, people, rules, clock):
    with database.reading() as session:
        query = select(Kept).where(Kept.backlog == backlog, Kept.attribute == "proactive", Kept.pile == "confirm")
        blind, plain = session.scalars(query.order_by(Kept.rank).limit(2)).all()
    decide_all(database, rules, people["reviewer"], [blind.id, plain.id], Verdict(SUGGESTED), clock)
    with database.writing() as session:
        known, wanted = session.get(Backlog, backlog), Wanted(words=blind.number)
        seconds.assign(session, people["office"], known, wanted, people["second"].user, 100, at=clock())
    return Read(blind.id, plain.id)


@pytest.fixture
def read(database, brought, people, rules, clock):
    return given(database, brought.backlog, people, rules, clock)


def records(session, actor, **sought):
    return {kept.id for kept, _ in listed(session, actor, Sought(**sought), most=200).documents}


def unread(session, actor):
    return set(session.scalars(select(Kept.id).where(opinions.unread(actor))))


def test_lists_leave_it_out_for_that_reader_alone(database, read, people):
    with database.reading() as session:
        for login in ("second", "reviewer", "office"):
            seen = records(session, people[login], attribute="proactive", state="decided")
            assert seen == {read.plain} | ({read.blind} if login != "second" else set())
            assert unread(session, people[login]) == ({read.blind} if login == "second" else set())


def test_it_comes_back_with_the_own_decision_and_goes_when_that_is_taken_back(database, read, people, rules, clock):
    second = people["second"]
    decide_all(database, rules, second, [read.blind], Verdict("withheld", reason="W-167"), clock)
    with database.writing() as session:
        assert (read.blind in records(session, second), unread(session, second)) == (True, set())
        undo(session, second, opinions.of(session, [read.blind])[read.blind][-1].id, at=clock())
    with database.reading() as session:
        assert (read.blind in records(session, second), unread(session, second)) == (False, {read.blind})


def test_it_is_no_precedent_for_that_reader(database, read, people):
    with database.reading() as session:
        number = session.get(Kept, read.blind).number
        found = {
            login: [one.document for one in precedents(session, Meanings(), people[login], Asked(number=number))]
            for login in ("second", "office")
        }
    assert found == {"second": [], "office": [read.blind]}


@pytest.mark.parametrize(
    "filter", [{"attribute": "proactive"}, {"state": "changed"}, {"keys": ("c:",)}, {"state": "disputed"}, {}]
)
def test_no_filter_of_the_queue_tells_of_it(database, brought, read, people, filter):
    with database.reading() as session:
        kept = session.get(Kept, read.blind)
        category = next(key for key in kept.place["keys"] if key.startswith("c:"))
        wanted = Wanted(**filter | ({"keys": (category,)} if "keys" in filter else {}), words=kept.number)
        found = {
            login: [row.kept.id for row in queue.page(session, brought.backlog, people[login], wanted).rows]
            for login in ("second", "office")
        }
    there = [] if filter.get("state") else [read.blind]
    assert found == {"second": [] if filter else there, "office": there}


@pytest.mark.parametrize("format", exporting.FORMATS)
def test_no_export_holds_it(database, brought, read, people, rules, clock, format, tmp_path):
    sizes = {}
    for login in ("second", "office"):
        with database.reading() as session:
            known = session.get(Backlog, brought.backlog)
            with exporting.exported(session, known, rules, format, clock(), people[login]) as path:
                sizes[login] = len(list(exporting.entries(session, known, people[login])))
                named = session.get(Kept, read.blind).digest in path.read_text("utf-8", "ignore")
                assert named is (login == "office" and format != "xlsx")
    assert sizes["second"] == sizes["office"] - 1


@pytest.fixture(scope="module")
def application(tmp_path_factory, screened):
    app = create_app(Settings(data=tmp_path_factory.mktemp("blind"), workers=0, fast=True, job_workers=0, rate=0))
    accounts.peopled(app)
    yield app
    app.state.house.close()


@pytest.fixture(scope="module")
def kept(application, screened):
    house = application.state.house
    with house.database.reading() as session:
        people = {login: accounts.actor(session, login) for login in accounts.USERS}
    done = bring_in(house.database, people["office"], Source(screened, "存量", accounts.WATER), house.clock)
    return given(house.database, done.backlog, people, house.rules(), house.clock)


def test_the_download_is_for_whoever_takes_it(application, kept):
    house = application.state.house
    with house.database.reading() as session:
        known = session.get(Kept, kept.blind)
    lines = {
        login: accounts.signed_in(application, login).get(f"/review/{known.backlog}/export?format=jsonl").text
        for login in ("second", "reviewer")
    }
    assert {login: known.digest in text for login, text in lines.items()} == {"second": False, "reviewer": True}


@pytest.mark.parametrize("path", ["/v1/documents?limit=100&decided=proactive", "/documents?state=decided"])
def test_no_list_names_it(application, kept, path):
    told = {login: accounts.signed_in(application, login).get(path).text for login in ("second", "reviewer")}
    assert {login: (kept.blind in text, kept.plain in text) for login, text in told.items()} == {
        "second": (False, True),
        "reviewer": (True, True),
    }


REFUSED = (
    "/v1/documents/{}", "/v1/documents/{}/decisions", "/v1/precedents?document={}", "/precedents/similar?document={}",
    "/documents/{}", "/documents/{}/text", "/opinion/{}",
)  # fmt: skip


@pytest.mark.parametrize("path", REFUSED)
def test_no_answer_tells_of_it(application, kept, path):
    answer = accounts.signed_in(application, "second").get(path.format(kept.blind))
    assert (answer.status_code, "由您复核" in answer.text) == (403, True)
    assert "印发" not in answer.text and "proactive" not in answer.text
    other = accounts.signed_in(application, "reviewer").get(path.format(kept.blind))
    assert other.status_code == (404 if path.endswith("/text") else 200)  # texts aren't kept here


def test_the_drafters_form_sends_that_reader_to_the_queue(application, kept):
    client = accounts.signed_in(application, "second")
    told = client.get(f"/draft/{kept.blind}/decision")
    assert (told.status_code, "由您复核" in told.text, "<form" in told.text) == (200, True, False)
    answer = client.post(f"/draft/{kept.blind}/decision", data={"attribute": "proactive"})
    assert answer.status_code == 403
    assert "已记录" in client.get(f"/draft/{kept.plain}/decision").text


def test_a_second_reading_passes_for_no_first_one(application, kept):
    client = accounts.signed_in(application, "second")
    answer = client.post(f"/v1/documents/{kept.blind}/decisions", json={"attribute": "proactive"})
    assert (answer.status_code, "由您复核" in answer.text) == (403, True)
