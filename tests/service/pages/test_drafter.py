"""The drafter's page in a real browser: what is shown, hidden, cleared, copied, and that nothing leaves the server."""

from __future__ import annotations

import json
import re

import files
import pytest
from fastapi.testclient import TestClient

from gongkai.model.finding import Attribute, Handling
from gongkai.service.app import create_app
from gongkai.service.pages.words import words
from gongkai.service.settings import Settings

NUMBER, MOBILE = "330102199003074514", "13805701234"
PUBLIC = (
    "青禾县民政局关于给予临时救助的公示\n\n各乡镇人民政府、街道办事处：\n"
    f"经审核，𠮷田镇居民赵一鸣（身份证号：{NUMBER}，手机{MOBILE}，住青禾县𠮷田镇东街12号3单元402室）"
    "因患重病，拟给予临时救助3000元。现予公示，公示期5个工作日。\n联系人：孙明，电话：0570-5550123。\n\n"
    "青禾县民政局\n2024年4月28日\n"
)
SECRET = "机密★10年\n青禾县人民政府办公室文件\n关于苍鹭演练的通知\n各部门：\n请遵照执行。\n"
MARKUP = "<img src=/x onerror=document.title='坏'><script>document.title='坏'</script>&amp;"
SCRIPTS = (
    "frame.js", "advice.js", "drafter.js", "opinion.js", "addin.js", "addin-lines.js", "addin-word.js", "addin-wps.js",
    "addin-box.js",
)  # fmt: skip
STATE = (
    "import('/static/drafter.js').then(({ state }) => [state.sent, state.answer, state.redacted, state.chars.length])"
)
FIELDS = ("#title", "#text")
WIDTHS = (320, 360, 768, 1280, 1920)
OVERFLOW = """[document.documentElement, ...document.querySelectorAll("#marked, #redacted, .card")]
  .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.id || box.className || box.tagName)"""


@pytest.fixture(scope="module")
def application():
    return create_app(Settings(open=True, max_request_bytes=2_000_000))


@pytest.fixture(scope="module")
def client(application):
    return TestClient(application, base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def answer(client):
    return client.post("/v1/suggestions", json={"text": PUBLIC}).raise_for_status().json()


def masked(answer, text=PUBLIC):
    return [text[row["start"] : row["end"]] for row in answer["personal"] if row["action"] == "mask"]


def suggest(page, text):
    page.fill("#text", text)
    page.click("#suggest")
    page.wait_for_selector(".verdict")


def upload(page, name, data):
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})


def alerted(page, title):
    page.wait_for_selector(f"#alert:has-text('{title}')")
    return page.inner_text("#alert")


def told(page, start):
    page.wait_for_selector(f"#status:has-text('{start}')", state="attached")


def answering(page, changed):
    body = json.dumps(changed, ensure_ascii=False)
    page.route("**/v1/suggestions", lambda route: route.fulfill(status=200, content_type="application/json", body=body))


def highlighted(page):
    return "".join(page.locator("mark.here").all_inner_texts())


def in_sight(page):
    """Whether the highlighted place lies inside the visible part of the document."""
    place, box = page.locator("mark.here").first.bounding_box(), page.locator("#marked").bounding_box()
    top, bottom = max(0, box["y"]), min(box["y"] + box["height"], page.viewport_size["height"])
    return top <= place["y"] and place["y"] + place["height"] <= bottom


def test_the_page_forbids_inline_and_foreign_content(client):
    reply = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert (reply.headers["cache-control"], reply.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert re.findall(r"<style|\sstyle=|\son\w+=|https?://|//\w", reply.text) == []
    assert re.findall(r"<script[^>]*>[^<]", reply.text) == []
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_writes_markup_or_keeps_anything(client, name):
    script = client.get(f"/static/{name}").text
    assert script
    banned = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Storage|indexedDB|document\.cookie|https?://"
    )
    assert re.findall(banned, script) == []


@pytest.mark.parametrize("name", ["drafter.js", "frame.css", "icon.svg", "icon-32.png"])
def test_assets_are_served_uncached(client, name):
    reply = client.get(f"/static/{name}")
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")


def test_every_code_has_its_words(client, application):
    rules = application.state.house.rules()
    keys = {word.key for word in words(rules)}
    ways = {f"handling.{handling}" for handling in Handling} | {f"annotation.{attribute}" for attribute in Attribute}
    advised = {f"advice.{h}" for h in Handling if h not in (Handling.full, Handling.stop_classified)}
    clocks = {f"deadline.{row.deadline}" for row in rules.categories if row.deadline}
    assert ways | advised | {f"advice.full.{attribute}" for attribute in Attribute} | clocks <= keys
    assert {f'value="{key}"' for key in keys} <= set(re.findall(r'value="[^"]+"', client.get("/").text))


