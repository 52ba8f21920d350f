"""What speaks for making public what was withheld, put off or given to an applicant."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gongkai.model.duties.conversion import Awaited, Held, assessment, awaited, proposals, yearly

TODAY = date(2026, 3, 2)
ROWS = (
    Awaited("bid", "评审结果", 6, "proactive", "甲", "评审已经结束。", title=(re.compile("招标"),)),
    Awaited("decision", "决策作出", 6, "on_request", "乙", "应当重评。", reasons=("W-165", "W-167")),
    Awaited("year", "年度重评", 12, "", "丙", "每年一次。"),
)


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (Held("关于河道方案的请示", "withheld", "W-167"), "decision"),
        (Held("水利工程招标标底", "withheld", "W-167"), "bid"),
        (Held("值班安排", "withheld", "W-163"), "year"),
        (Held("值班安排", "withheld", "W-163", awaiting="decision"), "decision"),
        (Held("值班安排", "withheld", "W-163", awaiting="等通知"), "year"),
    ],
)
def test_what_an_item_waits_for(held, code):
    assert awaited(held, ROWS).code == code


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (Held("值班安排", "withheld", "W-163", machine="withheld"), []),
        (
            Held("办法（送审稿）", "withheld", "W-165", settled="河道管护办法"),
            [("on_request", "乙", "《河道管护办法》已经出来，应当重评。")],
        ),
        (
            Held("征地补偿标准", "on_request", "A-01", requests=3),
            [("proactive", "条例第四十四条第一款", "已有3件申请要这份文件；属于可以公开的，可以纳入主动公开。")],
        ),
        (Held("征地补偿标准", "on_request", "A-01", requests=2), []),
        (
            Held("灾情通报", "proactive", deferred=True, until=date(2026, 2, 27), machine="proactive"),
            [
                (
                    "proactive",
                    "条例第五条、第十八条",
                    "暂缓公开已过3日；暂缓不是法定理由，应当定为主动公开、依申请公开、不予公开之一。",
                )
            ],
        ),
        (Held("灾情通报", "proactive", deferred=True, until=date(2026, 3, 3)), []),
    ],
)
def test_what_speaks_for_a_change(held, told):
    assert [(one.to, one.basis, one.why) for one in proposals(held, ROWS, TODAY, 3)] == told


def test_the_present_rules_and_a_bare_work_secret_are_reasons_too():
    found = proposals(Held("通告", "withheld", "W-WS", machine="proactive"), ROWS, TODAY, 3)
    assert [(one.to, one.basis) for one in found] == [
        ("proactive", "条例第五条、第十八条"),
        ("on_request", "条例第十四条至第十六条"),
    ]


def test_once_a_year_it_is_looked_at_all_the_same():
    assert (yearly(Held("", "withheld")).to, yearly(Held("", "withheld")).why[:5]) == ("", "不予公开的")
    assert yearly(Held("", "")).why.startswith("暂缓公开的信息每年重评一次")


@pytest.mark.parametrize(("becomes", "months"), [("secret", 6), ("", 0), ("", 61)])
def test_a_row_that_makes_no_sense(becomes, months):
    with pytest.raises(ValueError, match="请改正"):
        Awaited("x", "甲", months, becomes, "乙", "丙")


@pytest.mark.parametrize(
    ("given", "verdict", "basis"),
    [
        ({"group": "granted", "same": 1}, "", "条例第四十四条"),
        ({"group": "granted", "same": 3}, "convert", "条例第四十四条"),
        ({"group": "granted", "same": 1, "machine": "proactive"}, "convert", "条例第十九条、第四十四条第二款"),
        ({"group": "partial", "same": 1, "machine": "withheld"}, "stay", "条例第三十七条"),
        ({"group": "denied", "same": 9}, "stay", "条例第四十四条"),
        ({"group": "", "same": 9}, "stay", "条例第四十四条"),
        ({"group": "granted", "same": 9, "stands": "proactive"}, "public", "条例第三十六条第一项"),
    ],
)
def test_each_request_is_assessed(given, verdict, basis):
    said = assessment(many=3, **given)
    assert (said.verdict, said.basis) == (verdict, basis)
