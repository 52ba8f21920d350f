"""The commands decisions and sample from end to end: what they write, what they say, how they end."""

from __future__ import annotations

import argparse
import json
import os
import shutil

import openpyxl
import pytest
from backlogs import digest, filled

from gongkai.model.errors import RequestError
from gongkai.service.commands import decisions as decidecli
from gongkai.service.screening.decisions.conflicts import conflicts
from gongkai.service.screening.decisions.sampling import SHEET, sample
from gongkai.service.screening.decisions.status import RENEW
from gongkai.service.screening.records import Decision
from gongkai.service.screening.results.drafts import PREFIX
from gongkai.service.screening.store import Store
from gongkai.service.settings import Settings


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A backlog to copy: making one takes longer than a test."""
    folder = tmp_path_factory.mktemp("made")
    filled(folder, 60).close()
    return folder


@pytest.fixture
def out(made, tmp_path):
    return shutil.copytree(made, tmp_path / "结果")


@pytest.fixture
def run(capsys):
    def run(*words: object) -> tuple[int, str]:
        top = argparse.ArgumentParser()
        commands = top.add_subparsers()
        decidecli.options(commands.add_parser("decisions"))
        decidecli.sample_options(commands.add_parser("sample"))
        fine = decidecli.run(top.parse_args([str(word) for word in words]), Settings())
        return fine, capsys.readouterr().out

    return run


def sheet_of(path, rows):
    book = openpyxl.Workbook()
    book.active.title = "逐件决定"
    for row in (("记录编号", "决定", "理由", "审查人"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_import_tells_every_refused_cell_and_keeps_the_rest(run, out, tmp_path):
    rows = [(digest(2), "主动公开", "", ""), (digest(3), "不予公开", "", ""), (digest(4), "公开", "", "")]
    fine, told = run("decisions", "import", out, sheet_of(tmp_path / "清单.xlsx", rows), "--by", "赵一鸣")
    lines = told.splitlines()
    assert (fine, lines[0]) == (False, "新的决定 1 件，先前已有 0 件，填得不对 2 处。")
    assert lines[1].startswith("清单.xlsx 逐件决定!C3：不予公开须写明理由")
    assert lines[2].startswith("清单.xlsx 逐件决定!B4：决定只能是")
    assert lines[3:] == ["改正以后把整份文件再导入一次，已经导入的不会重复。", RENEW]
    again = run("decisions", "import", out, sheet_of(tmp_path / "清单.xlsx", rows[:1]), "--by", "赵一鸣")
    assert again == (True, "新的决定 0 件，先前已有 1 件，填得不对 0 处。\n")
    assert "共 60 件，已决定 1 件。" in run("decisions", "status", out)[1]


def test_conflicts_are_listed_written_and_settled(run, out, tmp_path):
    with Store(out) as store:
        store.add_decisions([Decision(digest(3), label, by, "2026-11-22") for by, label in BOTH])
    fine, told = run("decisions", "conflicts", out, "-o", tmp_path / "议.xlsx")
    assert (fine, told.splitlines()[0]) == (True, "意见不一致 1 件。")
    assert "kappa" in told
    book = openpyxl.load_workbook(tmp_path / "议.xlsx")
    heads = {cell.value: cell.column for cell in book["意见不一致"][1]}
    book["意见不一致"].cell(2, heads["决定"], "依申请公开")
    book.save(tmp_path / "议.xlsx")
    assert run("decisions", "import", out, tmp_path / "议.xlsx", "--by", "会商")[0]
    with Store(out) as store:
        assert conflicts(store) == []


BOTH = (("甲", "proactive"), ("乙", "on_request"))


def test_draw_audit_estimate(run, out):
    _, told = run("sample", "draw", out, "--precision", "0.1", "--seed", "5")
    name = told.split()[1].split("（")[0]
    path = out / "samples" / f"{name}.xlsx"
    assert f"gongkai decisions import {out} {path}" in told
    assert "停止处理 0 件" not in told
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "还没有抽查的决定" in run("sample", "estimate", out)[1]
    with Store(out) as store:
        machine = sample(store).machine
    book = openpyxl.load_workbook(path)
    heads = {cell.value: cell.column for cell in book[SHEET][1]}
    for place in range(2, book[SHEET].max_row + 1):
        label = machine[book[SHEET].cell(place, heads["记录编号"]).value]
        for head, value in {"决定": label, "理由": "尚在讨论", "审查人": "审计人"}.items():
            book[SHEET].cell(place, heads[head], value)
    book.save(path)
    assert run("decisions", "import", out, path)[0]
    told = run("sample", "estimate", out)[1]
    assert "错 0，差错率 0.0%" in told
    assert "快速确认：40 件" in told
    assert json.loads(run("sample", "estimate", out, "--json")[1])["left"]["proactive"]["low"] == 0


def test_export_and_order(run, out, tmp_path):
    (tmp_path / "order.json").write_text(
        json.dumps({"reviewed": 1, "recall_reached": 0.4, "stop": False, "order": []}), "utf-8"
    )
    assert "估计已经找到 40%" in run("decisions", "order", out, tmp_path / "order.json")[1]
    assert "主动学习：已审 1 件" in run("decisions", "status", out)[1]
    with Store(out) as store:
        store.add_decisions([Decision(digest(2), "proactive", "甲", "2026-11-22")])
    (tmp_path / f"{PREFIX}killed").write_text("青禾县人民政府", "utf-8")
    os.utime(tmp_path / f"{PREFIX}killed", (0, 0))
    told = run("decisions", "export", out, "-o", tmp_path / "决定.jsonl")[1]
    assert not list(tmp_path.glob(f"{PREFIX}*"))
    assert "写出 0 件" in told
    assert "没有写出 1 件：" in told
    assert sorted(p.name for p in out.iterdir() if p.name.startswith(".spool")) == []


def test_a_folder_without_results_is_not_made_one(run, tmp_path):
    with pytest.raises(RequestError, match="没有筛查结果"):
        run("decisions", "status", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [("--precision", "0"), ("--precision", "准"), ("--confidence", "95"), ("--pile", "x")]
)
def test_wrong_options(run, out, wrong):
    with pytest.raises(SystemExit):
        run("sample", "draw", out, *wrong)
