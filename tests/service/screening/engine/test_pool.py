"""Real children that are killed: a task costs nothing but its own answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import hostile
import pytest

from gongkai.model.errors import ModelFolderError, RequestError
from gongkai.service.screening.engine import pool as engine
from gongkai.service.screening.engine.pool import Caps, Done, Lost, Pool, Why

CAPS = Caps(seconds=2, memory=300 * 2**20)
ROOM = 120


def done(pool, *tasks):
    """All outcomes, in the order of their tasks."""
    for task in tasks:
        pool.give(task)
    return until(pool, tasks)


def until(pool, tasks):
    found, deadline = [], time.monotonic() + ROOM
    while pool.busy or len(found) < len(tasks):
        assert time.monotonic() < deadline, "the pool hangs"
        found += pool.outcomes()
    return sorted(found, key=lambda outcome: tasks.index(outcome.task))


@pytest.fixture(scope="module")
def pool():
    with Pool(hostile.opened, 2, CAPS, lambda question: question * 2) as opened:
        assert opened.hello() == "hello"
        yield opened


def test_every_task_has_its_own_end(pool):
    tasks = [
        ("say", "a"),
        ("loop",),
        ("eat",),
        ("die",),
        ("raise",),
        ("ask", 21),
        ("step", 4, ("die",)),
        ("step", 2, ("loop",)),
        ("say", "z"),
    ]
    ends = [
        "a",
        (Why.time, -1),
        (Why.memory, -1),
        (Why.crash, -1),
        (Why.crash, -1),
        42,
        (Why.crash, 4),
        (Why.time, 2),
        "z",
    ]
    found = done(pool, *tasks)
    assert [o.answer if isinstance(o, Done) else (o.why, o.step) for o in found] == ends


@pytest.mark.parametrize(("times", "answer"), [(1, "alive"), (2, None)])
def test_a_crash_is_tried_once_more(pool, tmp_path, times, answer):
    (found,) = done(pool, ("die", times, str(tmp_path)))
    assert found == (Done(found.task, answer) if answer else Lost(found.task, Why.crash, -1))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_child_killed_from_outside_costs_nothing(pool):
    tasks = [("sleep", 0.8), ("say", "b"), ("say", "c")]
    for task in tasks:
        pool.give(task)
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    assert [o.answer for o in until(pool, tasks)] == ["awake", "b", "c"]


def test_an_idle_child_killed_from_outside_costs_nothing(pool):
    assert done(pool, ("say", "a"), ("say", "b"))
    for pid in pool.pids:
        os.kill(pid, signal.SIGKILL)
    assert [o.answer for o in done(pool, ("say", "c"), ("say", "d"))] == ["c", "d"]


def test_a_child_says_nothing_on_the_terminal(pool, capfd):
    assert isinstance(done(pool, ("shout",))[0], Done)
    assert capfd.readouterr() == ("", "")


def test_a_child_that_crashes_leaves_no_image_of_its_memory(pool):
    assert done(pool, ("core",))[0].answer == (0, 0)


def test_time_begins_anew_with_each_step(pool):
    spun = ("both", ("ask", 1), ("spin", 1.2))  # what is answered shows that the step was heard
    two = ("step", 1, spun), ("step", 2, spun)
    assert [outcome.answer for outcome in done(pool, ("both", *two))] == ["done"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="elsewhere only the clock counts")
def test_waiting_counts_less_than_work(monkeypatch):
    with Pool(hostile.opened, 1, Caps(seconds=0.3)) as pool:
        monkeypatch.setattr(engine, "_WAITING", ROOM / 0.3)
        assert done(pool, ("sleep", 0.6)) == [Done(("sleep", 0.6), "awake")]
        monkeypatch.setattr(engine, "_WAITING", 2)
        assert done(pool, ("sleep", 600)) == [Lost(("sleep", 600), Why.time, -1)]


def test_a_child_that_has_grown_or_served_is_replaced():
    with Pool(hostile.opened, 1, Caps(5, 300 * 2**20, tasks=2)) as pool:
        pids = [done(pool, ("pid",))[0].answer for _ in range(4)]
        assert pids[0] == pids[1] != pids[2] == pids[3]
        done(pool, ("keep", 240 * 2**20))
        assert done(pool, ("pid",))[0].answer not in pids[:2]


def test_what_fills_a_child_that_had_served_gets_one_of_its_own():
    with Pool(hostile.opened, 1, Caps(20, 300 * 2**20)) as pool:
        done(pool, ("keep", 150 * 2**20))
        (found,) = done(pool, ("keep", 200 * 2**20))
        assert found == Done(("keep", 200 * 2**20), 200 * 2**20)


@pytest.mark.parametrize(("opening", "error"), [(hostile.refused, ModelFolderError), (hostile.stillborn, RequestError)])
def test_children_that_do_not_start_end_the_run(opening, error):
    with pytest.raises(error), Pool(opening, 1, CAPS) as pool:
        pool.hello()


PARENT = """
import hostile
from gongkai.service.screening.engine.pool import Caps, Pool
if __name__ == "__main__":
    with Pool(hostile.opened, 2, Caps(600)) as pool:
        pool.hello()
        pool.give(("loop",))
        print(*pool.pids, flush=True)
        while True:
            pool.outcomes()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_children_end_with_a_killed_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment) as parent:
        pids = parent.stdout.readline().split()
        parent.kill()
    assert len(pids) == 2
    deadline = time.monotonic() + ROOM
    while any(alive(int(pid)) for pid in pids):
        assert time.monotonic() < deadline, "children outlive their parent"
        time.sleep(0.05)


def alive(pid):
    """Not gone, and no zombie that waits for whoever adopted it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
