"""Cells that stay text, links, heights, protection, and private files that are gone afterwards."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from gongkai.model.errors import OutputError
from gongkai.service.screening.results import sheets
from gongkai.service.screening.results.drafts import draft, scratch, swept
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, clean, height

HEADS = (Head("甲", 20), Head("乙", 20, Look(open=True)), Head("丙", 8, hidden=True))


def written(path, rows, heads=HEADS):
    with Book(path) as book:
        sheet = book.sheet("表", heads, frozen="B2")
        for row in rows:
            sheet.add(row)
        sheet.protect({"autoFilter": True, "sort": False})
        sheet.close()
        book.save()
    return openpyxl.load_workbook(path)["表"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("关于\x00印\x07发\x1b的通知", "关于印发的通知"),
        ("一\r\n二\t三\r", "一\n二 三"),
        ("文件\u202exslx.exe\u200b\ufeff", "文件xslx.exe"),
        ("坏\ud800字", "坏?字"),
        ("止\uffff", "止"),
        ("𠮷田", "𠮷田"),
        ("长" * 40_000, "长" * 31_999 + "…"),
    ],
)
def test_a_cell_holds_no_control_characters(tmp_path, text, shown):
    assert clean(text) == shown
    assert written(tmp_path / "a.xlsx", [[Cell(text)]])["A2"].value == shown


@pytest.mark.parametrize("value", ['=HYPERLINK("x")', "+86", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1"])
def test_what_looks_like_a_formula_stays_text(tmp_path, value):
    cell = written(tmp_path / "a.xlsx", [[Cell(value)]])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (value, "s", True)


def test_plain_text_and_numbers_keep_their_kind(tmp_path):
    sheet = written(tmp_path / "a.xlsx", [[Cell("通知"), Cell(0.53, Look("0%"))]])
    assert (sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("s", False)
    assert (sheet["B2"].data_type, sheet["B2"].number_format) == ("n", "0%")


def test_only_the_reviewers_cells_are_open(tmp_path):
    sheet = written(tmp_path / "a.xlsx", [[Cell("一"), None]])
    assert sheet.protection.sheet
    assert (sheet.protection.autoFilter, sheet.protection.sort) == (False, True)
    assert sheet["A2"].protection.locked
    assert sheet.column_dimensions["A"].protection.locked
    assert not sheet.column_dimensions["B"].protection.locked
    assert sheet.column_dimensions["C"].hidden
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:C2", "$1:$1")


def test_links_beyond_what_excel_takes_are_plain(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_LINKS", 2)
    sheet = written(tmp_path / "a.xlsx", [[Cell("打开", link=f"../{n}.docx")] for n in range(4)])
    targets = [sheet.cell(row, 1).hyperlink and sheet.cell(row, 1).hyperlink.target for row in range(2, 6)]
    assert targets == ["../0.docx", "../1.docx", None, None]
    assert [sheet.cell(row, 1).value for row in range(2, 6)] == ["打开"] * 4


@pytest.mark.parametrize(
    ("words", "points"),
    [("短", 18), ("十" * 9, 18), ("十" * 10, 32), ("a" * 16, 18), ("一\n二\n三", 46), ("长" * 400, 409)],
)
def test_a_row_is_as_high_as_its_words_up_to_what_excel_allows(words, points):
    assert height([Cell(words)], HEADS) == points


@pytest.mark.parametrize("cell", [Cell("藏" * 400), Cell("长" * 400, Look(wrap=False)), Cell(12), None])
def test_what_is_hidden_or_on_one_line_makes_no_row_higher(cell):
    assert height([None, None, cell], HEADS) == height([cell and replace(cell, value=1)], HEADS) == 18


def test_nothing_is_left_behind_and_nobody_else_can_read(tmp_path):
    path = tmp_path / "a.xlsx"
    with Book(path) as book:
        book.sheet("表", HEADS).add([Cell("一")])
        under_way = list(tmp_path.iterdir())
        assert [file.stat().st_mode & 0o777 for file in under_way] == [0o600]
        book.save()
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_workbook_given_up_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="anders"), Book(tmp_path / "a.xlsx") as book:
        book.sheet("表", HEADS).add([Cell("一")])
        raise ValueError("anders")
    assert list(tmp_path.iterdir()) == []


def test_a_draft_takes_its_place_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.csv"
    with draft(path) as made:
        made.write_text("新", "utf-8")
        assert not path.exists()
    with pytest.raises(KeyError), draft(path) as made:
        made.write_text("半", "utf-8")
        raise KeyError
    assert (path.read_text("utf-8"), len(list(tmp_path.iterdir()))) == ("新", 1)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError, match=r"a\.csv 写不出来"), draft(tmp_path / "没有" / "a.csv"):
        pass


def test_what_a_killed_run_left_is_removed(tmp_path):
    left, other = scratch(tmp_path), tmp_path / "backlog.sqlite"
    other.touch()
    swept(tmp_path)
    assert (left.exists(), other.exists()) == (False, True)


@pytest.mark.parametrize(("seconds", "stays"), [(0.0, False), (3600.0, True)])
@pytest.mark.parametrize("name", [".gongkai-draft-a", ".gongkai-a"])
def test_what_another_run_may_still_write_is_left_to_it(tmp_path, seconds, stays, name):
    (tmp_path / name).touch()
    swept(tmp_path, seconds)
    assert (tmp_path / name).exists() == stays
