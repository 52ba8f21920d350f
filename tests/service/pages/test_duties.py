"""公开时限 and 任务台账 as people meet them: a plan imported and held against the catalog, tasks done, lists taken
along, and a year of holidays added on the pages of the rules, its effect seen, and taken back."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from accounts import cookie, keyed, peopled, signed_in
from browsing import follow, watched
from icalendar import Calendar
from sqlalchemy import select

from gongkai.service.app import create_app
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Trail

AT = datetime(2026, 4, 28, 2, tzinfo=UTC)
PLAN = (
    "青禾县2026年政务公开工作方案\n附件\n任务分解表\n序号\t工作任务\t工作要求\t责任单位\t时限要求\n"
    "1\t加强公开\t公开上年度逾期尚未支付中小企业款项的合同数量、金额等信息。\t财务科\t及时公开\n"
    "2\t动态管理\t加强主动公开基本目录动态管理。\t办公室牵头，各科室配合\t本方案发布之日起20个工作日内\n"
    "3\t深化解读\t创新解读形式，一图读懂、问答。\t法规科\t2026年10月底前\n"
)
YEAR = """
[[notice]]
code = "2027"
name = "2027年节假日安排（试用）"
basis = "试用"
off = ["2027-01-01", "2027-05-01", "2027-10-01/2027-10-03"]
work = []
"""


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    made = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, rate=0), lambda: AT)
    peopled(made)
    return made


@pytest.fixture(scope="module")
def office(application):
    return signed_in(application, "office")


@pytest.fixture
def page(browser, origin, watch, application):
    with watched(browser, watch, cookie(application, "office", origin)) as opened:
        yield opened


def test_a_plan_is_imported_worked_off_and_held_against_the_catalog(page, origin, tmp_path):
    file = tmp_path / "方案.txt"
    file.write_text(PLAN, "utf-8")
    page.goto(f"{origin}/ledger")
    assert "台账里没有符合条件的任务" in page.inner_text("main")
    page.set_input_files("#file", file)
    page.fill("#name", "2026年工作方案")
    page.fill("#issued", "2026-04-28")
    page.click("#plan button:has-text('预览')")
    page.wait_for_selector("h1:has-text('2026年工作方案')")
    assert page.input_value("tbody tr:nth-child(2) input[name=due]") == "2026-05-28"
    assert page.input_value("tbody tr:nth-child(1) input[name=category]") == "逾期未支付中小企业款项"
    page.fill("tbody tr:nth-child(3) [name=responsible]", "法规科牵头，起草科室配合")
    follow(page, "button:has-text('导入')")
    assert page.is_visible(".notice")
    assert page.locator("table tbody tr").count() == 3
    page.click("tbody tr:has-text('动态管理') summary:has-text('办理')")
    page.click("tbody tr:has-text('动态管理') button:has-text('办结')")
    page.wait_for_selector("tr:has-text('动态管理') .tag:has-text('2026-04-28 办结')")
    page.goto(f"{origin}/due?kind=task")
    assert page.inner_text("tbody tr td:nth-child(3)") == "2026-10-31"
    follow(page, "text=今日提要")
    assert "没有到期的事项" in page.inner_text("main")
    page.goto(f"{origin}/ledger/catalog")
    assert page.locator("tbody tr").count() == 3
    assert not page.is_checked("input[value=G0704]")
    follow(page, "button:has-text('写成目录草稿')")
    assert "草稿" in page.inner_text("h1")
    assert "法规科" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_day_is_counted_on_the_page(page, origin):
    page.goto(f"{origin}/due")
    page.select_option("#code", "D10")
    page.fill("#start", "2026-04-28")
    page.click("button:has-text('推算')")
    page.wait_for_selector("#counted p")
    assert page.inner_text("#counted").startswith("最迟2026年5月14日")


def test_a_year_of_holidays_is_added_seen_and_taken_back(office, application):
    asked = {"code": "D20", "start": "2026-12-28"}
    assert "没有 2027 年的放假安排" in office.get("/due/count", params=asked).text
    draft = office.post("/rules/0/draft", data={"note": "2027年放假安排"}).headers["location"]
    shown = office.get(f"{draft}/tables/calendar/text").text
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    calendar = shipped()["calendar.toml"] + YEAR
    answer = office.post(f"{draft}/tables/calendar/text", data={"seen": seen, "text": calendar})
    assert answer.status_code == 303, answer.text
    compared = office.get(draft).text
    assert "2027" in compared
    assert office.post(f"{draft}/activate").status_code == 303
    assert "最迟2027年1月26日" in office.get("/due/count", params=asked).text
    assert office.post("/rules/0/activate").status_code == 303
    assert "没有 2027 年的放假安排" in office.get("/due/count", params=asked).text


def test_a_deadline_is_changed_its_effect_seen_and_taken_back(page, origin, application):
    drafter = signed_in(application, "drafter")
    text = "青禾县水务局关于青河巡查的通知\n\n各站：\n请按月巡查。\n\n青禾县水务局\n2026年4月28日\n"
    id = drafter.post("/v1/suggestions", json={"text": text}).headers["location"].rpartition("/")[2]
    assert drafter.post(f"/due/documents/{id}", data={"start": "2026-04-28", "code": "D10"}).status_code == 303
    last = lambda: drafter.get(f"/v1/documents/{id}/clocks").json()["due"]  # noqa: E731
    assert last() == "2026-05-14"
    page.goto(f"{origin}/rules/0")
    follow(page, "button:has-text('起草新版本')")
    follow(page, "aside a[href$='/tables/deadlines']")
    follow(page, "main table a:has-text('D10')")
    page.fill("[name=count]", "5")
    follow(page, "button:has-text('校验并保存')")
    assert "已校验并保存" in page.inner_text(".notice")
    number = int(re.search(r"/rules/(\d+)", page.url)[1])
    page.goto(f"{origin}/rules/{number}/preview")
    assert "1 份的最后一日会变" in page.inner_text("#moved")
    assert page.locator("#moved td").all_inner_texts()[1:] == ["2026-05-14", "2026-05-08"]
    assert last() == "2026-05-14"
    for version, due in ((number, "2026-05-08"), (0, "2026-05-14")):
        page.goto(f"{origin}/rules/{version}")
        page.click("button[data-opens='#activate']")
        page.click("#activate button.primary")
        page.wait_for_url(f"{origin}/rules")
        page.goto(f"{origin}/due?kind=document")
        assert due in page.inner_text("tr:has-text('青河巡查')")
    with application.state.house.database.reading() as session:
        told = session.scalars(select(Trail.detail).where(Trail.action == "recount").order_by(Trail.seq)).all()
    assert told == [
        {"before": "2026-05-14", "due": "2026-05-08"}, {"before": "2026-05-08", "due": "2026-05-14"},
    ]  # fmt: skip


def test_lists_are_taken_along(office, application):
    answer = office.post("/ledger/happened", data={"occasion": "publicity", "about": "=矿业权", "start": "2026-04-28"})
    assert answer.status_code == 303
    office.post("/ledger/happened", data={"occasion": "hazard-warning", "about": "橙色", "start": "2026-04-28"})
    digest = office.get("/due/today").text
    assert "今天到期" in digest
    assert "立即按预警级别的渠道发布预警信息：橙色" in digest
    book = openpyxl.load_workbook(io.BytesIO(office.get("/ledger/list.xlsx").content))
    assert "公示期满：核对有无异议，有异议的先处理：=矿业权" in [row[2].value for row in book.active.iter_rows()]
    assert openpyxl.load_workbook(io.BytesIO(office.get("/due/list.xlsx").content)).active.max_row > 1
    for calendar in (office.get("/due/calendar.ics"), keyed(application, "office", "documents").get("/v1/calendar")):
        assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
        events = Calendar.from_ical(calendar.content).walk("VEVENT")
        assert "2026-05-08" in [str(event["dtstart"].dt) for event in events]


def test_other_programs_get_the_same_list(application):
    told = keyed(application, "office", "documents").get("/v1/due").json()
    assert ("task", "P10", "2026-05-08", "due") in [
        (one["kind"], one["code"], one["last"], one["state"]) for one in told["due"]
    ]
    assert told["missing"] == []


def test_a_published_list_is_checked(office):
    data = "标题,成文日期,发布日期\n关于甲的通知,2025-01-02,2025-03-20\n".encode()
    shown = office.post("/due/late", files={"file": ("清单.csv", data)}).text
    assert "超期的 1 条" in shown
    assert "42 天" in shown
    made = office.post("/due/late.xlsx", files={"file": ("清单.csv", data)}).content
    assert openpyxl.load_workbook(io.BytesIO(made)).sheetnames == ["超期补录", "全部"]


def test_a_clock_is_set_by_hand(application):
    drafter = signed_in(application, "drafter")
    text = "青禾县地质灾害气象风险橙色预警\n\n预计未来24小时风险高，请做好防范。\n\n青禾县水务局\n2026年4月28日\n"
    id = drafter.post("/v1/suggestions", json={"text": text}).headers["location"].rpartition("/")[2]
    shown = drafter.get(f"/due/documents/{id}").text
    assert "地质灾害橙色预警：接到即发" in shown
    assert drafter.post(f"/due/documents/{id}", data={"start": "2026-04-28", "code": "D1"}).status_code == 303
    told = drafter.get(f"/v1/documents/{id}/clocks").json()
    assert (told["codes"], told["due"], told["warning"]) == (["D1"], "2026-04-29", "地质灾害橙色预警")
    assert "2026-04-29" in drafter.get("/due").text


def test_what_was_written_is_not_lost_when_it_is_refused(office):
    forms = re.findall(r'<form method="post"[^>]*>', office.get("/ledger").text.partition("<main")[2])
    assert len(forms) >= 3
    assert all("hx-post=" in form for form in forms), "htmx leaves the form on the page"
    bad = {"file": ("清单.csv", "甲,乙\n1,2\n".encode())}
    shown = office.post("/due/late", files=bad, headers={"accept": "text/html"})
    assert (shown.status_code, "按浏览器的“后退”" in shown.text) == (422, True)


OTHER = "2026年方案\n号\t科室\t做什么\t何时\n1\t办公室\t动态管理目录\t2026年10月底前\n2\t法规科\t创新解读\t长期坚持\n"


def test_columns_without_known_headings_are_chosen(office):
    def sent(**more):
        file = {"file": ("方案.txt", OTHER.encode())}
        return office.post("/ledger/preview", files=file, data={"name": "别样方案", "issued": "2026-04-28", **more})

    asked = sent()
    assert (asked.status_code, asked.headers["hx-retarget"]) == (200, "#planned")
    assert "动态管理目录；创新解读" in asked.text and 'value="别样方案"' in asked.text
    head = re.search(r'name="head" value="(\d+)"', asked.text)[1]
    shown = sent(head=head, column=["number", "responsible", "requirement", "deadline"]).text
    assert "读出 2 项任务" in shown and 'value="2026-10-31"' in shown
    for columns, says in (
        (["", "", "requirement", ""], "还没有选时限"),
        (["task"] * 4, "选了两列"),
        (["x"], "没有“x”"),
    ):
        refused = sent(head=head, column=columns)
        assert (refused.status_code, says in refused.text) == (422, True)


def test_what_people_write_of_tasks_is_swept_and_stopped(office, application):
    office.post("/ledger/task", data={"task": "联系人手机13800138000，催办", "term": "长期坚持"})
    shown = office.get("/ledger", params={"q": "催办"}).text
    assert "13800138000" not in shown and "×××" in shown
    marked = "机密★10年\n青禾县人民政府文件\n关于苍鹭演练的通知\n"
    for path, data in (
        ("/ledger/task", {"task": marked, "term": "长期坚持"}),
        ("/ledger/happened", {"occasion": "publicity", "about": marked, "start": "2026-04-28"}),
        ("/catalog/recognise", {"text": marked}),
    ):
        reply = office.post(path, data=data)
        assert (path, reply.status_code, "苍鹭" in reply.text) == (path, 409, False)
    reply = office.post("/ledger/preview", files={"file": ("方案.txt", (marked + PLAN).encode())}, data={"name": "甲"})
    assert (reply.status_code, "密级标志" in reply.text) == (409, True)


def test_a_drafter_reads_the_ledger_and_changes_nothing(application):
    drafter = signed_in(application, "drafter")
    assert "登记发生的事项" not in drafter.get("/ledger").text
    assert drafter.post("/ledger/task", data={"task": "甲", "term": "长期坚持"}).status_code == 403
