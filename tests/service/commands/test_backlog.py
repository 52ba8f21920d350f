"""gongkai backlog: into the service, listed, out again, on a database without a server."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts
import backlogs
import openpyxl
import pytest

from gongkai.service.store.database import Database


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A database with people, and a screened folder."""
    url = f"sqlite:///{tmp_path / 'service.db'}"
    monkeypatch.setenv("GONGKAI_DATABASE", url)
    monkeypatch.setenv("GONGKAI_DATA", str(tmp_path / "data"))
    database = Database.open(url)
    with database.writing() as session:
        accounts.fill(session, datetime.now(UTC))
    database.close()
    backlogs.filled(tmp_path / "out", 60).close()
    return tmp_path


def add(run, installed, *more, unit="青禾县水务局"):
    return run("backlog", "add", installed / "out", "--name", "存量", "--unit", unit, *more)


def test_in_listed_and_out(run, installed):
    code, out, err = add(run, installed, "--by", "reviewer", "--source", installed)
    assert (code, err) == (0, "") and "新增 58 件" in out and "疑似涉密 2 件没有存入" in out
    code, out, _ = add(run, installed, "--by", "reviewer")
    assert "新增 0 件，更新 0 件，没有变的 58 件" in out
    code, out, _ = run("backlog", "list")
    assert (code, out.count("\n")) == (0, 1) and "0/58 件已决定" in out
    for name in ("清单.xlsx", "清单.csv", "清单.jsonl"):
        to = installed / name
        assert run("backlog", "export", "存量", "-o", to)[0] == 0
        assert to.stat().st_mode & 0o777 == 0o600
    assert "逐件决定" in openpyxl.load_workbook(installed / "清单.xlsx").sheetnames


def test_an_empty_service_says_what_to_do(run, installed):
    assert "gongkai backlog add" in run("backlog", "list")[1]


@pytest.mark.parametrize(
    "more,unit,words",
    [
        ((), "青禾县水务局", "--by"),
        (("--by", "drafter"), "青禾县水务局", "--by"),
        (("--by", "reviewer"), "青禾县民政局", "--by"),
        (("--by", "reviewer"), "没有的局", "没有名为"),
        (("--by", "reviewer", "--source", "nowhere"), "青禾县水务局", "没有目录"),
    ],
)
def test_what_cannot_come_in(run, installed, more, unit, words):
    code, out, err = add(run, installed, *more, unit=unit)
    assert (code != 0, out) == (True, "") and words in err


@pytest.mark.parametrize("name,to,words", [("别的", "a.csv", "没有这份"), ("存量", "a.exe", "xlsx、csv")])
def test_what_cannot_go_out(run, installed, name, to, words):
    add(run, installed, "--by", "reviewer")
    code, _, err = run("backlog", "export", name, "-o", installed / to)
    assert code != 0 and words in err and not (installed / to).exists()
