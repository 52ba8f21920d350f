"""Child processes that are killed one by one: a task that loops, grows or crashes costs nothing but its own answer."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import connection
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any, Generic

from gongkai.model.errors import RequestError
from gongkai.service.screening.engine.child import (
    ASK,
    BEGUN,
    FAILED,
    FULL,
    READY,
    STEP,
    A,
    H,
    Opening,
    T,
    resident,
    serve,
    spent,
)

_PRELOADED = "gongkai.service.screening.engine.preloaded"
_STARTING = 300.0
_STILLBORN = 3
_TICK = 0.1
_WAITING = 5
_GRACE = 5.0
_MISSES = 8
_NO_START = "筛查用的子进程启动不了，可能是内存不够，请减小 --jobs 后用同一条命令继续。"


class Why(StrEnum):
    """How a task was lost."""

    time = "time"
    memory = "memory"
    crash = "crash"


@dataclass(frozen=True, slots=True)
class Caps:
    """Seconds that a task may take, bytes that a child may hold, tasks after which a child is replaced.

    Seconds are those of the processor, so that a busy machine fails no more files than an idle one; a task that waits
    ends after five times as many.
    """

    seconds: float = 60.0
    memory: int = 1536 * 2**20
    tasks: int = 2_000


@dataclass(frozen=True, slots=True)
class Done(Generic[T, A]):
    """A task with its answer."""

    task: T
    answer: A


@dataclass(frozen=True, slots=True)
class Lost(Generic[T]):
    """A task that cost its child's life; `step` is the last that the child told of it, -1 for none."""

    task: T
    why: Why
    step: int


@dataclass(slots=True)
class _Task(Generic[T]):
    task: T
    seconds: float
    tries: int = 0
    #: How often it was given to a child that died before it began.
    missed: int = 0


