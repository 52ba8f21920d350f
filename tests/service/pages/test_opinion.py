"""The 意见单 and the drafter's decision, as people with accounts meet them."""

from __future__ import annotations

import io
import re

import docx as reader
import pytest
from accounts import cookie, peopled, signed_in
from browsing import held, watched

from gongkai.service.app import create_app
from gongkai.service.casework.deciding import decisions_of
from gongkai.service.settings import Settings

TEXT = (
    "青禾县水务局关于青河路停水检修的通告\n\n广大市民：\n"
    "因管网检修，青河路沿线定于2024年5月6日停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"
)
FIRST_REASON = "document.querySelector('#decide optgroup:enabled option').index"
TITLE = "青禾县水务局关于青河路停水检修的通告"


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    application = create_app(Settings(data=tmp_path_factory.mktemp("data")))
    peopled(application)
    return application


@pytest.fixture
def page(browser, origin, watch, application):
    with watched(browser, watch, cookie(application, "drafter", origin)) as page:
        page.goto(f"{origin}/")
        yield page


def suggest(page, text):
    page.fill("#text", text)
    page.click("#suggest")
    page.wait_for_selector("#decision")


def opened(page, what):
    """The page that comes beside this one, with its scripts."""
    with page.context.expect_page() as waiting:
        page.click(what)
    waiting.value.wait_for_load_state()
    return waiting.value


def recorded(application, document):
    with application.state.house.database.reading() as session:
        return [(one.attribute, one.reason, bool(one.undoes)) for one in decisions_of(session, document)]


def kept(page):
    return page.evaluate("import('/static/drafter.js').then(({ state }) => state.kept)")


def test_a_drafter_decides_and_takes_it_back(page, application):
    suggest(page, TEXT)
    page.check("#decide input[value=withheld]")
    assert page.locator("#decide optgroup:enabled").evaluate_all("all => all.map((g) => g.label)") == ["不予公开"]
    page.evaluate("document.getElementById('decide-reason').value = ''")
    page.click("#decide button.primary")
    assert page.locator("#decide :invalid").count() > 0
    page.select_option("#decide-reason", "W-163")
    page.fill("#decide [name=note]", "检修安排还没有定，先不公开")
    page.click("#decide button.primary")
    page.wait_for_selector("#decision .tag.withheld")
    page.wait_for_selector("#status:has-text('决定已记录')", state="attached")
    assert recorded(application, kept(page)) == [("withheld", "W-163", False)]
    page.click("#decision button:has-text('撤销决定')")
    page.wait_for_selector("#decide")
    assert recorded(application, kept(page)) == [("withheld", "W-163", False), ("withheld", "", True)]


def test_what_comes_too_late_is_left_out(page):
    page.evaluate(
        "document.body.addEventListener('htmx:afterRequest', ({ detail: { pathInfo } }) => {"
        " if (pathInfo.requestPath.endsWith('/decision')) document.body.dataset.late = ''; })"
    )
    page.fill("#text", TEXT)
    with held(page, "**/draft/*/decision"):
        page.click("#suggest")
        page.wait_for_selector(".verdict")
        page.click("#clear")
    page.wait_for_selector("body[data-late]")
    assert page.text_content("#own") == ""


def test_the_decided_form_is_filled_from_the_decision(page, application):
    suggest(page, TEXT + "又及\n")
    page.check("#decide input[value=on_request]")
    page.select_option("#decide-reason", index=page.evaluate(FIRST_REASON))
    page.click("#decide button.primary")
    page.wait_for_selector("#decision .tag.on_request")
    form = opened(page, "#decision a:has-text('意见单')")
    assert form.input_value("#field-attribute") == "依申请公开"
    assert form.input_value("#field-reason") != ""
    assert form.input_value("#field-drafter") == "赵一鸣"
    assert form.input_value("#field-unit") == "青禾县水务局"


def test_the_form_is_checked_while_it_is_filled_in_and_taken_along(page):
    suggest(page, TEXT)
    form = opened(page, "#opinion button")
    assert form.input_value("#field-title") == TITLE
    assert "“发文字号”还没有填。" in form.inner_text("#items")
    form.fill("#field-number", "青水函〔2024〕12号")
    form.press("#field-number", "Tab")
    form.wait_for_selector("#items:not(:has-text('发文字号'))")
    form.select_option("#field-secrecy", "已审查，不涉密")
    form.wait_for_selector("#items:not(:has-text('保密审查'))")
    with form.expect_download() as saving:
        form.click("#word")
    assert saving.value.suggested_filename == "公文公开发布意见单.docx"
    document = reader.Document(io.BytesIO(saving.value.path().read_bytes()))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {TITLE, "青水函〔2024〕12号", "已审查，不涉密"} <= set(cells)
    form.emulate_media(media="print")
    form.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert form.is_visible(".written:has-text('青水函〔2024〕12号')")
    assert not form.is_visible("#field-number")


@pytest.mark.parametrize("size", [(1366, 768), (1092, 614), (390, 844), (360, 740)])
def test_no_size_scrolls_sideways(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    suggest(page, TEXT)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    form = opened(page, "#opinion button")
    form.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    assert form.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_another_units_document_looks_like_none(application):
    drafter, neighbour = signed_in(application, "drafter"), signed_in(application, "neighbour")
    location = drafter.post("/v1/suggestions", json={"text": TEXT}).headers["location"]
    document = location.rpartition("/")[2]
    assert drafter.get(f"/draft/{document}/decision").status_code == 200
    assert drafter.get(f"/opinion/{document}").status_code == 200
    given = {"attribute": "proactive"}
    assert neighbour.get(f"/draft/{document}/decision").status_code == 404
    assert neighbour.post(f"/draft/{document}/decision", data=given).status_code == 404
    assert neighbour.get(f"/opinion/{document}").status_code == 404


def test_a_decision_by_an_outdated_page_is_refused(application):
    drafter = signed_in(application, "drafter")
    document = drafter.post("/v1/suggestions", json={"text": TEXT + "再及\n"}).headers["location"].rpartition("/")[2]
    version = re.search(r'name="version" value="(\d+)"', drafter.get(f"/draft/{document}/decision").text).group(1)
    given = {"attribute": "proactive", "version": version}
    assert drafter.post(f"/draft/{document}/decision", data=given).status_code == 200
    assert drafter.post(f"/draft/{document}/decision", data=given).status_code == 412


@pytest.mark.parametrize("path", ["/opinion", "/opinion/check"])
def test_a_broken_form_is_explained(application, path):
    reply = signed_in(application, "drafter").post(path, data={"brief": "{}}"}, headers={"accept": "application/json"})
    assert (reply.status_code, "重新生成" in reply.text) == (422, True)


def test_markup_in_a_form_stays_text(application):
    sent = '{"title": "<script>x</script>", "suggested": "proactive"}'
    shown = signed_in(application, "drafter").post("/opinion", data={"brief": sent}).text
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown
