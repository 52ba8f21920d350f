"""The secretariat's pages in a real browser, from a screened folder to decisions that two readers agree on."""

from __future__ import annotations

import hashlib
from pathlib import Path

import accounts
import backlogs
import openpyxl
import pytest
from browsing import become, follow, held
from sqlalchemy import func, select

from gongkai.service.app import create_app
from gongkai.service.review.bringing import Source, bring_in
from gongkai.service.screening.records import Locator, Part, Role
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Backlog, Decided, Kept, Trail

TEXT = (
    "青禾县民政局关于印发城乡居民最低生活保障工作实施细则的通知\n各乡镇人民政府：\n现将实施细则印发给你们。"
    "联系人：孙明，电话：13805701234。\n"
)
SIZES = ((1366, 768), (1092, 614), (768, 1024), (390, 844), (360, 740))


def screened(root):
    """A store of 120 records; the files of the first thirty are there."""
    store = backlogs.filled(root / "存量" / "2026", 120)
    folder = root / "档案"
    folder.mkdir()
    for number in range(1, 31):
        path = folder / f"{number}.txt"
        path.write_text(TEXT, "utf-8")
        digest = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        with store.batch():
            store.put_file(Part(Locator(path), Role.main, 1, 1), 1, "b", digest, backlogs.digest(number))
    store.close()


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    root = tmp_path_factory.mktemp("review")
    screened(root)
    app = create_app(Settings(data=root / "data", backlogs=root, fast=True, job_workers=1, rate=0))
    accounts.peopled(app)
    return app


@pytest.fixture
def backlog(application):
    """A backlog of its own for each test, of the same folder."""
    house = application.state.house
    with house.database.reading() as session:
        actor = accounts.actor(session, "reviewer")
    root = house.settings.backlogs
    with house.database.writing() as session:
        for known in session.scalars(select(Backlog)):
            known.folder = f"gone/{known.id}"  # so that the folder comes in anew
    done = bring_in(house.database, actor, Source(root / "存量/2026", "发文存量", accounts.WATER, (root,)), house.clock)
    return done.backlog


@pytest.fixture
def sign_in(page, application, origin):
    """Be somebody else in the same browser."""

    def as_user(login):
        become(page, accounts.cookie(application, login, origin))
        return page

    return as_user


@pytest.fixture
def queue(sign_in, origin, backlog):
    """The reviewer at the queue."""
    page = sign_in("reviewer")
    page.goto(f"{origin}/review/{backlog}")
    page.wait_for_selector('[data-pile="decide"]:not(:empty)')
    return page


def count(application, query):
    with application.state.house.database.reading() as session:
        return session.scalar(query)


def decided(application, backlog):
    query = select(func.count()).select_from(Kept).where(Kept.backlog == backlog, Kept.decided != "")
    return count(application, query)


def here(page):
    return page.inner_text("tr.here .number")


def shown(page):
    """Wait for the panel of the current row."""
    document = page.get_attribute("tr.here", "data-id")
    page.wait_for_selector(f'#judge[data-id="{document}"]')


def said(page, words):
    page.wait_for_selector(f"#status.shown:has-text('{words}')")


def test_a_folder_is_brought_in_by_the_form(sign_in, origin, application):
    page = sign_in("reviewer")
    page.goto(f"{origin}/review")
    page.select_option("#folder", "存量/2026")
    page.fill("#name", "甲方存量")
    follow(page, "text=导入 >> nth=-1")
    follow(page, "#bringing >> text=打开清单")  # the job has ended by then
    assert page.inner_text("h1") == "甲方存量"
    assert page.locator("tr.one").count() > 20
    page.goto(f"{origin}/review?")
    assert "疑似涉密（未存入）" in page.inner_text("main")


def test_a_folder_elsewhere_is_refused(application):
    client = accounts.signed_in(application, "reviewer")
    for folder in ("../etc", "/etc", "存量"):
        given = {"folder": folder, "name": "存量", "unit": accounts.WATER}
        assert client.post("/review", data=given).status_code == 422


def test_keys_move_and_the_panel_follows(queue):
    queue.keyboard.press("j")
    assert here(queue) == "1"
    queue.keyboard.press("j")
    queue.keyboard.press("ArrowDown")
    queue.keyboard.press("k")
    queue.keyboard.press("r")  # before the panel is there
    assert here(queue) == "2"
    queue.wait_for_selector("#reason:focus")
    assert queue.get_attribute("#judge", "data-id") == queue.get_attribute("tr.here", "data-id")
    assert queue.inner_text("#panel-head") == queue.inner_text("tr.here .open")
    assert queue.locator("#panel .quote").count() >= 1


def test_accepting_goes_on_to_the_next(queue, application, backlog):
    queue.keyboard.press("j")
    for _ in range(3):
        queue.keyboard.press("Enter")
    said(queue, "已决定 1 件")
    queue.wait_for_selector("tr.done >> nth=2")
    assert (here(queue), decided(application, backlog)) == ("4", 3)


