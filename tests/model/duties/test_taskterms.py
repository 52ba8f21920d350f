"""Deadlines as work plans write them, against what a person reads and counts."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.model.duties.taskterms import LABELS, after, next_due, read
from gongkai.model.rulebook import Rulebook

CALENDAR = Rulebook.load().workdays
ISSUED, TODAY = date(2023, 5, 4), date(2023, 5, 20)

#: As written -> kind, what it is counted from or the day, and the next last day when the plan is of 2023-05-04 and
#: today is 2023-05-20 (2023-05-06 was worked: 20 working days after 05-04 end on 05-31).
WRITTEN = """
及时公开                                            prompt    -              -
第一时间发现、第一时间办理                          prompt    -              -
长期坚持                                            standing  -              -
全年                                                standing  -              -
持续推进                                            standing  -              -
信息形成或变更之日起20个工作日内公开                within    信息形成或变更  -
决策文件出台后的10个工作日内                        within    决策文件出台   -
本方案发布之日起20个工作日内及时动态更新本单位主动公开基本目录  within  本方案发布  2023-05-31
自本通知印发之日起二十日内                          within    本通知印发     2023-05-24
文件公开后3个工作日内                               within    文件公开       -
审批程序完成后1个工作日                             within    审批程序完成   -
事件发生后5小时内                                   within    事件发生       -
2023年10月底前对今年以来所发布政府信息全面规范      by        2023-10-31     2023-10-31
2023年12月底前完成                                  by        2023-12-31     2023-12-31
2024年2月底前                                       by        2024-02-29     2024-02-29
2023 年 6 月 15 日前                                by        2023-06-15     2023-06-15
9月15日前完成                                       by        2023-09-15     2023-09-15
十月底前                                            by        2023-10-31     2023-10-31
11月上旬                                            by        2023-11-10     2023-11-10
6月前完成                                           by        2023-06-30     2023-06-30
年底前                                              by        2023-12-31     2023-12-31
2024年底前                                          by        2024-12-31     2024-12-31
上半年                                              by        2023-06-30     2023-06-30
第三季度                                            by        2023-09-30     2023-09-30
按季度公布                                          quarter   -              2023-06-30
每季度                                              quarter   -              2023-06-30
每月                                                month     -              2023-05-31
每月10日前                                          month     10             2023-06-10
每半年                                              half      -              2023-06-30
每年1月31日前                                       year      01-31          2024-01-31
每年12月底前                                        year      12-31          2023-12-31
5-9月，每天                                         daily     5~9            2023-05-20
6月至8月每天发布                                    daily     6~8            2023-06-01
每天                                                daily     -              2023-05-20
按要求                                              unread    -              -
2023年2月30日前                                     unread    -              -
"""


def rows():
    for line in WRITTEN.strip().splitlines():
        *words, kind, detail, last = line.split()
        yield pytest.param(" ".join(words), kind, detail.strip("-") or "", last.strip("-") or "", id="".join(words))


@pytest.mark.parametrize(("written", "kind", "detail", "last"), list(rows()))
def test_a_term_is_read_and_dated(written: str, kind: str, detail: str, last: str) -> None:
    term = read(written, ISSUED.year)
    season = "~".join(map(str, term.season))
    assert (term.kind, term.start or term.last or term.day or season) == (kind, detail)
    found, told = next_due(term, ISSUED, TODAY, CALENDAR)
    assert (found.isoformat() if found else "") == last
    assert told.endswith(("。", "按年检查。"))
    assert term.label == LABELS[kind]


def test_nothing_is_guessed_without_the_plans_day_or_a_calendar() -> None:
    term = read("本方案发布之日起20个工作日内")
    assert next_due(term, None, TODAY, CALENDAR)[0] is None
    assert "没有填方案印发日期" in next_due(term, None, TODAY, CALENDAR)[1]
    last, told = next_due(term, date(2031, 3, 3), TODAY, CALENDAR)
    assert (last, "2031" in told) == (None, True)
    assert read("12月底前").kind == "unread"


@pytest.mark.parametrize(
    ("written", "done", "following"),
    [
        ("按季度公布", "2023-06-30", "2023-09-30"),
        ("按季度公布", "2023-12-31", "2024-03-31"),
        ("每月", "2023-12-31", "2024-01-31"),
        ("每月10日前", "2023-12-10", "2024-01-10"),
        ("每半年", "2023-06-30", "2023-12-31"),
        ("每年1月31日前", "2024-01-31", "2025-01-31"),
        ("5-9月，每天", "2023-09-29", "2023-09-30"),
        ("5-9月，每天", "2023-09-30", "2024-05-01"),
        ("5-9月，每天", "2023-03-01", "2023-05-01"),
        ("2023年12月底前", "2023-12-31", ""),
        ("长期坚持", "2023-12-31", ""),
    ],
)
def test_what_comes_again_goes_on_to_its_next_period(written: str, done: str, following: str) -> None:
    found = after(read(written), date.fromisoformat(done))
    assert (found.isoformat() if found else "") == following
