"""Profiles that follow others: what is taken over, where a value comes from, what the tables refuse."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest

from gongkai.model.errors import RulebookError
from gongkai.model.profilerow import Profile, inherited, lineage, origins
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.service.rules.memory import Memory

FILE = "profile.toml"
SHIPPED = resources.files("gongkai.model.tables")
BOOK = Rulebook.load()
BASE = {"name": "base", "basis": "一", "may": {"NL-12": "withheld", "NL-14": "withheld"}, "phones": ["0570-5550123"]}
COUNTY = {"name": "county", "basis": "二", "inherits": "base", "may": {"NL-14": "on_request"}, "caution": 0.4}
OFFICE = {"name": "office", "basis": "三", "inherits": "county", "phones": [], "why": {"NL-14": "本局规定"}}
ROWS = [BASE, COUNTY, OFFICE]


def test_a_chain_is_followed_from_the_nearest():
    assert [row["name"] for row in lineage(ROWS, "office")] == ["office", "county", "base"]
    assert lineage(ROWS, "nobody") == ()


def test_a_circle_ends():
    rows = [{"name": "a", "inherits": "b", "x": 1}, {"name": "b", "inherits": "a", "y": 2}]
    assert [row["name"] for row in lineage(rows, "a")] == ["a", "b"]
    assert inherited(rows)[0] == {"name": "a", "inherits": "b", "x": 1, "y": 2}


def test_pairs_are_taken_over_one_by_one_and_lists_as_a_whole():
    office = inherited(ROWS)[2]
    assert office["may"] == {"NL-12": "withheld", "NL-14": "on_request"}
    assert (office["caution"], office["phones"], office["basis"]) == (0.4, [], "三")
    assert inherited(ROWS)[0] == BASE


def test_each_value_says_whose_it_is():
    found = {(column, key): (cell, origin) for column, key, cell, origin in origins(ROWS, "office")}
    assert found == {
        ("phones", ""): ([], "office"),
        ("why", "NL-14"): ("本局规定", "office"),
        ("may", "NL-14"): ("on_request", "county"),
        ("may", "NL-12"): ("withheld", "base"),
        ("caution", ""): (0.4, "county"),
    }


@pytest.mark.parametrize(
    ("name", "may", "circular", "otherwise", "demands"),
    [
        ("default", {}, "", "", {}),
        ("tongyu-2017", {"NL-12": "on_request", "NL-13": "on_request", "NL-14": "on_request"}, "", "", {}),
        ("suqian-veterans-2020", {}, "", "on_request", {}),
        ("panyu-2009", {}, "proactive", "on_request", {"annotation-missing": "return"}),
        ("shanghai", {"NL-12": "on_request", "NL-13": "on_request", "NL-14": "on_request"}, "", "", {}),
        ("jinping-2023", {}, "", "", {"annotation-missing": "return"}),
        ("qinglong-2025", {}, "", "", {"reason-missing-request": "return", "basis-missing-request": "return"}),
    ],
)
def test_the_local_rules_that_disagree(name, may, circular, otherwise, demands):
    profile = replace(BOOK, chosen=name).profile
    assert {key: value for key, value in profile.may.items() if value == "on_request"} == may
    assert (profile.circular, profile.otherwise) == (circular, otherwise)
    assert demands.items() <= profile.demands.items()
    assert profile.basis and set(demands) <= {*profile.why}
    assert profile.coverage == BOOK.profile.coverage  # taken over


def with_rows(text):
    """The rulebook with further profiles, checked."""
    table = Memory({FILE: f"{(SHIPPED / FILE).read_text('utf-8')}\n{text}\n"})
    book = replace(BOOK, profiles=read_rows(table, FILE, "profile", Profile))
    book.check()
    return book


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('[[profile]]\nname = "a"\nbasis = "乙"\ninherits = "nobody"', "inherits 写的 nobody 不存在"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\ninherits = "a"', "inherits 不能是自己"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\nmay = { NL-99 = "withheld" }', "may 写的 NL-99 不存在"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\nmay = { NL-12 = "公开" }', "may 应当是 proactive"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\nowed = 1', "不认识的列 owed"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\notherwise = "公开"', "circular、otherwise 应当是 proactive"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\ndemands = { nothing = "return" }', "demands 写的 nothing 不存在"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\ndemands = { reason-missing = "x" }', "demands 应当是 return"),
        ('[[profile]]\nname = "a"\nbasis = "乙"\ndemands = { listed = "return" }', "listed 是机器的疑问"),
        (
            "\n".join(f'[[profile]]\nname = "{name}"\nbasis = "乙"\nchosen = true' for name in "ab"),
            "chosen 只能有一行是 true",
        ),
    ],
)
def test_a_wrong_profile_is_named(row, message):
    with pytest.raises(RulebookError, match=message):
        with_rows(row)


def test_the_chosen_profile_is_in_force_unless_another_is_asked_for():
    book = with_rows('[[profile]]\nname = "a"\nbasis = "乙"\ninherits = "tongyu-2017"\nchosen = true')
    assert (book.profile.name, book.profile.may["NL-14"]) == ("a", "on_request")
    assert replace(book, chosen="jinping-2023").profile.name == "jinping-2023"
    assert BOOK.profile.name == "default"
