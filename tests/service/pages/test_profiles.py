"""机关口径 in a real browser: what is in force, another profile chosen, its effect seen, put into force, taken back."""

from __future__ import annotations

import accounts
import pytest
from browsing import follow

from gongkai.service.app import create_app
from gongkai.service.settings import Settings

TEXT = (
    "青禾县水务局机关考勤和请假制度\n\n局机关各科室：\n    为加强内部管理，工作人员请假须经科室负责人同意，"
    "按内部审批流程办理，考勤结果每月通报。\n\n青禾县水务局\n2024年5月6日\n"
)
FORWARDED = (
    "青禾县水务局关于转发河道管护办法的通知\n青水发〔2024〕9号\n\n各站：\n"
    "    现将《省水利厅关于印发河道管护办法的通知》（省水〔2024〕3号）转发给你们。\n\n青禾县水务局\n2024年5月9日\n"
)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    found = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))
    accounts.peopled(found)
    return found


@pytest.fixture
def office(page, application, origin):
    page.context.add_cookies([accounts.cookie(application, "office", origin)])
    page.set_viewport_size({"width": 1366, "height": 768})
    return page


@pytest.fixture
def client(application):
    return accounts.signed_in(application, "office")


def suggested(client, text=TEXT):
    return client.post("/v1/suggestions", json={"text": text}).raise_for_status()


def test_another_profile_is_chosen_its_effect_seen_and_taken_back(office, client, application, origin):
    before = suggested(client).json()
    assert (before["attribute"]["label"], before["engine"]["profile"]) == ("withheld", "default")
    office.goto(f"{origin}/profiles")
    assert office.get_attribute("nav a[href='/profiles'][aria-current]", "href") == "/profiles"
    assert "通用口径" in office.inner_text("#one") and "现用" in office.inner_text("#one")
    follow(office, "aside >> text=通榆县（2017）")
    assert "通榆县" in office.inner_text("#one")
    row = office.locator("tr", has_text="NL-14")
    assert [cell.split("\n")[0] for cell in row.locator("td").all_inner_texts()] == [
        "NL-14 内部工作流程",
        "依申请公开",
        "通榆县（2017）",
        "内部管理（工作流程）信息列入依申请公开",
    ]
    follow(office, "text=选用并预演")
    follow(office, "text=开始预演")
    office.wait_for_selector(".figures")
    office.wait_for_selector("main:has-text('不予公开 → 依申请公开')")
    follow(office, ".crumbs a")
    office.click("button:has-text('启用')")
    office.click("#activate button:has-text('启用')")
    office.wait_for_url(f"{origin}/rules")
    after = suggested(client).json()
    assert (after["attribute"]["label"], after["engine"]["profile"]) == ("on_request", "tongyu-2017")
    assert after["notes"][0].startswith("按通榆县（2017）口径：")
    office.goto(f"{origin}/profiles")
    assert "通榆县（2017） 现用" in office.inner_text("#one")
    assert "依次照：通用口径" in office.inner_text("main")
    follow(office, "text=换回以前的版本")
    follow(office, "a:has-text('随程序提供')")
    office.click("button:has-text('退回到这一版')")
    office.click("#activate button:has-text('启用')")
    office.wait_for_url(f"{origin}/rules")
    assert suggested(client).json()["attribute"] == before["attribute"]


def test_a_profile_of_ones_own_follows_another(client):
    form = {"parent": "tongyu-2017", "name": "water", "title": "青禾县水务局", "basis": "青禾县水务局公文公开规定"}
    row = client.post("/profiles/new", data=form, follow_redirects=False)
    assert (row.status_code, row.headers["location"].rsplit("=", 1)[1]) == (303, "water")
    assert "青禾县水务局" in client.get(row.headers["location"]).text
    assert client.post("/profiles/new", data=form | {"name": "default"}).status_code == 422
    edit = client.post("/profiles/edit", data={"name": "shanghai"}, follow_redirects=False)
    assert edit.headers["location"].endswith("/tables/profile/row?key=shanghai")
    assert client.post("/profiles/choose", data={"name": "nobody"}).status_code == 422


def test_who_may_not_edit_reads(application):
    reader = accounts.signed_in(application, "drafter")
    assert "选用并预演" not in reader.get("/profiles?name=panyu-2009").text
    assert reader.post("/profiles/choose", data={"name": "panyu-2009"}).status_code == 403


def test_hints_stand_beside_the_suggestion_and_the_document(office, client, origin):
    office.goto(f"{origin}/")
    office.fill("#text", FORWARDED)
    office.click("#suggest")
    office.wait_for_selector("#cards >> text=随来源办理")
    assert "省水〔2024〕3号" in office.inner_text("#cards")
    place = suggested(client, FORWARDED).headers["location"]
    office.goto(f"{origin}/documents/{place.rsplit('/', 1)[1]}")
    office.wait_for_selector("text=系统里没有来源公文")
