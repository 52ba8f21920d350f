"""A crew of real children that loop, eat memory, die, and are changed over."""

from __future__ import annotations

import logging
import os
import signal
import time
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import pytest
import trades

from gongkai.model.errors import (
    CrashingDocument,
    DocumentError,
    EmptyDocument,
    HeavyDocument,
    ModelFolderError,
    RequestError,
    RulebookError,
    SlowDocument,
)
from gongkai.service.crew import children, team
from gongkai.service.crew.children import ChildCrew
from gongkai.service.errors import Busy, Stopping
from gongkai.service.screening.engine import pool
from gongkai.service.settings import Settings

SETTINGS = Settings(workers=2, queue=4, task_seconds=1, task_memory=300 * 2**20)
ROOM = 120


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(team, "opened", trades.opened)


@pytest.fixture
def impatient(monkeypatch):
    """Children that die at birth are given up after the second one: each takes seconds to die."""
    monkeypatch.setattr(pool, "_STILLBORN", 1)


@pytest.fixture(scope="module")
def only():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(team, "opened", trades.opened)
        opened = ChildCrew(SETTINGS)
        yield opened
        opened.close()


@pytest.fixture
def crew(only):
    until(lambda: only.figures["ready"] == 2 and not only.figures["busy"])
    return only


def until(condition):
    deadline = time.monotonic() + ROOM
    while not condition():
        assert time.monotonic() < deadline, "it never happens"
        time.sleep(0.01)


@pytest.fixture
def gate(crew, tmp_path):
    """Keeps as many children busy as are wanted until it is opened; the futures of what they do."""
    path = tmp_path / "gate"

    def shut(count, urgent=True):
        given = [crew.give(("until", str(path)), urgent=urgent, seconds=ROOM) for _ in range(count)]
        until(lambda: crew.figures["busy"] == (count if urgent else 1))
        return given

    shut.open = path.touch
    yield shut
    path.touch()


def gone(pids):
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("say", "a"), "a"),
        (("refuse",), EmptyDocument),
        (("raise",), DocumentError),
        (("loop",), SlowDocument),
        (("eat",), HeavyDocument),
        (("die",), CrashingDocument),
    ],
)
def test_every_order_has_its_own_end(crew, order, expected):
    if isinstance(expected, str):
        assert crew.do(order) == expected
        return
    with pytest.raises(expected) as caught:
        crew.do(order)
    assert type(caught.value) is expected
    assert caught.value.message.endswith("。")
    assert crew.do(("say", "and on")) == "and on"


def test_what_nobody_foresaw_is_told_by_place_only(crew, caplog):
    with caplog.at_level(logging.INFO), pytest.raises(DocumentError):
        crew.do(("raise",))
    (record,) = caplog.records
    assert record.getMessage().startswith("unexpected ZeroDivisionError hostile.py:")


def test_what_cost_a_child_its_life_is_counted(crew):
    before = crew.figures["lost"].get("crash", 0)
    with pytest.raises(CrashingDocument):
        crew.do(("die",))
    assert crew.figures["lost"]["crash"] == before + 1


def test_children_killed_from_outside_cost_nothing(crew, gate):
    answers = gate(2)
    before = crew.pids
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not set(before) & set(crew.pids))
    gate.open()
    assert [answer.result(ROOM) for answer in answers] == ["done", "done"]


def test_idle_children_killed_from_outside_cost_nothing(crew):
    for pid in crew.pids:
        os.kill(pid, signal.SIGKILL)
    assert [crew.do(("say", word)) for word in "abc"] == ["a", "b", "c"]


def test_seconds_of_one_order(crew):
    assert crew.do(("spin", 1.5), seconds=20) == "done"


def test_a_full_room_says_busy_at_once_and_recovers(crew, gate):
    answers = gate(2) + [crew.give(("sleep", 0.1), urgent=True) for _ in range(4)]
    with pytest.raises(Busy) as caught:
        crew.do(("say", "too many"))
    assert caught.value.after >= 1
    later = crew.give(("say", "jobs are counted apart"))
    gate.open()
    assert [answer.result(ROOM) for answer in answers] == ["done"] * 2 + ["awake"] * 4
    assert later.result(ROOM) == "jobs are counted apart"
    assert crew.do(("say", "a")) == "a"


def test_jobs_leave_a_child_for_those_who_wait(crew, gate):
    slow = gate(3, urgent=False)
    assert crew.do(("say", "at once")) == "at once"
    assert not any(answer.done() for answer in slow)
    assert crew.figures["busy"] == 1
    gate.open()
    assert [answer.result(ROOM) for answer in slow] == ["done"] * 3


def test_urgent_orders_come_first(crew, gate, tmp_path):
    """One child is kept from working all the time, so that the other does one after the other."""
    done, other = [], tmp_path / "other"
    gate(1)
    crew.give(("until", str(other)), urgent=True, seconds=ROOM)
    until(lambda: crew.figures["busy"] == 2)
    for name, urgent in (("job", False), ("job", False), ("person", True), ("person", True), ("person", True)):
        crew.give(("say", name), urgent=urgent).add_done_callback(lambda one: done.append(one.result()))
    other.touch()
    until(lambda: len(done) == 5)
    assert done == ["person"] * 3 + ["job"] * 2


