"""The task pane in a real browser against stand-ins for Word and WPS: suggests, jumps, inserts, keeps nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browsing import held
from fastapi.testclient import TestClient
from serving import served

from gongkai.service.addin.routes import framed, inside
from gongkai.service.app import create_app
from gongkai.service.settings import Settings

HOSTS = (Path(__file__).parent / "hosts.js").read_text("utf-8")
NUMBER = "330102199003074514"
LINES = [
    "青禾县民政局关于给予临时救助的公示",
    "",
    "各乡镇人民政府、街道办事处：",
    f"经审核，𠮷田镇居民赵一鸣（身份证号：{NUMBER}）因患重病，拟给予临时救助3000元。赵一鸣已书面同意。",
    "现予公示，公示期5个工作日。",
    "青禾县民政局",
    "2024年4月28日",
    "抄送：青禾县财政局。",
]
SECRET = ["机密★10年", "青禾县人民政府办公室文件", "关于苍鹭演练的通知", "各部门：", "请遵照执行。"]
ANNOTATION = "（此件公开发布）"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "office.js").write_text("globalThis.fetchedOffice = true; globalThis.asWord?.();", "utf-8")
    (folder / "zh-cn").mkdir()
    (folder / "zh-cn" / "strings.js").write_text("// 词", "utf-8")
    (folder.parent / "secret.js").write_text("no", "utf-8")
    (folder / "link.js").symlink_to(folder.parent / "secret.js")
    return folder


@pytest.fixture(scope="module")
def application(office):
    return create_app(Settings(open=True, office_js=office, frames="https://office.qinghe.example *;script-src"))


@pytest.fixture(scope="module")
def origin(application):
    with served(application) as address:
        yield address


@pytest.fixture(scope="module")
def client(application):
    return TestClient(application, base_url="http://127.0.0.1")


@pytest.fixture
def pane(page, origin):
    """Open the pane inside a stand-in: word, wps, or nothing."""

    def opened(host, lines=LINES, shift=0, live=True):
        start = {"word": "", "wps": f"asWps({shift});", "": ""}[host]
        page.add_init_script(f"{HOSTS}\nstandIn.lines = {lines!r};\n{start}")
        page.set_viewport_size({"width": 340, "height": 760})
        page.goto(f"{origin}/addin/pane?tick=50&host={host}")
        page.wait_for_selector("#host:not(:empty)")
        if not live:
            page.uncheck("#live")
        return page

    return opened


def until(page, expression, argument=None):
    """Wait for an expression; playwright's own way evaluates strings in the page, which its policy forbids."""
    for _ in range(2400):
        if page.evaluate(expression, argument):
            return
        page.wait_for_timeout(25)
    raise AssertionError(expression)


def lines(page):
    return page.evaluate("standIn.lines")


def test_the_pane_is_framed_only_by_whom_the_settings_name(client):
    policy = client.get("/addin/pane").headers["content-security-policy"]
    assert "frame-ancestors https://office.qinghe.example;" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("sites", "ancestors"),
    [("", "'none'"), ("https://a.example", "https://a.example"), ("a.example 'self' data:", "'none'"),
     ("https://*.a.example:8443 http://b", "https://*.a.example:8443 http://b")],
)  # fmt: skip
def test_only_addresses_get_into_the_policy(sites, ancestors):
    assert f"frame-ancestors {ancestors};" in framed(sites) + ";"


@pytest.mark.parametrize(
    ("path", "status"),
    [("office.js", 200), ("zh-cn/strings.js", 200), ("none.js", 404), ("zh-cn", 404), ("link.js", 404),
     ("..%2Fsecret.js", 404), ("%2Fetc%2Fpasswd", 404), ("a%00b", 404)],
)  # fmt: skip
def test_office_files_come_from_their_folder_only(client, path, status):
    assert client.get(f"/addin/office/{path}").status_code == status


def test_no_path_leads_out_of_a_folder(office):
    assert inside(office, "office.js") == office / "office.js"
    assert [inside(office, path) for path in ("../secret.js", "/etc/passwd", "\0", "link.js", "")] == [None] * 5


@pytest.mark.parametrize("name", ["", "index.html", "ribbon.xml", "main.js"])
def test_wps_gets_its_files_without_a_session(client, name):
    assert client.get(f"/addin/wps/{name}").status_code == 200


def test_wps_gets_no_other_file(client):
    assert client.get("/addin/wps/word.xml").status_code == 404


