"""What a profile settles, where each value comes from; another one chosen or derived in the tables."""

from __future__ import annotations

import tomllib

import pytest

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.profiles import FILE, chosen, derived, effective, entries, following

FILES, BOOK = shipped(), Rulebook.load()


def profiles(files):
    return {row["name"]: row for row in tomllib.loads(files[FILE])["profile"]}


def test_all_profiles_with_the_one_in_force():
    found = entries(FILES, BOOK)
    assert [entry.name for entry in found if entry.chosen] == ["default"]
    assert {entry.label for entry in found} >= {"通用口径", "通榆县（2017）", "锦屏县（2023）", "青龙乡（2025）"}
    assert all(entry.basis for entry in found)


@pytest.mark.parametrize(
    ("name", "what", "shown", "origin", "base", "why"),
    [
        ("default", "NL-14 内部工作流程", "不予公开", "通用口径", "不予公开", ""),
        ("shanghai", "NL-14 内部工作流程", "依申请公开", "上海市", "不予公开", "机关内部规章列入依申请公开目录"),
        ("shanghai", "NL-15 讨论记录", "不予公开", "通用口径", "不予公开", ""),
        ("panyu-2009", "普发性公文按什么属性", "主动公开", "番禺区（2009）", "不另定", "不涉密的普发性公文主动公开"),
        (
            "jinping-2023", "没有附注", "退文", "锦屏县（2023）", "照退文检查表",
            "除国家秘密外，各类公文都要在附注处标明公开属性",
        ),
        (
            "qinglong-2025", "没有理由（依申请公开）", "退文", "青龙乡（2025）", "照退文检查表",
            "依申请公开和不予公开的，都要说明理由",
        ),
        ("qinglong-2025", "低于多少一律请人复核", "0.8", "通用口径", "0.8", ""),
    ],
)  # fmt: skip
def test_a_value_says_where_it_comes_from(name, what, shown, origin, base, why):
    (value,) = [value for value in effective(FILES, BOOK, name) if value.what == what]
    assert (value.shown, value.origin, value.base, value.why) == (shown, origin, base, why)
    assert value.inherited == (origin == "通用口径" and name != "default")


def test_one_is_chosen_and_the_one_before_no_more():
    first = chosen(FILES, "tongyu-2017")
    second = chosen(first, "shanghai")
    assert [name for name, row in profiles(first).items() if row.get("chosen")] == ["tongyu-2017"]
    assert [name for name, row in profiles(second).items() if row.get("chosen")] == ["shanghai"]
    assert profiles(chosen(second, "default")) == profiles(FILES)
    with pytest.raises(RequestError, match="没有这个机关画像"):
        chosen(FILES, "nobody")


def test_a_new_one_follows_another():
    files = derived(FILES, "tongyu-2017", "water", "青禾县水务局", "本局规定")
    assert profiles(files)["water"] == {
        "name": "water", "title": "青禾县水务局", "inherits": "tongyu-2017", "basis": "本局规定",
    }  # fmt: skip
    assert list(following(files, "water")) == ["通榆县（2017）", "通用口径"]
    with pytest.raises(RequestError, match="已经有了"):
        derived(files, "default", "water", "", "")
