"""Reports and meetings as people use them, in a real browser, and through the API."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import accounts
import openpyxl
import pytest
from browsing import become, follow
from halfyear import fill

from gongkai.service.app import create_app
from gongkai.service.casework.keeping import TEXT
from gongkai.service.settings import Settings
from gongkai.service.store.duties import Sample
from gongkai.service.store.tables import Trail

NOW = datetime(2026, 7, 20, 1, tzinfo=UTC)
MINUTES = "青禾县人民政府常务会议纪要\n一、关于供水\n钱多文同志提出分两年实施。会议议定，同意分两年实施。\n"
PLAN = "青禾县供水价格调整会议方案\n议题：水价调整，此前已公开征求意见。\n"


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    settings = Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, rate=0)
    app = create_app(settings, lambda: NOW)
    with app.state.house.database.writing() as session:
        fill(session, app.state.house.rules())
    return app


@pytest.fixture
def signed(page, application, origin):
    def go(login, path):
        become(page, accounts.cookie(application, login, origin))
        page.goto(f"{origin}{path}")
        return page

    return go


def test_from_figures_to_the_report_and_a_sample_that_is_read_blind(signed, origin, application):
    page = signed("office", "/reports/figures?period=2026")
    page.fill("#f-licences", "120")
    page.fill("#f-press_conferences", "26")
    page.fill("#f-licences", "许多")
    page.click("button:has-text('保存')")
    page.wait_for_selector("#alert:has-text('不小于 0 的数')")
    assert page.input_value("#f-press_conferences") == "26"
    page.fill("#f-licences", "120")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".notice:has-text('2 项')")
    follow(page, "text=看年度报告")
    assert page.is_visible("h2:has-text('2026年政府信息公开工作年度报告')")
    assert page.locator("tr:has-text('行政许可') td.number").inner_text() == "120"
    assert "新闻发布会、通气会26场" in page.inner_text(".report")
    assert "没有一件" not in page.inner_text(".report")
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as taken:
        page.click("text=导出 Word")
    assert taken.value.suggested_filename.endswith("年度报告.docx")
    page.select_option("#kind", "selfcheck")
    page.fill("#period", "2026-Q2")
    follow(page, "button:has-text('生成')")
    assert page.is_visible("h2:has-text('自查报告')")
    assert "还没有决定的通知" in page.inner_text(".report")
    follow(page, "nav[aria-label=报表] >> text=抽查")
    page.fill("#period", "2026-Q2")
    page.fill("#size", "1")
    page.select_option("#reader", label="钱多文")
    page.click("button:has-text('抽取')")
    page.wait_for_selector("td:has-text('还没有复核')")
    page = signed("reviewer", "/reports/samples")
    follow(page, "td >> text=打开")
    assert page.is_visible("legend:has-text('公开属性')")
    assert "原决定" not in page.inner_text("main section")
    with application.state.house.database.writing() as session:
        (document,) = session.query(Sample).one().documents
        application.state.house.vault.put(session, TEXT, document, "一、值班安排".encode(), at=NOW)
    page.reload()
    follow(page, "text=看全文")
    assert page.inner_text(".paper") == "一、值班安排"
    follow(page, "text=返回作判断")
    page.check("input[value=withheld]")
    page.select_option("select[name=reason]", "W-162")
    page.click("button:has-text('作出判断')")
    page.wait_for_selector("section:has-text('原决定')")
    page.goto(f"{origin}/reports/samples")
    assert re.search(r"\d+\.\d%（", page.inner_text("table"))


def test_a_meeting_plan_and_minutes(signed):
    page = signed("drafter", "/meetings")
    page.fill("#text", PLAN)
    page.click("button.primary")
    page.wait_for_selector("#found h2:has-text('没有写明')")
    assert "意见收集和采纳情况的说明" in page.inner_text("#found")
    page.check("input[value=minutes]")
    page.fill("#text", MINUTES)
    page.click("button.primary")
    page.wait_for_selector("h2:has-text('议定事项')")
    assert "会议议定，同意分两年实施。" in page.input_value("textarea[readonly]")
    assert "钱多文同志提出" in page.inner_text("section:has-text('讨论记录和其他')")


def test_figures_by_sheet(application):
    client = accounts.signed_in(application, "office")
    sheet = client.get(f"/reports/figures/sheet?unit={accounts.WATER}&period=2025")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    row = next(row for row in book.active.iter_rows() if row[3].value == "granted.natural")
    row[1].value = 7
    held = io.BytesIO()
    book.save(held)
    sent = {"unit": accounts.WATER, "period": "2025", "csrf": client.headers["x-csrf-token"]}
    answer = client.post("/reports/figures/file", data=sent, files={"file": ("填报.xlsx", held.getvalue())})
    assert answer.status_code == 303
    told = client.get(f"/v1/reports/yearly?period=2025&unit={accounts.WATER}").json()
    rows = {row[0]: row[1:] for row in told["parts"][2]["tables"][0]["rows"]}
    assert rows["（一）予以公开"] == [7, 0, 0, 0, 0, 0, 7]
    assert "“自然人”一列不平" in told["faults"][0]
    assert "发布以前请核对" in client.get(f"/reports?period=2025&unit={accounts.WATER}").text
    broken = client.post("/reports/figures/file", data=sent, files={"file": ("填报.xlsx", b"PK")})
    assert broken.status_code == 415


@pytest.mark.parametrize("format", ["xlsx", "docx"])
def test_files_are_whole_and_noted(application, format):
    client = accounts.signed_in(application, "auditor")
    answer = client.get(f"/reports/file/{format}?kind=monthly&period=2026-04")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    assert "attachment" in answer.headers["content-disposition"]
    with application.state.house.database.reading() as session:
        last = session.query(Trail).order_by(Trail.seq.desc()).first()
    assert (last.action, last.kind, last.detail["format"]) == ("download", "report", format)


#: Who may see or do what.
DOORS = [
    ("drafter", "/reports", 403), ("reviewer", "/reports", 200), ("auditor", "/reports", 200),
    ("admin", "/reports", 403),
    ("reviewer", "/reports/figures", 403), ("office", "/reports/figures", 200), ("auditor", "/reports/samples", 200),
    ("auditor", "/reports/samples/none", 403), ("reviewer", "/reports/samples/none", 404),
    ("drafter", "/meetings", 200), ("auditor", "/meetings", 403), ("office", "/reports/file/pdf", 422),
    ("reviewer", f"/reports?unit={accounts.CIVIL}", 404), ("office", "/reports?period=25", 422),
    ("office", "/v1/reports/weekly", 404), ("reviewer", "/v1/reports/trend?period=2026", 200),
]  # fmt: skip


@pytest.mark.parametrize(("login", "path", "status"), DOORS)
def test_doors(application, login, path, status):
    assert accounts.signed_in(application, login).get(path).status_code == status


def test_meetings_through_the_api(application):
    client = accounts.keyed(application, "drafter", "suggest")
    told = client.post("/v1/meetings/minutes", json={"id": "1", "title": "", "text": MINUTES}).json()
    pieces = [(piece["kind"], MINUTES[piece["start"] : piece["end"]]) for piece in told["pieces"]]
    assert pieces[1:] == [("discussion", "钱多文同志提出分两年实施。"), ("decided", "会议议定，同意分两年实施。")]
    found = client.post("/v1/meetings/plan", files={"file": ("方案.txt", PLAN.encode())}).json()
    assert [one["code"] for one in found["demands"] if one["state"] == "missing"] == [
        "attendance", "openness", "adoption", "after",
    ]  # fmt: skip
    stopped = client.post("/v1/meetings/plan", json={"id": "1", "title": "", "text": "机密★5年\n会议方案\n议题：水价"})
    assert (stopped.status_code, stopped.json()["type"]) == (409, "urn:gongkai:problem:classified")
    assert "水价" not in stopped.text
