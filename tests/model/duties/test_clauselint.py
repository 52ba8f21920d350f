"""What is weak in a negative-list clause, one clause and one expected remark each."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gongkai.model.clauserow import Clause, Signal
from gongkai.model.duties.clauselint import remarks
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import as_folded

BOOK = Rulebook.load()


def signal(pattern: str, where: str = "body", near: str = "") -> Signal:
    beside = re.compile(as_folded(near)) if near else None
    return Signal(where, 0.6, re.compile(as_folded(pattern), re.MULTILINE), beside)


GOOD = Clause(
    id="NL-41",
    title="干部考察材料",
    basis="条例第十六条第一款",
    force="may",
    reason="W-161",
    examples="考察报告、民主测评汇总表",
    counter_examples="任前公示;任免决定",
    signals=(signal("干部考察(材料|报告)"), signal("民主测评(表|汇总)")),
)


def lint(*clauses: Clause) -> list[tuple[str, str, str]]:
    return [(one.clause, one.column, one.message) for one in remarks(clauses, BOOK.reason)]


def test_a_detailed_clause_has_no_remark() -> None:
    assert lint(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"title": ""}, "title", "没有写名称"),
        ({"title": "其他不宜公开的内容"}, "title", "没有写明不予公开的是什么对象"),
        ({"title": "敏感信息"}, "title", "没有写明不予公开的是什么对象"),
        ({"title": "内部有关资料等"}, "title", "没有写明不予公开的是什么对象"),
        ({"title": "人事档案等内容"}, "title", "“等内容”是敞口的说法"),
        ({"title": "不宜公开的干部档案"}, "title", "“不宜公开”是敞口的说法"),
        ({"title": "凡是领导批示"}, "title", "“凡是”是敞口的说法"),
        ({"title": "干部考察材料及其他敏感信息"}, "title", "是敞口的说法"),
        ({"basis": ""}, "basis", "没有写依据"),
        ({"basis": "领导要求"}, "basis", "不是法律、法规或者规章文件"),
        ({"basis": "工作惯例"}, "basis", "不是法律、法规或者规章文件"),
        ({"basis": "条例第十六条；信访工作条例"}, "basis", "“信访工作条例”没有写到条"),
        ({"basis": "档案管理规定第三条", "force": "must"}, "basis", "只写了法律、行政法规以下的文件"),
        ({"basis": "保守国家秘密法第六十四条", "reason": "W-WS"}, "basis", "“工作秘密”不能单独作为"),
        ({"reason": ""}, "reason", "没有写理由代码"),
        ({"reason": "P-192"}, "reason", "是主动公开的理由"),
        ({"examples": ""}, "examples", "没有写例子"),
        ({"examples": "略"}, "examples", "例子“略”不是例子"),
        ({"counter_examples": " "}, "counter_examples", "没有写反例"),
        ({"counter_examples": "不得单独使用"}, "counter_examples", "不是反例"),
        ({"signals": ()}, "signals", "没有一条线索"),
        ({"signals": (signal("管理|考察材料"),)}, "signals", "线索“管理|考察材料”过宽"),
        ({"signals": (signal("通知$", "title"),)}, "signals", "线索“通知$”过宽"),
        ({"signals": (signal("考察材料|"),)}, "signals", "过宽"),
        ({"signals": (signal("敏感信息|不宜公开的内容"),)}, "signals", "只有不指明对象的字句"),
        ({"signals": (signal("任免决定"),)}, "signals", "会命中本条自己的反例“任免决定”"),
        ({"counter_examples": "任前公示（领导干部考察材料）"}, "signals", "会命中本条自己的反例"),
    ],
)
def test_one_weakness_one_remark(changes: dict[str, object], column: str, said: str) -> None:
    (found,) = lint(replace(GOOD, **changes))
    assert found[:2] == ("NL-41", column)
    assert said in found[2]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "其他机关制作的考察材料"},
        {"title": "敏感个人信息以外的干部档案"},
        {"basis": "民法典第一千零三十二条", "force": "must", "reason": "W-152"},
        {"basis": "保守国家秘密法第六十四条；条例第十六条", "reason": "W-WS"},
        {"force": "scope", "reason": ""},
        {"signals": (signal("通知", "body", near="干部考察"),)},
        {"signals": (signal("通知", "personal"),)},
        {"signals": (signal("任免决定"),), "counters": (signal("任免决定"),)},
        {"signals": (signal("任免", near="讨论记录"),)},
    ],
)
def test_what_is_no_weakness(changes: dict[str, object]) -> None:
    assert lint(replace(GOOD, **changes)) == []


OTHER = replace(GOOD, id="NL-42", title="考核名单", signals=(signal("年度考核名单"),))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (signal("考核名单"), signal("考核名单"), ["NL-42"]),
        (signal("考核(名单|结果)"), signal("考核名单|考核结果"), ["NL-42"]),
        (signal("年度考核名单"), signal("考核(名单|结果)"), ["NL-41"]),
        (signal("考核(名单|结果)"), signal("考核名单"), ["NL-42"]),
        (signal("考核名单", "title"), signal("考核名单", "body"), ["NL-41"]),
        (signal("考核名单", "title"), signal("考核名单", "head"), []),
        (signal("考核名单"), signal("考核名单", near="个人"), ["NL-42"]),
        (signal("考核(名单|办法)"), signal("考核(名单|结果)"), []),
    ],
)
def test_signals_of_two_clauses(one: Signal, other: Signal, expected: list[str]) -> None:
    found = lint(replace(GOOD, signals=(one,)), replace(OTHER, signals=(other,)))
    assert [clause for clause, column, said in found if column == "signals" and "也都会查到" in said] == expected


def test_each_remark_says_how_to_mend_it() -> None:
    found = remarks(BOOK.clauses, BOOK.reason)
    assert all(one.message.endswith("。") and one.mend.endswith("。") for one in found)
    assert {one.clause for one in found} <= set(BOOK.clause)


def test_what_is_known_of_the_shipped_list() -> None:
    found = {(one.clause, one.column) for one in remarks(BOOK.clauses, BOOK.reason)}
    assert {("NL-30", "title"), ("NL-30", "examples"), ("NL-21", "basis"), ("NL-15", "signals")} <= found
    assert len({clause for clause, _ in found}) <= 12
