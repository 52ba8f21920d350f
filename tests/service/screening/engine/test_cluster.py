"""A real Ray cluster of two workers on this machine: what is killed in the middle changes no row."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import pytest
from papers import NOTICE

from gongkai.model.errors import ModelFolderError, RequestError
from gongkai.service.screening.engine import cluster, private
from gongkai.service.screening.engine.cluster import Cluster
from gongkai.service.screening.engine.pool import Caps, Done, Lost, Why
from gongkai.service.screening.engine.tasks import Hello, Means, Screen, Screened
from gongkai.service.screening.records import Bundle, Locator, Part
from gongkai.service.settings import Settings

ROOM = 600
#: Ray's own helpers that hold no document, and end within a minute of their raylet.
AGENTS = ("ray::DashboardAgent", "ray::RuntimeEnvAgent")
DOCUMENTS = 240
HELLO = Hello("{}", 0.9, 0.1)


@pytest.fixture(scope="module")
def backlog(tmp_path_factory):
    """Texts of some length, copies among them, a damaged file and an empty one."""
    folder = tmp_path_factory.mktemp("backlog")
    for number in range(DOCUMENTS):
        text = NOTICE.replace("2024", str(2016 + number % 11)) + f"附注{number // 2 if number % 8 == 1 else number}。\n"
        (folder / f"{number:03}通知.txt").write_text(text * 3, "utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    (folder / "空.txt").touch()
    return folder


def command(backlog, out, engine="ray", *more):
    line = [sys.executable, "-W", "error", "-m", "gongkai.service", "screen", str(backlog), "-o", str(out), "--fast"]
    return [*line, "--jobs", "2", "--no-report", "--engine", engine, *more]


@pytest.fixture
def started(tmp_path):
    """Start a run; it is ended with the test, however that ends."""
    running = []

    def start(backlog, out):
        room = {**os.environ, "TMPDIR": str(short)}
        process = subprocess.Popen(command(backlog, out), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=room)
        running.append(process)
        return process

    short = private.made()
    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()
    private.remove(short)


@pytest.fixture(scope="module")
def undisturbed(backlog, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed")
    done = subprocess.run(command(backlog, out, "local"), capture_output=True, text=True)
    assert done.returncode == 1, done.stderr  # two files can't be read
    return rows(out)


def rows(out):
    with sqlite3.connect(f"file:{out / 'backlog.sqlite'}?mode=ro", uri=True) as store:
        names = "path, size, stamp, role, bundle, digest, record, slug, message, fields, means"
        found = [store.execute(f"SELECT {names} FROM file").fetchall()]
        found += [store.execute(f"SELECT * FROM {table}").fetchall() for table in ("record", "place")]
    store.close()
    return found


def kept(out):
    """How many files are in the store already."""
    try:
        store = sqlite3.connect(f"file:{out / 'backlog.sqlite'}?mode=ro", uri=True)
        try:
            return store.execute("SELECT count(*) FROM file").fetchone()[0]
        finally:
            store.close()
    except sqlite3.OperationalError:
        return 0


def below(pid):
    """All descendants of a process, with what they are called."""
    found, waiting = {}, deque([pid])
    while waiting:
        for task in Path(f"/proc/{waiting.popleft()}/task").glob("*/children"):
            try:
                children = task.read_text().split()
            except OSError:
                continue
            for child in map(int, children):
                found[child] = called(child)
                waiting.append(child)
    return found


def called(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def listening(pids):
    """The addresses, as the system writes them, on which processes wait for others."""
    inodes = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                inodes.add(os.readlink(handle).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()]
    return {line[1].split(":")[0] for line in lines if line[3] == "0A" and line[9] in inodes}


def until(condition, what):
    deadline = time.monotonic() + ROOM
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return found


def ended(process):
    said = process.communicate(timeout=ROOM)[0].decode()
    assert process.returncode == 1, said
    return said


@pytest.fixture(autouse=True)
def needs(request):
    if "started" in request.fixturenames:
        pytest.importorskip("ray", reason="Ray is missing (pip install 'gongkai[ray]')")
        if not Path("/proc/self/task").exists():
            pytest.skip("processes are found through /proc")


def test_killed_workers_and_a_killed_driver_change_nothing(backlog, undisturbed, started, tmp_path):
    process = started(backlog, tmp_path / "out")
    until(lambda: kept(tmp_path / "out"), "nothing is kept")
    seats = [pid for pid, name in below(process.pid).items() if name.startswith("ray::Seat")]
    assert seats
    assert listening(below(process.pid)) == {"0100007F", "0000000000000000FFFF00000100007F"}, (
        "127.0.0.1 and nothing else"
    )
    for seat in seats:
        os.kill(seat, signal.SIGKILL)
    until(lambda: not any(map(called, seats)), "seats outlive their death")
    told = kept(tmp_path / "out") + cluster.BATCH * len(seats)  # answers that were under way
    assert told < DOCUMENTS, "it was over before anything was killed"
    until(lambda: kept(tmp_path / "out") > told, "no other seat goes on")
    helpers = [pid for pid, name in below(process.pid).items() if not name.startswith(AGENTS)]
    process.kill()
    process.wait()
    until(lambda: not any(map(called, helpers)), "processes of the killed run go on")
    before = kept(tmp_path / "out")
    assert told < before < DOCUMENTS
    said = ended(started(backlog, tmp_path / "out"))
    assert f"其中 {before} 个没有变化" in said
    assert rows(tmp_path / "out") == undisturbed
    assert not list((tmp_path / "out").glob(".spool-*"))


class Calls:
    """Ray's calls, answered as a test says; `dead` calls find their actor gone."""

    def __init__(self, wants=()):
        self.answers, self.turns, self.wants = {}, [], list(wants)
        self.exceptions = SimpleNamespace(RayError=_Gone, RayTaskError=_Raised, RaySystemError=_Down)

    def remote(self, *_):
        """A new actor."""
        return SimpleNamespace(hello=SimpleNamespace(remote=self._hello), turn=SimpleNamespace(remote=self._turn))

    def _hello(self):
        return self._call(self.wants.pop(0) if self.wants else HELLO)

    def _turn(self, given):
        self.turns.append(given)
        return self._call(self.wants.pop(0) if self.wants else [(number, told(task)) for number, task, _ in given])

    def _call(self, answer):
        self.answers[len(self.answers)] = answer
        return len(self.answers) - 1

    def wait(self, calls, num_returns=1, timeout=0):
        return calls[:num_returns], calls[num_returns:]

    def get(self, call):
        answer = self.answers[call]
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Gone(Exception):
    pass


