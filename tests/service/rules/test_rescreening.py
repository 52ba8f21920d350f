"""Documents judged anew after the negative list changed: which, what is told, and what stays."""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import accounts
import pytest
from fastapi.testclient import TestClient
from said import said
from sqlalchemy import delete, select

from gongkai.service.app import create_app
from gongkai.service.casework.keeping import judged_again, keep
from gongkai.service.casework.statistics import ZONE
from gongkai.service.rules.expiring import TURNED, mind, turned
from gongkai.service.rules.memory import loaded, shipped
from gongkai.service.rules.rescreening import changed_clauses, differing, hit_in, standing_against
from gongkai.service.rules.rows import changed, row_of
from gongkai.service.settings import Settings
from gongkai.service.store.duties import Duty
from gongkai.service.store.tables import Decided, Job, Kept, Screened, Trail

TEXT = "青禾县水务局关于泵站值守的报告\n县人民政府：\n夜间值守口令由站长保管。\n青禾县水务局\n2026年4月28日\n"


def result(clauses=(), label="proactive"):
    found = copy.deepcopy(said(attribute=label).kept)
    found["negative"] = [{"clause": clause} for clause in clauses]
    return found


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (result(["NL-12"]), result(["NL-12", "NL-12"]), {}),
        (result(["NL-12"]), result(["NL-13"]), {"clauses": ["+NL-13", "-NL-12"]}),
        (result(), result(label="withheld"), {"clauses": [], "attribute": ["proactive", "withheld"]}),
    ],
)
def test_what_differs(before, after, told):
    assert differing(before, after) == told


def ending(clause, day):
    files = shipped()
    text = files["negative.toml"]
    return files | {"negative.toml": changed(text, row_of(text, "clause", clause), {("until",): day})}


def test_changed_clauses_are_those_whose_rows_differ():
    assert changed_clauses(shipped(), ending("NL-12", "2026-01-31")) == ("NL-12",)
    assert changed_clauses(shipped(), shipped() | {"law.toml": shipped()["law.toml"] + "\n# 注\n"}) == ()


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))


def put(session, house, actor, text, clauses, **given):
    kept = said(text=text, **given)
    kept = replace(kept, kept=kept.kept | {"negative": [{"clause": clause} for clause in clauses]})
    return keep(session, house.vault, actor, kept, text=text, origin="api", at=house.clock()).id


def test_putting_another_list_in_force_judges_anew_and_keeps_decisions(application):
    accounts.peopled(application)
    house = application.state.house
    with house.database.writing() as session:
        drafter, office = (accounts.actor(session, login) for login in ("drafter", "office"))
        kept = put(session, house, drafter, TEXT, ["NL-12"], attribute="withheld")
        unread = put(session, house, drafter, TEXT + "又及", ["NL-12"])
        put(session, house, drafter, TEXT + "另件", ["NL-13"])
        assert house.vault.drop(session, "text", unread) == 1
        session.flush()
        assert set(hit_in(session, office, frozenset(["NL-12"]))) == {kept, unread}
        assert set(hit_in(session, accounts.actor(session, "neighbour"), frozenset(["NL-12"]))) == set()
        session.add(Decided(document=kept, attribute="withheld", reason="W-161", by=office.user, at=house.clock()))
        session.get(Kept, kept).decided = "withheld"
    with TestClient(application):
        client = accounts.signed_in(application, "office")
        client.post("/clauses/NL-12/retire", data={"until": "2020-01-31"})
        assert client.post("/rules/1/activate").status_code in (204, 303)
        job = ended(application)
    assert (job.state, job.order["clauses"]) == ("done", ["NL-12"])
    with house.database.reading() as session:
        assert session.scalars(select(Duty.task)).all() == ["公开调整后的清单：负面清单"]
    assert (job.result["judged"], job.result["unread"], job.result["unreadable"]) == (2, [unread], 1)
    assert {row["document"]: row["clauses"] for row in job.result["listed"]}[kept] == ["-NL-12"]
    with house.database.writing() as session:
        newest = session.scalars(select(Screened).where(Screened.document == kept).order_by(Screened.at)).all()[-1]
        assert [hit["clause"] for hit in newest.result["negative"]] == []
        assert session.get(Kept, kept).decided == "withheld", "people's decisions stay"
        rows = standing_against(session, accounts.actor(session, "office"), job.result)
        assert {row[0].id for row in rows} >= {kept, unread}
        for id_ in (kept, unread):
            one = session.get(Kept, id_)
            one.decided = "proactive" if one.attribute != "proactive" else "withheld"
            first = standing_against(session, accounts.actor(session, "office"), job.result)[0][0]
            assert first.id == id_, "a decision that goes against the new suggestion comes first"
            one.decided = one.attribute
        assert standing_against(session, accounts.actor(session, "neighbour"), job.result) == ()


