"""What a draft changes, counted and as a job over kept texts."""

from __future__ import annotations

import copy
import hashlib
import re
import time

import accounts
import pytest
from fastapi.testclient import TestClient
from said import said

from gongkai.service.app import create_app
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.previewing import Pair, Tally
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Backlog, Kept

TEXT = (
    "青禾县水务局关于印发河道管护实施方案的通知\n各乡镇人民政府：\n现将方案印发给你们。\n青禾县水务局\n2026年4月28日\n"
)


def result(label="proactive", clauses=(), reasons=(), review=False, handling="full"):
    found = copy.deepcopy(said(attribute=label, handling=handling).kept)
    found["negative"] = [{"clause": clause} for clause in clauses]
    found["reasons"] = [{"code": code} for code in reasons]
    found["needs_review"] = review
    return found


def test_nothing_differs():
    tally = Tally()
    tally.add(Pair("1", result(clauses=["NL-12"]), result(clauses=["NL-12"])))
    assert tally.shown() == {
        "judged": 1, "failed": 0, "changed": 0, "attributes": {"proactive/proactive": 1},
        "clauses": {}, "reasons": {}, "review": {}, "listed": [],
    }  # fmt: skip


def test_what_differs():
    tally = Tally()
    after = result("withheld", clauses=["NL-13", "NL-13"], reasons=["W-163"], review=True, handling="partial")
    tally.add(Pair("1", result(clauses=["NL-12"], reasons=["P-192"]), after))
    tally.add(Pair("2", result(review=True), result()))
    found = tally.shown()
    assert (found["judged"], found["changed"]) == (2, 1)
    assert found["attributes"] == {"proactive/withheld": 1, "proactive/proactive": 1}
    assert found["clauses"] == {"-NL-12": 1, "+NL-13": 1}
    assert found["reasons"] == {"-P-192": 1, "+W-163": 1}
    assert found["review"] == {"more": 1, "less": 1}
    assert found["listed"] == [
        {
            "document": "1", "attribute": ["proactive", "withheld"], "clauses": ["+NL-13", "-NL-12"],
            "reasons": ["+W-163", "-P-192"], "handling": ["full", "partial"],
        }
    ]  # fmt: skip


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))


@pytest.fixture
def archive(application, tmp_path):
    """Two files of a screened archive, one of which was changed since."""
    accounts.peopled(application)
    house = application.state.house
    at = house.clock()
    with house.database.writing() as session:
        backlog = Backlog(name="存量", unit=accounts.TOP, engine={"roots": [str(tmp_path)]}, created=at, changed=at)
        session.add(backlog)
        session.flush()
        for name, since in (("甲.txt", ""), ("乙.txt", "又及")):
            (tmp_path / name).write_text(TEXT + since, "utf-8")
            digest = "sha256:" + hashlib.sha256(TEXT.encode()).hexdigest()
            place = {"files": [[str(tmp_path / name), "main", digest]]}
            session.add(
                Kept(
                    unit=accounts.TOP, owner=accounts.user_id("office"), origin="backlog", digest=name, title=name,
                    number="", issuer="", issued="", genre="", attribute="proactive", confidence=0.9, handling="full",
                    needs_review=False, created=at, changed=at, backlog=backlog.id, place=place,
                )
            )  # fmt: skip


def test_the_job_judges_kept_texts_and_archived_files_by_both(application, archive):
    with TestClient(application):
        office = accounts.signed_in(application, "office")
        accounts.keyed(application, "office", "suggest").post("/v1/suggestions", json={"text": TEXT}).raise_for_status()
        tables = shipped()["law.toml"] + (
            '\n[[rule]]\nid = "river"\nstep = "may"\nattribute = "withheld"\nreason = "W-163"\n'
            'basis = "本机关规定"\nwhy = "试"\nweight = 9.0\nbody = \'现将方案印发给你们\'\n'
        )
        files = [("files", ("law.toml", tables.encode()))]
        assert office.post("/rules/import", files=files, data={"note": "试"}).headers["location"] == "/rules/1"
        office.post("/rules/1/preview")
        deadline = time.monotonic() + 120
        while office.get("/rules/1/preview/progress").headers.get("hx-redirect") is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        shown = office.get("/rules/1/preview").text
    figures = re.findall(r'<b class="big">(\d+)</b>', shown)
    assert figures == ["2", "2", figures[2], figures[3], "1"]  # one of the archive's files is not what was screened
    assert "主动公开</span></td><td>" in shown.replace("\n", "")
    assert "不予公开</strong>" in shown and "＋W-163" in shown
