"""The catalog leaves as a workbook and a paper, and comes back unchanged."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from gongkai.service.catalog.exchange import COLUMNS, paper, workbook
from gongkai.service.catalog.items import Chosen, found, items
from gongkai.service.rules.catalogimport import imported
from gongkai.service.rules.checking import problems
from gongkai.service.rules.comparing import changes
from gongkai.service.rules.memory import loaded, shipped


@pytest.fixture(scope="module")
def files():
    return shipped()


@pytest.fixture(scope="module")
def all_items(files):
    return items(loaded(files))


def test_what_went_out_comes_back_unchanged(files, all_items) -> None:
    back = imported("目录.xlsx", workbook(all_items), files)
    assert (back.wrong, back.remarks) == ((), ())
    assert len(back.items) == len(all_items)
    assert [one for one in back.items if one.new or one.columns] == []
    assert changes(files, back.files) == ()


def test_what_somebody_wrote_into_it_is_taken_over(files, all_items) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(found(all_items, Chosen(area="N02")))))
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert list(heads) == [name for name, _ in COLUMNS]
    row = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == "N0207")
    sheet.cell(row, heads["公开时限"]).value = "7个工作日内"
    sheet.cell(row, heads["网站栏目"]).value = "征地公告"
    sheet.cell(row, heads["公开层级"]).value = "县级、村级"
    out = io.BytesIO()
    book.save(out)
    back = imported("目录.xlsx", out.getvalue(), files)
    assert [(one.code, one.columns) for one in back.items if one.columns] == [("N0207", ("deadline", "level", "site"))]
    assert problems(back.files, files) == ()
    changed = loaded(back.files).category["N0207"]
    assert (changed.deadline, changed.site, changed.level) == ("D7", ("征地公告",), "县级、村级")


def test_no_cell_is_a_formula(files, all_items) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(all_items)))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}


def test_the_paper_has_every_item(all_items) -> None:
    told = paper(all_items, "青禾县自然资源局", "2026年11月22日")
    read = docx.Document(io.BytesIO(told))
    names = {row.cells[0].text for table in read.tables for row in table.rows}
    assert {item.row.name for item in all_items} <= names
    assert read.paragraphs[2].text == "青禾县自然资源局　2026年11月22日"
    assert told == paper(all_items, "青禾县自然资源局", "2026年11月22日")
