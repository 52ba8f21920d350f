"""The command rulebook: its own parser over a real database and folder."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import accounts
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.commands import rulebook
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings
from gongkai.service.store.connecting import address
from gongkai.service.store.database import Database


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments, **settings):
        parser = argparse.ArgumentParser()
        rulebook.options(parser)
        options = parser.parse_args([str(argument) for argument in arguments])
        fine = rulebook.run(options, Settings(data=tmp_path / "data", **settings))
        told = capsys.readouterr()
        return fine, (told.out or told.err).splitlines()

    return call


@pytest.fixture
def people(tmp_path):
    database = Database.open(address(Settings(data=tmp_path / "data")))
    with database.writing() as session:
        accounts.fill(session, datetime(2026, 11, 20, tzinfo=UTC))
    database.close()


def test_out_changed_in_and_listed(run, people, tmp_path):
    assert run("export", 0, tmp_path / "规则")[0]
    law = tmp_path / "规则" / "law.toml"
    law.write_text(law.read_text("utf-8").replace("weight = 0.6", "weight = 0.7", 1), "utf-8")
    assert run("import", tmp_path / "规则", "--by", "office", "--note", "收紧") == (True, ["已保存为第 1 版（草稿）。"])
    listed = [line.split("\t") for line in run("list")[1]]
    assert [(row[0], row[2], row[3], row[5]) for row in listed] == [
        ("1", "草稿", "周正言", "收紧"),
        ("0", "现用", "", "随程序提供"),
    ]
    assert run("export", 1, tmp_path / "又")[0]
    assert shipped(tmp_path / "又") == shipped(tmp_path / "规则")


def test_check_tells_every_problem(run, people, tmp_path):
    run("export", 0, tmp_path / "规则")
    assert run("check", tables=tmp_path / "规则")[1][0].startswith("规则表没有问题：")
    law = tmp_path / "规则" / "law.toml"
    law.write_text(law.read_text("utf-8").replace("weight = ", "weight = -'", 2), "utf-8")
    done, said = run("check", tables=tmp_path / "规则")
    assert (done, said[0][:14]) == (False, "law.toml 第 14 ")


@pytest.mark.parametrize("login", ["drafter", "没有"])
def test_who_may_not_edit_may_not_import(run, people, tmp_path, login):
    run("export", 0, tmp_path / "规则")
    with pytest.raises(RequestError, match="没有修改规则表的权限"):
        run("import", tmp_path / "规则", "--by", login)
