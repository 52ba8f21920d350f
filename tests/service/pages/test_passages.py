"""S1 clauses 15 to 18 as people walk them: a draft without a reason comes back, is mended, goes to the disclosure
office, is signed, reviewed and withheld, and comes up again; another one goes through three reviews onto the site."""

from __future__ import annotations

import io
from datetime import datetime

import docx as reader
import pytest
from accounts import cookie, peopled, signed_in
from browsing import become, follow

from gongkai.service.app import create_app
from gongkai.service.casework.statistics import ZONE
from gongkai.service.settings import Settings

DAY = datetime(2026, 5, 6, 10, tzinfo=ZONE)
NEXT_YEAR = datetime(2027, 5, 10, 10, tzinfo=ZONE)
INSIDE = (
    "青禾县水务局关于印发《河道巡查考核办法》的通知\n\n局属各单位：\n"
    "现将《河道巡查考核办法》印发给你们，请结合实际执行。考核结果作为内部评先的依据。\n\n青禾县水务局\n2026年4月28日\n"
    "（此件不予公开）\n"
)
OPEN = (
    "青禾县水务局关于印发《青禾县河道管护办法》的通知\n\n各乡镇人民政府：\n"
    "现将《青禾县河道管护办法》印发给你们，请遵照执行。沿河居民可以向水务局反映河道问题。\n\n青禾县水务局\n2026年4月29日\n"
    "（此件公开发布）\n"
)


@pytest.fixture(scope="module")
def clock():
    return [DAY]


@pytest.fixture(scope="module")
def application(tmp_path_factory, clock):
    settings = Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, rate=0)
    application = create_app(settings, clock=lambda: clock[0])
    peopled(application)
    return application


class Desk:
    """One browser in which people sign in after one another."""

    def __init__(self, page, application, origin):
        self.page, self.application, self.origin = page, application, origin

    def sits(self, login, path):
        become(self.page, cookie(self.application, login, self.origin))
        self.page.goto(f"{self.origin}{path}")

    def drafts(self, text):
        self.sits("drafter", "/")
        self.page.fill("#text", text)
        self.page.click("#suggest")
        self.page.wait_for_selector(".verdict")
        follow(self.page, "nav a:has-text('办理')")
        follow(self.page, f".card a:has-text('{text.split()[0]}')")

    def fills(self, **values):
        for key, value in values.items():
            choice = self.page.locator(f"select#field-{key}").count()
            (self.page.select_option if choice else self.page.fill)(f"#field-{key}", value)

    def submits(self):
        follow(self.page, "#submit")
        assert "已报送" in self.page.inner_text("#state")

    def takes(self, kind, state="", **fields):
        if not self.page.locator(f"#step-{kind}[open]").count():
            self.page.click(f"#step-{kind} summary")
        for key, value in fields.items():
            field = self.page.locator(f"#{kind}-{key}")
            if field.get_attribute("type") == "checkbox":
                field.check()
            elif field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        before = self.page.locator("#steps > li").count()
        follow(self.page, f"#step-{kind} form button")
        assert self.page.locator("#steps > li").count() == before + 1
        assert state in self.page.inner_text("#state")

    def path(self):
        return self.page.url.removeprefix(self.origin)


@pytest.fixture
def desk(page, application, origin):
    page.set_viewport_size({"width": 1366, "height": 768})
    return Desk(page, application, origin)


def test_a_policy_document_is_published_after_three_reviews(desk, application):
    page = desk.page
    drafter = signed_in(application, "drafter")
    document = drafter.post("/v1/suggestions", json={"text": OPEN}).headers["location"].rpartition("/")[2]
    desk.sits("drafter", f"/passages/{document}")
    desk.fills(attribute="主动公开", policy="是", number="青水发〔2026〕9号", category="G0102 行政规范性文件")
    desk.fills(
        plan="随文报送，已审定",
        interpretation="随文报送，已审定",
        third="不涉及",
        deadline="20个工作日",
        channel="门户",
    )
    page.uncheck("input[value=normative]")
    desk.submits()
    path = desk.path()
    desk.sits("reviewer", path)
    desk.takes("secrecy", outcome="不涉及国家秘密、工作秘密，可以公开", basis="条例第十七条")
    desk.takes("review", "已源头审查")
    desk.takes("sign", "已签发", signer="局长", day="2026-05-06")
    desk.takes("first", "已签发", outcome="同意发布")
    assert "换一个人" in page.text_content("#step-second")
    desk.sits("second", path)
    desk.takes("second", "已签发", outcome="同意发布")
    assert "还没有终审" in page.text_content("#step-release")
    desk.sits("office", path)
    desk.takes("final", "已签发", outcome="同意发布")
    gates = dict.fromkeys(("politics", "law", "policy", "secrecy", "wording"), "是")
    desk.takes("release", "已发布审查", **gates, phrasing="准确规范", timing="即时公开", manner="门户网站")
    desk.sits("drafter", "/passages?state=to_publish")
    follow(page, "td a")
    desk.takes("publish", "已公开", day="2026-05-06", channel="青禾县人民政府门户网站")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_draft_without_a_reason_comes_back_and_is_withheld_in_the_end(desk, clock):
    page = desk.page
    desk.drafts(INSIDE)
    assert "拟稿" in page.inner_text("#state")
    desk.fills(attribute="不予公开", policy="是", number="青水发〔2026〕8号", reason="", basis="")
    desk.submits()
    path = desk.path()

    desk.sits("reviewer", path)
    assert "拟不予公开，没有说明理由。" in page.inner_text("#gaps")
    assert "还不能办" in page.text_content("#step-review")
    desk.takes("return", "已退文")

    desk.sits("drafter", path)
    assert "拟不予公开，没有说明理由。" in page.inner_text("#notice")
    with page.expect_download() as saving:
        page.click("#notice a")
    paper = reader.Document(io.BytesIO(saving.value.path().read_bytes()))
    assert [row.cells[1].text for row in paper.tables[0].rows][1] == "拟不予公开，没有说明理由。"
    desk.fills(reason="属于本机关内部管理，对外没有影响", basis="条例第十六条第一款")
    page.select_option("#reason_code", "W-161")
    desk.submits()
    assert "没有送政务公开工作机构审查" in page.inner_text("#gaps")

    desk.sits("office", path)
    desk.takes("clear", "已报送", outcome="同意不予公开", basis="条例第十六条第一款")
    desk.sits("reviewer", path)
    desk.takes("review", "已源头审查")
    desk.sits("drafter", path)
    desk.takes("sign", "已签发", signer="局长", day="2026-05-06")
    desk.sits("reviewer", path)
    gates = dict.fromkeys(("politics", "law", "policy", "secrecy", "wording"), "是")
    desk.takes("release", "已发布审查", **gates, phrasing="准确规范", timing="择期公开", manner="不对外公开")
    desk.takes("withhold", "不予公开")

    page.goto("about:blank")
    clock[0] = NEXT_YEAR
    desk.sits("reviewer", "/rereview")
    follow(page, "main a:has-text('河道巡查考核办法')")
    page.check("input[value=retain]")
    page.fill("#reason", "考核办法仍然只约束本机关内部")
    follow(page, "#ruling button")
    desk.sits("reviewer", path)
    assert "重评后维持" in page.inner_text("#steps")
