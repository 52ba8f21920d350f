"""Papers of a decision's procedure, tagged with their step."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.processroles import process_roles, tags

#: Title, body, and the roles: a star for one that only the body speaks for.
CASES = [
    ("青禾县供水价格听证会公告", "", ["public"]),
    ("关于公开征求《青禾县供水办法（征求意见稿）》意见的公告", "", ["draft", "public"]),
    ("关于供水办法意见收集和采纳情况的说明", "", ["adoption"]),
    ("青禾县供水改造工程专家论证意见", "", ["expert"]),
    ("青禾县供水改造工程社会稳定风险评估报告", "", ["risk"]),
    ("青禾县司法局关于供水办法的合法性审查意见", "", ["legality"]),
    ("青禾县人民政府第8次常务会议纪要", "", ["collective"]),
    ("关于《青禾县供水办法》的起草说明", "", ["basis"]),
    ("青禾县供水办法实施情况后评估报告", "", ["evaluation"]),
    ("关于供水工程的报告", "经评估，该工程为低风险。经合法性审查，符合规定。", ["risk*", "legality*"]),
    ("关于停水检修的通告", "因检修停水一天。", []),
]


@pytest.mark.parametrize(("title", "body", "roles"), CASES)
def test_roles(title, body, roles):
    found = tags(Document("x", f"{title}\n{body}"))
    assert [tag.role.code + ("" if tag.sure else "*") for tag in found] == roles


def test_where_it_stands_in_the_text():
    text = "\n\n青禾县供水改造工程社会稳定风险评估报告\n正文。"
    assert tags(Document("x", text))[0].span.of(text) == "社会稳定风险评估"


def test_a_title_that_somebody_else_knows():
    found = tags(Document("x", "正文没有标题。"), "常务会议纪要")
    assert [(tag.role.code, tag.span) for tag in found] == [("collective", None)]


def test_the_five_steps_of_the_duty_are_there():
    steps = {"公众参与", "专家论证", "风险评估", "合法性审查", "集体讨论决定"}
    assert steps <= {role.step for role in process_roles()}
