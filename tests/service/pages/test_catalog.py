"""The catalog as people use it: searched in Traditional script, brought in, compared, given up."""

from __future__ import annotations

import io

import accounts
import openpyxl
import pytest
from browsing import follow

from gongkai.service.app import create_app
from gongkai.service.settings import Settings

NOTICE = "青禾县人民政府征收土地公告\n一、征收范围：石桥村一组。\n青禾县人民政府\n2024年8月20日\n"
SITE = "栏目,标题\n政策文件,青禾县第二中学建设项目征收土地预公告\n".encode()
ADDED = "二级事项,公开依据,公开时限,公开内容\n湿地保护公告,政府信息公开条例第十九条,20个工作日内,位置、范围\n".encode()
PAGES = (
    "/catalog", "/catalog/check", "/catalog/site", "/catalog/projects", "/catalog/steps", "/catalog/changes",
    "/catalog/import",
)  # fmt: skip


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))


@pytest.fixture(scope="module")
def office(application):
    return accounts.signed_in(application, "office")


@pytest.fixture(scope="module")
def drafter(application):
    return accounts.signed_in(application, "drafter")


@pytest.fixture(scope="module")
def document(drafter):
    return drafter.post("/v1/suggestions", json={"text": NOTICE}).headers["location"].rpartition("/")[2]


def test_an_officer_brings_a_catalog_in_sees_what_it_changes_and_gives_it_up(page, application, origin):
    page.context.add_cookies([accounts.cookie(application, "office", origin)])
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{origin}/catalog")
    page.fill("#q", "壹書四圖")
    with page.expect_navigation():
        page.press("#q", "Enter")
    assert page.is_visible("text=1 项")
    assert "N0205" in page.inner_text("table.list tbody")
    follow(page, "nav.tabs >> text=导入")
    page.set_input_files("#file", {"name": "目录.csv", "mimeType": "text/csv", "buffer": ADDED})
    page.click("form[enctype] button")
    page.wait_for_selector(".notice:has-text('新增 1 项')")
    follow(page, "text=看变化")
    assert page.is_visible(".tag.good:has-text('新增')")
    assert "湿地保护公告" in page.inner_text("main")
    follow(page, "text=启用或者放弃")
    assert page.is_visible("button:has-text('启用')")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("button:has-text('放弃草稿')")
    page.wait_for_url(f"{origin}/rules/versions")
    page.goto(f"{origin}/catalog?q=湿地保护公告")
    assert "没有符合的事项" in page.inner_text(".empty")


def test_an_item_is_changed_by_its_form_its_effect_seen_and_taken_back(page, application, origin, drafter):
    shown = lambda: drafter.get("/catalog?q=河道水域岸线保洁").text  # noqa: E731
    page.context.add_cookies([accounts.cookie(application, "office", origin)])
    page.goto(f"{origin}/rules/0")
    follow(page, "text=起草新版本")
    draft = page.url
    page.goto(f"{draft}/tables/catalog/row?key=G0105")
    page.fill("#name", "河道水域岸线保洁")
    page.fill("#deadline", "D10")
    follow(page, "text=校验并保存")
    page.goto(draft)
    assert "河道水域岸线保洁" in page.inner_text(".cells ins >> nth=0")
    page.click("button:has-text('启用')")
    page.click("#activate button:has-text('启用')")
    page.wait_for_url(f"{origin}/rules")
    page.goto(f"{origin}/catalog?q=河道水域岸线保洁")
    assert "1 项" in shown() and "10个工作日" in page.inner_text("main")
    page.goto(f"{origin}/rules/0")
    page.click("button:has-text('退回到这一版')")
    page.click("#activate button:has-text('启用')")
    page.wait_for_url(f"{origin}/rules")
    assert "没有符合的事项" in shown()


def test_a_draft_is_checked_beside_its_text(page, application, origin, document):
    page.context.add_cookies([accounts.cookie(application, "drafter", origin)])
    page.goto(f"{origin}/catalog/check")
    page.fill("#text", NOTICE)
    page.select_option("#category", "N0207")
    page.click("text=检查要素")
    page.wait_for_selector("#answer .tag.warn:has-text('缺 4 项')")
    page.fill("#text", "及時公開“壹書四圖”(建設用地項目申報說明、農用地轉用計劃)")
    page.click("text=认出事项")
    page.wait_for_selector("#answer:has-text('文中写作“一书四图”')")
    assert "没有列出 补充耕地方案、征收土地方案、供地方案" in page.inner_text("#answer")
    page.goto(f"{origin}/documents/{document}")
    page.wait_for_selector("#fields:has-text('征收土地公告')")
    page.goto(f"{origin}/")
    page.fill("#text", NOTICE)
    page.click("#suggest")
    page.wait_for_selector("#asked:has-text('目录要素')")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers(office, path):
    reply = office.get(path)
    assert reply.status_code == 200
    assert 'aria-current="page"' in reply.text


def test_a_wrong_cell_is_told_and_nothing_is_kept(office):
    bad = ADDED.replace("20个工作日内".encode(), "以后再说".encode())
    reply = office.post("/catalog/import", files={"file": ("目录.csv", bad)})
    assert "C2" in reply.text and "看不懂这个公开时限" in reply.text
    assert "草稿）：" not in reply.text


def test_a_catalog_of_another_area_comes_in_with_one_click(office):
    reply = office.post("/catalog/import", data={"domain": "township.csv"})
    assert "7 项，新增 7 项" in reply.text


def test_the_listing_of_a_site(office):
    reply = office.post("/catalog/site", files={"file": ("清单.csv", SITE)})
    assert "应放栏目" in reply.text and "征地信息" in reply.text
    assert "青禾县第二中学建设项目" in reply.text and "缺 5 项" in reply.text


def test_what_is_chosen_is_exported(office):
    book = openpyxl.load_workbook(io.BytesIO(office.get("/catalog/export.xlsx?area=N02").content))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)][:2] == ["N02", "N0201"]
    assert office.get("/catalog/export.docx?area=N02").content[:2] == b"PK"


def test_who_may_not(application, drafter, document):
    assert drafter.get("/catalog").status_code == 200
    assert drafter.post("/catalog/import", data={"domain": "township.csv"}).status_code == 403
    neighbour = accounts.signed_in(application, "neighbour")
    assert neighbour.get(f"/catalog/fields/{document}").status_code == 404
    assert accounts.signed_in(application, "admin").get("/catalog/steps").status_code == 403


def test_markup_stays_text(drafter):
    text = "征收土地公告\n一、征收范围：<script>x</script>村。\n"
    shown = drafter.post("/catalog/fields", data={"text": text, "category": "N0207"}).text
    assert "<script>x" not in shown and "&lt;script&gt;x" in shown


def test_nothing_is_checked_of_a_classified_paper(drafter):
    text = "机密★10年\n青禾县人民政府文件\n关于苍鹭演练的通知\n"
    reply = drafter.post("/catalog/fields", data={"text": text, "category": "G0102"})
    assert (reply.status_code, "苍鹭" in reply.text) == (409, False)


def test_the_api_tells_fields_of_a_kept_document(drafter, document):
    told = drafter.get(f"/v1/documents/{document}/fields").json()
    assert (told["source"], told["complete"]) == ("text", False)
    assert told["category"]["code"].startswith("N02")
