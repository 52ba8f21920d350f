"""A register of applications: read by its headings, kept once, without any applicant; the same requests found."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import accounts
import openpyxl
import pytest
from sqlalchemy import select
from withheld import AT, kept

from gongkai.model.document import Span
from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.finding import Finding
from gongkai.service.afterwards.candidates import candidates
from gongkai.service.afterwards.extras import told
from gongkai.service.afterwards.register import day, read_lines
from gongkai.service.afterwards.registering import read, sweep, taken
from gongkai.service.afterwards.requestbook import of_clusters, of_requests
from gongkai.service.afterwards.requests import assess, assessed, clusters, everything, known_request, listed
from gongkai.service.afterwards.sweeping import STOPPED, cleaned, swept
from gongkai.service.errors import NotFound
from gongkai.service.store.duties import Application, Passage
from gongkai.service.store.tables import Decided

HEAD = [
    "序号",
    "申请日期",
    "申请人",
    "申请人类别",
    "申请公开的内容（摘要）",
    "答复时间",
    "答复结果",
    "行政复议",
    "行政诉讼",
]
ROWS = [
    ["1", "2026-01-05", "赵一鸣", "公民", "青河路二期征地补偿标准", "2026-01-20", "予以公开", "维持", ""],
    ["2", "2026年2月6日", "", "律师事务所", "申请公开青河路二期征地补偿标准的文件", "2026-02-20", "已主动公开", "", ""],
    ["3", "20260301", "", "企业", "要求公开青河路二期征地的补偿标准", "", "", "", "纠正"],
    ["4", "2026/3/1", "", "", "2025年水利工程招标结果", "2026.3.12", "部分公开", "", ""],
]


class Reader:
    """A crew that finds 赵一鸣 and stops at a secrecy mark."""

    def do(self, order):
        text = order.document.text
        if "机密" in text:
            raise ClassifiedDocument("发现密级标志。")
        at = text.find("赵一鸣")
        return SimpleNamespace(personal=(Finding(Span(at, at + 3), "NAME", 0.9, "test"),) if at >= 0 else ())


def table(rows, head=HEAD):
    held = io.StringIO()
    csv.writer(held).writerows([head, *rows])
    return held.getvalue().encode("gb18030")


def brought(session, rows=ROWS, who="office"):
    made, wrong = read("登记.csv", table(rows))
    told = taken(session, accounts.actor(session, who), sweep(Reader(), made), wrong, at=AT)
    session.flush()
    return told


def test_a_register_is_read_by_its_headings():
    made, wrong = read("登记.csv", table(ROWS))
    assert wrong == []
    assert [(one.number, one.received, one.closed, one.applicant, one.outcome) for one in made] == [
        ("1", "2026-01-05", "2026-01-20", "natural", "granted"),
        ("2", "2026-02-06", "2026-02-20", "legal", "granted"),
        ("3", "2026-03-01", "", "business", ""),
        ("4", "2026-03-01", "2026-03-12", "natural", "partial"),
    ]
    assert [one.extra for one in made] == [{"reviews": ["upheld"]}, {}, {"direct": ["corrected"]}, {}]
    assert all("赵一鸣" not in str(line.cells) for line in read_lines("登记.csv", table(ROWS)))


@pytest.mark.parametrize(
    ("name", "topic", "kept"),
    [
        ("孙可望", "本人孙可望要求公开补偿标准", "本人×××要求公开补偿标准"),
        ("白云", "白云申请公开白云路征收决定", "××申请公开白云路征收决定"),
        ("李", "李家村规划", "李家村规划"),
        ("", "河道规划", "河道规划"),
        ("a.c(", "abc( a.c(", "abc( ××××"),
    ],
)
def test_the_applicant_is_hidden_where_the_topic_names_them(name, topic, kept):
    (line,) = read_lines("登记.csv", table([[*ROWS[0][:2], name, "公民", topic]]))
    assert line["topic"] == kept
    assert "name" not in line.cells


def test_dates_of_a_workbook_and_a_title_above_the_headings():
    book = openpyxl.Workbook()
    for row in (["依申请公开登记表"], HEAD, [7, AT.replace(tzinfo=None), "", "公民", "河道规划", None, None]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    (one,), wrong = read("登记.XLSX", held.getvalue())
    assert (one.number, one.received, one.topic, wrong) == ("7", "2026-03-02", "河道规划", [])


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({0: ""}, "没有编号"),
        ({4: ""}, "没有编号或者申请内容"),
        ({1: "不详"}, "日期不对"),
        ({1: "2026-02-30"}, "日期不对"),
        ({5: "2025-12-31"}, "日期不对"),
        ({3: "外星人"}, "申请人类型"),
        ({6: "随便"}, "办理结果认不出来"),
        ({7: "赢了"}, "复议、诉讼的结果"),
    ],
)
def test_rows_that_cannot_be_taken_are_told(cells, says):
    bad = [cells.get(place, cell) for place, cell in enumerate(ROWS[0])]
    made, (wrong,) = read("登记.csv", table([bad, ROWS[1]]))
    assert [one.number for one in made] == ["2"]
    assert (wrong.row, says in wrong.message) == (2, True)
    assert "征地" not in wrong.message


def test_the_same_number_twice():
    made, (wrong,) = read("登记.csv", table([ROWS[0], ROWS[0]]))
    assert (len(made), wrong.row) == (1, 3)


@pytest.mark.parametrize(
    ("name", "data"), [("登记.pdf", b"x"), ("登记.xlsx", b"x"), ("登记.csv", "甲,乙\n1,2".encode())]
)
def test_what_is_no_register(name, data):
    with pytest.raises(RequestError):
        read(name, data)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-3-5", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("三月", ""),
        ("", ""),
    ],
)
def test_days_as_registers_write_them(written, iso):
    assert day(written) == iso


def test_kept_once_and_brought_up_to_date(session):
    assert (brought(session).added, brought(session).same) == (4, 4)
    later = [ROWS[0], [*ROWS[2][:5], "2026-03-12", "国家秘密", "", ""]]
    told = brought(session, later)
    assert (told.added, told.changed, told.same) == (0, 1, 1)
    row = session.scalar(select(Application).where(Application.number == "3"))
    assert (row.outcome, row.closed, row.extra) == ("denied_secret", "2026-03-12", {})
    assert brought(session, ROWS[:1], who="reviewer").added == 1  # another unit has numbers of its own


EXTRA = ["是否延期", "征求第三方意见天数", "是否按期答复", "复议日期"]


@pytest.mark.parametrize(
    ("cells", "extra"),
    [
        (
            ["是", "12", "按期", "2026-02-03"],
            {"extended": True, "paused": 12, "in_time": True, "disputed": "2026-02-03"},
        ),
        (["否", "15天", "逾期", ""], {"extended": False, "paused": 15, "in_time": False}),
        (["", "", "", ""], {}),
        (["也许", "", "", ""], "是否延期"),
        (["", "几天", "", ""], "扣除天数"),
        (["", "", "差不多", ""], "是否按时答复"),
        (["", "", "", "春天"], "复议诉讼日期"),
    ],
)
def test_terms_and_disputes_come_with_the_register(cells, extra):
    made, wrong = read("登记.csv", table([[*ROWS[3], *cells]], [*HEAD, *EXTRA]))
    assert [one.extra for one in made] == ([extra] if isinstance(extra, dict) else [])
    assert all(str(extra) in one.message for one in wrong) and len(made) + len(wrong) == 1


def test_what_the_register_says_again_goes_before_what_it_said(session, rules):
    def now(*cells):
        made, wrong = read("登记.csv", table([[*ROWS[0], *cells]], [*HEAD, *EXTRA]))
        taken(session, accounts.actor(session, "office"), sweep(Reader(), made), wrong, at=AT)
        session.flush()
        return session.scalar(select(Application).where(Application.number == "1"))

    row = now("是", "9", "", "")
    assert told(row.extra) == ("延期答复", "扣除 9 天", "行政复议：结果维持")
    assess(session, rules, accounts.actor(session, "office"), [row], "stay", "一事一议", at=AT)
    row = now("", "", "逾期", "2026-02-03")
    assert told(row.extra) == ("逾期", "行政复议：结果维持", "复议诉讼日期 2026-02-03")
    assert row.extra["why"] == "一事一议"


def test_a_number_that_is_somebodys_keeps_its_row_out(session):
    done = brought(session, [ROWS[1], ["赵一鸣-3", *ROWS[0][1:]]])
    assert (done.added, [one.row for one in done.wrong]) == (1, [3])
    assert "赵一鸣" not in done.wrong[0].message


def test_nothing_is_given_out_beside_a_secrecy_mark():
    assert cleaned(Reader(), ["联系人赵一鸣", ""]) == ["联系人×××", ""]
    with pytest.raises(ClassifiedDocument):
        cleaned(Reader(), ["值班表", "机密文件一份"])


def test_topics_hold_no_personal_data():
    assert swept(Reader(), ["本人赵一鸣申请河道规划", "值班表", ""]) == ["本人×××申请河道规划", "值班表", ""]
    assert swept(Reader(), ["值班表", "机密文件一份", "河道规划"]) == ["值班表", STOPPED, "河道规划"]
    assert len(swept(Reader(), ["值班表"] * 250)) == 250


def test_what_is_asked_for_often(session):
    brought(session)
    office = accounts.actor(session, "office")
    (often,) = clusters(session, office, AT)
    assert (often.words, len(often.requests), often.granted, len(often.open)) == ("青河路二期征地", 3, 2, 3)
    assert len(clusters(session, office, AT, least=1)) == 2
    assert clusters(session, office, AT.replace(year=2029)) == ()
    assert clusters(session, accounts.actor(session, "reviewer"), AT) == ()


def test_a_frequent_request_is_turned_into_disclosure(session, rules):
    document = kept(session, rules, "青河路二期征地补偿标准的复函", decided="on_request", reason="A-01", at=AT)
    brought(session)
    office = accounts.actor(session, "office")
    (often,) = clusters(session, office, AT)
    assert assessed(session, often.requests[0], 3).verdict == "convert"
    assert [row.id for row in candidates(session, office, often.words)] == [document.id]
    assess(session, rules, office, often.requests, "convert", "多人申请，可以公开", document.id, at=AT)
    session.flush()
    made = session.scalars(select(Decided).where(Decided.document == document.id).order_by(Decided.at)).all()[-1]
    assert (made.attribute, made.reason, made.basis, made.note) == (
        "proactive", "P-44", "条例第四十四条", "多人申请，可以公开",
    )  # fmt: skip
    assert session.get(Passage, document.id).state == "signed"
    assert clusters(session, office, AT)[0].open == ()
    assert listed(session, office, state="open")[0].number == "4"
    assert [row.number for row in listed(session, office, words="招标")] == ["4"]
    assert assessed(session, often.requests[0], 3).verdict == "public"


def test_assessments_that_are_refused(session, rules):
    brought(session)
    office, other = accounts.actor(session, "office"), accounts.actor(session, "reviewer")
    row = session.scalar(select(Application).where(Application.number == "1"))
    for verdict, why in (("burn", "理由"), ("stay", " ")):
        with pytest.raises(RequestError):
            assess(session, rules, office, [row], verdict, why, at=AT)
    with pytest.raises(NotFound):
        assess(session, rules, office, [row], "convert", "理由", "f" * 32, at=AT)
    with pytest.raises(NotFound):
        known_request(session, other, row.id)
    assert row.assessed == ""


def test_the_register_and_its_topics_as_workbooks(session, rules):
    brought(session)
    office = accounts.actor(session, "office")
    rows = everything(session, office)
    assess(session, rules, office, rows[-1:], "stay", "一事一议", at=AT)
    made = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(of_requests(rows))).active]
    assert made[-1][3:] == ["自然人", "青河路二期征地补偿标准", "予以公开", "行政复议：结果维持", "不转", "一事一议"]
    made = openpyxl.load_workbook(io.BytesIO(of_clusters(clusters(session, office, AT)))).active
    assert [cell.value for cell in made[2]] == ["青河路二期征地", 3, 2, 2, "2026-03-01", "1、2、3"]