@pytest.mark.parametrize(
    ("environment", "outcome"), [({}, pytest.skip.Exception), ({"CI": "true"}, pytest.fail.Exception)]
)
def test_a_missing_browser_is_a_failure_in_ci(without_browser, environment, outcome):
    with pytest.raises(outcome, match="no Chromium"):
        without_browser("no Chromium", environment)


def test_pasted_text_gets_attribute_reasons_and_evidence(page, watch, answer, application):
    suggest(page, PUBLIC)
    reasons = application.state.house.rules().reason
    assert page.inner_text(".verdict .label") == "主动公开"
    assert page.locator(".verdict .flag").count() == int(answer["needs_review"])
    sentences = page.inner_text("#advice")
    for reason in answer["reasons"]:
        assert reasons[reason["code"]].name in sentences
        assert reason["basis"] in sentences
        assert reason["text"] in sentences
    first = answer["reasons"][0]["evidence"][0]
    page.locator(".quote").first.click()
    assert highlighted(page) == PUBLIC[first["start"] : first["end"]]
    assert in_sight(page)
    assert (watch.console, watch.foreign) == ([], [])
    assert f"{watch.origin}/v1/suggestions" in watch.requests


def test_the_footer_names_what_judged(page, answer):
    assert set(answer["engine"].values()) == set(page.locator("footer b").all_inner_texts())


def test_offsets_count_characters_beyond_the_basic_plane(page, answer):
    text = "𠮷𠮷𠮷\n" + PUBLIC
    suggest(page, text)
    assert NUMBER in masked(answer)
    assert page.locator("mark.mask").all_inner_texts() == masked(answer)
    assert page.locator("#marked").evaluate("box => box.textContent") == text
    page.locator(f".quote:has-text('{NUMBER}')").first.click()
    assert highlighted(page) == NUMBER


def test_layers_can_be_switched_off(page):
    suggest(page, PUBLIC)
    mark = page.locator(f"mark:has-text('{NUMBER}')")
    colour = "mark => getComputedStyle(mark).color"
    shown = mark.evaluate(colour)
    page.uncheck("#layers input[value=mask]")
    assert mark.evaluate(colour) != shown
    page.check("#layers input[value=mask]")
    assert mark.evaluate(colour) == shown


def test_an_unsure_suggestion_names_the_others_and_asks_for_a_person(page, answer):
    scores = {"proactive": 0.52, "on_request": 0.41, "withheld": 0.07}
    view = {"label": "proactive", "confidence": 0.52, "set": ["proactive", "on_request"], "scores": scores}
    answering(page, answer | {"attribute": view, "needs_review": True})
    suggest(page, PUBLIC)
    assert page.inner_text(".verdict .flag") == "请人工复核"
    assert page.inner_text(".either") == "拿不准，也可能是：依申请公开（41%）"
    assert page.locator(".scores .figure").all_inner_texts() == ["52%", "41%", "7%"]
    assert "请先由人判断" in page.inner_text(".step")


def test_a_withheld_document_is_never_sold_as_ready(page, answer):
    scores = {"proactive": 0.001, "on_request": 0.003, "withheld": 0.996}
    view = {"label": "withheld", "confidence": 0.996, "set": ["withheld"], "scores": scores}
    hit = {"clause": "NL-15", "start": 0, "end": 6, "confidence": 0.9, "reason": "W-164"}
    answering(page, answer | {"attribute": view, "handling": "full", "negative": [hit]})
    suggest(page, PUBLIC)
    assert page.inner_text(".verdict .label") == "不予公开"
    assert page.locator(".scores .figure").all_inner_texts() == ["不到 1%", "不到 1%", "99% 以上"]
    assert "不等于可以公开" in page.inner_text("#advice")
    assert page.locator("mark.negative").all_inner_texts() == ["青禾县民政局"]
    assert page.locator(".lines li:has(.tag)").inner_text().startswith("（此件不予公开）")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("通知.docx", files.notice_docx(), "关于调整临时救助标准的通知"),
        ("notice.doc", (files.DATA / "notice.doc").read_bytes(), "关于调整临时救助标准的通知"),
        ("公示.txt", PUBLIC.encode("gb18030"), "赵一鸣"),
    ],
)
def test_a_chosen_file_is_read_into_the_text_area(page, client, name, data, found):
    upload(page, name, data)
    told(page, "已读入")
    assert found in page.input_value("#text")
    assert page.input_value("#text") == client.post("/v1/texts", files={"file": (name, data)}).json()["text"]
    page.click("#suggest")
    page.wait_for_selector(".verdict")


def test_a_dropped_file_is_read(page):
    transfer = page.evaluate_handle(
        "text => { const box = new DataTransfer(); box.items.add(new File([text], '公示.txt')); return box; }", PUBLIC
    )
    page.dispatch_event("#text", "drop", {"dataTransfer": transfer})
    told(page, "已读入")
    assert page.input_value("#text") == PUBLIC


