"""gongkai user and gongkai key: the database without a running server."""

from __future__ import annotations

import io
import re

import pytest
from accounts import PASSWORD

from gongkai.service.access import entering, keys
from gongkai.service.house import House, now
from gongkai.service.settings import Settings
from gongkai.service.store.database import Database

AGENCY = "青禾县人民政府"
ADD = ("user", "add", "wu", "--name", "吴守真", "--unit", AGENCY, "--role", "admin")


@pytest.fixture
def url(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'gongkai.db'}"
    monkeypatch.setenv("GONGKAI_DATABASE", url)
    monkeypatch.delenv("GONGKAI_OPEN", raising=False)
    return url


@pytest.fixture
def house(url):
    house = House(Settings(), Database.open(url), None, None, None, now)
    yield house
    house.database.close()


def test_first_administrator(run, house):
    code, out, err = run(*ADD)
    assert (code, err) == (0, "")
    password = re.search("：(\\S+)\n$", out)[1]
    assert entering.sign_in(house, entering.Strangers(), "wu", password).cookie


def test_password_from_a_file(run, house, tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    code, out, _ = run(*ADD, "--password-file", file)
    assert (code, PASSWORD in out) == (0, False)
    assert entering.sign_in(house, entering.Strangers(), "wu", PASSWORD).cookie


def test_password_from_standard_input(run, house, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\nmore"))
    assert run(*ADD, "--password-file", "-")[0] == 0
    assert entering.sign_in(house, entering.Strangers(), "wu", PASSWORD).cookie


def test_user_from_beginning_to_end(run, url):
    run(*ADD)
    run("user", "add", "tool", "--name", "起草系统", "--unit", AGENCY, "--role", "drafter", "--machine")
    run("user", "add", "zhao", "--name", "赵一鸣", "--unit", AGENCY, "--role", "drafter", "--role", "reviewer")
    assert [run("user", act, "zhao")[0] for act in ("unlock", "password", "disable")] == [0, 0, 0]
    assert run("user", "list")[1].splitlines() == [
        "登录名\t姓名\t机构\t角色\t状态",
        f"tool\t起草系统\t{AGENCY}\tdrafter\t程序",
        f"wu\t吴守真\t{AGENCY}\tadmin\t正常",
        f"zhao\t赵一鸣\t{AGENCY}\tdrafter,reviewer\t已停用",
    ]
    assert run("user", "enable", "zhao")[:2] == (0, "已启用 zhao。\n")


def test_key_from_beginning_to_end(run, house):
    run(*ADD)
    run("user", "add", "tool", "--name", "起草系统", "--unit", AGENCY, "--role", "drafter", "--machine")
    text = run("key", "add", "tool", "--name", "试", "--scope", "suggest", "--scope", "redact")[1].split()[-1]
    with house.database.reading() as session:
        assert keys.find(session, text, now())[0].actions == {"redact", "suggest"}
    code = text.split("_")[1]
    assert run("key", "list")[1].splitlines()[1].split("\t")[:4] == [code, "试", "tool", "redact,suggest"]
    assert run("key", "revoke", f"gk_{code}")[:2] == (0, "已撤销密钥“试”。\n")
    assert run("key", "list")[1].endswith("已撤销\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("user", "add", "a", "--name", "甲", "--unit", AGENCY), "登录名应当是"),
        (("user", "add", "abc", "--name", "甲", "--unit", "没有的机构"), "没有名为“没有的机构”的机构"),
        (("user", "add", "abc", "--name", "甲", "--unit", AGENCY, "--role", "king"), "角色有：drafter"),
        (("user", "add", "wu", "--name", "甲", "--unit", AGENCY), "已经有这个登录名"),
        (("user", "add", "abc", "--name", "甲", "--unit", AGENCY, "--password-file", "/nowhere"), "读不出来"),
        (("user", "disable", "wu"), "最后一个系统管理员"),
        (("user", "unlock", "nobody"), "没有这个登录名的用户"),
        (("key", "add", "wu", "--name", "x", "--scope", "suggest"), "不超出所属用户的权限"),
        (("key", "add", "wu", "--name", "x", "--scope", "audit", "--days", "0"), "--days 应当是"),
        (("key", "revoke", "zz"), "没有这个密钥"),
    ],
)
def test_refused(run, url, arguments, said):
    run(*ADD)
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize("password", ["short", "1234567890123", "", "wu-shouzhen-吴守真"])
def test_bad_password(run, url, tmp_path, password):
    file = tmp_path / "password"
    file.write_text(password, encoding="utf-8")
    assert run(*ADD, "--password-file", file)[0] == 1
    assert run("user", "list")[1].count("\n") == 1


def test_open_service_has_no_users(run, url, monkeypatch):
    monkeypatch.setenv("GONGKAI_OPEN", "1")
    assert "没有用户和密钥" in run("user", "list")[2]
