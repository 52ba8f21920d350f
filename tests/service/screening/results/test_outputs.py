"""All outputs together: private, whole or not at all, and never over what a reviewer filled in."""

from __future__ import annotations

import openpyxl
import pytest
from backlogs import decision, digest, filled, path

from gongkai.model.errors import OutputError
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Failure, Locator, Part
from gongkai.service.screening.results import outputs
from gongkai.service.screening.results.drafts import scratch
from gongkai.service.screening.results.worklist import COLUMNS

RULES = Rulebook.load()
MADE = "2026-03-05T10:20:30"
NAMES = {"worklist.xlsx", "report.html", "results.csv", "results.jsonl", "publish.xlsx"}


def made(folder):
    return {file.name for file in folder.iterdir() if not file.name.startswith("backlog.sqlite")}


def column(sheet, key):
    index = [c.key for c in COLUMNS].index(key) + 1
    return {sheet.cell(row, index).row: sheet.cell(row, index) for row in range(2, sheet.max_row + 1)}


@pytest.fixture
def store(tmp_path):
    with filled(tmp_path, 40) as opened:
        yield opened


def test_everything_is_written_for_its_owner_alone(store, tmp_path):
    scratch(tmp_path)
    outputs.write(store, tmp_path, MADE, rules=RULES)
    assert made(tmp_path) == NAMES
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in NAMES} == {0o600}


def test_the_same_store_gives_the_same_table(store, tmp_path):
    outputs.write(store, tmp_path, MADE, rules=RULES)
    before = [(tmp_path / name).read_bytes() for name in ("results.csv", "results.jsonl", "report.html")]
    outputs.write(store, tmp_path, MADE, rules=RULES)
    assert [(tmp_path / name).read_bytes() for name in ("results.csv", "results.jsonl", "report.html")] == before
    assert made(tmp_path) == NAMES


def test_a_worklist_that_somebody_filled_in_is_never_replaced(store, tmp_path):
    outputs.write(store, tmp_path, MADE, rules=RULES)
    for time in (1, 2):
        book = openpyxl.load_workbook(tmp_path / "worklist.xlsx")
        next(iter(column(book["快速确认"], "note").values())).value = f"看过{time}"
        book.save(tmp_path / "worklist.xlsx")
        outputs.write(store, tmp_path, MADE, rules=RULES)
    assert made(tmp_path) == NAMES | {"worklist-filled-1.xlsx", "worklist-filled-2.xlsx"}
    kept = openpyxl.load_workbook(tmp_path / "worklist-filled-2.xlsx")
    assert next(iter(column(kept["快速确认"], "note").values())).value == "看过2"
    assert "worklist-filled-2.xlsx" in (tmp_path / "report.html").read_text("utf-8")


def test_decisions_come_back_on_the_next_worklist_but_not_while_reviewers_differ(store, tmp_path):
    agreed, disputed = digest(1), digest(2)
    store.add_decisions([decision(agreed, 0), decision(disputed, 0)])
    store.add_decisions([type(decision(disputed))(disputed, "withheld", "钱二", "2026-03-06", "W-167")])
    outputs.write(store, tmp_path, MADE, rules=RULES)
    book = openpyxl.load_workbook(tmp_path / "worklist.xlsx")
    told = {}
    for sheet in ("逐件决定", "快速确认"):
        keys, decided = column(book[sheet], "digest"), column(book[sheet], "decision")
        told |= {keys[row].value: decided[row].value for row in keys}
    assert (told[agreed], told[disputed]) == ("主动公开", None)
    assert "1 件</b><span>几位审查人意见不同" in (tmp_path / "report.html").read_text("utf-8")
    listed = openpyxl.load_workbook(tmp_path / "publish.xlsx")
    published = {row[-1].value for sheet in listed for row in sheet.iter_rows(min_row=2)}
    assert (agreed in published, disputed in published) == (True, False)


def test_files_that_are_gone_are_no_failures_any_more(store, tmp_path):
    part = Part(Locator(tmp_path / "新.pdf"))
    store.put_file(part, 2, "", failure=Failure("encrypted", "文件设有密码。"))
    outputs.write(store, tmp_path, MADE, run=2, rules=RULES)
    sheet = openpyxl.load_workbook(tmp_path / "worklist.xlsx")["没读成的文件"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [str(tmp_path / "新.pdf")]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_changes(store, tmp_path, monkeypatch):
    outputs.write(store, tmp_path, MADE, rules=RULES)
    before = {name: (tmp_path / name).read_bytes() for name in NAMES}

    def full(*_, **__):
        raise OSError(28, "")

    monkeypatch.setattr(outputs.exports.Lines, "add", full)
    with pytest.raises(OutputError, match="磁盘没有满"):
        outputs.write(store, tmp_path, "2027-01-01", rules=RULES)
    assert {name: (tmp_path / name).read_bytes() for name in NAMES} == before
    assert made(tmp_path) == NAMES


def test_paths_of_secret_records_are_told_and_no_link_leads_there(store, tmp_path):
    outputs.write(store, tmp_path, MADE, rules=RULES)
    sheet = openpyxl.load_workbook(tmp_path / "worklist.xlsx")["停止处理"]
    files, opened = column(sheet, "files"), column(sheet, "open")
    secret = [row for row in files if files[row].value == path(7)]
    assert len(secret) == 1
    assert opened[secret[0]].hyperlink is None
