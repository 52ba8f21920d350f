"""The negative list on pages: read, changed with its effect on past documents, taken back; withheld outside it."""

from __future__ import annotations

import re
from html import unescape

import accounts
import pytest
from browsing import follow

from gongkai.model.duties.clauselint import remarks
from gongkai.model.rulebook import Rulebook
from gongkai.service.app import create_app
from gongkai.service.rules.memory import digest, shipped
from gongkai.service.settings import Settings

TEXT = (
    "青禾县水务局关于报送泵站值守交接事项的报告\n县人民政府：\n各泵站值守交接按照既定安排办理，"
    "夜间值守口令由站长保管。\n青禾县水务局\n2026年4月28日\n"
)
RULES = Rulebook.load()
WEAK_OF_REST = [one for one in remarks(RULES.clauses, RULES.reason) if one.clause == "NL-30"]
WEAK = {one.clause for one in remarks(RULES.clauses, RULES.reason)}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))


@pytest.fixture
def client(application):
    return accounts.signed_in(application, "office")


@pytest.fixture(scope="module")
def document(application):
    answer = accounts.keyed(application, "drafter", "suggest").post("/v1/suggestions", json={"text": TEXT})
    return answer.headers["location"].rsplit("/", 1)[-1]


def plain(html):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def test_an_officer_changes_a_clause_sees_the_effect_and_takes_it_back(page, application, origin, document):
    page.context.add_cookies([accounts.cookie(application, "office", origin)])
    page.goto(f"{origin}/clauses")
    follow(page, "a:has-text('后勤管理')")
    follow(page, "text=修改这一条")
    assert "NL-13" in page.inner_text("h1")
    place = page.locator("[name$='.pattern'][name^='signals.']").count() - 2
    page.select_option(f"[name='signals.{place}.where']", "body")
    page.fill(f"[name='signals.{place}.weight']", "0.95")
    page.fill(f"[name='signals.{place}.pattern']", "夜间值守口令")
    page.fill("#since", "2020-01-01")
    follow(page, "text=校验并保存")
    assert "已校验并保存" in page.inner_text(".notice")
    number = int(re.search(r"/rules/(\d+)", page.url)[1])
    page.goto(f"{origin}/rules/{number}/preview")
    follow(page, "button:has-text('开始预演')")
    page.wait_for_selector(".figures >> text=已判断")
    page.wait_for_selector("section.card:has(h2:text-is('负面清单条款')):has-text('NL-13 后勤管理')")
    page.goto(f"{origin}/rules/{number}")
    page.click("button:has-text('启用')")
    page.click("#activate button:has-text('启用')")
    page.wait_for_url(f"{origin}/rules")
    page.goto(f"{origin}/clauses/changes")
    page.wait_for_selector("#again >> text=1 份有变")
    assert "夜间值守口令" in page.inner_text(".cells:has-text('线索')")
    assert "新查到 NL-13" in page.inner_text("#again")
    follow(page, "#again a[href^='/documents/']")
    assert "NL-13 后勤管理" in page.inner_text("main")
    page.goto(f"{origin}/rules/0")
    page.click("button:has-text('退回到这一版')")
    page.click("#activate button:has-text('启用')")
    page.wait_for_url(f"{origin}/rules")
    assert application.state.house.rules().digest == digest(shipped())
    page.goto(f"{origin}/clauses/changes?old={number}&new=0")
    page.wait_for_selector("#again >> text=不再有 NL-13")
    for path in ("/clauses", "/clauses/NL-12", "/clauses/withheld", "/clauses/changes"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"{origin}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_list_with_figures_remarks_and_validity(client, document):
    listed = plain(client.get("/clauses").text)
    assert f"现用 {len(RULES.clauses)} 条，其中 {len(WEAK)} 条有不够具体、难以核对的地方" in listed
    shown = plain(client.get("/clauses/NL-30").text)
    assert all(one.message in shown and one.mend in shown for one in WEAK_OF_REST)
    assert len(WEAK_OF_REST) > 1
    assert "反例（应当公开）" in shown and "一直有效" in shown
    assert client.get("/clauses/NL-99").status_code == 404


def test_who_may_not_count_or_edit_reads_the_list(application):
    drafter = accounts.signed_in(application, "drafter")
    listed = drafter.get("/clauses")
    assert listed.status_code == 200 and "新增一条" not in listed.text and "清单外和偏多" not in listed.text
    assert drafter.get("/clauses/withheld").status_code == 403
    assert drafter.post("/clauses/edit", data={"id": "NL-12"}).status_code == 403


def test_a_clause_ends_on_a_day_by_a_draft(client):
    moved = client.post("/clauses/NL-12/retire", data={"until": "2026-01-31"}).headers["location"]
    assert "2026-01-31" in plain(client.get(moved).text)
    assert client.get("/rules/0/tables/negative/row?key=NL-12").text.count("2026-01-31") == 0
    assert "到哪一天" in client.post("/clauses/NL-12/retire", data={"until": "明年"}).text
    assert "总是有效" in client.post("/clauses/NL-01/retire", data={"until": "2026-01-31"}).text
    assert client.post("/clauses/NL-99/retire", data={"until": "2026-01-31"}).status_code == 404


def test_a_withholding_outside_the_list_is_asked_and_goes_on_with_a_reason(application, client, document):
    drafter = accounts.signed_in(application, "drafter")
    given = {"attribute": "withheld", "reason": "W-161"}
    asked = drafter.post(f"/draft/{document}/decision", data=given).text
    assert "还没有记录" in asked and "没有查到负面清单的任何一条" in asked and "条例第五条、第十三条" in asked
    assert drafter.get(f"/v1/documents/{document}/decisions").json()["items"] == []
    told = drafter.post(f"/draft/{document}/decision", data={**given, "note": "人员安排，公开影响值守安全"}).text
    assert "已记录" in told and "没有查到负面清单的任何一条" in told
    [row] = drafter.get(f"/v1/documents/{document}/decisions").json()["items"]
    assert "没有查到负面清单的任何一条" in row["challenge"] and row["challenge_basis"] == "条例第五条、第十三条"
    shown = plain(client.get("/clauses/withheld").text)
    assert "清单外的不予公开 1 件" in shown
    assert "决定人写明：人员安排，公开影响值守安全" in shown