@pytest.mark.parametrize("way", ["pasted", "chosen"])
def test_a_secrecy_mark_stops_and_clears(page, way):
    suggest(page, PUBLIC)
    page.check("input[value=edit]")
    page.fill("#title", "关于苍鹭演练的通知")
    if way == "pasted":
        page.fill("#text", SECRET)
        page.click("#suggest")
    else:
        upload(page, "苍鹭.txt", SECRET.encode())
    assert "保密工作机构" in alerted(page, "疑似涉密，停止处理")
    assert page.locator("#alert").get_attribute("class") == "problem stop"
    assert [page.input_value(one) for one in FIELDS] == ["", ""]
    assert "苍鹭" not in page.content()
    assert "赵一鸣" not in page.content()
    assert page.evaluate(STATE) == [None, None, None, 0]
    assert page.evaluate("document.activeElement.id") == "alert"
    assert not page.is_visible("#advice")


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("程序.exe", b"MZ\x90\0" + b"\0" * 64, "不支持的格式"),
        ("空.txt", b"  \n", "文件没有内容"),
        ("大.txt", b"a" * 2_100_000, "超过大小上限"),
    ],
)
def test_a_refused_file_is_explained_and_the_text_stays(page, name, data, title):
    page.fill("#text", "原来的文字")
    upload(page, name, data)
    assert len(alerted(page, title)) > len(title) + 8
    assert page.input_value("#text") == "原来的文字"
    assert page.locator("#alert").get_attribute("role") == "alert"


def test_no_text_at_all_is_explained(page, watch):
    page.click("#suggest")
    assert "请粘贴公文全文" in alerted(page, "还没有正文")
    assert f"{watch.origin}/v1/suggestions" not in watch.requests


@pytest.mark.parametrize(
    ("failure", "title"),
    [
        (lambda route: route.abort("connectionrefused"), "连不上服务"),
        (lambda route: route.fulfill(status=502, content_type="text/html", body="<p>502</p>"), "服务没有给出结果"),
    ],
)
def test_a_dead_service_is_explained_and_the_text_stays(page, failure, title):
    page.route("**/v1/suggestions", failure)
    page.fill("#text", PUBLIC)
    page.click("#suggest")
    alerted(page, title)
    assert page.input_value("#text") == PUBLIC
    assert page.inner_text("#suggest") == "建议"
    page.unroute("**/v1/suggestions")
    page.click("#suggest")
    page.wait_for_selector(".verdict")
    assert page.inner_text("#alert") == ""


def test_a_dropped_connection_on_a_large_text_points_at_its_size(page):
    page.route("**/v1/suggestions", lambda route: route.abort("connectionreset"))
    page.evaluate("document.getElementById('text').value = '字'.repeat(1_100_000)")
    page.click("#suggest")
    assert "大小上限" in alerted(page, "没有传完")