def context() -> ForkServerContext | SpawnContext:
    """Children of a process that has loaded what they work with, and holds no lock and no secret of its caller's."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([_PRELOADED])
    return forking


class _Child(Generic[T, A, H]):
    """One process with its pipe, and the task that it has."""

    def __init__(self, opening: Opening[T, A, H], memory: int) -> None:
        begun = context()
        self.line, theirs = begun.Pipe()
        self.process = begun.Process(target=serve, args=(theirs, opening, memory), daemon=True)
        self.process.start()
        self.pid = self.process.pid or 0  # a closed process, which another thread may still look at, has none
        theirs.close()
        self.ready, self.served = False, 0
        self.task: _Task[T] | None = None
        self.begun = False
        self.told(-1)

    def take(self, task: _Task[T]) -> None:
        self.task, self.begun = task, False
        self.told(-1)
        self.line.send((task.task,))

    def told(self, step: int) -> None:
        """Begin to count time anew."""
        self.step, self.since, self.spent = step, time.monotonic(), spent(self.pid)

    def end(self) -> int:
        """Kill it; its exit code."""
        self.process.kill()
        self.process.join(_GRACE)
        code = self.process.exitcode
        if code is not None:  # else it hangs in the system, on a network drive that is gone, and ends when that lets it
            self.process.close()
        self.line.close()
        return code or 0

    def overdue(self, now: float) -> bool:
        waited = now - self.since
        if not self.ready:
            return waited > _STARTING
        if self.task is None:
            return False
        used = spent(self.pid)
        if used is None or self.spent is None:
            return waited > self.task.seconds
        return used - self.spent > self.task.seconds or waited > _WAITING * self.task.seconds


class Pool(Generic[T, A, H]):
    """`jobs` children for as long as it is open; to be used by the main thread, with whose end the children end.

    A task whose child crashed is tried once more in a new one, as is one that filled a child which had served others.
    """

    def __init__(
        self, opening: Opening[T, A, H], jobs: int, caps: Caps, reply: Callable[[Any], object] = lambda _: None
    ) -> None:
        self._opening, self._caps, self._reply = opening, caps, reply
        self._waiting: deque[_Task[T]] = deque()
        self._outcomes: list[Done[T, A] | Lost[T]] = []
        self._hello: list[H] = []
        self._stillborn, self._minded = 0, 0.0
        self._children = [self._born() for _ in range(jobs)]

    def _born(self) -> _Child[T, A, H]:
        return _Child(self._opening, self._caps.memory)

    def __enter__(self) -> Pool[T, A, H]:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.end()
        self._children = []

    @property
    def pids(self) -> list[int]:
        """The children's process ids."""
        return [child.pid for child in self._children]

    @property
    def ready(self) -> int:
        """How many children have opened their work."""
        return sum(child.ready for child in self._children)

    @property
    def room(self) -> int:
        """How many tasks could begin now."""
        return sum(child.ready and child.task is None for child in self._children) - len(self._waiting)

    @property
    def busy(self) -> int:
        """How many tasks have no outcome yet."""
        return len(self._waiting) + sum(child.task is not None for child in self._children)

    def hello(self) -> H:
        """What the first child said of itself. Raises what its opening raised, RequestError when none starts."""
        while not self._hello:
            self._listen(_TICK)
        return self._hello[0]

    def give(self, task: T, seconds: float = 0.0) -> None:
        """Have a task done, in `seconds` where they differ from the pool's."""
        self._waiting.append(_Task(task, seconds or self._caps.seconds))
        self._feed()

    def outcomes(self, timeout: float = _TICK, also: Sequence[int] = ()) -> list[Done[T, A] | Lost[T]]:
        """What has come to its end; waits for so many seconds when nothing has, 0.1 at most while there is something to
        mind, or until there is something to read from one of the file descriptors in `also`."""
        minding = self.busy or self.ready < len(self._children)
        self._listen(0.0 if self._outcomes else min(timeout, _TICK) if minding else timeout, also)
        ended, self._outcomes = self._outcomes, []
        return ended

    def _listen(self, timeout: float, also: Sequence[int] = ()) -> None:
        lines = {child.line: child for child in self._children}
        for line in connection.wait([*lines, *also], timeout):
            if line in lines:
                self._hear(lines[line])
        self._mind()
        self._feed()

    def _feed(self) -> None:
        for child in self._children:
            if self._waiting and child.ready and child.task is None:
                task = self._waiting.popleft()
                try:
                    child.take(task)
                except OSError:  # it died while idle
                    child.task = None
                    self._waiting.appendleft(task)
                    self._replace(child)

    def _hear(self, child: _Child[T, A, H]) -> None:
        try:
            kind, told = child.line.recv()
        except (EOFError, OSError):
            self._lose(child, None)
            return
        if kind == ASK:
            child.line.send(self._reply(told))
        elif kind == BEGUN:
            child.begun = True
        elif kind == STEP:
            child.told(told)
        elif kind == READY:
            child.ready, self._stillborn = True, 0
            self._hello.append(told)
        elif kind == FAILED:
            raise told
        else:
            self._done(child, told)

    def _done(self, child: _Child[T, A, H], answer: A) -> None:
        assert child.task is not None
        self._outcomes.append(Done(child.task.task, answer))
        child.task = None
        child.served += 1
        if child.served >= self._caps.tasks or resident(child.pid) > self._caps.memory * 3 // 4:
            self._replace(child)

    def _mind(self) -> None:
        """End what has been too long or holds too much."""
        now = time.monotonic()
        if now - self._minded < _TICK / 2:
            return
        self._minded = now
        for child in list(self._children):
            if child.overdue(now):
                self._lose(child, Why.time)
            elif child.task and resident(child.pid) > self._caps.memory:
                self._lose(child, Why.memory)

    def _lose(self, child: _Child[T, A, H], why: Why | None) -> None:
        task, step, ready = child.task, child.step, child.ready
        code = self._replace(child, gone=why is None)
        why = why or (Why.memory if code == FULL else Why.crash)
        if not ready:
            self._stillborn += 1
            if self._stillborn > _STILLBORN:
                raise RequestError(_NO_START)
        if task is None:
            return
        if self._again(child, task, why):
            self._waiting.appendleft(task)
        else:
            self._outcomes.append(Lost(task.task, why, step))

    def _again(self, child: _Child[T, A, H], task: _Task[T], why: Why) -> bool:
        """Whether it is tried once more; that its child died before it began is no fault of the task's."""
        if why == Why.crash and not child.begun and task.missed < _MISSES:
            task.missed += 1
            return True
        if task.tries or why == Why.time or (why == Why.memory and not child.served):
            return False
        task.tries += 1
        return True

    def _replace(self, child: _Child[T, A, H], gone: bool = False) -> int:
        if gone:
            child.process.join(1)
        code = child.end()
        self._children[self._children.index(child)] = self._born()
        return code