def test_the_page_holds_nothing_inline(client):
    shown = client.get("/addin/pane?host=word").text
    assert re.findall(r"<style|\sstyle=|\son\w+=|https?://|<script[^>]*>[^<]", shown) == []
    assert '<script src="/addin/office/office.js">' in shown
    assert "office.js" not in client.get("/addin/pane?host=wps").text


@pytest.mark.parametrize(("host", "name"), [("word", "Word"), ("wps", "WPS 文字"), ("", "文本框")])
def test_each_host_is_known_by_its_interface(pane, host, name):
    page = pane(host)
    assert page.inner_text("#host") == f"已连接{name}"
    assert page.is_visible("#box") == (host == "")


@pytest.mark.parametrize("host", ["word", "wps"])
def test_it_suggests_while_somebody_writes(pane, watch, host):
    page = pane(host, lines=[""])
    page.evaluate("lines => { standIn.lines = lines; }", LINES)
    page.wait_for_selector(".verdict .label:has-text('主动公开')")
    assert any(url.endswith("/v1/suggestions?keep=false") for url in watch.requests)
    assert "公开前要先遮蔽" in page.inner_text("#fix")
    asked = sum("/v1/suggestions" in url for url in watch.requests)
    page.wait_for_timeout(400)
    assert sum("/v1/suggestions" in url for url in watch.requests) == asked


def test_switched_off_it_waits_to_be_asked(pane, watch):
    page = pane("word", live=False)
    page.evaluate("standIn.lines.push('又及')")
    before = sum("/v1/suggestions" in url for url in watch.requests)
    page.wait_for_timeout(400)
    assert sum("/v1/suggestions" in url for url in watch.requests) == before
    with page.expect_request("**/v1/suggestions*"):
        page.click("#now")
    page.wait_for_selector(".verdict .label")


def judged(page):
    page.wait_for_selector(".verdict .label")
    return page


@pytest.mark.parametrize(("host", "shift"), [("word", 0), ("wps", 0), ("wps", 7)])
def test_evidence_jumps_to_its_place(pane, host, shift):
    page = judged(pane(host, shift=shift))
    page.locator(f".quote:has-text('{NUMBER}')").first.click()
    until(page, "standIn.selected !== null")
    assert page.evaluate("standIn.selected.words") == NUMBER


@pytest.mark.parametrize("host", ["word", "wps"])
def test_the_second_of_two_like_places_is_told_from_the_first(pane, host):
    page = judged(pane(host, shift=7 if host == "wps" else 0))
    second = LINES[3].rindex("赵一鸣")
    offset = len("\n".join(LINES[:3])) + 1 + second
    page.evaluate(
        "([a, b]) => import('/static/addin.js').then(({ state }) => state.host.jump(a, b))", [offset, offset + 3]
    )
    place = page.evaluate("standIn.selected")
    utf16 = len(LINES[3][:second].encode("utf-16-le")) // 2
    before = len("\n".join(LINES[:3]).encode("utf-16-le")) // 2 + 1
    assert place["words"] == "赵一鸣"
    assert (place["at"] if host == "word" else place["start"] - 7 - before) == utf16


def test_a_table_of_wps_keeps_places(pane):
    rows = ["名单", "姓名\r\x07身份证号\r\x07赵一鸣\r\x07" + NUMBER + "\r\x07", *LINES]
    page = judged(pane("wps", lines=rows))
    page.locator(f".quote:has-text('{NUMBER}')").first.click()
    until(page, "standIn.selected !== null")
    assert page.evaluate("standIn.selected.words") == NUMBER


@pytest.mark.parametrize("host", ["word", "wps"])
def test_the_annotation_goes_under_the_date(pane, host):
    page = judged(pane(host))
    page.click("#fix [data-act=annotate]")
    until(page, "standIn.lines.length === 9")
    assert lines(page) == [*LINES[:7], ANNOTATION, LINES[7]]
    until(page, "!document.querySelector('#fix [data-act=annotate]')")


@pytest.mark.parametrize("host", ["word", "wps"])
def test_another_annotation_replaces_the_present_one(pane, host):
    page = judged(pane(host, lines=[*LINES[:7], "（此件不予公开）", LINES[7]]))
    page.click("#cards .lines li:has-text('此件公开发布') button")
    until(page, "standIn.lines[7] === '（此件公开发布）'")
    assert lines(page) == [*LINES[:7], ANNOTATION, LINES[7]]