def test_the_redacted_copy_holds_no_masked_value(page, client, answer):
    expected = client.post("/v1/redactions", json={"text": PUBLIC}).json()["text"]
    assert NUMBER in masked(answer)
    suggest(page, PUBLIC)
    page.click("[data-act=preview]")
    page.wait_for_selector("[data-view=redacted] #redacted:not(:empty)")
    preview = page.locator("#redacted").evaluate("box => box.textContent")
    with page.expect_download() as waiting:
        page.click("[data-act=download]")
    assert waiting.value.suggested_filename == "遮蔽稿.txt"
    saved = waiting.value.path().read_text("utf-8")
    page.click("[data-act=copy-redacted]")
    told(page, "已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [preview, saved, copied] == [expected] * 3
    assert [value for value in masked(answer) if value in preview] == []


@pytest.mark.parametrize("clipboard", ["modern", "none"])
def test_the_annotation_line_is_copied(page, clipboard):
    if clipboard == "none":
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    suggest(page, PUBLIC)
    page.click(".lines li:has(.tag) button")
    told(page, "已复制")
    page.check("input[value=edit]")
    page.fill("#title", "")
    page.press("#title", "Control+V")
    assert page.input_value("#title") == "（此件公开发布）"


def test_a_refused_clipboard_is_explained(page):
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.execCommand = () => false")
    suggest(page, PUBLIC)
    page.locator(".lines button").first.click()
    assert "Ctrl+C" in alerted(page, "没有复制成功")


def test_an_edited_text_locks_its_old_suggestion(page):
    suggest(page, PUBLIC)
    page.check("input[value=edit]")
    page.fill("#text", PUBLIC + "又及")
    assert page.is_visible("#stale")
    assert page.is_disabled("[data-act=copy-redacted]")
    page.fill("#text", PUBLIC)
    assert not page.is_visible("#stale")
    assert page.is_enabled("[data-act=copy-redacted]")


def test_clear_leaves_nothing(page):
    page.fill("#title", "关于临时救助的公示")
    suggest(page, PUBLIC)
    page.click("#clear")
    assert [page.input_value(one) for one in FIELDS] == ["", ""]
    assert "赵一鸣" not in page.content()
    assert page.evaluate("document.activeElement.id") == "text"


def test_nothing_survives_a_reload(page):
    page.fill("#title", "关于临时救助的公示")
    suggest(page, PUBLIC)
    kept = page.evaluate("[localStorage.length, Object.entries(sessionStorage), document.cookie]")
    assert kept == [0, [["htmx-current-path-for-history", "/"]], ""]  # htmx notes the path, which holds nothing
    page.reload()
    assert [page.input_value(one) for one in FIELDS] == ["", ""]
    assert "赵一鸣" not in page.content()


def test_markup_in_a_document_stays_text(page, answer):
    text = MARKUP + PUBLIC
    shift = len(MARKUP)
    negative = [{"clause": MARKUP, "start": 0, "end": shift, "confidence": 0.9, "reason": ""}]
    answering(page, answer | {"title": MARKUP, "notes": [MARKUP], "reasons": [], "personal": [], "negative": negative})
    suggest(page, text)
    assert page.locator("#marked").evaluate("box => box.textContent") == text
    assert page.inner_text(".notes li") == MARKUP
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "公文公开属性建议 · 公开"


def test_everything_works_from_the_keyboard(page, answer):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.insert_text(PUBLIC)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".verdict")
    assert page.evaluate("document.activeElement.id") == "result-title"
    assert "主动公开" in page.text_content("#status")
    page.keyboard.press("Tab")
    first = answer["reasons"][0]["evidence"][0]
    assert page.evaluate("document.activeElement.className") == "quote"
    assert highlighted(page) == PUBLIC[first["start"] : first["end"]]
    assert in_sight(page)
    page.focus("input[value=marked]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-view=redacted] #redacted:not(:empty)")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("body", "data-view") == "edit"


def test_every_control_has_a_name_and_a_visible_focus(page):
    suggest(page, PUBLIC)
    page.check("input[value=edit]")
    for control in page.locator("button:visible, input:not([type=hidden]), textarea").all():
        name = control.evaluate("c => c.ariaLabel || (c.labels?.[0] ?? c).innerText.trim()")
        assert name, control.evaluate("c => c.outerHTML")
    page.focus("#text")
    assert page.locator("#text").evaluate("c => getComputedStyle(c).outlineStyle") == "solid"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    assert page.evaluate(OVERFLOW) == []
    page.fill("#title", "https:" + "A" * 300)
    suggest(page, PUBLIC + "A" * 400 + "\n" + "—" * 300)
    assert page.evaluate(OVERFLOW) == []
    page.locator(f".quote:has-text('{NUMBER}')").first.click()
    assert highlighted(page) == NUMBER
    assert in_sight(page)
    page.click("[data-act=preview]")
    page.wait_for_selector("[data-view=redacted]")
    assert page.evaluate(OVERFLOW) == []


def test_a_long_document_is_drawn_in_few_steps(page):
    body = PUBLIC + "会议听取了关于公共服务工作的汇报，要求各部门认真落实，按期完成各项任务。\n" * 12
    text = body * (20_000 // len(body) + 1)
    suggest(page, text)
    marks = page.locator("#marked mark").count()
    assert marks > 100
    assert page.locator("#marked *").count() < 3 * marks + 100  # the text isn't cut finer than its marks
    steps = page.evaluate(
        "import('/static/drafter.js').then(({ show, state }) => {"
        " const seen = new MutationObserver(() => {}); seen.observe(document.body, { childList: true, subtree: true });"
        " show(state.answer); return seen.takeRecords().length; })"
    )
    assert steps < 50  # whole parts are put in, not mark by mark
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    page.locator(".card:has(h3:text-is('个人信息')) .quote").last.click()
    assert int(page.locator("mark.here").get_attribute("data-start")) > 19_000
    assert in_sight(page)


def test_print_shows_the_marked_text_or_only_the_redacted_copy(page):
    suggest(page, PUBLIC)
    page.emulate_media(media="print")
    shown = {one: page.is_visible(one) for one in ("#marked", "#result", "#form", "#views")}
    assert shown == {"#marked": True, "#result": True, "#form": False, "#views": False}
    page.emulate_media(media="screen")
    page.click("[data-act=preview]")
    page.wait_for_selector("[data-view=redacted]")
    page.emulate_media(media="print")
    assert [page.is_visible(one) for one in ("#redacted", "#marked", "#result")] == [True, False, False]
