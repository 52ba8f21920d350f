"""The table of roles: read strictly, and every action of it used by the actors as it says."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Reach
from gongkai.service.access.roles import parse, table
from gongkai.service.pages.layout import LINKS

GOOD = '[role.a]\nname = "甲"\nreach = "own"\n[action.x]\nname = "做"\nroles = ["a"]\n'


@pytest.mark.parametrize(
    ("held", "reach"),
    [
        ((), Reach.none),
        (("admin",), Reach.none),
        (("drafter",), Reach.own),
        (("drafter", "admin"), Reach.own),
        (("drafter", "reviewer"), Reach.unit),
        (("reviewer", "auditor"), Reach.all),
        (("unheard of",), Reach.none),
    ],
)
def test_reach_is_the_widest(held, reach):
    assert table().reach(held) is reach


def test_roles_add_up():
    one, other = table().allowed(["drafter"]), table().allowed(["auditor"])
    assert table().allowed(["drafter", "auditor"]) == one | other
    assert one - other
    assert other - one


def test_without_a_role_only_the_account():
    assert table().allowed([]) == {"account"}


def test_names():
    assert table().names(["admin", "drafter", "unheard of"]) == ["起草人", "系统管理员"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["a"]', '["a", "b"]', "没有的角色 b"),
        ('reach = "own"', 'reach = "everything"', "none、own、unit、all"),
        ('name = "做"\n', "", "x 缺少 name"),
        ('name = "甲"', "name = 1", "a 缺少 name"),
    ],
)
def test_wrong_table(old, new, said):
    assert parse(GOOD).allowed(["a"]) == {"x"}
    with pytest.raises(RequestError, match=said):
        parse(GOOD.replace(old, new))


def test_links_ask_for_actions_of_the_table():
    assert {link.action for link in LINKS} <= table().actions.keys()
