"""What runs inside a child of the pool: its work, shut off from the terminal and bound in memory."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from gongkai.model.errors import GongkaiError

T = TypeVar("T")
A = TypeVar("A")
H = TypeVar("H")
#: Kinds of what a child tells.
READY, BEGUN, STEP, ASK, DONE, FAILED = range(6)
#: Exit code of a child that ran out of memory.
FULL = 77
_SPARE = 256 * 2**20
#: New objects between two looks for circles: a document leaves some dozens of those, and looks take 1 % of its time.
_LOOSE = 10_000
_PR_SET_PDEATHSIG = 1


class Line:
    """What work may say to the parent before its answer."""

    def __init__(self, open_line: Connection) -> None:
        self._open = open_line

    def step(self, number: int) -> None:
        """Tell how far the task has come; its time begins anew."""
        self._open.send((STEP, number))

    def ask(self, question: object) -> Any:  # noqa: ANN401  # what a question is answered with is the work's affair
        """The parent's answer to a question."""
        self._open.send((ASK, question))
        return self._open.recv()


#: Made in the child, once: what does a task, and what to tell the parent first. Has to be picklable.
Opening = Callable[[], tuple[Callable[[T, Line], A], H]]


def resident(pid: int | None) -> int:
    """Bytes of memory that a process holds; 0 where the system doesn't say."""
    try:
        return int(_read(f"/proc/{pid}/statm").split()[1]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def spent(pid: int | None) -> float | None:
    """Seconds of processor time that a process has used; None where the system doesn't say."""
    try:
        fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None


def _read(path: str) -> bytes:
    """A short file of the system's, which is asked for several times a task."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


def serve(line: Connection, opening: Opening[T, A, H], memory: int) -> None:
    """Open the work and do one task after the other until the parent hangs up; `memory` in bytes."""
    seclude()
    gc.set_threshold(_LOOSE)
    try:
        work, hello = opening()
    except GongkaiError as error:
        line.send((FAILED, error))
        return
    _bound(memory)
    line.send((READY, hello))
    try:
        while True:
            (task,) = line.recv()
            line.send((BEGUN, None))
            line.send((DONE, work(task, Line(line))))
    except MemoryError:
        os._exit(FULL)
    except Exception:  # its words may hold text of a document; the parent tells what was lost
        os._exit(1)


def seclude() -> None:
    """Leave Ctrl-C to the parent, say nothing, leave no image of the memory behind, end with the parent, be the first
    to go when memory is short."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(
            _PR_SET_PDEATHSIG, signal.SIGKILL
        )  # even inside a parser that never lets the interpreter run
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")
    threading.Thread(target=_with_parent, daemon=True).start()


def _with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
    os._exit(1)


def _bound(memory: int) -> None:
    """Refuse what would go over the limit faster than the parent can look."""
    if sys.platform != "linux":
        return
    pages = [int(field) for field in Path("/proc/self/statm").read_bytes().split()]
    held, data = pages[1] * resource.getpagesize(), pages[5] * resource.getpagesize()
    most = data + max(0, memory - held) + _SPARE
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))
