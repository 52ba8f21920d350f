"""A meeting's plan against the demands of the table, each stated, missing or not asked for."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.meetings import State, check_plan, demands, is_plan

HEAD = "青禾县人民政府第12次常务会议方案\n"
FULL = HEAD + (
    "一、议题：城区供水价格调整（此前已向社会公开征求意见，意见收集和采纳情况的说明附后）。\n"
    "二、拟邀请居民代表2名、专家1名列席。\n三、会议部分公开，公开方式为政府网站图文。\n"
    "四、会后3个工作日内公布议定事项。\n"
)
#: The plan, and which demands are missing.
CASES = [
    (FULL, []),
    (HEAD + "议题：城区供水价格调整。", ["attendance", "openness", "after"]),
    (FULL.replace("，意见收集和采纳情况的说明附后", ""), ["adoption"]),
    (FULL.replace("拟邀请居民代表2名、专家1名列席", "会场设在二楼"), ["attendance"]),
    (FULL.replace("，公开方式为政府网站图文", ""), ["manner"]),
    (FULL.replace("四、会后3个工作日内公布议定事项。\n", ""), ["after"]),
    (HEAD + "议题：机关食堂改造。会议不公开，因属于内部后勤管理。", []),
    (HEAD + "议题：小学布局。不邀请有关方面列席。会议不公开，因涉及尚在讨论的方案。", ["reason"]),
    (HEAD + "议题：年度工作总结。会后公布议定事项。", []),
    ("全县防汛工作电视电话会议方案\n会后公布会议决定。", ["manner", "broadcast"]),
    ("全县防汛工作电视电话会议方案\n会议以网络直播形式向社会公开，会后公布会议决定。", []),
]


@pytest.mark.parametrize(("text", "missing"), CASES)
def test_what_a_plan_lacks(text, missing):
    check = check_plan(Document("x", text))
    assert [one.row.code for one in check.missing] == missing
    assert check.passed == (not missing)


def test_each_demand_says_where_and_why():
    text = FULL.replace("拟邀请居民代表2名、专家1名列席", "会场设在二楼")
    found = {one.row.code: one for one in check_plan(Document("x", text)).demands}
    assert found["attendance"].span.of(text) == "供水"
    assert found["manner"].span.of(text) == "公开方式"
    assert (found["broadcast"].state, found["broadcast"].span) == (State.spared, None)
    assert [state.label for state in State] == ["已写明", "没有写明", "不涉及"]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        (FULL, True),
        ("关于会议议程的安排", True),
        ("青禾县人民政府关于水价的通知\n" + "各乡镇：" * 60 + "会议方案", False),
    ],
)
def test_what_is_a_plan(text, plan):
    assert is_plan(Document("x", text)) == check_plan(Document("x", text)).plan == plan


def test_every_demand_has_its_basis():
    assert len(demands()) == 7
    assert all(row.says and row.mend and row.basis for row in demands())
