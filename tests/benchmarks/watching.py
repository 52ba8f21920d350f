"""Run a command and look on: memory and processor time of all its processes, and what it has kept, over time."""

from __future__ import annotations

import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.2
_PAGE = resource.getpagesize()
_HERTZ = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Moment:
    """Seconds since the start, files in the store; memory (bytes) and processor seconds of all, and of the first."""

    at: float
    files: int
    memory: int
    own: int = 0
    cpu: float = 0.0
    first: float = 0.0


@dataclass
class Watched:
    """What was seen of one run. `cpu` in seconds, by process id; `code` below 0 for a run that was killed."""

    moments: list[Moment] = field(default_factory=list)
    cpu: dict[int, float] = field(default_factory=dict)
    first: int = 0
    code: int = 0
    said: str = ""

    @property
    def seconds(self) -> float:
        """From start to end."""
        return self.moments[-1].at

    @property
    def peak(self) -> int:
        """The most memory of all processes together, pages that they share counted for each."""
        return max(moment.memory for moment in self.moments)

    @property
    def own(self) -> int:
        """The most memory of the first process."""
        return max(moment.own for moment in self.moments)

    @property
    def rate(self) -> float:
        """Files a second from the first that was kept to the last: without starting and putting in order."""
        first, last = self.working
        return (last.files - first.files) / (last.at - first.at) if last.at > first.at else 0.0

    @property
    def working(self) -> tuple[Moment, Moment]:
        """When the first file was kept, and the last one."""
        least, most = self.moments[0].files, self.moments[-1].files
        first = next((m for m in self.moments if m.files > least), self.moments[-1])
        return first, next((m for m in self.moments if m.files == most), self.moments[-1])

    @property
    def cost(self) -> tuple[float, float]:
        """Processor seconds a file while working: of all processes, and of the first one."""
        first, last = self.working
        files = max(1, last.files - first.files)
        return (last.cpu - first.cpu) / files, (last.first - first.first) / files

    @property
    def growth(self) -> float:
        """Memory in the last third of the working time over that in the middle third: 1 where it is flat."""
        working = [m.memory for m in self.moments if 0 < m.files < self.moments[-1].files]
        third = len(working) // 3
        return statistics.mean(working[-third:]) / statistics.mean(working[third:-third]) if third else 1.0

    def series(self, count: int = 10) -> list[tuple[float, int, float]]:
        """Seconds, files and megabytes at so many moments from all over the run."""
        step = max(1, len(self.moments) // count)
        return [(m.at, m.files, m.memory / 2**20) for m in self.moments[::step]]


def screening(sources: Sequence[Path], out: Path, *more: str) -> list[str]:
    """The command line that screens."""
    return [sys.executable, "-m", "gongkai.service", "screen", *map(str, sources), "-o", str(out), *more]


def watched(command: Sequence[str], out: Path, kill: Callable[[Moment], bool] = lambda _: False) -> Watched:
    """Run to the end, or until `kill` says that now is the moment for SIGKILL."""
    seen, start = Watched(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    seen.first = process.pid
    while process.poll() is None:
        moment = _moment(process.pid, out, start, seen.cpu)
        seen.moments.append(moment)
        if kill(moment):
            process.kill()
            break
        time.sleep(TICK)
    pids = [*seen.cpu]
    seen.said, _ = process.communicate()
    seen.code = process.returncode
    last = seen.moments[-1]
    seen.moments.append(Moment(time.perf_counter() - start, kept(out), last.memory, last.own, last.cpu, last.first))
    _gone(pids)
    return seen


def kept(out: Path) -> int:
    """How many files are in the store."""
    try:
        store = sqlite3.connect(f"file:{out / 'backlog.sqlite'}?mode=ro", uri=True)
        try:
            return int(store.execute("SELECT count(*) FROM file").fetchone()[0])
        finally:
            store.close()
    except sqlite3.Error:
        return 0


def _moment(pid: int, out: Path, start: float, cpu: dict[int, float]) -> Moment:
    memory: dict[int, int] = {}
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        cpu[one] = (int(fields[11]) + int(fields[12])) / _HERTZ
        memory[one] = int(fields[21]) * _PAGE
    held, spent = sum(memory.values()), sum(cpu.values())
    return Moment(time.perf_counter() - start, kept(out), held, memory.get(pid, 0), spent, cpu.get(pid, 0.0))


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    found, waiting = [], deque([pid])
    while waiting:
        found.append(waiting.popleft())
        for task in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting.extend(map(int, task.read_text().split()))
            except OSError:
                continue
    return found


def _gone(pids: Sequence[int], patience: float = 60.0) -> None:
    """Wait until none is left; raises RuntimeError for one that stays."""
    deadline = time.monotonic() + patience
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            raise RuntimeError("a process of the run is still there")
        time.sleep(TICK)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is only not collected yet doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False
