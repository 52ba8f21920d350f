"""Set-up, sign-in and administration in a real browser, over the whole application."""

from __future__ import annotations

import re

import accounts
import pytest
from browsing import become
from serving import served

from gongkai.service.access.beginning import invitation
from gongkai.service.app import create_app
from gongkai.service.settings import Settings

expect = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=60_000)
NEW = "一江春水向东流-88"
SIZES = [(1366, 768), (1092, 614), (390, 844), (360, 740)]


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    return create_app(Settings(data=data, workers=0, job_workers=0, fast=True))


@pytest.fixture(scope="module")
def origin(application):
    with served(application) as address:
        yield address


def sign_in(page, login, password):
    page.get_by_label("登录名").fill(login)
    page.get_by_label("口令").fill(password)
    page.get_by_role("button", name="登录").click()


def press(page, role, name):
    """Onto the next page."""
    with page.expect_navigation():
        page.get_by_role(role, name=name, exact=True).click()


def test_from_the_first_run_to_a_user_at_work(application, origin, page):
    assert page.url == f"{origin}/setup"
    page.goto(f"{origin}/setup#{invitation(application.state.house)}")
    page.wait_for_url(f"{origin}/setup")
    expect(page.get_by_label("机关名称")).to_be_focused()
    page.get_by_label("机关名称").fill("青禾县人民政府")
    page.get_by_label("管理员姓名").fill("吴守真")
    page.get_by_label("管理员登录名").fill("wu")
    page.get_by_label("口令", exact=True).fill(accounts.PASSWORD)
    page.get_by_label("再输入一次").fill(accounts.PASSWORD)
    page.get_by_role("button", name="完成设置").click()
    page.wait_for_url(f"{origin}/admin/users")

    press(page, "link", "机构")
    press(page, "link", "新增机构")
    page.get_by_label("名称").fill("青禾县水务局")
    press(page, "button", "新增")
    press(page, "link", "用户")
    press(page, "link", "新增用户")
    page.get_by_label("姓名").fill("赵一鸣")
    page.get_by_label("登录名").fill("zhao")
    page.get_by_label("机构", exact=True).select_option(label="　青禾县水务局")
    page.get_by_label("起草人").check()
    press(page, "button", "新增")
    password = page.locator("#told").inner_text()
    page.get_by_role("button", name="复制").click()
    page.wait_for_selector("#status:has-text('已复制')")
    assert page.evaluate("navigator.clipboard.readText()") == password

    press(page, "button", "退出")
    sign_in(page, "zhao", password)
    page.wait_for_url(f"{origin}/account")
    page.get_by_label("现在的口令").fill(password)
    page.get_by_label("新口令").fill(NEW)
    page.get_by_label("再输入一次").fill(NEW)
    page.get_by_role("button", name="修改口令").click()
    page.get_by_text("口令已修改").wait_for()
    page.get_by_role("link", name="起草").click()
    page.wait_for_url(f"{origin}/")
    assert page.get_by_role("link", name="系统管理").count() == 0


def test_wrong_password_keeps_the_login_and_the_focus(application, origin, page):
    accounts.peopled(application)
    page.goto(f"{origin}/login?next=/account")
    sign_in(page, "drafter", "wrong")
    assert "登录名或者口令不对" in page.get_by_role("alert").filter(has_text="登录").inner_text()
    assert page.get_by_label("登录名").input_value() == "drafter"
    expect(page.get_by_label("口令")).to_be_focused()
    page.keyboard.type(accounts.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{origin}/account")


def test_disabling_asks_first(application, origin, page):
    page.context.add_cookies([signed(application, origin)])
    page.goto(f"{origin}/admin/users/{accounts.user_id('neighbour')}")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="停用").click()
    assert "停用 王邻安" in asked[0]
    assert page.get_by_text("正常", exact=True).count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="停用").click()
    page.get_by_text("已停用，这个用户的登录全部退出").wait_for()


def signed(application, origin):
    accounts.peopled(application)
    return accounts.cookie(application, "admin", origin)


def test_key_by_keyboard(application, origin, page):
    page.context.add_cookies([signed(application, origin)])
    page.goto(f"{origin}/admin/keys/new")
    page.get_by_label("所属用户").select_option(label="公文起草系统（tool） 程序")
    page.get_by_label("名称").fill("办公系统")
    page.get_by_label("提交公文，得到建议").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert re.fullmatch(r"gk_[0-9a-f]{32}_[\w-]{43}", page.locator("#told").inner_text())


PATHS = [
    "/login", "/account", "/admin/users", "/admin/users/new", f"/admin/users/{accounts.user_id('tool')}",
    "/admin/units", f"/admin/units/{accounts.WATER}", "/admin/keys", f"/admin/keys/new?user={accounts.user_id('tool')}",
    "/nowhere",
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_page_scrolls_sideways(application, origin, page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    cookie = signed(application, origin)
    for path in PATHS:
        become(page, *([cookie] if path != "/login" else []))
        page.goto(origin + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
