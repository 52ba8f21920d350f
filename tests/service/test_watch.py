"""A desk that follows its model folder."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from gongkai.model.errors import ModelFolderError
from gongkai.service import watch
from gongkai.service.settings import Settings
from gongkai.service.watch import PAUSE, WatchedDesk


class Opened:
    """Stands for a desk: opening a real one takes longer than these tests."""

    def __init__(self, number: int) -> None:
        self.screener = self
        self.engine = self
        self.model = f"model-{number}"


@pytest.fixture
def opened(monkeypatch):
    """What Desk.open gave out; a folder whose model.json says so is damaged."""
    found = []

    def open_desk(settings):
        if settings.model is not None and "damaged" in (settings.model / "model.json").read_text("utf-8"):
            raise ModelFolderError("模型目录读不出来，请重新训练。")
        found.append(Opened(len(found)))
        return found[-1]

    monkeypatch.setattr(watch.Desk, "open", open_desk)
    return found


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    # The module's own name only: a server in another thread waits by the real clock, and would wait for ever.
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "model", "first")
    return tmp_path / "model"


def put(folder, content: str) -> None:
    """A new folder in the place of the old one, as adapt does it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "model.json").write_text(content, "utf-8")


def test_a_new_folder_is_opened_after_a_while(opened, clock, folder):
    desk = WatchedDesk(Settings(model=folder))
    assert desk() is opened[0]
    put(folder, "second one")
    clock[0] += PAUSE / 2
    assert desk() is opened[0]
    clock[0] += PAUSE
    assert desk() is opened[1] is desk()
    clock[0] += 100 * PAUSE
    assert desk() is opened[1]
    assert len(opened) == 2


@pytest.mark.parametrize("change", ["text", "time"])
def test_a_file_written_in_place_is_seen(opened, clock, folder, change):
    desk = WatchedDesk(Settings(model=folder))
    if change == "text":
        (folder / "model.json").write_text("longer than before", "utf-8")
    os.utime(folder / "model.json", (1, 2))
    clock[0] += PAUSE
    assert desk() is opened[1]


def test_a_damaged_folder_changes_nothing(opened, clock, folder, caplog):
    desk = WatchedDesk(Settings(model=folder))
    put(folder, "damaged 欧阳晓雯")
    clock[0] += PAUSE
    with caplog.at_level(logging.INFO):
        assert desk() is desk() is opened[0]
    assert [record.getMessage() for record in caplog.records] == [
        "新的模型目录没有启用，继续用原来的：模型目录读不出来，请重新训练。"
    ]
    put(folder, "mended again")
    clock[0] += PAUSE
    with caplog.at_level(logging.INFO):
        assert desk() is opened[1]
    assert caplog.records[-1].getMessage() == "已启用新的模型：model-1"


def test_a_folder_that_is_gone_changes_nothing(opened, clock, folder):
    desk = WatchedDesk(Settings(model=folder))
    shutil.rmtree(folder)
    clock[0] += PAUSE
    assert desk() is opened[0]


def test_the_shipped_model_is_not_watched(opened, clock, monkeypatch):
    desk = WatchedDesk(Settings())
    monkeypatch.setattr(WatchedDesk, "_look", lambda self: pytest.fail("looked"))
    clock[0] += 100 * PAUSE
    assert desk() is opened[0]


def test_a_damaged_folder_at_the_start_is_an_error(opened, folder):
    put(folder, "damaged")
    with pytest.raises(ModelFolderError):
        WatchedDesk(Settings(model=folder))


def test_many_requests_open_it_once(opened, clock, folder):
    desk, together = WatchedDesk(Settings(model=folder)), threading.Barrier(8)
    put(folder, "second one")
    clock[0] += PAUSE

    def ask(_):
        together.wait(10)
        return desk()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len(opened) == 2
    assert set(found) <= set(opened)
    assert desk() is opened[1]
