"""公开以后 as people meet it: a register brought in, a frequent request turned into disclosure, a year's re-review."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from accounts import cookie, peopled, signed_in
from browsing import follow, watched

from gongkai.service.app import create_app
from gongkai.service.rules.owntables import companions
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Kept

NOW = datetime(2026, 6, 15, 3, tzinfo=UTC)
HEAD = [
    "申请编号",
    "收到申请日期",
    "申请人姓名",
    "联系电话",
    "申请人类型",
    "所需信息的内容描述",
    "答复日期",
    "办理结果",
]
ROWS = [
    ["2026-001", "2026-01-05", "赵一鸣", "13912345678", "公民", "青河路二期征地补偿标准", "2026-01-20", "予以公开"],
    [
        "2026-002",
        "2026年2月6日",
        "钱多文",
        "",
        "企业",
        "申请公开青河路二期征地补偿标准的文件",
        "2026-02-20",
        "予以公开",
    ],
    [
        "2026-003",
        "20260301",
        "孙可望",
        "",
        "自然人",
        "本人孙可望（电话13800138000）要求公开青河路二期征地的补偿标准",
        "",
        "",
    ],
    ["2026-004", "2026-03-02", "李思齐", "", "律所", "2025年度水利工程招标结果", "2026-03-12", "部分公开"],
    ["2026-005", "不详", "周正言", "", "公民", "河道规划", "", ""],
    ["2026-006", "2026-03-02", "周正言", "", "公民", "河道规划", "2026-03-12", "随便看看"],
]
NOTICE = (
    "青禾县水务局关于青河路二期征地补偿标准的复函\n\n青禾县供水公司：\n"
    "你公司来函收悉。青河路二期征地补偿标准每亩四万元，请按此办理。\n\n青禾县水务局\n2026年1月4日\n"
)
RULES = (
    "青禾县河道管理办法\n\n第一条 为加强河道管理，保障防洪安全，制定本办法。\n第二条 本办法适用于本县河道。\n"
    "第三条 本办法自2010年3月1日起施行。\n"
)
NEWER = (
    "青禾县河道管护办法\n\n第一条 为加强河道管护，保障防洪和供水安全，制定本办法。\n第二条 本办法适用于本县。\n"
    "第三条 本办法自2026年3月1日起施行。《青禾县河道管理办法》同时废止。\n"
)
PLAN = (
    "青禾县水务局关于汛期值班安排的通知\n\n局属各科室：\n"
    "汛期值班由办公室统一安排，各科室轮流带班，值班室设在二楼。\n\n青禾县水务局\n2025年4月28日\n"
)


def book(rows=ROWS, head=HEAD):
    made = openpyxl.Workbook()
    for row in ([["青禾县水务局依申请公开登记表"]] if head is HEAD else []) + [head, *rows]:
        made.active.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


@pytest.fixture(scope="module")
def clock():
    return [NOW]


@pytest.fixture(scope="module")
def application(tmp_path_factory, clock):
    settings = Settings(data=tmp_path_factory.mktemp("data"), workers=0, keep_text=True, rate=0)
    application = create_app(settings, clock=lambda: clock[0])
    peopled(application)
    return application


@pytest.fixture
def page(browser, origin, watch, application):
    with watched(browser, watch, cookie(application, "reviewer", origin)) as opened:
        yield opened


def drafted(application, text, attribute, reason, basis):
    document = signed_in(application, "drafter").post("/v1/suggestions", json={"text": text}).headers["location"][-32:]
    given = {"attribute": attribute, "reason": reason, "basis": basis}
    answer = signed_in(application, "reviewer").post(f"/v1/documents/{document}/decisions", json=given)
    assert answer.status_code == 201, answer.text
    return document


def test_a_register_is_brought_in_and_a_frequent_request_becomes_public(page, application, origin, tmp_path):
    document = drafted(application, NOTICE, "on_request", "A-01", "条例第二十七条")
    page.goto(f"{origin}/applications")
    assert page.get_attribute("nav[aria-label=本组页面] a[aria-current]", "href") == "/applications"
    assert "没有申请集中的内容" in page.inner_text("#often")
    other = tmp_path / "别样.csv"
    other.write_text("甲,收到那天,问什么\n一号,2026-04-01,青河路规划\n二号,不详,河道\n", "utf-8")
    page.set_input_files("#file", other)
    page.click("form[action='/applications/import'] button")
    page.wait_for_selector("#columns select")
    for place, code in enumerate(("number", "received", "topic")):
        page.select_option(f"#columns tr:nth-child({place + 1}) select", code)
    page.click("#columns button:has-text('预览')")
    page.wait_for_selector("#columns [role=status]:has-text('会导入 1 件，有 1 行不能导入')")
    assert page.evaluate("document.getElementById('file').files.length") == 1, "the file is still in its form"
    page.goto(f"{origin}/applications")
    path = tmp_path / "登记.xlsx"
    path.write_bytes(book())
    page.set_input_files("#file", path)
    page.click("form[action='/applications/import'] button")
    page.wait_for_selector("#told")
    told = page.inner_text("#told")
    assert "新增 4 件" in told
    assert "第 7 行：收到日期或者答复日期不对" in told
    assert "第 8 行：办理结果认不出来" in told
    assert "13800138000" not in page.content()
    assert "孙可望" not in page.content()
    follow(page, "#often a:has-text('研判')")
    assert page.locator("#verdict tbody tr").count() == 3
    assert "近期有3件申请" in page.inner_text("#said")
    page.check(f"#verdict input[name=document][value='{document}']")
    page.fill("#why", "三人申请同一标准，涉及公众利益，可以公开")
    follow(page, "#verdict button.primary")
    assert "研判已记下" in page.inner_text(".notice")
    with application.state.house.database.reading() as session:
        assert session.get(Kept, document).decided == "proactive"
    page.goto(f"{origin}/rereview/progress")
    assert "青河路二期征地补偿标准的复函" in page.inner_text("main")


def test_after_a_year_a_withheld_document_is_looked_at_again_and_opened(page, application, origin, clock):
    clock[0] = NOW - timedelta(days=380)
    document = drafted(application, PLAN, "withheld", "W-162", "条例第十六条第一款")
    clock[0] = NOW
    page.goto(f"{origin}/rereview")
    row = page.locator("tbody tr", has_text="汛期值班安排")
    assert "已过 15 天" in row.inner_text()
    follow(page, "tbody tr:has-text('汛期值班安排') a >> nth=0")
    assert "每年重评一次" in page.inner_text("#why")
    page.check("#ruling input[value=convert]")
    page.select_option("#attribute", "proactive")
    page.fill("#reason", "汛期已过，值班电话应当让公众知道")
    follow(page, "#ruling button")
    assert "已转为公开" in page.inner_text(".notice")
    assert page.locator("tbody tr", has_text="汛期值班安排").count() == 0
    with application.state.house.database.reading() as session:
        assert session.get(Kept, document).decided == "proactive"


def test_papers_are_brought_together_and_a_repealed_one_is_marked(page, application, origin):
    old = drafted(application, RULES, "proactive", "P-2001", "条例第二十条第一项")
    new = drafted(application, NEWER, "proactive", "P-2001", "条例第二十条第一项")
    page.goto(f"{origin}/documents/{new}")
    follow(page, "#dossier button:has-text('归集')")
    paper = page.locator("#papers li", has_text="被本件废止的")
    assert paper.locator("a").get_attribute("href") == f"/documents/{old}"
    page.goto(f"{origin}/rereview/validity?state=hint")
    row = page.locator("tbody tr", has_text="青禾县河道管理办法")
    assert "被《青禾县河道管护办法》废止" in row.inner_text()
    follow(page, "tbody tr:has-text('青禾县河道管理办法') button")
    assert page.is_visible(".empty")
    page.goto(f"{origin}/documents/{old}")
    page.wait_for_selector("#dossier .tag:has-text('已废止')")
    with page.expect_download() as saving:
        page.click("#dossier a:has-text('效力标注')")
    assert saving.value.suggested_filename == "效力标注.docx"


def test_lists_are_saved_as_workbooks(application):
    office = signed_in(application, "office")
    for path in ("/rereview/list.xlsx?scope=all", "/rereview/progress.xlsx", "/rereview/owed.xlsx",
                 "/applications/list.xlsx", "/applications/topics.xlsx"):  # fmt: skip
        answer = office.get(path)
        assert answer.status_code == 200, path
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row >= 1


def test_an_agencys_own_table_is_previewed_put_in_force_and_taken_back(application):
    office, drafter = (signed_in(application, login) for login in ("office", "drafter"))
    path = "/rules/own/afterwards-topics"
    shown = drafter.get(path).text
    assert "many = 3" in shown and "<textarea" not in shown
    assert drafter.post(path, data={"text": "x"}).status_code == 403
    text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", office.get(path).text, re.S)[1])
    sent = {"text": text.replace("many = 3", "many = 4"), "seen": "0"}
    told = office.post(f"{path}/preview", data=sent).text
    assert "<del>many = 3</del><ins>many = 4</ins>" in told
    assert office.post(path, data={**sent, "text": "many = "}).status_code == 422
    assert office.post(path, data=sent).status_code == 303
    assert "满 4 件" in office.get("/applications").text and "本机关改过" in office.get("/rules/own").text
    assert office.post(f"{path}/undo", data={"seen": "1"}).status_code == 303
    assert "满 3 件" in office.get("/applications").text
    assert office.get("/rules/own/nothing").status_code == 404
    for one in companions():
        assert office.get(f"/rules/own/{one.slug}").status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("登记.pdf", b"%PDF", "应当是 .xlsx 或者 .csv"),
        ("登记.xlsx", b"PK\x03\x04 no", "文件已损坏"),
        ("登记.xlsx", book([["a", "b"]], ["甲", "乙"]), "没有找到表头"),
    ],
)
def test_a_register_that_is_none(application, name, data, says):
    answer = signed_in(application, "office").post("/applications/import", files={"file": (name, data)})
    assert answer.status_code >= 400
    assert says in answer.text