class _Raised(_Gone):
    def __init__(self, cause):
        super().__init__("in an actor")
        self.cause = cause


class _Down(Exception):
    pass


def told(task):
    return Screened(f"sha256:{task.bundle.main.locator.name}", None, (("", None),))


def opened(calls, jobs=1):
    """A cluster on `Calls`."""
    made = Cluster(Means(Settings(), Path("spool")), jobs, Caps(), Path("out"))
    made._ray, made._seat, made._ledger, made._folder = calls, calls, None, None
    made._chairs = [made._placed() for _ in range(jobs)]
    return made


def task(name):
    return Screen(Bundle((Part(Locator(Path(name))),)))


def all_of(made, *names):
    for name in names:
        made.give(task(name))
    found = []
    for _ in range(50):
        found += made.outcomes(0)
        if not made.busy:
            break
    return found


def test_every_task_has_one_outcome():
    made = opened(Calls(), jobs=2)
    assert made.hello() == HELLO
    names = [f"{number}.txt" for number in range(100)]
    found = all_of(made, *names)
    assert sorted(outcome.task.bundle.main.locator.name for outcome in found) == sorted(names)
    assert all(isinstance(outcome, Done) for outcome in found)


def test_no_seat_holds_more_than_a_batch():
    calls = Calls()
    made = opened(calls)
    made.hello()
    assert made.room == cluster.BATCH
    all_of(made, *(f"{number}.txt" for number in range(40)))
    assert max(map(len, calls.turns)) == cluster.BATCH


def test_tasks_of_a_dead_seat_go_to_another():
    calls = Calls([HELLO, _Gone()])
    made = opened(calls)
    made.hello()
    found = all_of(made, "a.txt", "b.txt")
    assert [outcome.task.bundle.main.locator.name for outcome in found] == ["a.txt", "b.txt"]
    assert [[number for number, *_ in turn] for turn in calls.turns] == [[0, 1], [0, 1]]


def test_a_task_that_outlives_no_seat_is_given_up():
    calls = Calls([HELLO, _Gone()] * cluster._TRIES)
    made = opened(calls)
    made.hello()
    (found,) = all_of(made, "a.txt")
    assert found == Lost(task("a.txt"), Why.crash, -1)
    assert len(calls.turns) == cluster._TRIES


@pytest.mark.parametrize(
    ("wants", "error", "words"),
    [
        ([_Raised(ModelFolderError("模型目录缺文件。"))], ModelFolderError, "模型目录"),
        ([_Gone()] * 9, RequestError, "没有可用的进程"),
        ([_Raised(ValueError("odd"))], RequestError, "没有可用的进程"),
    ],
)
def test_a_cluster_that_cannot_start_says_why(wants, error, words):
    with pytest.raises(error, match=words):
        opened(Calls(wants)).hello()


def test_machines_of_different_versions_are_refused():
    made = opened(Calls([HELLO, Hello('{"version":"0"}', 0.9, 0.1)]), jobs=2)
    with pytest.raises(RequestError, match="不一样"):
        for _ in range(3):
            made.outcomes(0)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(RequestError, match=r"gongkai\[ray\]"):
        Cluster(Means(Settings(), Path("spool")), 1, Caps(), Path("out"))


def test_what_a_killed_process_left_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(private.tempfile, "tempdir", str(tmp_path))
    left, others = tmp_path / "gk-left0000", [tmp_path / name for name in ("other", "gk-notes", "gk-open0000")]
    for folder in (left, *others):
        folder.mkdir(0o755 if "open" in folder.name else 0o700)
        (folder / ".lock").touch()
    mine = private.made()
    also = private.made()
    assert not left.exists()
    assert all(other.exists() for other in others)
    assert (mine.exists(), mine.stat().st_mode & 0o777) == (True, 0o700)
    private.remove(mine)
    private.remove(also)
    assert {path.name for path in tmp_path.iterdir()} == {other.name for other in others}
