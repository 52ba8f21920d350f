"""What comes out can be filled in and comes back in; what is wrong is told cell by cell."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits
from gongkai.service.review import exporting, filling
from gongkai.service.review.child import Rows, done
from gongkai.service.review.judging import SUGGESTED, Verdict, decide_all
from gongkai.service.screening.decisions.filled import read_filled
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.store.tables import Backlog, Decided, Kept, Screened


@pytest.fixture
def export(database, brought, rules, clock, tmp_path):
    """Write the backlog as one format; the path."""

    def written(format):
        with database.reading() as session:
            exporting.write(session, session.get(Backlog, brought.backlog), rules, format, tmp_path, clock())
        return tmp_path / exporting.FORMATS[format]

    return written


def fill(path, changes):
    """Write cells of a worklist: {row of 逐件决定: {heading: value}}."""
    book = openpyxl.load_workbook(path)
    sheet = book["逐件决定"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row, cells in changes.items():
        for head, value in cells.items():
            sheet.cell(row, heads[head]).value = value
    book.save(path)
    return path


def take_in(database, brought, rules, actor, path, clock):
    with database.reading() as session:
        backlog = session.get(Backlog, brought.backlog)
    return filling.take_in(database, rules, actor, backlog, list(read_filled(path)), clock)


def decide(database, rules, actor, clock, count):
    """Decide the first of the pile as suggested."""
    with database.reading() as session:
        found = session.scalars(select(Kept.id).where(Kept.pile == "decide").order_by(Kept.rank).limit(count)).all()
    decide_all(database, rules, actor, found, Verdict(SUGGESTED), clock)


def test_a_filled_worklist_is_decided_once(database, brought, people, rules, export, clock):
    path = fill(
        export("xlsx"),
        {
            2: {"决定": "不予公开", "理由": "W-167 过程性信息", "备注": "看过"},
            3: {"决定": "依申请公开", "理由": "A-02", "审查人": "钱多文"},
            4: {"决定": "也许"},
            5: {"理由": "W-167"},
            6: {"决定": "不予公开", "理由": "A-02"},
            7: {"决定": "主动公开", "审查人": "孙可望"},
            8: {"决定": "主动公开", "标题": "别的标题"},
        },
    )
    first = take_in(database, brought, rules, people["reviewer"], path, clock)
    assert (first.new, first.applied, first.known) == (2, 0, 0)
    columns = {
        cell.rstrip("0123456789").rpartition("!")[2] + cell[-1]: message for _, cell, message in map(told, first.wrong)
    }
    assert {key[-1] for key in columns} == {"4", "5", "6", "7", "8"}
    assert "请由本人登录后导入" in next(message for key, message in columns.items() if key.endswith("7"))
    again = take_in(database, brought, rules, people["reviewer"], path, clock)
    assert (again.new, again.known, len(again.wrong)) == (0, 2, 5)
    with database.reading() as session:
        made = session.scalars(select(Decided).order_by(Decided.at)).all()
        assert {(one.attribute, one.reason, one.note) for one in made} == {
            ("withheld", "W-167", "看过"), ("on_request", "A-02", "")
        }  # fmt: skip
        assert all(
            one.source.startswith("worklist.xlsx 逐件决定!") and one.by == people["reviewer"].user for one in made
        )


def told(wrong):
    return wrong.file, wrong.cell, wrong.message


def test_an_export_brought_back_unchanged_says_nothing_new(database, brought, people, rules, export, clock):
    decide(database, rules, people["second"], clock, 8)
    done = take_in(database, brought, rules, people["reviewer"], export("xlsx"), clock)
    assert (done.new, done.known, done.wrong) == (0, 8, ())


def test_a_group_is_decided_by_its_leader(database, brought, people, rules, export, clock):
    path = export("xlsx")
    sheet = openpyxl.load_workbook(path)["逐件决定"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    rows = [(row, str(sheet.cell(row, heads["分组"]).value or "")) for row in range(2, sheet.max_row + 1)]
    row = next(row for row, group in rows if "组长" in group)
    fill(path, {row: {"决定": "主动公开", "适用整组": "是"}})
    result = take_in(database, brought, rules, people["reviewer"], path, clock)
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Kept).where(Kept.decided == "proactive"))
    assert result.new == count == result.applied + 1 > 1


@pytest.mark.parametrize(
    "line,words",
    [
        ({"digest": "sha256:0", "attribute": "proactive"}, "不在这份存量清单里"),
        ({"attribute": "withheld", "reason": "自己写的一句话，没有代码", "note": ""}, ""),
        ({"attribute": "proactive", "sample": "抽样-1"}, "抽样编号"),
    ],
)
def test_lines_of_jsonl(database, brought, people, rules, clock, tmp_path, line, words):
    with database.reading() as session:
        query = select(Kept).where(Kept.attribute == "withheld", Kept.pile == "decide").limit(1)
        kept = session.scalars(query).one()
    path = tmp_path / "decisions.jsonl"
    path.write_text(json.dumps({"digest": kept.digest} | line, ensure_ascii=False), "utf-8")
    result = take_in(database, brought, rules, people["reviewer"], path, clock)
    if words:
        assert (result.new, words in result.wrong[0].message) == (0, True)
        return
    with database.reading() as session:
        made = session.scalars(select(Decided)).one()
        assert (made.reason, made.note) == ("W-167", "自己写的一句话，没有代码")


def test_the_worklist_leads_nowhere_and_holds_every_record(export):
    book = openpyxl.load_workbook(export("xlsx"))
    sheets = [book[name] for name in ("逐件决定", "快速确认", "停止处理")]
    assert sum(sheet.max_row - 1 for sheet in sheets) == 117
    assert not [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_csv_and_jsonl(database, brought, people, rules, export, clock):
    decide(database, rules, people["reviewer"], clock, 3)
    rows = list(csv.DictReader(io.StringIO(export("csv").read_text("utf-8-sig"))))
    assert (len(rows), sum(row["审查人"] == "钱多文" for row in rows)) == (117, 3)
    assert not [cell for row in rows for cell in row.values() if cell.lstrip().startswith(("=", "+", "@"))]
    lines = [json.loads(line) for line in export("jsonl").read_text("utf-8").splitlines()]
    assert (len(lines), sum("decision" in line for line in lines)) == (117, 3)
    assert [line["record"] for line in lines] == [row["记录编号"] for row in rows]


def test_a_format_that_is_none(database, brought, rules, clock):
    with database.reading() as session, pytest.raises(RequestError, match="xlsx、csv"):
        backlog = session.get(Backlog, brought.backlog)
        with exporting.exported(session, backlog, rules, "exe", clock()):
            pass


def test_no_text_is_stored(database, brought):
    with database.reading() as session:
        for one in session.scalars(select(Screened)):
            assert "title" not in one.result
            assert all(len(words) <= 40 for _, words in one.quotes)


@pytest.mark.parametrize("data,name", [(b"not a workbook", "清单.xlsx"), (b"PK\x03\x04broken", "x.xlsx")])
def test_a_broken_workbook_is_told(data, name):
    with pytest.raises(RequestError, match="不是完整的"):
        done(Rows(data, name), Limits(), Caps(30, 10**9))


def test_rows_are_read_in_a_child():
    rows = done(
        Rows(b'{"digest": "sha256:1", "attribute": "proactive"}\nbroken\n', "a.jsonl"), Limits(), Caps(30, 10**9)
    )
    assert [row.file for row in rows] == ["a.jsonl", "a.jsonl"]
    assert rows[0]["decision"] == "proactive" and rows[1].message.startswith("不是一个 JSON")
