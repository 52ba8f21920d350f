"""Lists of what was published, judged: late entries, wrong days, elements that a line is listed without."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from gongkai.model.duties.clocks import State
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.duties.duesheet import late_book
from gongkai.service.duties.lateness import judged, read_list

BOOK, TODAY = Rulebook.load(), date(2026, 4, 28)
HEADS = "标题,文号,发文机关,成文日期,发布日期,时限,目录"
#: Line -> last day counted by hand, state, days over, what it lacks.
LISTED = {
    "关于甲的通知,青发〔2025〕1号,青禾县水务局,2025-01-02,2025-01-20,,": ("2025-02-06", "kept", 0, ""),
    "关于甲的通知,青发〔2025〕1号,青禾县水务局,2025-01-02,2025-02-07,,": ("2025-02-06", "missed", 1, ""),
    "关于甲的通知,青发〔2025〕1号,青禾县水务局,2025年1月2日,2025/3/20,,": ("2025-02-06", "missed", 42, ""),
    "关于甲的通知,青发〔2025〕1号,青禾县水务局,2025-01-02,,,": ("2025-02-06", "late", 446, ""),
    "关于甲的通知,,,2026-04-20,,,": ("2026-05-20", "due", 0, "发文字号、发文机关"),
    "处罚决定,青罚〔2025〕1号,青禾县水务局,2025-01-02,2025-01-14,D7,": ("2025-01-13", "missed", 1, ""),
    "处罚决定,青罚〔2025〕1号,青禾县水务局,2025-01-02,2025-01-13,,G0602": ("2025-01-13", "kept", 0, ""),
    "矿业权公示,青公〔2025〕1号,青禾县水务局,2025-01-02,2025-01-05,P10,": ("2025-01-13", "short", 8, ""),
    "2.关于乙的通知.docx,青发〔2025〕2号,青禾县水务局,2025-01-02,2025-01-01,,": (
        "2025-02-06", "odd", 0, "标题写法（序号、扩展名或者句末标点）",
    ),
    "关于丙的通知,青发〔2025〕3号,青禾县水务局,,2025-01-20,,": ("", "untold", 0, "成文日期"),
    "关于丁的通知,青发〔2009〕3号,青禾县水务局,2009-05-05,2009-05-20,,": ("", "untold", 0, ""),
}  # fmt: skip


def read(*lines, name="清单.csv"):
    return read_list(name, "\n".join(("已公开信息", HEADS, *lines)).encode())


@pytest.mark.parametrize("line", list(LISTED))
def test_a_line_against_its_term(line):
    (one,) = judged(read(line), BOOK, TODAY)
    last = one.due.last.isoformat() if one.due and one.due.last else ""
    assert (last, one.state.value, one.over, "、".join(one.lacks)) == LISTED[line]
    assert one.amiss is (one.state in (State.late, State.missed, State.short, State.odd))


def test_the_same_list_as_a_workbook():
    book = openpyxl.Workbook()
    book.active.append(HEADS.split(","))
    for line in LISTED:
        book.active.append(line.split(","))
    made = io.BytesIO()
    book.save(made)
    found = judged(read_list("清单.xlsx", made.getvalue()), BOOK, TODAY)
    assert [one.state.value for one in found] == [expected[1] for expected in LISTED.values()]


def test_the_report_has_the_late_ones_first_and_all_behind():
    book = openpyxl.load_workbook(io.BytesIO(late_book(judged(read(*LISTED), BOOK, TODAY))))
    assert book.sheetnames == ["超期补录", "全部"]
    assert [book["超期补录"].max_row, book["全部"].max_row] == [7, len(LISTED) + 1]


def test_a_title_is_no_formula():
    book = openpyxl.load_workbook(io.BytesIO(late_book(judged(read("=1+1,,,2025-01-02,,,"), BOOK, TODAY))))
    assert (book["全部"]["B2"].value, book["全部"]["B2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("清单.csv", b"a,b\n1,2", "没有找到表头"),
        ("清单.csv", "标题,发布日期\n甲,2025-01-02".encode(), "没有找到表头"),
        ("清单.xlsx", b"nothing", "清单读不出来"),
        ("清单.csv", b"a," * 1000 + b"b" * 140_000, "有一格太长"),
    ],
)
def test_what_is_no_such_list_is_refused(name, data, why):
    with pytest.raises(RequestError, match=why):
        read_list(name, data)


def test_an_unknown_code_is_refused():
    with pytest.raises(RequestError, match="D99"):
        judged(read("甲,,,2025-01-02,,D99,"), BOOK, TODAY)


def test_a_title_of_marks_only_is_read_in_one_go():
    """Each mark was once tried as the beginning of the end: minutes for a cell of a megabyte."""
    (one,) = judged(read("甲" + "。" * 100_000 + "乙,,,2025-01-02,,,"), BOOK, TODAY)
    assert not any("写法" in lack for lack in one.lacks)


@pytest.mark.parametrize("day", ["9999-12-31", "0000-00-00", "0001-01-01", "2026-02-31", "1899-12-31", "2200-01-01"])
def test_days_that_nothing_can_be_counted_from(day):
    (one,) = judged(read(f"甲,,,{day},,,"), BOOK, TODAY)
    assert (one.due, one.state.value) == (None, "untold")
