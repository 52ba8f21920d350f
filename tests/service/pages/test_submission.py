"""退文检查 as people meet it: a draft without a reason comes back, is mended, and passes."""

from __future__ import annotations

import io

import docx as reader
import pytest
from accounts import cookie, peopled, signed_in
from browsing import follow, held, watched

from gongkai.service.app import create_app
from gongkai.service.opinion.form import fields
from gongkai.service.opinion.word import docx
from gongkai.service.settings import Settings

TEXT = (
    "青禾县水务局关于青河路停水检修的通告\n\n广大市民：\n"
    "因管网检修，青河路沿线定于2024年5月6日停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"
)
FORM = {
    "title": "关于青禾县河道管护的通知",
    "number": "青水发〔2024〕8号",
    "unit": "青禾县水务局",
    "drafter": "赵一鸣",
    "mode": "代拟稿",
    "attribute": "不予公开",
    "annotation": "（此件不予公开）",
    "policy": "否",
}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    application = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True))
    peopled(application)
    return application


@pytest.fixture
def page(browser, origin, watch, application):
    with watched(browser, watch, cookie(application, "drafter", origin)) as opened:
        opened.goto(f"{origin}/submission")
        yield opened


def fill(page, values):
    kinds = {field.key: field.kind for field in fields()}
    for key, value in values.items():
        if kinds[key] == "choice":
            page.select_option(f"#field-{key}", value)
        else:
            page.fill(f"#field-{key}", value)


def saved(page):
    with page.expect_download() as saving:
        page.click("#answer button[type=submit]")
    return saving.value.suggested_filename, reader.Document(io.BytesIO(saving.value.path().read_bytes()))


def test_a_draft_without_a_reason_comes_back_is_mended_and_passes(page):
    assert page.get_attribute("nav a[aria-current=page]", "href") == "/submission"
    assert "还没有检查" in page.inner_text("#answer")
    fill(page, FORM)
    page.click("#check")
    page.wait_for_selector("#answer:has-text('退文通知')")
    assert page.locator("#answer .gaps li").count() == 2
    assert "拟不予公开，没有说明理由。" in page.inner_text("#answer")
    name, paper = saved(page)
    assert (name, paper.paragraphs[2].text) == ("退文通知.docx", "青禾县水务局：")
    assert paper.tables[0].rows[1].cells[1].text == "拟不予公开，没有说明理由。"

    with held(page, "**/submission/check"):
        with page.expect_request("**/submission/check"):
            fill(page, {"reason": "属于机关内部的办事流程，对外没有影响"})
            page.press("#field-reason", "Tab")
        fill(page, {"basis": "条例第二十条"})  # what is filled in while an answer is on its way counts
        page.press("#field-basis", "Tab")
    page.wait_for_selector("#answer:has-text('这不是不予公开的依据')")
    assert "没有说明理由" not in page.inner_text("#answer")
    fill(page, {"basis": "条例第十六条第一款"})
    page.press("#field-basis", "Tab")
    page.wait_for_selector("#answer:has-text('可以办理')")
    assert page.locator("#answer .gaps").count() == 0


def test_a_kept_draft_is_filled_in_and_checked_at_once(page, application, origin):
    drafter = signed_in(application, "drafter")
    document = drafter.post("/v1/suggestions", json={"text": TEXT}).headers["location"].rpartition("/")[2]
    page.goto(f"{origin}/documents/{document}")
    follow(page, "a:has-text('退文检查'):not(nav a)")
    assert page.is_visible("#answer .gaps")
    assert page.input_value("#field-title") == "青禾县水务局关于青河路停水检修的通告"
    assert page.input_value("#field-genre") == "通告"
    assert "意见单“发文字号”还没有填。" in page.inner_text("#answer")


def test_a_filled_form_is_read_in(page, tmp_path):
    path = tmp_path / "意见单.docx"
    path.write_bytes(docx({**FORM, "secrecy": "没有"}))
    page.set_input_files("#file", path)
    page.click("form.reading button")
    page.wait_for_selector("#misread")
    assert "“保密审查”应当是尚未审查、已审查，不涉密之一" in page.inner_text("#misread")
    assert page.input_value("#field-attribute") == "不予公开"
    assert page.input_value("#field-number") == "青水发〔2024〕8号"
    assert "退文通知" in page.inner_text("#answer")


def test_only_the_notice_is_printed(page):
    fill(page, FORM)
    page.click("#check")
    page.wait_for_selector("#answer .gaps")
    page.emulate_media(media="print")
    shown = {what: page.is_visible(what) for what in ("#answer .gaps", "#opinion", ".reading", "#answer button", "nav")}
    assert shown == {"#answer .gaps": True, "#opinion": False, ".reading": False, "#answer button": False, "nav": False}


@pytest.mark.parametrize("size", [(1366, 768), (1092, 614), (390, 844), (360, 740)])
def test_no_size_scrolls_sideways(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    fill(page, FORM)
    page.click("#check")
    page.wait_for_selector("#answer .gaps")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_another_units_document_looks_like_none(application):
    drafter, neighbour = signed_in(application, "drafter"), signed_in(application, "neighbour")
    document = drafter.post("/v1/suggestions", json={"text": TEXT}).headers["location"].rpartition("/")[2]
    assert drafter.get(f"/submission/{document}").status_code == 200
    assert neighbour.get(f"/submission/{document}").status_code == 404


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (("a.docx", b"no form"), 422, "文件已损坏"),
        (("", b""), 422, "没有选择文件"),
    ],
)
def test_what_is_no_form_is_explained(application, file, status, words):
    drafter = signed_in(application, "drafter")
    reply = drafter.post("/submission/read", files={"file": file}, headers={"accept": "application/json"})
    assert (reply.status_code, words in reply.text) == (status, True)


def test_markup_in_a_form_stays_text(application):
    sent = {"brief": "{}", "title": "<script>x</script>", "unit": "<b>y</b>"}
    shown = signed_in(application, "drafter").post("/submission/check", data=sent).text
    assert "<script>x" not in shown and "<b>y" not in shown
    assert "&lt;script&gt;x" in shown