@pytest.mark.parametrize("host", ["word", "wps", ""])
@pytest.mark.parametrize(
    ("present", "written"),
    [
        ("公开属性：不予公开", "公开属性：主动公开"),
        ("【公開屬性:不予公開】", "【公開屬性:主动公开】"),
        ("(此件　不予公开)", ANNOTATION),
        ("〔此件不予公开〕", ANNOTATION),
        ("（此件不予公开，有效期五年）", "（此件公开发布，有效期五年）"),
    ],
)
def test_an_annotation_written_otherwise_is_found(pane, host, present, written):
    before = [*LINES[:7], f"　　{present}", LINES[7]]
    page = pane(host, lines=before)
    if not host:
        page.fill("#box", "\n".join(before))
    judged(page).click("#cards .lines li:has-text('此件公开发布') button")
    text = "document.getElementById('box').value" if not host else "standIn.lines.join('\\n')"
    until(page, f"!{text}.includes('不予公')")
    assert page.evaluate(text).split("\n") == [*LINES[:7], f"　　{written}", LINES[7]]


def test_without_a_date_it_goes_to_the_end(pane):
    page = judged(pane("word", lines=LINES[:5]))
    page.click("#fix [data-act=annotate]")
    until(page, "standIn.lines.length === 6")
    assert lines(page)[-1] == ANNOTATION


@pytest.mark.parametrize("host", ["word", "wps"])
def test_reason_and_fields_go_to_the_cursor(pane, host):
    page = judged(pane(host))
    page.locator("#cards button:has-text('插入理由')").first.click()
    until(page, "standIn.cursor !== null")
    assert re.fullmatch(r".+（.*条.*）。", page.evaluate("standIn.cursor"))
    page.click("#opinion summary")
    page.click("#opinion .facts > div:has(dt:text-is('文件标题')) button")
    until(page, "title => standIn.cursor === title", LINES[0])


def test_the_form_is_copied_whole(pane):
    page = judged(pane("word"))
    page.click("#opinion summary")
    page.click("[data-act=copy-all]")
    page.wait_for_selector("#status.shown")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"文件标题：{LINES[0]}" in copied.split("\n")


@pytest.mark.parametrize("host", ["word", "wps", ""])
def test_a_secrecy_mark_stops_and_nothing_stays(pane, host):
    page = pane(host)
    if host:
        judged(page)
        page.evaluate("lines => { standIn.lines = lines; }", SECRET)
    else:
        page.fill("#box", "\n".join(SECRET))
    page.wait_for_selector("#alert.stop:has-text('疑似涉密')")
    assert not page.is_visible("#advice")
    shown = page.evaluate("document.body.innerText")
    assert "苍鹭" not in shown
    assert "赵一鸣" not in shown


def test_the_box_works_without_a_host(pane):
    page = pane("")
    page.fill("#box", "\n".join(LINES))
    judged(page)
    page.locator(f".quote:has-text('{NUMBER}')").first.click()
    chosen = "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    until(page, f"({chosen})(document.getElementById('box')) === '{NUMBER}'")
    page.click("#fix [data-act=annotate]")
    until(page, "document.getElementById('box').value.includes('　　（此件公开发布）')")
    assert page.input_value("#box").split("\n")[6:9] == [LINES[6], f"　　{ANNOTATION}", LINES[7]]


def test_a_newer_text_takes_the_place_of_one_that_is_still_judged(pane):
    page = pane("", live=False)
    page.fill("#box", "\n".join(LINES))
    with held(page, "**/v1/suggestions*"):
        with page.expect_request("**/v1/suggestions*"):
            page.click("#now")
        page.fill("#box", "\n".join(["青禾县民政局关于开展走访的公示", *LINES[1:]]))
        with page.expect_event("requestfailed"):
            page.click("#now")
        page.wait_for_selector(".verdict .subject:has-text('走访')")


def test_a_host_without_a_document_is_explained(pane):
    page = pane("wps", live=False)
    page.evaluate("Application.ActiveDocument = null")
    page.click("#now")
    page.wait_for_selector("#alert:has-text('文档没有打开')")


@pytest.mark.parametrize("width", [280, 340, 480])
def test_no_width_scrolls_sideways(pane, width):
    page = judged(pane("word"))
    page.set_viewport_size({"width": width, "height": 760})
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_control_has_a_name(pane):
    page = judged(pane("word"))
    for control in page.locator("button:visible, input:visible").all():
        assert control.evaluate("c => c.ariaLabel || (c.labels?.[0] ?? c).innerText.trim()")