def test_what_was_given_up_is_not_done(crew, gate, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    busy = gate(2)
    never = crew.give(("die", 10**9, str(marks)), urgent=True)
    assert never.cancel()
    gate.open()
    assert [answer.result(ROOM) for answer in busy] == ["done", "done"]
    assert crew.do(("say", "a")) == "a"
    assert list(marks.iterdir()) == []
    with pytest.raises(CancelledError):
        never.result()


# ---- generations ----


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text("one", "utf-8")
    return folder


@pytest.fixture
def modelled(quick, model):
    opened = ChildCrew(replace(SETTINGS, model=model))
    yield opened
    opened.close()


def test_a_new_model_is_changed_over_to_while_the_old_ends_its_work(modelled, model, tmp_path):
    slow = modelled.give(("until", str(tmp_path / "over")), urgent=True, seconds=ROOM)
    until(lambda: modelled.figures["busy"] == 1)
    before = modelled.pids
    (model / "model.json").write_text("two", "utf-8")
    assert modelled.do(("model",)) == "one"
    modelled.reload()
    assert modelled.do(("model",)) == "two"
    assert [engine["model"] for engine in modelled.engines] == ["two", "one"]
    (tmp_path / "over").touch()
    assert slow.result(ROOM) == "done"
    until(lambda: modelled.engines == ({"model": "two"},))
    until(lambda: gone(before))


def test_a_child_born_later_reads_what_the_others_read(modelled, model):
    (model / "model.json").unlink()
    for pid in modelled.pids:
        os.kill(pid, signal.SIGKILL)
    assert modelled.do(("model",)) == "one"


@pytest.mark.parametrize(("content", "error"), [("damaged", ModelFolderError), ("dying", RequestError)])
def test_a_damaged_model_changes_nothing(modelled, model, impatient, content, error):
    (model / "model.json").write_text(content, "utf-8")
    with pytest.raises(error):
        modelled.reload()
    assert modelled.do(("model",)) == "one"
    (model / "model.json").write_text("three", "utf-8")
    modelled.reload()
    assert modelled.do(("model",)) == "three"


@pytest.mark.parametrize(("content", "error"), [("damaged", ModelFolderError), ("dying", RequestError)])
def test_a_damaged_model_at_the_start_is_an_error(model, impatient, content, error):
    (model / "model.json").write_text(content, "utf-8")
    with pytest.raises(error):
        ChildCrew(replace(SETTINGS, model=model))


def test_another_rulebook(crew):
    from gongkai.service.rules.memory import shipped

    files = shipped()
    before = crew.rules.digest
    files["reasons.toml"] += "\n# 一条说明\n"
    crew.reload({"reasons.toml": files["reasons.toml"]})
    assert crew.do(("reasons",)) == files["reasons.toml"]
    assert crew.rules.digest != before
    with pytest.raises(RulebookError):
        crew.reload({"reasons.toml": "[[reason]]\ncode = 1\n"})
    assert crew.do(("reasons",)) == files["reasons.toml"]
    crew.reload(None)
    assert crew.do(("reasons",)) is None
    assert crew.rules.digest == before


def test_children_are_told_no_secrets():
    secret = replace(SETTINGS, key="k", oidc_secret="s", database="sqlite://", key_file=Path("f"), workers=1)
    crew = ChildCrew(secret)
    try:
        told = crew.do(("settings",))
    finally:
        crew.close()
    assert (told.key, told.oidc_secret, told.database, told.key_file) == ("", "", "", None)


# ---- when children can't start any more, and at the end ----


def test_children_that_start_no_more_are_tried_again(tmp_path, monkeypatch, impatient, caplog):
    monkeypatch.setattr(children, "_PAUSE", 0.2)
    crew = ChildCrew(replace(SETTINGS, published=tmp_path))
    try:
        (tmp_path / "no-children").touch()
        waits = crew.give(("sleep", 600), seconds=ROOM)
        for pid in crew.pids:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(Busy):
            waits.result(ROOM)
        with pytest.raises(Busy) as caught:
            crew.do(("say", "a"))
        assert caught.value.after >= 1
        assert crew.engines == ()
        (tmp_path / "no-children").unlink()
        until(lambda: crew.engines)
        assert crew.do(("say", "a")) == "a"
    finally:
        crew.close()
    assert {record.getMessage() for record in caplog.records} == {"children can't work: RequestError"}


def test_the_end(quick):
    crew = ChildCrew(SETTINGS)
    pids = crew.pids
    answers = [crew.give(("sleep", 600), urgent=True, seconds=ROOM) for _ in range(3)]
    until(lambda: crew.figures["busy"] == 2)
    crew.close()
    assert gone(pids)
    for answer in answers:
        with pytest.raises(Stopping):
            answer.result(0)
    with pytest.raises(Stopping):
        crew.do(("say", "a"))
    with pytest.raises(Stopping):
        crew.reload()
    crew.close()