@pytest.mark.parametrize(
    ("before", "today", "told"),
    [
        ("2020-01-30", "2020-01-31", ()),
        ("2020-01-31", "2020-02-01", ("NL-12",)),
        ("2020-02-01", "2020-02-02", ()),
    ],
)
def test_a_clause_ends_by_its_own_date(before, today, told):
    rules = loaded(ending("NL-12", "2020-01-31"), "default")
    assert turned(rules.clauses, date.fromisoformat(before), date.fromisoformat(today)) == told


def test_when_a_date_has_passed_documents_are_judged_anew_once(application):
    accounts.peopled(application)
    house, at = application.state.house, application.state.house.clock()
    rules = loaded(ending("NL-12", at.astimezone(ZONE).date().isoformat()), "default")
    later = SimpleNamespace(
        rules=lambda: rules, database=house.database, vault=house.vault, clock=lambda: at + timedelta(days=2)
    )
    now = SimpleNamespace(rules=lambda: rules, database=house.database, vault=house.vault, clock=lambda: at)
    assert mind(now) is None
    job = mind(later)
    assert (job.kind, job.order["clauses"], mind(later)) == ("rescreen", ["NL-12"], None)
    with house.database.writing() as session:
        assert session.scalars(select(Trail.detail).where(Trail.action == TURNED)).all() == [{"clauses": ["NL-12"]}]
        session.execute(delete(Job).where(Job.id == job.id))


def ended(application):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with application.state.house.database.reading() as session:
            job = session.scalar(select(Job).where(Job.kind == "rescreen"))
            if job and job.state not in ("waiting", "running"):
                return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_place_in_a_backlog_follows(application):
    house = application.state.house
    accounts.peopled(application)
    with house.database.writing() as session:
        actor = accounts.actor(session, "drafter")
        id_ = put(session, house, actor, TEXT + "存量", [])
        kept = session.get(Kept, id_)
        kept.place = {"reasons": ["P-192"], "category": "G0102", "second": "s:x"}
        now = said(text=TEXT + "存量", attribute="withheld")
        now.kept["reasons"] = [{"code": "W-163"}, {"code": "W-163"}]
        now.kept["categories"] = []
        judged_again(session, kept, now, at=house.clock())
        assert kept.place == {"reasons": ["W-163"], "category": "", "second": "s:x"}
        assert kept.attribute == "withheld"


def test_the_same_text_is_kept_anew_on_a_day_with_other_clauses_in_force(application):
    house = application.state.house
    accounts.peopled(application)
    text = TEXT + "同文"
    with house.database.writing() as session:
        actor = accounts.actor(session, "drafter")
        ids = [put(session, house, actor, text, clauses) for clauses in (["NL-12"], ["NL-12"], [])]
        assert len(set(ids)) == 1
        kept = session.scalars(select(Screened).where(Screened.document == ids[0]).order_by(Screened.at)).all()
        assert [[hit["clause"] for hit in one.result["negative"]] for one in kept] == [["NL-12"], []]