def test_what_needs_a_reason_asks_for_it(queue, application, backlog):
    one = queue.locator("tr.one", has=queue.locator(".said .proactive")).first
    one.locator(".open").click()
    shown(queue)
    number = here(queue)
    with held(queue, "**/decisions"):
        queue.keyboard.press("3")
        queue.keyboard.press("Enter")  # the next one is decided, and what the first lacks is told all the same
    said(queue, "已决定 1 件")
    queue.wait_for_selector("#alert:has-text('理由')")
    queue.wait_for_selector("#reason:focus")
    assert (here(queue), decided(application, backlog)) == (number, 1)
    queue.select_option("#reason", "W-167")
    queue.fill("#note", "过程稿")
    queue.keyboard.press("Escape")
    queue.keyboard.press("3")
    queue.wait_for_selector("tr.done >> nth=1")
    with application.state.house.database.reading() as session:
        made = session.scalars(select(Decided).order_by(Decided.at.desc())).first()
        assert (made.attribute, made.reason, made.note) == ("withheld", "W-167", "过程稿")


def test_a_selection_is_decided_and_taken_back(queue, application, backlog):
    for _ in range(4):
        queue.keyboard.press("j")
        queue.keyboard.press("x")
    assert queue.inner_text("#chosen") == "4"
    queue.keyboard.press("Enter")
    said(queue, "已决定 4 件")
    assert (decided(application, backlog), queue.is_hidden("#bulk")) == (4, True)
    queue.click("#status button")
    said(queue, "已撤销 4 件")
    assert decided(application, backlog) == 0
    queue.keyboard.press("u")
    queue.wait_for_selector("#alert:has-text('没有可以撤销的决定')")


def test_the_text_is_read_again_with_its_evidence(queue, application):
    before = count(application, select(func.count()).select_from(Trail).where(Trail.action == "read"))
    title = queue.locator("tr.one", has_text="5号").first.locator(".open")
    title.click()
    shown(queue)
    queue.keyboard.press("r")
    queue.fill("#note", "过程稿")
    title.click()  # the panel is asked for again
    queue.keyboard.press("t")
    queue.wait_for_selector("#text .paper")
    assert queue.input_value("#note") == "过程稿"
    assert queue.inner_text("#text .paper").startswith("青禾县民政局关于印发")
    queue.keyboard.press("e")
    assert queue.inner_text("#text mark.here") == TEXT[3:9]
    assert count(application, select(func.count()).select_from(Trail).where(Trail.action == "read")) == before + 1


def test_a_group_takes_one_decision(queue, application, backlog, origin):
    queue.goto(f"{origin}/review/{backlog}?pile=all")
    queue.locator("tr.one", has_text="组长").first.locator(".open").click()
    shown(queue)
    queue.keyboard.press("g")
    queue.wait_for_selector("#whole:checked")
    queue.keyboard.press("1")
    said(queue, "已决定")
    assert decided(application, backlog) >= 2


def test_filters_and_search(queue, backlog, origin):
    with queue.expect_navigation():
        queue.select_option("[name=attribute]", "withheld")
    assert set(queue.locator(".said .tag").all_inner_texts()) == {"不予公开"}
    queue.keyboard.press("/")
    queue.keyboard.type("资产清查")
    with queue.expect_navigation():
        queue.keyboard.press("Enter")
    assert all("资产清查" in title for title in queue.locator("tr.one .open").all_inner_texts())
    follow(queue, "text=清除筛选")
    assert queue.url.endswith("pile=decide")
    with queue.expect_navigation():
        queue.check("[name=pile][value=confirm]", force=True)
    assert "pile=confirm" in queue.url


def test_more_rows_come_while_one_moves(queue, backlog, origin):
    queue.goto(f"{origin}/review/{backlog}?pile=confirm")
    total = queue.locator("tr.one").count()
    assert total == 50
    for _ in range(45):
        queue.keyboard.press("j")
    queue.wait_for_selector("tr.one >> nth=50")
    numbers = queue.locator("tr.one .number").all_inner_texts()
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_what_was_quickly_confirmed_is_read_again(queue, backlog, origin, sign_in):
    queue.goto(f"{origin}/review/{backlog}?pile=confirm")
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    queue.wait_for_selector("tr.done")
    queue.goto(f"{origin}/review/{backlog}/second")
    queue.select_option("#user", label="孙可望")
    queue.fill("#percent", "100")
    follow(queue, "#assign button")
    assert queue.is_visible("text=抽出 1 件交复核")
    page = sign_in("second")
    page.goto(f"{origin}/review")
    assert page.inner_text("tr:has-text('待您复核') .figure") == "1"


