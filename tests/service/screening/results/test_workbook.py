"""The worklist as reviewers open it: sheets, drop-downs, links, colours; in LibreOffice too."""

from __future__ import annotations

import shutil
import subprocess

import openpyxl
import pytest
from backlogs import HOSTILE, filled

from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.results import outputs, workbook
from gongkai.service.screening.results.worklist import COLUMNS, REVIEWERS, SECRET

RULES = Rulebook.load()
MADE = "2026-03-05T10:20:30"
AT = {column.key: index for index, column in enumerate(COLUMNS)}
PILES = ("逐件决定", "快速确认", "停止处理")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backlog") / "out"
    with filled(folder, 120, decisions=10) as store:
        outputs.write(store, folder, MADE, rules=RULES)
    return folder


@pytest.fixture(scope="module")
def book(out):
    return openpyxl.load_workbook(out / "worklist.xlsx")


def rows(book, sheet):
    return [[cell.value for cell in row] for row in book[sheet].iter_rows(min_row=2)]


def all_rows(book):
    return [row for sheet in PILES for row in rows(book, sheet)]


def test_the_sheets_and_their_headings(book):
    assert book.sheetnames == ["说明", *PILES, "没读成的文件", "选项"]
    assert book["选项"].sheet_state == "hidden"
    for sheet in PILES:
        assert [cell.value for cell in book[sheet][1]] == [column.header for column in COLUMNS]
        assert (book[sheet].freeze_panes, book[sheet].auto_filter.ref) == ("C2", f"A1:AD{book[sheet].max_row}")


def test_every_record_has_its_row_once(book):
    keys = [row[AT["digest"]] for row in all_rows(book)]
    assert len(keys) == len(set(keys)) == 120
    for sheet in PILES:
        assert [row[AT["rank"]] for row in rows(book, sheet)] == list(range(1, len(rows(book, sheet)) + 1))


def test_hostile_titles_stay_text(book):
    titles = [row[AT["title"]] for row in all_rows(book)]
    assert titles.count(HOSTILE) == 1
    kinds = {cell.data_type for sheet in PILES for row in book[sheet].iter_rows() for cell in row}
    assert "f" not in kinds


def test_drop_downs_offer_what_may_be_decided(book):
    sheet = book["逐件决定"]
    found = {str(rule.sqref).split(":")[0].rstrip("2"): rule for rule in sheet.data_validations.dataValidation}
    letters = {column.key: openpyxl.utils.get_column_letter(AT[column.key] + 1) for column in REVIEWERS}
    assert set(found) == {letters[key] for key in ("decision", "reason", "category", "whole", "at")}
    assert found[letters["decision"]].formula1 == '"主动公开,依申请公开,不予公开"'
    assert found[letters["reason"]].formula1.startswith("'选项'!$A$1:$A$")
    strict = {key: found[letters[key]].showErrorMessage for key in ("decision", "whole", "at", "reason", "category")}
    assert strict == {"decision": True, "whole": True, "at": True, "reason": False, "category": False}


def test_only_reviewers_cells_can_be_written_and_only_a_leader_may_decide_for_its_group(book):
    for sheet in PILES:
        assert book[sheet].protection.sheet
        for row in book[sheet].iter_rows(min_row=2):
            open_cells = {COLUMNS[cell.column - 1].key for cell in row if not cell.protection.locked}
            leads = "组长" in (row[AT["group"]].value or "")
            assert open_cells == {c.key for c in REVIEWERS if c.key != "whole" or leads}
    assert any("组长" in (row[AT["group"]] or "") for row in all_rows(book))


def test_links_lead_to_the_files_and_never_to_a_secret_one(book):
    for sheet in PILES:
        for row in book[sheet].iter_rows(min_row=2):
            link = row[AT["open"]].hyperlink
            assert (link is None) == (row[AT["remarks"]].value == SECRET)
            assert link is None or link.target.endswith((".docx", ".zip"))


def test_decisions_made_so_far_stand_in_the_columns(book):
    done = [row for row in all_rows(book) if row[AT["decision"]]]
    assert len(done) == 10
    assert {row[AT["by"]] for row in done} == {"赵一鸣"}


def test_files_that_gave_nothing_have_their_reason(book):
    assert rows(book, "没读成的文件")[0] == [
        1, "档案/坏/0.pdf", "打开", "文件已加密", "文件设有密码，请解除密码后再处理。",
    ]  # fmt: skip
    assert len(rows(book, "没读成的文件")) == 4


def test_the_first_sheet_counts_what_follows(book):
    told = {row[0].value: row[1].value for row in book["说明"].iter_rows() if len(row) > 1}
    assert told["生成时间"] == "2026-03-05 10:20"
    assert told["共有"].startswith("139 个文件，120 件记录：")
    assert told["工作量"].endswith("已有决定 10 件。")


def test_empty_piles_say_so(tmp_path):
    with filled(tmp_path, 0) as store:
        outputs.write(store, tmp_path, MADE, rules=RULES)
    book = openpyxl.load_workbook(tmp_path / "worklist.xlsx")
    assert [rows(book, sheet)[0][1] for sheet in PILES] == ["（没有这一类文件）"] * 3
    assert all(len(rows(book, sheet)) == 1 for sheet in PILES)


def test_a_pile_too_long_for_a_sheet_goes_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    with filled(tmp_path, 60) as store:
        outputs.write(store, tmp_path, MADE, rules=RULES)
    book = openpyxl.load_workbook(tmp_path / "worklist.xlsx")
    parts = [name for name in book.sheetnames if name.startswith("快速确认")]
    assert parts[:2] == ["快速确认", "快速确认2"]
    assert [len(rows(book, name)) for name in parts[:-1]] == [20] * (len(parts) - 1)
    assert len({row[AT["digest"]] for name in book.sheetnames[1:] for row in rows(book, name) if len(row) > 20}) == 60


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_it_and_keeps_what_matters(out, tmp_path, book):
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(out / "worklist.xlsx")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "Error" not in done.stdout + done.stderr
    again = openpyxl.load_workbook(tmp_path / "worklist.xlsx")
    for sheet in PILES:
        assert rows(again, sheet) == rows(book, sheet)
        assert again[sheet].protection.sheet
        assert len(again[sheet].data_validations.dataValidation) == 5
