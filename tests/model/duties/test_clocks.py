"""Terms of disclosure against days counted by hand; what prevails, what is late, and what is not guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from gongkai.model.duties.clocks import Due, Entry, State, amiss, due, prevailing, standing, state, to_do
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CLOCKS, Deadline

BOOK = Rulebook.load()

#: Start, code, last day, and how a person counted: the days that count (with the running number), [days off].
COUNTED = """
2016-01-29 D20  2016-03-02  Feb 1-5 (5), Sat 6 (6), [7-13], Sun 14 (7), 15-19 (12), 22-26 (17), 29, Mar 1, 2 (20)
2016-02-05 D3   2016-02-15  Sat Feb 6 (1), [7-13], Sun 14 (2), 15 (3)
2016-04-11 B20  2016-05-03  20th day Sun May 1, [2], Tue 3
2016-06-08 D1   2016-06-12  [9-11], Sun 12 (1)
2016-09-01 P30  2016-10-08  30th day Oct 1, [1-7], Sat 8 is worked
2016-09-13 D7   2016-09-23  14 (1), [15-17], Sun 18 (2), 19-23 (7)
2016-09-28 D10  2016-10-17  29, 30 (2), [1-7], Sat 8 (3), Sun 9 (4), 10-14 (9), 17 (10)
2017-01-16 D20  2017-02-16  17-20 (4), Sun 22 (5), 23-26 (9), [27-2], 3 (10), Sat 4 (11), 6-10 (16), 13-16 (20)
2017-03-24 D15  2017-04-17  27-31 (5), Sat Apr 1 (6), [2-4], 5-7 (9), 10-14 (14), 17 (15)
2017-05-25 D5   2017-06-02  26 (1), Sat 27 (2), [28-30], 31 (3), Jun 1, 2 (5)
2017-09-11 A20  2017-10-09  20th day Oct 1, [1-8], Mon 9
2017-09-28 D7   2017-10-13  29 (1), Sat 30 (2), [1-8], 9-13 (7)
2017-09-28 NOW  2017-11-01  as D20: 29, Sat 30 (2), [1-8], 9-13 (7), 16-20 (12), 23-27 (17), 30, 31, Nov 1 (20)
2017-12-20 P10W 2018-01-04  21, 22 (2), 25-29 (7), [30-1], 2-4 (10)
2018-01-31 D20  2018-03-05  1, 2, 5-9 (7), Sun 11, 12-14 (11), [15-21], 22, 23, Sat 24 (14), 26-2 (19), Mar 5 (20)
2018-04-04 D3   2018-04-10  [5-7], Sun 8 (1), 9, 10 (3)
2018-04-26 D5   2018-05-04  27 (1), Sat 28 (2), [29-1], 2-4 (5)
2018-09-20 D10  2018-10-10  21 (1), [22-24], 25-28 (5), Sat 29 (6), Sun 30 (7), [1-7], 8-10 (10)
2018-11-30 C30  2019-01-02  30th day Sun Dec 30, [30-1], Wed 2
2018-12-24 D7   2019-01-03  25-28 (4), Sat 29 (5), [30-1], 2, 3 (7)
2018-12-28 D1   2018-12-29  Sat 29 is worked
2019-01-25 D15  2019-02-20  28-1 (5), Sat 2 (6), Sun 3 (7), [4-10], 11-15 (12), 18-20 (15)
2019-04-11 B20  2019-05-05  20th day May 1, [1-4], Sun 5 is worked
2019-04-19 D20  2019-05-20  22-26 (5), Sun 28 (6), 29, 30 (8), [1-4], Sun 5 (9), 6-10 (14), 13-17 (19), 20 (20)
2019-04-26 D5   2019-05-06  [27], Sun 28 (1), 29, 30 (3), [1-4], Sun 5 (4), 6 (5)
2019-06-06 D3   2019-06-12  [7-9], 10-12 (3)
2019-09-09 P15W 2019-09-30  10-12 (3), [13-15], 16-20 (8), 23-27 (13), [28], Sun 29 (14), 30 (15)
2019-09-27 D7   2019-10-12  [28], Sun 29 (1), 30 (2), [1-7], 8-11 (6), Sat 12 (7)
2019-09-30 Q    2019-12-31  the quarter after the third
2020-01-11 A20  2020-02-03  20th day Fri Jan 31, off by the extension, [31-2], Mon 3
2020-01-16 D20  2020-02-20  17 (1), Sun 19 (2), 20-23 (6), [24-2], 3-7 (11), 10-14 (16), 17-20 (20)
2020-01-23 D1   2020-02-03  [24-2]: Sat Feb 1 is no make-up day any more
2020-04-01 Q    2020-09-30  the quarter after the second
2020-04-24 D7   2020-05-07  [25], Sun 26 (1), 27-30 (5), [1-5], 6, 7 (7)
2020-06-19 D10  2020-07-06  22-24 (3), [25-27], Sun 28 (4), 29, 30 (6), 1-3 (9), 6 (10)
2020-09-01 P30  2020-10-09  30th day Oct 1, [1-8], Fri 9
2020-09-18 D15  2020-10-15  21-25 (5), Sun 27 (6), 28-30 (9), [1-8], 9 (10), Sat 10 (11), 12-15 (15)
2020-12-30 D3   2021-01-05  31 (1), [1-3], 4, 5 (3)
2021-01-29 D20  2021-03-03  1-5 (5), Sun 7, 8-10 (9), [11-17], 18, 19, Sat 20 (12), 22-26 (17), Mar 1-3 (20)
2021-04-23 D5   2021-04-29  [24], Sun 25 (1), 26-29 (5)
2021-04-29 D7   2021-05-12  30 (1), [1-5], 6, 7 (3), Sat 8 (4), 10-12 (7)
2021-09-03 C30  2021-10-08  30th day Oct 3, [1-7], Fri 8
2021-09-17 D3   2021-09-23  Sat 18 (1), [19-21], 22, 23 (3)
2021-09-24 D10  2021-10-13  [25], Sun 26 (1), 27-30 (5), [1-7], 8 (6), Sat 9 (7), 11-13 (10)
2022-01-14 D20  2022-02-16  17-21 (5), 24-28 (10), Sat 29 (11), Sun 30 (12), [31-6], 7-11 (17), 14-16 (20)
2022-03-31 D5   2022-04-08  1 (1), Sat 2 (2), [3-5], 6-8 (5)
2022-04-10 B20  2022-05-05  20th day Sat Apr 30, [30-4], Thu 5
2022-04-22 D7   2022-05-05  [23], Sun 24 (1), 25-29 (6), [30-4], 5 (7)
2022-09-23 D15  2022-10-19  26-30 (5), [1-7], Sat 8 (6), Sun 9 (7), 10-14 (12), 17-19 (15)
2022-12-30 D20  2023-02-02  [31-2], 3-6 (4), 9-13 (9), 16-20 (14), [21-27], Sat 28, Sun 29 (16), 30-2 (20)
2023-04-03 D3   2023-04-07  4 (1), [5], 6, 7 (3)
2023-04-27 D5   2023-05-08  28 (1), [29-3], 4, 5 (3), Sat 6 (4), 8 (5)
2023-06-20 D10  2023-07-05  21 (1), [22-24], Sun 25 (2), 26-30 (7), 3-5 (10)
2023-08-31 P30  2023-10-07  30th day Sat Sep 30, [29-6], Sat 7 is worked
2023-09-28 D7   2023-10-13  [29-6], Sat 7 (1), Sun 8 (2), 9-13 (7)
2023-12-31 Y0331 2024-03-31 a Sunday: a fixed day stays
2024-01-26 D20  2024-02-28  29-2 (5), Sun 4 (6), 5-9 (11), [10-17], Sun 18 (12), 19-23 (17), 26-28 (20)
2024-04-03 D3   2024-04-09  [4-6], Sun 7 (1), 8, 9 (3)
2024-04-26 D7   2024-05-09  [27], Sun 28 (1), 29, 30 (3), [1-5], 6-9 (7)
2024-05-08 D5   2024-05-14  9, 10 (2), Sat 11 (3), [12], 13, 14 (5)
2024-09-11 A20  2024-10-08  20th day Oct 1, [1-7], Tue 8
2024-09-12 D15  2024-10-10  13, Sat 14 (2), [15-17], 18-20 (5), 23-27 (10), Sun 29, 30 (12), [1-7], 8-10 (15)
2024-10-10 R3   2024-10-14  working days (行政处罚法第八十五条): 11 (1), Sat 12 (2), 14 (3)
2024-12-31 D20  2025-02-05  [1], 2, 3, 6-10 (7), 13-17 (12), 20-24 (17), Sun 26, 27 (19), [28-4], 5 (20)
2025-04-11 P15W 2025-05-06  14-18 (5), 21-25 (10), Sun 27 (11), 28-30 (14), [1-5], 6 (15)
2025-04-30 D7   2025-05-14  [1-5], 6-9 (4), [10-11], 12-14 (7)
2025-05-30 D3   2025-06-05  [31-2], 3-5 (3)
2025-06-01 Y0131 2026-01-31 a Saturday: a fixed day stays
2025-09-26 D10  2025-10-16  [27], Sun 28 (1), 29, 30 (3), [1-8], 9, 10 (5), Sat 11 (6), 13-16 (10)
2025-11-03 Q    2026-03-31  the quarter after the fourth
2026-01-02 D1   2026-01-04  begun on a day off; [3], Sun 4 (1)
2026-01-16 C30  2026-02-24  30th day Sun Feb 15, [15-23], Tue 24
2026-01-30 D20  2026-03-05  2-6 (5), 9-13 (10), Sat 14 (11), [15-23], 24-27 (15), Sat 28 (16), Mar 2-5 (20)
2026-01-30 NOW  2026-03-05  as D20
2026-02-10 Q    2026-06-30  the quarter after the first
2026-05-06 D5   2026-05-12  7, 8 (2), Sat 9 (3), 11, 12 (5)
2026-06-09 P10  2026-06-22  10th day Fri Jun 19, [19-21], Mon 22
2026-06-10 P7   2026-06-17  7th day Wed 17, worked
2026-06-15 P10W 2026-06-30  16-18 (3), [19-21], 22-26 (8), 29, 30 (10)
2026-09-07 B20  2026-09-28  20th day Sun Sep 27, [25-27], Mon 28
2026-09-17 D10  2026-10-08  18 (1), [19], Sun 20 (2), 21-24 (6), [25-27], 28-30 (9), [1-7], 8 (10)
2026-10-01 D7   2026-10-15  begun on a day off; [1-7], 8, 9 (2), Sat 10 (3), 12-15 (7)
"""
CASES = [line.split(maxsplit=3)[:3] for line in COUNTED.strip().splitlines()]


def on(day: str) -> date | datetime:
    return datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)


@pytest.mark.parametrize(("start", "code", "last"), CASES, ids=[f"{code} {start}" for start, code, _ in CASES])
def test_the_last_day_is_the_one_counted_by_hand(start: str, code: str, last: str) -> None:
    found = due(code, on(start), BOOK)
    assert (found.last, found.moment) == (on(last), None)
    day = on(last)
    assert f"{day.year}年{day.month}月{day.day}日" in found.told
    assert BOOK.clock[code].basis in found.told


def test_the_table_is_wide_enough() -> None:
    assert len(CASES) >= 60
    assert {start[:4] for start, _, _ in CASES} == {str(year) for year in range(2016, 2027)}
    assert {code for _, code, _ in CASES} == set(BOOK.clock) - {"H5", "H24", "SPECIAL"}


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("H5", "2026-02-17T22:30", "2026-02-18T03:30"),  # over midnight, in the Spring Festival
        ("H5", "2019-12-31T20:00", "2020-01-01T01:00"),
        ("H24", "2024-02-28T08:00", "2024-02-29T08:00"),
        ("H24", "2026-12-31T12:00", "2027-01-01T12:00"),  # hours need no calendar
    ],
)
def test_hours_run_on_from_the_event(code: str, start: str, end: str) -> None:
    found = due(code, on(start), BOOK)
    assert found.moment == on(end)
    assert found.last == on(end[:10])


@pytest.mark.parametrize(
    ("code", "start", "told"),
    [
        (
            "D20",
            "2026-01-30",
            "最迟2026年3月5日：自信息形成或者变更之日（2026年1月30日，当日不计）起20个工作日，"
            "其间休息日14天不计，调休上班2天计入；依据条例第二十六条。",
        ),
        (
            "B20",
            "2026-09-07",
            "最迟2026年9月28日：自批准或者批复之日（2026年9月7日，当日不计）起20日，"
            "最后一日2026年9月27日是休息日，顺延到2026年9月28日（民法典第二百零三条）；依据预算法第十四条。",
        ),
        (
            "P7",
            "2026-06-10",
            "至少公开到2026年6月17日：自公示开始之日（2026年6月10日，当日不计）起不少于7日；依据本机关规定。",
        ),
        (
            "D1",
            "2026-12-25",
            "最迟2026年12月28日：自审批程序完成之日（2026年12月25日，当日不计）起1个工作日，"
            "其间休息日2天不计；年底几天以下一年的放假通知为准；依据本机关规定。",
        ),
        (
            "H5",
            "2026-02-17T22:30",
            "最迟2026年2月18日03:30：自事件发生时（2026年2月17日22:30）起连续计算5小时，休息日不扣除；"
            "依据国办发〔2016〕80号。",
        ),
        (
            "Y0131",
            "2025-12-31",
            "最迟2026年1月31日（含当日）公开2025年度的：每年1月31日前，固定的日子不因休息日顺延；依据条例第四十九条。",
        ),
        (
            "Q",
            "2025-12-31",
            "最迟2026年3月31日公开2025年第四季度的：按季度公开，没有规定天数，不晚于下一季度末；依据本机关规定。",
        ),
    ],
)
def test_how_it_was_counted_is_said_in_one_sentence(code: str, start: str, told: str) -> None:
    assert due(code, on(start), BOOK).told == told


@pytest.mark.parametrize(
    ("code", "start", "why"),
    [
        ("D20", "2026-12-10", "没有 2027 年的放假安排"),
        ("D20", "2015-12-01", "没有 2015 年的放假安排"),
        ("B20", "2026-12-12", "没有 2027 年的放假安排"),  # its 20th day is 2027-01-01
        ("SPECIAL", "2026-01-01", "没有规定天数"),
        ("Y0131", "9999-12-31", "起算日期不对"),
        ("B20", "0001-01-01", "起算日期不对"),
        ("H5", "2026-01-01", "没有写到几时几分"),
    ],
)
def test_what_cannot_be_told_is_said_so(code: str, start: str, why: str) -> None:
    found = due(code, on(start), BOOK)
    assert (found.last, state(found, date(2030, 1, 1))) == (None, State.untold)
    assert why in found.told


def test_a_term_that_stays_needs_no_calendar() -> None:
    stays = replace(BOOK.clock["B20"], stays=True)
    book = replace(BOOK, deadlines=tuple(stays if row.code == "B20" else row for row in BOOK.deadlines))
    assert due("B20", date(2026, 12, 12), book).last == date(2027, 1, 1)
    assert due("B20", date(2026, 9, 7), book).last == date(2026, 9, 27)


def with_row(row: Deadline) -> Rulebook:
    return replace(BOOK, deadlines=tuple(row if one.code == row.code else one for one in BOOK.deadlines))


def test_a_quarter_may_have_days_of_its_own() -> None:
    book = with_row(replace(BOOK.clock["Q"], count=15, unit="workday"))
    found = due("Q", date(2026, 8, 1), book)
    assert found.last == date(2026, 10, 27)  # [1-7], 8, 9, Sat 10 (3), 12-16 (8), 19-23 (13), 26, 27 (15)
    assert "2026年第三季度" in found.told


def test_without_a_general_term_at_once_has_no_last_day() -> None:
    book = with_row(replace(BOOK.clock["D20"], general=False))
    assert due("NOW", date(2026, 1, 30), book).last is None


@pytest.mark.parametrize(
    ("codes", "left"),
    [
        (["D20"], ["D20"]),
        (["D20", "D15"], ["D15"]),
        (["D7", "D20", "D7"], ["D7"]),
        (["D20", "B20", "D3"], ["B20", "D3"]),
        (["D20", "P30"], ["D20", "P30"]),  # how long it stays is no term for publishing it
        (["D20", "NOW"], ["D20", "NOW"]),  # at once is no other term: the general one bounds it
        (["D20", "SPECIAL"], ["SPECIAL"]),
        ([], []),
    ],
)
def test_a_special_term_puts_the_general_one_aside(codes: list[str], left: list[str]) -> None:
    assert [row.code for row in prevailing(codes, BOOK)] == left


def test_an_unknown_code_is_refused_with_the_known_ones() -> None:
    for call in (lambda: due("D99", date(2026, 1, 1), BOOK), lambda: prevailing(["D99"], BOOK)):
        with pytest.raises(RequestError, match="没有代码为 D99 的公开时限，可用的有：D20、D15"):
            call()


@pytest.mark.parametrize(
    ("code", "start", "now", "done", "expected", "over"),
    [
        ("D20", "2026-01-30", "2026-03-05", "", "due", 0),
        ("D20", "2026-01-30", "2026-03-06", "", "late", 1),
        ("D20", "2026-01-30", "2026-04-01", "2026-03-05", "kept", 0),
        ("D20", "2026-01-30", "2026-04-01", "2026-03-09", "missed", 4),
        ("D20", "2026-01-30", "2026-04-01", "2026-01-30", "kept", 0),
        ("D20", "2026-01-30", "2026-04-01", "2026-01-29", "odd", 0),
        ("D20", "2026-12-10", "2027-04-01", "2027-03-31", "untold", 0),
        ("P7", "2026-06-10", "2026-06-17", "", "due", 0),
        ("P7", "2026-06-10", "2026-06-18", "", "kept", 0),
        ("P7", "2026-06-10", "2026-06-30", "2026-06-14", "short", 3),
        ("P7", "2026-06-10", "2026-06-30", "2026-06-17", "kept", 0),
        ("NOW", "2026-01-30", "2026-03-06", "", "late", 1),
        ("Y0131", "2025-12-31", "2026-01-31", "", "due", 0),
        ("Y0131", "2025-12-31", "2026-02-03", "", "late", 3),
        ("H5", "2026-02-17T22:30", "2026-02-18T03:30", "", "due", 0),
        ("H5", "2026-02-17T22:30", "2026-02-18T03:31", "", "late", 0),
        ("H5", "2026-02-17T22:30", "2026-03-01", "2026-02-18T01:00", "kept", 0),
        ("H5", "2026-02-17T22:30", "2026-03-01", "2026-02-17T22:00", "odd", 0),
        ("H5", "2026-02-17T22:30", "2026-03-01", "2026-02-17", "kept", 0),
        ("H5", "2026-02-17T22:30", "2026-03-01", "2026-02-18", "untold", 0),  # at what hour?
        ("H5", "2026-02-17T22:30", "2026-03-01", "2026-02-19", "missed", 1),
    ],
)
def test_how_it_stands(code: str, start: str, now: str, done: str, expected: str, over: int) -> None:
    found = standing(Entry("x", code, on(start), on(done) if done else None), BOOK, on(now))
    assert (found.state, found.over) == (State(expected), over)


ENTRIES = [
    Entry("kept", "D20", date(2026, 1, 30), date(2026, 3, 5)),
    Entry("missed", "D20", date(2026, 1, 30), date(2026, 3, 9)),
    Entry("late", "D7", date(2026, 1, 30)),
    Entry("open", "D20", date(2026, 3, 9)),
    Entry("sooner", "D3", date(2026, 3, 9)),
    Entry("short", "C30", date(2026, 1, 16), date(2026, 2, 10)),
    Entry("shown", "P7", date(2026, 2, 1)),
    Entry("odd", "D20", date(2026, 1, 30), date(2026, 1, 1)),
    Entry("untold", "SPECIAL", date(2026, 1, 30)),
]


def test_the_due_list_has_the_most_urgent_first_and_what_has_no_day_last() -> None:
    found = to_do(ENTRIES, BOOK, date(2026, 3, 10))
    assert [(one.entry.key, one.state.label) for one in found] == [
        ("late", "逾期未公开"),
        ("sooner", "未到期"),
        ("open", "未到期"),
        ("untold", "算不出来，请人工核对"),
    ]


def test_late_entries_are_found_the_worst_first() -> None:
    found = amiss(ENTRIES, BOOK, date(2026, 3, 10))
    assert [(one.entry.key, one.over, one.state.label) for one in found] == [
        ("late", 28, "逾期未公开"),
        ("short", 14, "公开天数不足"),
        ("missed", 4, "逾期公开"),
        ("odd", 0, "日期有误，请核对"),
    ]


def test_every_state_has_a_label_and_every_clock_a_row() -> None:
    assert all(re.search("[\u4e00-\u9fff]", one.label) for one in State)
    assert {row.clock for row in BOOK.deadlines} == set(CLOCKS)


def test_rows_written_before_clocks_still_count() -> None:
    old = Deadline("D20", "二十个工作日", "条例第二十六条", 20, "workday")
    assert due("D20", date(2026, 1, 30), with_row(old)).last == date(2026, 3, 5)
    words = Deadline("Q", "按季度", "本机关规定")
    assert due("Q", date(2026, 1, 30), with_row(words)).last is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"count": 5, "unit": "week"}, "unit 应当是"),
        ({"clock": "weekly"}, "clock 应当是 within、lasting"),
        ({"count": 5}, "count 应当是 1 到 1000，并且和 unit 一起写"),
        ({"unit": "day"}, "count 应当是 1 到 1000，并且和 unit 一起写"),
        ({"count": 1001, "unit": "day"}, "count 应当是 1 到 1000"),
        ({"count": -1, "unit": "day"}, "count 应当是 1 到 1000"),
        ({"clock": "lasting"}, "clock 写 lasting 时要有 count"),
        ({"clock": "lasting", "count": 5, "unit": "hour"}, "unit 应当是 workday 或 day"),
        ({"clock": "year"}, "day 应当写成 01-31 这样"),
        ({"clock": "year", "day": "02-29"}, "day 应当写成 01-31 这样"),
        ({"clock": "year", "day": "04-31"}, "day 应当写成 01-31 这样"),
        ({"day": "01-31"}, "只用于 clock 是 year"),
    ],
)
def test_a_deadline_that_makes_no_sense_is_refused(cells: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Deadline("X", "甲", "乙", **cells)


def test_a_due_that_was_never_counted_has_no_state() -> None:
    assert state(Due(BOOK.clock["D20"], date(2026, 1, 1), ""), date(2026, 1, 1)) == State.untold
