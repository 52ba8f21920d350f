"""The command screen: options in, one call, sentences and an exit code out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gongkai.model.errors import RequestError
from gongkai.service import cli
from gongkai.service.commands import screen as screencli
from gongkai.service.screening.engine.orders import Ended, Order
from gongkai.service.screening.engine.progress import Tally
from gongkai.service.settings import Settings

OUT = Path("结果")


def parsed(*options):
    given = cli.parser().parse_args(["screen", "档案", "-o", "结果", *options])
    return screencli.order(given, Settings())


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ([], {}),
        (["--ocr"], {"ocr": True, "seconds": 600.0}),
        (["--ocr", "--seconds", "90"], {"ocr": True, "seconds": 90.0}),
        (["--memory", "800", "--restart", "--no-report"], {"memory": 800, "restart": True, "report": False}),
        (["--published", "a.csv", "--sources-known", "b.xlsx"], {"published": Path("a.csv"), "known": Path("b.xlsx")}),
    ],
)
def test_options_become_an_order(options, changed):
    plain = {"jobs": 3, "seconds": 60.0, "memory": 1536}
    assert parsed("--jobs", "3", *options) == Order((Path("档案"),), OUT, Settings(), **(plain | changed))


@pytest.mark.parametrize(
    "options", [["--jobs", "0"], ["--jobs", "65"], ["--jobs", "x"], ["--memory", "100"], ["--seconds", "0"]]
)
def test_wrong_numbers_are_usage_errors(options, capsys):
    with pytest.raises(SystemExit) as left:
        parsed(*options)
    assert left.value.code == cli.USAGE
    assert "应当是" in capsys.readouterr().err


def test_as_many_jobs_as_cores(monkeypatch):
    monkeypatch.setattr(screencli.os, "cpu_count", lambda: 200)
    assert screencli._cores() == 64


@pytest.mark.parametrize(
    ("ended", "report", "lines"),
    [
        (
            Ended(Tally(read=5), Counter(), stopped=True),
            True,
            ["已停止：这次处理了 5 个文件，都已保存；用同一条命令接着做。"],
        ),
        (
            Ended(Tally(read=5, unchanged=2, reused=1), Counter({"系统文件": 3}), failed=1, records=4),
            True,
            [
                "筛查完成：7 个文件，4 件记录，1 个没读成。",
                "其中 2 个没有变化、1 个内容重复，没有重新判断。",
                "没有筛查：系统文件 3 个。",
                "清单和报告在 结果：worklist.xlsx 交审查人填写，report.html 看总体情况。",
                "没读成的文件和办法，见 worklist.xlsx 的“没读成的文件”一表。",
            ],
        ),
        (
            Ended(Tally(read=5, reused=2), Counter(), records=3),
            False,
            ["筛查完成：5 个文件，3 件记录，0 个没读成。", "其中 2 个内容重复，没有重新判断。"],
        ),
        (Ended(Tally(read=5), Counter(), records=5), False, ["筛查完成：5 个文件，5 件记录，0 个没读成。"]),
    ],
)  # fmt: skip
def test_what_is_said_at_the_end(ended, report, lines):
    assert list(screencli.said(ended, OUT, report)) == lines


def test_a_worklist_that_was_moved_aside_is_told(tmp_path):
    (tmp_path / "worklist-filled-1.xlsx").touch()
    *_, told = screencli.said(Ended(Tally(read=5), Counter(), records=5), tmp_path, True)
    assert f"gongkai decisions import {tmp_path} {tmp_path / 'worklist-filled-1.xlsx'}，" in told


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (Ended(Tally(), Counter()), cli.DONE),
        (Ended(Tally(), Counter(), failed=2), cli.FAILED),
        (Ended(Tally(), Counter(), stopped=True), cli.FAILED),
    ],
)
def test_exit_codes(monkeypatch, capsys, ended, code):
    monkeypatch.setattr(screencli, "run", lambda order, progress: ended)
    assert cli.main(["screen", "档案", "-o", "结果"]) == code
    assert capsys.readouterr().out


def test_what_stops_a_run_is_one_sentence(monkeypatch, capsys):
    def stop(order, progress):
        raise RequestError("来源读不到了，请恢复后用同一条命令继续。")

    monkeypatch.setattr(screencli, "run", stop)
    assert cli.main(["screen", "档案", "-o", "结果"]) == cli.FAILED
    assert capsys.readouterr().err == "请求有误：来源读不到了，请恢复后用同一条命令继续。\n"
