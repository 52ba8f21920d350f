"""A crew that follows what is in force: another model in its folder, another active version of the rulebook."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import accounts
import pytest

from gongkai.model.errors import ModelFolderError, RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.following import Follower
from gongkai.service.house import House
from gongkai.service.rules.memory import loaded, shipped
from gongkai.service.settings import Settings
from gongkai.service.store.database import Database
from gongkai.service.store.tables import RulebookVersion
from gongkai.service.store.vault import Vault

AT = datetime(2031, 5, 6, 8, tzinfo=UTC)


class Reloaded:
    """Stands for a crew: what it was told to open, and what fails."""

    def __init__(self, folder):
        self.folder, self.told, self.rules, self.engines = folder, [], Rulebook.load(), ({"model": "x"},)

    def reload(self, tables=None):
        if self.folder and "damaged" in (self.folder / "model.json").read_text("utf-8"):
            raise ModelFolderError("模型目录读不出来，请重新训练。")
        if tables is not None:
            self.rules = loaded({**shipped(), **tables})
        else:
            self.rules = Rulebook.load()
        self.told.append(tables)


@pytest.fixture
def database():
    opened = Database.open("sqlite://")
    with opened.writing() as session:
        accounts.fill(session, AT)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "model", "first")
    return tmp_path / "model"


@pytest.fixture
def house(database, folder):
    crew = Reloaded(folder)
    return House(Settings(model=folder), database, Vault(bytes(32)), crew, lambda: crew.rules, lambda: AT)


def put(folder, content):
    """A new folder in the place of the old one, as adapt does it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "model.json").write_text(content, "utf-8")


def activate(database, number, files):
    with database.writing() as session:
        for row in session.query(RulebookVersion):
            row.active = False
        if files is not None:
            session.add(
                RulebookVersion(
                    number=number, digest=loaded({**shipped(), **files}).digest, files=files, note="", active=True,
                    by=accounts.user_id("office"), at=AT,
                )
            )  # fmt: skip


def test_nothing_new_is_not_opened(house):
    follower = Follower(house)
    for _ in range(3):
        follower.look()
    assert house.crew.told == []


@pytest.mark.parametrize("change", ["folder", "text", "time"])
def test_a_new_model_is_opened_once(house, folder, change):
    follower = Follower(house)
    if change == "folder":
        put(folder, "second one")
    if change == "text":
        (folder / "model.json").write_text("longer than before", "utf-8")
    os.utime(folder / "model.json", (1, 2))
    for _ in range(3):
        follower.look()
    assert house.crew.told == [None]


def test_a_damaged_model_changes_nothing(house, folder):
    follower = Follower(house)
    put(folder, "damaged 欧阳晓雯")
    with pytest.raises(ModelFolderError):
        follower.look()
    follower.look()
    assert house.crew.told == []
    put(folder, "mended again")
    follower.look()
    assert house.crew.told == [None]


def test_a_folder_that_is_gone_changes_nothing(house, folder):
    follower = Follower(house)
    shutil.rmtree(folder)
    follower.look()
    assert house.crew.told == []


def test_the_shipped_model_is_not_watched(house):
    follower = Follower(replace(house, settings=Settings()))
    follower.look()
    assert house.crew.told == []


def other(words):
    return {"reasons.toml": shipped()["reasons.toml"] + f"\n# {words}\n"}


def test_another_active_version(house, database):
    follower = Follower(house)
    activate(database, 1, other("一"))
    follower.look()
    follower.look()
    assert house.crew.told == [other("一")]
    activate(database, 2, None)
    follower.look()
    assert house.crew.told == [other("一"), None]
    assert house.rules().digest == Rulebook.load().digest


def test_a_new_model_keeps_the_active_version(house, database, folder):
    activate(database, 1, other("一"))
    follower = Follower(house)
    put(folder, "second one")
    follower.look()
    assert house.crew.told == [other("一")]


def test_a_version_that_this_process_changed_over_to_is_not_opened_twice(house, database):
    follower = Follower(house)
    house.crew.reload(other("一"))
    activate(database, 1, other("一"))
    follower.look()
    assert house.crew.told == [other("一")]


def test_the_thread(house, folder, caplog):
    follower = Follower(house, 0.02)
    put(folder, "damaged 欧阳晓雯")
    with caplog.at_level(logging.INFO):
        follower.start()
        wait(lambda: caplog.records)
        put(folder, "mended again")
        wait(lambda: house.crew.told)
        follower.stop()
    first, last = caplog.records[0].getMessage(), caplog.records[-1].getMessage()
    assert first == "新的模型或者规则表没有启用，继续用原来的：模型目录读不出来，请重新训练。"
    assert last == "已启用新的模型或者规则表：{'model': 'x'}"


def wait(condition):
    import time

    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never happens"
        time.sleep(0.01)


def test_a_broken_rulebook_changes_nothing(house, database):
    follower = Follower(house)
    with database.writing() as session:
        session.add(
            RulebookVersion(
                number=1, digest="x", files={"reasons.toml": "[["}, note="", active=True,
                by=accounts.user_id("office"), at=AT,
            )
        )  # fmt: skip
    with pytest.raises(RulebookError):
        follower.look()
    follower.look()
    assert house.crew.told == []
