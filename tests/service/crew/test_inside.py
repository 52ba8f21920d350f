"""The crew without children: the same orders, in this process."""

from __future__ import annotations

import threading

import pytest

from gongkai.model.document import Document
from gongkai.model.errors import EmptyDocument, ModelFolderError, RulebookError
from gongkai.service.crew import inside
from gongkai.service.crew.opening import crew_of
from gongkai.service.crew.orders import Read, Suggest
from gongkai.service.errors import Busy, Stopping
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings

TEXT = "关于青河路停水检修的通告\n\n广大市民：\n青河路停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"


@pytest.fixture
def crew(desk, monkeypatch):
    monkeypatch.setattr(inside.Desk, "open", lambda _: desk)
    opened = crew_of(Settings(workers=0, queue=1))
    yield opened
    opened.close()


def test_orders(crew):
    assert crew.do(Suggest(Document("a", TEXT))).result["id"] == "a"
    assert crew.give(Read(TEXT.encode(), "a.txt")).result(20).text == TEXT
    with pytest.raises(EmptyDocument):
        crew.do(Read(b"", "a.txt"))
    with pytest.raises(EmptyDocument):
        crew.give(Read(b"", "a.txt")).result(20)
    assert crew.engines[0]["rulebook"] == crew.rules.digest


def test_no_more_than_so_many_at_once(crew):
    begun, over = threading.Event(), threading.Event()
    crew._bench = lambda order: begun.set() or over.wait(20)
    thread = threading.Thread(target=crew.do, args=("slow",))
    thread.start()
    assert begun.wait(20)
    with pytest.raises(Busy):
        crew.do("another")
    over.set()
    thread.join(20)
    assert crew.do("another")


def test_another_rulebook(crew, monkeypatch):
    monkeypatch.undo()
    before = crew.rules.digest
    crew.reload({"reasons.toml": shipped()["reasons.toml"] + "\n# 一\n"})
    assert crew.engines[0]["rulebook"] == crew.rules.digest != before
    with pytest.raises(RulebookError):
        crew.reload({"reasons.toml": "[["})
    assert crew.do(Suggest(Document("a", TEXT))).result["engine"]["rulebook"] == crew.rules.digest


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(ModelFolderError):
        crew_of(Settings(workers=0, model=tmp_path / "none"))


def test_the_end(crew):
    crew.close()
    for ask in (crew.do, crew.give):
        with pytest.raises(Stopping):
            ask(Suggest(Document("a", TEXT)))