def test_two_readers_differ_and_settle_it(queue, sign_in, application, backlog, origin):
    queue.keyboard.press("j")
    for _ in range(4):
        queue.keyboard.press("Enter")
    queue.wait_for_selector("tr.done >> nth=3")
    follow(queue, "text=复核与分歧")
    queue.select_option("#user", label="孙可望")
    queue.fill("#percent", "100")
    follow(queue, "#assign button")
    assert queue.is_visible("text=抽出 4 件交复核")
    page = sign_in("second")
    page.goto(f"{origin}/review/{backlog}?state=second")
    page.wait_for_selector("#second:has-text('待您复核 4 件')")
    assert page.locator("tr.one .said .tag").all_inner_texts() == ["复核，不显示建议"] * 4
    page.keyboard.press("j")
    shown(page)
    assert not page.locator("#panel .verdict, #panel .quote").count()
    assert "首审意见在您决定以后才显示" in page.inner_text("#panel")
    if not page.is_visible("#reason"):
        page.click("#why summary")
    page.fill("#note", "按依申请公开办理")
    page.keyboard.press("Escape")
    first = page.get_attribute("#judge", "data-id")
    with held(page, "**/decisions"):
        page.keyboard.press("Enter")  # there is nothing to accept
        page.wait_for_selector(f"#judge:not([data-id='{first}'])")
    page.wait_for_selector("#alert:has-text('看不到建议')")
    shown(page)
    assert page.input_value("#note") == "按依申请公开办理"  # what was typed stays
    page.select_option("#reason", "A-02")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    said(page, "已决定 1 件")
    page = sign_in("office")
    page.goto(f"{origin}/review/{backlog}/second")
    assert "意见不一致 1 件" in page.inner_text("main")
    follow(page, "text=商定")
    page.wait_for_selector("tr.here")
    shown(page)
    assert {"钱多文", "孙可望"} <= set(page.inner_text("#panel").replace("（", " ").split())
    page.keyboard.press("Enter")
    said(page, "已决定 1 件")
    page.goto(f"{origin}/review/{backlog}/second")
    assert "目前没有意见不一致的公文" in page.inner_text("main")


def test_a_worklist_goes_out_and_comes_back(queue, application, backlog, origin, tmp_path):
    queue.goto(f"{origin}/review/{backlog}/exchange")
    with queue.expect_download() as found:
        queue.click("text=审查清单（Excel）")
    path = Path(tmp_path / "worklist.xlsx")
    found.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["逐件决定"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row, words in ((2, "不予公开"), (3, "随便")):
        sheet.cell(row, heads["决定"]).value = words
        sheet.cell(row, heads["理由"]).value = "W-167"
    book.save(path)
    queue.set_input_files("#file", path)
    follow(queue, "form[enctype] button")
    assert "新的决定 1 件" in queue.inner_text("#done") and "逐件决定!I3" in queue.inner_text("#done")
    assert decided(application, backlog) == 1


def test_progress_counts_and_charts(queue, backlog, origin):
    queue.keyboard.press("j")
    queue.keyboard.press("Enter")
    said(queue, "已决定 1 件")
    follow(queue, "text=进度")
    assert queue.locator("svg.chart").count() == 2
    assert "钱多文" in queue.inner_text("main")


@pytest.mark.parametrize("size", SIZES, ids=[f"{wide}x{tall}" for wide, tall in SIZES])
def test_no_page_scrolls_sideways(queue, backlog, origin, size):
    queue.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    for path in ("/review", *(f"/review/{backlog}{rest}" for rest in ("", "/second", "/progress", "/exchange"))):
        queue.goto(origin + path)
        assert queue.evaluate("document.documentElement.scrollWidth") <= size[0], path
    queue.goto(f"{origin}/review/{backlog}")
    queue.keyboard.press("j")
    shown(queue)
    buttons = queue.locator("#judge .acts button")
    assert all(buttons.nth(number).is_visible() for number in range(4))
    assert queue.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_help_lists_the_keys(queue):
    queue.keyboard.press("?")
    queue.wait_for_selector("#keys")
    queue.keyboard.press("Escape")
    queue.wait_for_selector("#keys", state="hidden")


def test_nobody_else_sees_it(application, backlog):
    for login, status in (("neighbour", 403), ("privacy", 403), ("admin", 403), ("auditor", 403), ("office", 200)):
        assert accounts.signed_in(application, login).get(f"/review/{backlog}").status_code == status
    assert accounts.signed_in(application, "reviewer").get(f"/review/{'0' * 32}").status_code == 404


@pytest.mark.parametrize("path", ["?pile=x", "?state=x", "?year=%22%25", "?q=%00", "/rows?after=x", "/rows?limit=0"])
def test_addresses_that_mean_nothing(application, backlog, path):
    answer = accounts.signed_in(application, "reviewer").get(f"/review/{backlog}{path}")
    assert answer.status_code in (200, 422)
