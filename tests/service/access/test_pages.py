"""The pages of sign-in, set-up, account and administration, as a browser without scripts sends them."""

from __future__ import annotations

import re

import accounts
import pytest
from accounts import PASSWORD, TOP, WATER, user_id

from gongkai.service.access.beginning import invitation
from gongkai.service.pages.login import inside
from gongkai.service.store.tables import Key, Login, Unit, User

LOOKING = {"accept": "text/html,application/xhtml+xml"}
NEW = "一江春水向东流-88"


@pytest.fixture
def visitor(app):
    client = accounts.nobody(app)
    client.headers.update(LOOKING)
    return client


@pytest.fixture
def admin(app):
    client = accounts.signed_in(app, "admin")
    client.headers.update(LOOKING)
    return client


def field(answer, name):
    """The value of a form's field."""
    return re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1]


def enter(client, login="drafter", password=PASSWORD, **more):
    token = field(client.get("/login"), "csrf")
    return client.post("/login", data={"login": login, "password": password, "csrf": token, **more})


def test_from_a_page_to_sign_in_and_back(visitor):
    sent = visitor.get("/admin/users?q=赵")
    assert sent.headers["location"] == "/login?next=%2Fadmin%2Fusers%3Fq%3D%25E8%25B5%25B5"
    form = visitor.get(sent.headers["location"])
    answer = enter(visitor, "admin", next=field(form, "next").replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/users?q=%E8%B5%B5")
    assert "赵一鸣" in visitor.get(answer.headers["location"]).text


def test_cookie(visitor):
    cookie = enter(visitor).headers["set-cookie"]
    assert re.fullmatch(r"gongkai=[\w-]{43}; HttpOnly; Max-Age=36000; Path=/; SameSite=lax", cookie)


@pytest.mark.parametrize("how", [{"public_url": "https://gk.example"}, {"tls_certificate": "cert.pem"}])
def test_cookie_over_https(build, how):
    app = build(**how)
    accounts.peopled(app)
    client = accounts.nobody(app)
    form = client.get("/login")
    name, value = form.headers["set-cookie"].partition(";")[0].split("=")
    answer = client.post(
        "/login",
        data={"login": "drafter", "password": PASSWORD, "csrf": field(form, "csrf")},
        headers={"cookie": f"{name}={value}"},
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-gongkai=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("login", "password", "status", "said"),
    [
        ("drafter", "wrong", 401, "登录名或者口令不对"),
        ("<b>", "x", 401, "&lt;b&gt;"),
        ("", "", 401, "登录名或者口令不对"),
    ],
)
def test_wrong(visitor, login, password, status, said):
    answer = enter(visitor, login, password)
    assert answer.status_code == status
    assert said in answer.text
    assert "set-cookie" not in answer.headers or "gongkai=" not in answer.headers["set-cookie"]


def test_locked(visitor):
    answers = [enter(visitor, password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "61"


def test_tries_are_slowed_down_by_address(visitor):
    token = field(visitor.get("/login"), "csrf")
    sent = [
        visitor.post("/login", data={"login": f"user{n}", "password": "x", "csrf": token}).status_code
        for n in range(35)
    ]
    assert sent[:30] == [401] * 30
    assert 429 in sent[30:]


def test_the_form_needs_its_cookie(app, visitor):
    token = field(visitor.get("/login"), "csrf")
    other = accounts.nobody(app)
    data = {"login": "drafter", "password": PASSWORD, "csrf": token}
    assert other.post("/login", data=data).status_code == 403
    assert other.post("/login", data={**data, "csrf": ""}).status_code == 403


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        ("/review?a=1", "/review?a=1"), ("", "/welcome"), ("//evil.example", "/welcome"), ("/\\evil", "/welcome"),
        ("https://evil.example", "/welcome"), ("javascript:alert(1)", "/welcome"), ("/a\r\nset-cookie: x", "/welcome"),
    ],
)  # fmt: skip
def test_only_inside(given, goes):
    assert inside(given) == goes


@pytest.mark.parametrize(
    ("login", "goes"),
    [
        ("drafter", "/"),
        ("reviewer", "/"),
        ("privacy", "/"),
        ("office", "/"),
        ("admin", "/admin"),
        ("auditor", "/audit"),
    ],
)
def test_welcome(app, login, goes):
    assert accounts.signed_in(app, login).get("/welcome").headers["location"] == goes


def test_who_is_signed_in_needs_no_form(app):
    assert accounts.signed_in(app, "drafter").get("/login?next=/account").headers["location"] == "/account"


def test_logout(app, visitor, session):
    enter(visitor)
    token = field(visitor.get("/account"), "csrf")
    cookie = visitor.cookies["gongkai"]
    answer = visitor.post("/logout", data={"csrf": token})
    assert answer.headers["location"] == "/login"
    assert session.query(Login).count() == 0
    session.rollback()
    assert visitor.get("/account", headers={"cookie": f"gongkai={cookie}"}).status_code == 303


def test_without_a_role_one_can_see_that_and_leave(app):
    client = accounts.signed_in(app, "drafter")
    with app.state.house.database.writing() as session:
        session.get(User, user_id("drafter")).roles = []
    assert client.get("/welcome").headers["location"] == "/account"
    assert "您还没有角色" in client.get("/account").text
    assert client.post("/logout").status_code == 303


def test_refusal_is_a_page_for_people_and_a_problem_for_programs(app):
    client = accounts.signed_in(app, "drafter")
    page = client.get("/admin/users", headers=LOOKING)
    assert (page.status_code, page.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "管理用户、机构、角色" in page.text
    assert "后退" not in page.text, "nothing was sent"
    assert "赵一鸣" in page.text
    problem = client.get("/admin/users")
    assert (problem.status_code, problem.headers["content-type"]) == (403, "application/problem+json")
    assert client.get("/v1/try/audit", headers=LOOKING).headers["content-type"] == "application/problem+json"
    assert client.get("/nowhere", headers=LOOKING).headers["content-type"] == "text/html; charset=utf-8"


def test_a_page_that_there_is_not_keeps_the_menu(admin, visitor):
    answer = admin.get("/admin/nowhere")
    assert answer.status_code == 404
    assert 'href="/admin"' in answer.text
    assert 'href="/admin"' not in visitor.get("/admin/nowhere").text


def test_htmx_is_sent_to_the_form(visitor):
    answer = visitor.get("/admin/users", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_setup(build, session):
    app = build()
    client = accounts.nobody(app)
    assert client.get("/login").headers["location"] == "/setup"
    form = client.get("/setup")
    code = invitation(app.state.house)
    assert code not in form.text
    data = {"code": code, "agency": "青禾县人民政府", "name": "吴守真", "login": "wu", "password": PASSWORD}
    data["csrf"] = field(form, "csrf")
    wrong = client.post("/setup", data={**data, "again": "another"})
    assert (wrong.status_code, "两次输入的口令不一样" in wrong.text) == (422, True)
    assert PASSWORD not in wrong.text
    answer = client.post("/setup", data={**data, "again": PASSWORD})
    assert answer.headers["location"] == "/admin/users"
    assert "吴守真" in client.get("/admin/users").text
    assert client.get("/setup").headers["location"] == "/login"


def test_change_password(app, visitor):
    enter(visitor)
    elsewhere = accounts.signed_in(app, "drafter")
    token = field(visitor.get("/account"), "csrf")

    def change(now, new, again):
        data = {"now": now, "new": new, "again": again, "csrf": token}
        return visitor.post("/account/password", data=data)

    assert change(PASSWORD, NEW, "other").status_code == 422
    assert change(PASSWORD, PASSWORD, PASSWORD).status_code == 422
    assert change("wrong", NEW, NEW).status_code == 422
    assert change(PASSWORD, "1234567890", "1234567890").status_code == 422
    assert change(PASSWORD, NEW, NEW).headers["location"] == "/account?done=password"
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 401
    assert enter(accounts.nobody(app), password=NEW).headers["location"] == "/welcome"


def test_end_other_sessions(app):
    one, other = accounts.signed_in(app, "drafter"), accounts.signed_in(app, "drafter")
    assert "另有 1 个登录" in one.get("/account").text
    one.post("/account/sessions/end")
    assert [client.get("/account").status_code for client in (one, other)] == [200, 401]


def test_new_user_signs_in_with_what_was_told_and_changes_it(app, admin):
    given = {"login": "chen", "name": "陈方", "unit": WATER, "roles": ["reviewer", "privacy"]}
    told = admin.post("/admin/users", data=given)
    password = re.search(r'<code id="told">([^<]+)</code>', told.text)[1]
    client = accounts.nobody(app)
    enter(client, "chen", password)
    assert client.get("/welcome", headers=LOOKING).headers["location"] == "/account"
    token = field(client.get("/account"), "csrf")
    client.post("/account/password", data={"now": password, "new": NEW, "again": NEW, "csrf": token})
    assert client.get("/welcome").headers["location"] == "/"


def test_new_user_refused_keeps_the_form(admin):
    answer = admin.post("/admin/users", data={"login": "drafter", "name": "陈方", "unit": WATER, "roles": ["privacy"]})
    assert answer.status_code == 409
    assert "已经有这个登录名" in answer.text
    assert 'value="陈方"' in answer.text
    assert 'value="privacy" checked' in answer.text


def test_change_user(admin, session):
    answer = admin.post(f"/admin/users/{user_id('drafter')}", data={"login": "x", "name": "赵鸣", "unit": TOP})
    assert answer.headers["location"] == "/admin/users?done=changed"
    user = session.get(User, user_id("drafter"))
    assert (user.login, user.name, user.unit, user.roles) == ("drafter", "赵鸣", TOP, [])


@pytest.mark.parametrize(("act", "said"), [("disable", "已停用"), ("enable", "已启用"), ("unlock", "已解锁")])
def test_acts_on_a_user(admin, act, said):
    answer = admin.post(f"/admin/users/{user_id('drafter')}/{act}")
    assert said in admin.get(answer.headers["location"]).text


def test_last_administrator(admin):
    answer = admin.post(f"/admin/users/{user_id('admin')}/disable")
    assert (answer.status_code, "最后一个系统管理员" in answer.text) == (409, True)


def test_renewed_password(app, admin, session):
    told = admin.post(f"/admin/users/{user_id('drafter')}/password")
    password = re.search(r'<code id="told">([^<]+)</code>', told.text)[1]
    assert session.get(User, user_id("drafter")).must_change
    session.rollback()
    assert enter(accounts.nobody(app), password=password).status_code == 303


def test_users_in_pages(app, admin, clock, monkeypatch):
    from gongkai.service.pages import people

    monkeypatch.setattr(people, "LIMIT", 4)
    found, path = [], "/admin/users"
    while path:
        page = admin.get(path).text
        found += re.findall(r'<a href="/admin/users/[0-9a-f]{32}">([^<]+)</a>', page)
        following = re.search(r'href="([^"]+)">下一页', page)
        path = following and following[1].replace("&amp;", "&")
    assert sorted(found) == sorted(name for name, _, _ in accounts.USERS.values())


def test_key_is_shown_once(app, admin, session):
    assert "作出决定" in admin.get(f"/admin/keys/new?user={user_id('tool')}").text
    given = {"user": user_id("tool"), "name": "起草系统", "scopes": ["suggest"], "days": "30"}
    text = re.search(r"gk_[0-9a-f]{32}_[\w-]+", admin.post("/admin/keys", data=given).text)[0]
    bearer = {"authorization": f"Bearer {text}"}
    assert accounts.nobody(app).get("/v1/try/suggest", headers=bearer).json() == "tool"
    listed = admin.get("/admin/keys").text
    assert "起草系统" in listed
    assert text.rpartition("_")[2] not in listed
    code = text.split("_")[1]
    admin.post(f"/admin/keys/{code}/revoke")
    assert accounts.nobody(app).get("/v1/try/suggest", headers=bearer).status_code == 401
    assert session.get(Key, code).revoked


@pytest.mark.parametrize(
    "change",
    [{"scopes": ["audit"]}, {"scopes": []}, {"scopes": ["suggest", "nonsense"]}, {"name": ""}, {"days": "0"},
     {"days": "9999"}, {"scopes": ["account"]}],
)  # fmt: skip
def test_key_refused(admin, session, change):
    given = {"user": user_id("tool"), "name": "起草系统", "scopes": ["suggest"], "days": "30", **change}
    assert admin.post("/admin/keys", data=given).status_code == 422
    assert session.query(Key).count() == 0


def test_units(admin, session):
    admin.post("/admin/units", data={"name": "河道科", "parent": WATER})
    code = session.query(Unit).filter_by(name="河道科").one().id
    session.rollback()
    assert admin.post(f"/admin/units/{code}", data={"name": "河湖科", "parent": TOP}).status_code == 303
    assert "河湖科" in admin.get("/admin/units").text
    taken = admin.post(f"/admin/units/{code}", data={"name": "青禾县水务局", "parent": TOP})
    assert (taken.status_code, "同一级已经有这个名称" in taken.text) == (409, True)
    assert admin.post("/admin/units", data={"name": "无", "parent": ""}).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/admin/users", "/admin/users/new", f"/admin/users/{user_id('tool')}", "/admin/units", "/admin/units/new",
     f"/admin/units/{WATER}", "/admin/keys", "/admin/keys/new", f"/admin/keys/new?user={user_id('tool')}", "/account"],
)  # fmt: skip
def test_pages_have_no_inline_style_or_script(admin, path):
    text = admin.get(path).text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", text)
    assert len(re.findall("<h1", text)) == 1


def test_names_are_never_markup(admin):
    evil = '<img src=x onerror="alert(1)">'
    admin.post("/admin/units", data={"name": evil, "parent": TOP})
    admin.post(f"/admin/users/{user_id('drafter')}", data={"name": evil, "unit": WATER, "roles": ["drafter"]})
    for path in ("/admin/users", "/admin/units", f"/admin/users/{user_id('drafter')}"):
        text = admin.get(path).text
        assert "&lt;img" in text
        assert "<img" not in text
