"""Records, statistics, trail and operation in a real browser."""

from __future__ import annotations

import re

import accounts
import pytest
from browsing import follow
from said import said

from gongkai.service.app import create_app
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.office.records import PAGE
from gongkai.service.settings import Settings
from gongkai.service.store import retention
from gongkai.service.store.tables import Kept

WIDTHS = (360, 390, 1092, 1366)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))
    accounts.peopled(app)
    house = app.state.house
    with house.database.writing() as session:
        for number in range(PAGE + 5):
            login = "neighbour" if number % 2 else "drafter"
            told = said(
                f"第{number}份<b>通知</b>\n各科室：请照办。", attribute="proactive" if number % 3 else "withheld"
            )
            told.kept["title"] = f"关于第{number}份<b>通知</b>"
            actor, at = accounts.actor(session, login), house.clock()
            document = keep(session, house.vault, actor, told, text=told.text, origin="page", at=at)
            if number % 4 == 0:
                given = Given("withheld", reason="W-163", note="按会议意见")
                decide(session, house.rules(), accounts.actor(session, "office"), document, given, at=at)
    return app


@pytest.fixture
def signed(page, application, origin):
    def go(login, path):
        page.context.add_cookies([accounts.cookie(application, login, origin)])
        page.goto(f"{origin}{path}")
        return page

    return go


@pytest.fixture(scope="module")
def someone(application):
    """A document of the drafter that was decided."""
    with application.state.house.database.reading() as session:
        return session.query(Kept).where(Kept.decided != "", Kept.owner == accounts.user_id("drafter")).first().id


@pytest.mark.parametrize(("login", "goes"), [("admin", "/admin"), ("auditor", "/audit")])
def test_who_drafts_nothing_has_another_first_page(application, login, goes):
    client = accounts.signed_in(application, login)
    assert client.get("/").status_code == 403
    assert client.get("/", headers={"accept": "text/html"}).headers["location"] == "/welcome"
    assert client.get("/welcome").headers["location"] == goes


def test_records_are_found_paged_and_opened(signed, origin):
    page = signed("office", "/documents")
    assert page.locator("table.records tbody tr").count() == PAGE
    follow(page, "text=下一页")
    assert page.is_visible("text=回到第一页")
    assert page.locator("table.records tbody tr").count() == 5
    page.goto(f"{origin}/documents")
    page.fill("#q", "第12份")
    page.select_option("#state", "decided")
    with page.expect_navigation(url=re.compile("state=decided")):
        page.press("#q", "Enter")
    follow(page, "table.records a")
    assert "关于第12份<b>通知</b>" in page.inner_text("h1")
    assert "按会议意见" in page.inner_text("main")
    follow(page, "text=查看全文")
    assert "第12份<b>通知</b>" in page.inner_text(".paper")
    page.go_back()
    assert "周正言 查看全文" in page.inner_text("aside")


@pytest.mark.parametrize(("login", "status"), [("drafter", 200), ("neighbour", 404), ("auditor", 200), ("admin", 403)])
def test_who_sees_a_document(application, someone, login, status):
    client = accounts.signed_in(application, login)
    assert client.get(f"/documents/{someone}").status_code == status
    assert client.get(f"/documents/{someone}/text").status_code == status


def test_an_empty_list_says_what_to_do(signed):
    page = signed("office", "/documents?q=没有这样的标题")
    assert "没有符合条件的公文" in page.inner_text(".empty")


def test_statistics(signed, origin):
    page = signed("office", "/statistics")
    assert page.locator(".figures .big").first.inner_text() == str(PAGE + 5)
    assert page.locator("svg.chart").count() == 1
    water = page.locator("tr:has(th:text-is('青禾县水务局')) td.number").all_inner_texts()
    assert water[0] == "28" and water[6] == "14"
    assert re.search(r"统计于\s*\d{4}-\d{2}-\d{2} \d{2}:\d{2}", page.inner_text(".lead"))
    page.fill("#since", "2000-01-01")
    page.fill("#until", "2000-12-31")
    follow(page, "button:has-text('统计')")
    assert page.is_visible(".empty")


def test_the_trail_is_searched_and_proven(signed, application):
    page = signed("auditor", "/audit")
    page.fill("#who", "周正言")
    page.select_option("#action", "decide")
    with page.expect_navigation(url=re.compile("action=decide")):
        page.click("text=查找")
    assert page.locator("table.trail tbody tr").count() == 14
    page.click("text=核验完整性")
    page.wait_for_selector("#verified .notice")
    assert "核验通过" in page.inner_text("#verified")


def test_the_trail_says_when_something_was_changed(tmp_path):
    app = create_app(Settings(data=tmp_path, workers=0, fast=True, rate=0))
    auditor = accounts.signed_in(app, "auditor")
    assert "核验通过" in auditor.post("/audit/verify").text
    with app.state.house.database.engine.begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE trail SET actor = 'x' WHERE seq = 1")
    assert "第 1 号留痕的内容被改动过" in auditor.post("/audit/verify").text
    app.state.house.close()


def test_operation(signed, application, origin):
    page = signed("admin", "/admin/operate")
    shown = page.inner_text("main")
    assert "combined-" in shown and "公开属性站得住" in shown and "GONGKAI_DATA" in shown
    field = page.get_by_label("保存的公文正文保留天数")
    field.fill("90")
    with page.expect_response(lambda answer: answer.url.endswith("/admin/operate/retention")):
        field.press("Enter")
    with application.state.house.database.reading() as session:
        assert retention.days(session)["text"] == 90


@pytest.mark.parametrize("days", ["0", "99999", "-1", "十", "", "1e3", "٣"])
def test_days_out_of_bounds(application, days):
    admin = accounts.signed_in(application, "admin")
    assert admin.post("/admin/operate/retention", data={"code": "text", "days": days}).status_code == 422


def test_secrets_are_not_shown(tmp_path):
    app = create_app(Settings(data=tmp_path, workers=0, fast=True, rate=0, key="A" * 43 + "=", oidc_secret="秘密口令"))
    shown = accounts.signed_in(app, "admin").get("/admin/operate").text
    app.state.house.close()
    assert "秘密口令" not in shown and "A" * 43 not in shown and "不显示" in shown


def test_nothing_is_wider_than_the_window(signed, origin, someone):
    paths = {"office": ("/documents", f"/documents/{someone}", f"/documents/{someone}/text", "/statistics")}
    paths |= {"auditor": ("/audit",), "admin": ("/admin/operate",)}
    for login, path in ((login, path) for login, found in paths.items() for path in found):
        page = signed(login, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (path, width, wide) == (path, width, 0)
