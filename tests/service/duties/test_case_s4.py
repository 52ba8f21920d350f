"""A real work plan's task table (临淄区自然资源局, 2023, as its site gives it): 25 tasks into the ledger, with their
deadlines and units, and the catalog update that follows from it as a draft."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import accounts
import docx
import openpyxl
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.duties import catalogupdates, ledger
from gongkai.service.duties.taskplan import tasks
from gongkai.service.readers import read_bytes
from gongkai.service.rules import versions
from gongkai.service.rules.catalogimport import CATALOG
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.rows import row_of
from gongkai.service.settings import Settings

PLAN = Path(__file__).with_name("plan_2023.txt").read_bytes()
BOOK, AT = Rulebook.load(), datetime(2023, 5, 8, 2, tzinfo=UTC)
ISSUED, TODAY = date(2023, 5, 4), date(2023, 5, 8)
NAME = "2023年政务公开工作方案"

#: Number, kind of term, last day (of working days counted by hand: 2023-05-06 was worked), lead, item of the catalog.
EXPECTED = """
1  prompt   -          财审科                     G0704
2  within   -          人事科                     G11
3  within   -          信访室                     G18
4  by       2023-10-31 办公室                     G19
5  within   2023-05-31 办公室                     G19
6  by       2023-10-31 办公室                     G0303
7  standing -          办公室                     -
8  standing -          办公室、法规科、行政许可科 -
9  standing -          法规科、办公室             G0104
10 standing -          办公室、法规科             G0104
11 standing -          文件起草科室               -
12 standing -          文件起草科室               G0104
13 standing -          重大政策起草科室           -
14 standing -          办公室                     G18
15 standing -          法规科                     G15
16 within   -          重大行政决策承办科室       G0106
17 by       2023-12-31 重大行政决策承办科室       G0107
18 by       2023-12-31 政策法规科                 -
19 standing -          办公室                     G19
20 standing -          办公室                     G19
21 standing -          办公室、耕保科             G19
22 standing -          国土资源保障中心           G19
23 standing -          办公室                     -
24 standing -          办公室                     G19
25 standing -          办公室                     -
"""
ROWS = [line.split() for line in EXPECTED.strip().splitlines()]


def planned():
    return ledger.planned(tasks(read_bytes(PLAN, "方案.txt").text), BOOK, ISSUED, TODAY)


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


def test_all_tasks_with_their_terms_units_and_items():
    found = planned()
    told = [(str(one.place), one.term.kind, one.due or "-", one.responsible.partition("牵头")[0]) for one in found]
    assert told == [tuple(row[:4]) for row in ROWS]
    sure = {row[0]: row[4] for row in ROWS if row[4] != "-"}
    assert {str(one.place): one.category for one in found if str(one.place) in sure} == sure


def test_merged_cells_are_filled_in():
    found = {one.place: one for one in planned()}
    assert found[3].task == "推进绿色低碳高质量发展信息公开—围绕解决群众急难愁盼问题强化公开"
    assert found[16].task == "推进更高水平决策公开—深入推动重大行政决策全过程公众参与"
    assert found[22].task == "推进政务公开规范化建设—扎实推进基层政务公开"
    assert found[14].responsible == "办公室牵头，舆情涉及科室配合"


def _cells():
    """The table as rows of six cells; a merged one is empty below its first."""
    lines = [line.strip() for line in PLAN.decode().splitlines()]
    for one in planned():
        here = [place for place, line in enumerate(lines) if line == str(one.place)]
        at = next(place for place in here if one.requirement in lines[place : place + 6])
        end = lines.index(one.requirement, at)
        names = (["", ""] + [name for name in lines[at + 1 : end] if name])[-2:]
        yield [str(one.place), *names, *lines[end : end + 3]]


def _as_docx():
    paper = docx.Document()
    paper.add_paragraph("2023年政务公开重点工作任务分解表")
    table = paper.add_table(1, 6)
    for cell, name in zip(
        table.rows[0].cells, ("序号", "工作任务", "", "工作要求", "责任单位", "时限要求"), strict=True
    ):
        cell.text = name
    table.rows[0].cells[1].merge(table.rows[0].cells[2])
    for row in _cells():
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()


def _as_xlsx():
    book = openpyxl.Workbook()
    book.active.append(["2023年政务公开重点工作任务分解表"])
    book.active.append(["序号", "工作任务", None, "工作要求", "责任单位", "时限要求"])
    for row in _cells():
        book.active.append(row)
    book.active.merge_cells("B2:C2")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(("name", "make"), [("方案.docx", _as_docx), ("方案.xlsx", _as_xlsx)])
def test_the_same_table_in_other_formats(name, make):
    found = tasks(read_bytes(make(), name).text)
    expected = tasks(read_bytes(PLAN, "方案.txt").text)
    assert [(one.place, one.requirement, one.responsible, one.deadline) for one in found] == [
        (one.place, one.requirement, one.responsible, one.deadline) for one in expected
    ]
    assert [one.task for one in found] == [one.task for one in expected]


def test_the_plan_becomes_ledger_rows_and_a_catalog_draft(session):
    office = accounts.actor(session, "office")
    assert ledger.bring(session, office, NAME, planned(), at=AT) == 25
    session.flush()
    duties = ledger.listed(session, office, ledger.Filter(source=NAME), TODAY)
    assert [one.due for one in duties][:5] == ["2023-05-31", "2023-10-31", "2023-10-31", "2023-12-31", "2023-12-31"]
    found = {one.code: one for one in catalogupdates.updates(duties, BOOK)}
    assert found["G0704"].deadline == ("每年3月31日前", "及时/实时")
    assert found["G0704"].legal.startswith("保障中小企业款项支付条例")
    assert found["G0104"].publisher == ("没有", "法规科、办公室、文件起草科室")
    assert found["G11"].deadline is None  # it has 20 working days already
    wanted = set(found) - {"G0704"}
    number = catalogupdates.drafted(session, office, Settings(), found.values(), wanted, NAME, at=AT)
    made = versions.version(session, Settings(), number)
    assert made.editable
    assert row_of(made.files[CATALOG], "category", "G18").values["publisher"] == "信访室、办公室"
    assert row_of(made.files[CATALOG], "category", "G0704").values["deadline"] == "Y0331"
    assert made.files.keys() == shipped().keys()
