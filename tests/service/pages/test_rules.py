"""The rulebook in a real browser: read, drafted, edited with mistakes, put into force, left again."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import quote

import accounts
import pytest
from browsing import follow, held

from gongkai.service.app import create_app
from gongkai.service.jobs import queue
from gongkai.service.rules.memory import ROWS, digest, shipped
from gongkai.service.settings import Settings

WIDTHS = (360, 390, 1092, 1366)
PAGES = (
    "/rules", "/rules?q=第十六条", "/rules/versions", "/rules/compare", "/rules/0", "/rules/0/tables/negative",
    "/rules/0/tables/negative/row?key=NL-12", "/rules/0/tables/law/text",
)  # fmt: skip


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, keep_text=True, rate=0))


@pytest.fixture
def office(page, application, origin):
    page.context.add_cookies([accounts.cookie(application, "office", origin)])
    return page


@pytest.fixture
def client(application):
    return accounts.signed_in(application, "office")


def drafted(client):
    """The page of a new draft."""
    return client.post("/rules/0/draft", data={"note": "试"}).headers["location"]


def test_everybody_reads_with_the_article(page, application, origin):
    page.context.add_cookies([accounts.cookie(application, "drafter", origin)])
    page.goto(f"{origin}/rules")
    page.fill("#q", "惩戒公示 四十八条")
    with page.expect_navigation():
        page.press("#q", "Enter")
    follow(page, ".rows a:has-text('E1')")
    assert "E1" in page.inner_text("h1")
    assert "国务院办公厅2018年政务公开工作要点" in page.inner_text(".lead")
    assert page.locator("form[hx-post]").count() == 0
    page.goto(f"{origin}/rules/0")
    assert page.locator("text=起草新版本").count() == 0


def test_a_row_is_changed_with_a_mistake_on_the_way_and_put_into_force(office, application, origin):
    office.goto(f"{origin}/rules")
    follow(office, "text=修改、导出")
    follow(office, "text=起草新版本")
    assert "草稿" in office.inner_text("h1")
    number = int(re.search(r"/rules/(\d+)", office.url)[1])
    follow(office, "aside >> text=判断规则")
    follow(office, "text=annotated-proactive")
    office.fill("#weight", "很大")
    office.click("text=校验并保存")
    office.wait_for_selector("#problems .problem")
    assert "annotated-proactive weight 类型不对，应当是数字" in office.inner_text("#problems")
    office.wait_for_selector(".problem:focus")
    assert office.input_value("#weight") == "很大"
    office.fill("#weight", "0.7")
    follow(office, "text=校验并保存")
    assert "已校验并保存" in office.inner_text(".notice")
    office.goto(f"{origin}/rules/{number}")
    assert office.inner_text(".cells del").strip().endswith("0.6")
    assert office.inner_text(".cells ins").strip().endswith("0.7")
    office.click("button:has-text('启用')")
    office.click("#activate button:has-text('启用')")
    office.wait_for_url(f"{origin}/rules")
    assert f"现用第 {number} 版" in office.inner_text(".lead")
    assert application.state.house.rules().digest != digest(shipped())
    office.goto(f"{origin}/rules/0")
    office.click("button:has-text('退回到这一版')")
    office.click("#activate button:has-text('启用')")
    office.wait_for_url(f"{origin}/rules")
    assert "现用随程序提供" in office.inner_text(".lead")
    assert application.state.house.rules().digest == digest(shipped())


def write(page, text):
    """Into the text area at once: typing a whole table takes a browser seconds."""
    change = "(area, text) => { area.value = text; area.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator("#text").evaluate(change, text)


def test_a_problem_leads_to_its_line(office, client, origin):
    version = drafted(client)
    office.goto(f"{origin}{version}/tables/law/text")
    assert office.inner_text("#gutter").split()[:3] == ["1", "2", "3"]
    text = office.input_value("#text")
    assert text == shipped()["law.toml"]
    write(office, text.replace("weight = 0.8", "weight = '0.8'", 1))
    office.click("text=校验并保存")
    office.click("#problems button[data-line]")
    selected = office.locator("#text").evaluate("(t) => t.value.slice(t.selectionStart, t.selectionEnd)")
    assert selected == "weight = '0.8'"
    write(office, "# 改了注释\n" + text)
    office.click("text=校验并保存")
    office.wait_for_url(f"{origin}{version}/tables/law?saved=1")
    office.goto(f"{origin}{version}")
    assert "只有注释或者排版不同" in office.inner_text("main")


def test_changes_are_not_lost_by_leaving(office, client, origin):
    office.goto(f"{origin}{drafted(client)}/tables/reasons/row?key=W-141")
    office.click("#text")
    office.keyboard.type("又及")
    asked = []
    office.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    office.goto(f"{origin}/rules")
    assert asked == ["beforeunload"]


def test_nothing_is_written_while_it_is_checked(office, client, origin):
    address = f"{origin}{drafted(client)}/tables/reasons/row"
    office.goto(f"{address}?key=W-141")
    office.fill("#basis", "")
    with held(office, address):
        office.press("#basis", "Enter")
        assert office.evaluate("document.querySelector('#row').inert")
        office.keyboard.type("又及")
    office.wait_for_selector(".problem:focus")
    assert (office.evaluate("document.querySelector('#row').inert"), office.input_value("#basis")) == (False, "")


def test_two_clicks_send_once(office, client, origin):
    version, sent = f"{origin}{drafted(client)}", []
    office.goto(version)
    office.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    office.fill("#note", "再试")
    with office.expect_navigation(), held(office, f"{version}/note"):
        office.dblclick("text=保存说明")
    assert (sent, office.input_value("#note")) == ([f"{version}/note"], "再试")


def test_what_is_changed_between_two_clicks_is_sent_as_well(office, client, origin):
    version = f"{origin}{drafted(client)}"
    office.goto(version)
    office.fill("#note", "起初")
    answered = office.expect_response(lambda answer: quote("后来") in (answer.request.post_data or ""))
    with answered, held(office, f"{version}/note"):
        office.click("text=保存说明")
        office.fill("#note", "后来")
        office.click("text=保存说明")
    office.goto(version)
    assert office.input_value("#note") == "后来"


def test_a_row_comes_and_goes(office, client, origin):
    version = drafted(client)
    office.goto(f"{origin}{version}/tables/deadlines")
    follow(office, "text=新增一行")
    for name, value in {"code": "D77", "name": "收到之日起77日", "basis": "本机关规定", "count": "77"}.items():
        office.fill(f"#{name}", value)
    office.select_option("#unit", "day")
    follow(office, "text=校验并保存")
    assert "D77" in office.inner_text("h1")
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("text=删去这一行")
    office.wait_for_url(f"{origin}{version}/tables/deadlines?saved=1")
    assert "D77" not in office.inner_text("main")


def test_signals_within_a_row(office, client, origin):
    version = drafted(client)
    office.goto(f"{origin}{version}/tables/negative/row?key=NL-01")
    place = office.locator("[name$='.pattern'][name^='signals.']").count() - 2
    office.select_option(f"[name='signals.{place}.where']", "body")
    office.fill(f"[name='signals.{place}.weight']", "0.5")
    office.fill(f"[name='signals.{place}.pattern']", "内部资料 ?注意保存")
    follow(office, "text=校验并保存")
    assert office.is_visible(".notice")
    office.goto(f"{origin}{version}")
    assert "内部资料 ?注意保存" in office.inner_text(".cells ins")
    assert office.locator(".cells del").count() == 0


def test_out_and_in_again(office, client, origin):
    data = client.get("/rules/0/export").content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sorted(archive.namelist()) == sorted(f"tables/{file}" for file in ROWS)
    office.goto(f"{origin}/rules/versions")
    office.click("text=导入")
    office.set_input_files("#files", {"name": "rules-0.zip", "mimeType": "application/zip", "buffer": data})
    office.fill("#note", "从另一处导入")
    follow(office, "text=导入为草稿")
    assert "草稿" in office.inner_text("h1")
    assert "从另一处导入" in office.inner_text(".lead")
    assert "两版没有不同" in office.inner_text("main")
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("text=放弃草稿")
    office.wait_for_url(f"{origin}/rules/versions")


def test_a_preview_without_kept_texts_says_so(office, client, origin):
    office.goto(f"{origin}{drafted(client)}/preview")
    assert "没有保存全文" in office.inner_text("main")
    assert office.locator("text=开始预演").count() == 0


def test_a_preview_under_way_is_shown(application, client):
    version = drafted(client)
    house, order = application.state.house, {"version": int(version.rsplit("/", 1)[1])}
    with house.database.writing() as session:
        actor = accounts.actor(session, "office")
        job = queue.submit(session, house.vault, actor, "preview", order=order, at=house.clock())
        job.state, job.done, job.total = queue.RUNNING, 3, 8
    answer = client.get(f"{version}/preview")
    assert answer.status_code == 200 and "已判断 3 / 8 份" in answer.text


def test_two_people_at_one_draft(application, client):
    version = drafted(client)
    page = client.get(f"{version}/tables/reasons/row?key=W-141").text
    form = {"seen": re.search(r'name="seen" value="([^"]+)"', page)[1], "key": "W-141", "text": "甲改的"}
    assert client.post(f"{version}/tables/reasons/row", data=form).status_code == 303
    late = client.post(f"{version}/tables/reasons/row", data=form | {"text": "乙改的"})
    assert (late.status_code, late.json()["title"]) == (412, "内容已被别人改动")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rules/999", 404),
        ("/rules/0/tables/none", 404),
        ("/rules/0/tables/..%2Flaw", 404),
        ("/rules/0/tables/law/row?key=none", 404),
        ("/rules/0/tables/law/row", 404),
        ("/rules/compare?old=0&new=999", 404),
    ],
)
def test_what_there_is_not(client, path, status):
    assert client.get(path).status_code == status


def test_nothing_is_wider_than_the_window_and_nothing_is_markup(office, client, origin):
    version = drafted(client)
    client.post(f"{version}/note", data={"note": "<script>document.title='坏'</script>"})
    for path in (*PAGES, version, f"{version}/preview", f"{version}/tables/negative/row?key=NL-01"):
        office.goto(f"{origin}{path}")
        assert "坏" not in office.title()
        for width in WIDTHS:
            office.set_viewport_size({"width": width, "height": 768})
            wide = office.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (path, width, wide) == (path, width, 0)
