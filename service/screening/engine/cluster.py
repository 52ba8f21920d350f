"""The pool of a Ray cluster (extra `ray`): the same tasks and answers as `pool.Pool`, in processes on many machines.

Each actor is a seat: a local pool with one child, so that limits, crashes and retries are those of one machine. The
driver alone lists and writes. Files and output folder have to be on storage that all machines see under one path.
A cluster is joined where the environment names one (`RAY_ADDRESS`), otherwise one is started on this machine alone.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections import deque
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.service.screening.engine import private
from gongkai.service.screening.engine.pool import Caps, Done, Lost, Why
from gongkai.service.screening.engine.seat import BATCH, Ended, Given, Ledger, Seat
from gongkai.service.screening.engine.tasks import Answer, Hello, Means, Task

Outcome: TypeAlias = Done[Task, Answer] | Lost[Task]
_STARTING = 300.0
_STILLBORN = 3
#: A task that was lost with so many seats is given up; its own crashes never end a seat.
_TRIES = 5
_NO_RAY = "集群筛查需要安装 ray 扩展，请运行 pip install 'gongkai[ray]' 后再试。"
_NO_START = "Ray 集群里没有可用的进程，请检查集群是否在运行、处理器是否够用，再用同一条命令继续。"
_GONE = "和 Ray 集群的连接断了，已完成的部分都在，请恢复集群后用同一条命令继续。"
_UNLIKE = "集群里各台机器的程序或模型不一样，请装成同一版本、用同一个模型后再试。"
_ADDRESS = "RAY_ADDRESS"
#: Nothing is reported to anybody, and nothing is counted for a page that is not served.
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_metrics_collection": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
#: A cluster for this run alone listens on the loopback address, as Ray does on Windows, and to its token's holder.
#: Its one node shares a machine that may be busy: it is not dead when it answers late.
_ALONE = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_health_check_timeout_ms": "60000",
    "RAY_health_check_failure_threshold": "10",
}


@dataclass(slots=True)
class _Task:
    number: int
    task: Task
    seconds: float
    tries: int = 0


@dataclass(eq=False, slots=True)
class _Chair:
    """A seat as the driver sees it: its actor, what it has to do, and the one call that it answers."""

    actor: Any
    call: Any
    since: float
    ready: bool = False
    tasks: dict[int, _Task] = field(default_factory=dict)


def need_ray() -> None:
    """Raises RequestError without the extra."""
    if find_spec("ray") is None:
        raise RequestError(_NO_RAY)


class Cluster:
    """`jobs` seats for as long as it is open; the interface of `Pool` as far as a run uses it.

    `out` holds the store, which a process beside the driver reads to tell what is known already.
    """

    def __init__(self, means: Means, jobs: int, caps: Caps, out: Path) -> None:
        need_ray()
        self._means, self._jobs, self._caps, self._out = _anywhere(means), jobs, caps, out.absolute()
        self._waiting: deque[_Task] = deque()
        self._outcomes: list[Outcome] = []
        self._chairs: list[_Chair] = []
        self._hello: list[Hello] = []
        self._number, self._begun, self._stillborn = count(), time.monotonic(), 0

    def __enter__(self) -> Cluster:
        self._ray, self._folder = _joined(self._jobs)
        here = self._ray.get_runtime_context().get_node_id()
        beside = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(here, soft=False)
        self._ledger = self._ray.remote(num_cpus=0)(Ledger).options(scheduling_strategy=beside).remote(self._out)
        self._seat = self._ray.remote(num_cpus=1, max_restarts=0)(Seat)
        self._chairs = [self._placed() for _ in range(self._jobs)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ray.shutdown()
        if self._folder:
            private.remove(self._folder)

    def _placed(self) -> _Chair:
        actor = self._seat.remote(self._means, self._caps, self._ledger)
        return _Chair(actor, actor.hello.remote(), time.monotonic())

    @property
    def room(self) -> int:
        """How many tasks a seat could take now, so that none runs out of work."""
        return sum(BATCH - len(chair.tasks) for chair in self._chairs if chair.ready) - len(self._waiting)

    @property
    def busy(self) -> int:
        """How many tasks have no outcome yet."""
        return len(self._waiting) + sum(len(chair.tasks) for chair in self._chairs)

    def hello(self) -> Hello:
        """What the first seat said of itself. Raises what its opening raised, RequestError when none starts."""
        while not self._hello:
            self._listen(0.1)
        return self._hello[0]

    def give(self, task: Task, seconds: float = 0.0) -> None:
        """Have a task done, in `seconds` where they differ from the pool's."""
        self._waiting.append(_Task(next(self._number), task, seconds))

    def outcomes(self, timeout: float = 0.1) -> list[Outcome]:
        """What has come to its end; waits for so many seconds when nothing has."""
        self._feed()
        self._listen(0.0 if self._outcomes else timeout)
        ended, self._outcomes = self._outcomes, []
        return ended

    def _feed(self) -> None:
        """Every seat that is not answering gets what it has room for, in one call."""
        for chair in self._chairs:
            if not chair.ready or chair.call is not None:
                continue
            given: list[Given] = []
            while self._waiting and len(chair.tasks) < BATCH:
                task = self._waiting.popleft()
                chair.tasks[task.number] = task
                given.append((task.number, task.task, task.seconds))
            if chair.tasks:
                chair.call = chair.actor.turn.remote(given)

    def _listen(self, timeout: float) -> None:
        calls = {chair.call: chair for chair in self._chairs if chair.call is not None}
        if not calls:
            time.sleep(timeout)
            return
        try:
            ended, _ = self._ray.wait(list(calls), timeout=timeout)
            ended, _ = self._ray.wait(list(calls), num_returns=len(calls), timeout=0) if ended else ([], [])
        except self._ray.exceptions.RaySystemError as error:
            raise RequestError(_GONE) from error
        for call in ended:
            self._hear(calls[call], call)
        if not self._hello and time.monotonic() - self._begun > _STARTING:
            raise RequestError(_NO_START)

    def _hear(self, chair: _Chair, call: Any) -> None:  # noqa: ANN401  # Ray's references have no type of their own
        chair.call = None
        try:
            told = self._ray.get(call)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause if isinstance(error.cause, GongkaiError) else RequestError(_NO_START) from error
        except self._ray.exceptions.RayError:
            self._lose(chair)
            return
        if isinstance(told, Hello):
            self._begin(chair, told)
        else:
            for ended in told:
                self._end(chair, ended)

    def _begin(self, chair: _Chair, hello: Hello) -> None:
        if self._hello and hello.engine != self._hello[0].engine:
            raise RequestError(_UNLIKE)
        self._hello.append(hello)
        chair.ready, self._stillborn = True, 0

    def _end(self, chair: _Chair, ended: Ended) -> None:
        number, answer = ended
        task = chair.tasks.pop(number).task
        lost = isinstance(answer, tuple)
        self._outcomes.append(Lost(task, *answer) if lost else Done(task, answer))  # type: ignore[misc, arg-type]

    def _lose(self, chair: _Chair) -> None:
        """A seat is gone, with its machine or by itself: another one takes its place, others its tasks."""
        for task in reversed(chair.tasks.values()):
            task.tries += 1
            if task.tries < _TRIES:
                self._waiting.appendleft(task)
            else:
                self._outcomes.append(Lost(task.task, Why.crash, -1))
        self._stillborn += not chair.ready
        if self._stillborn > _STILLBORN:
            raise RequestError(_NO_START)
        self._chairs[self._chairs.index(chair)] = self._placed()


def _anywhere(means: Means) -> Means:
    """With paths that hold wherever a process runs."""
    settings = means.settings
    paths = {name: path.absolute() for name in ("tables", "model") if (path := getattr(settings, name))}
    return Means(replace(settings, **paths), means.spool.absolute(), means.ocr)


def _joined(jobs: int) -> tuple[Any, Path | None]:
    """Ray, joined to a cluster; and the private folder of one that was started here."""
    os.environ.update(_QUIET)
    if not os.environ.get(_ADDRESS):
        os.environ.update(_ALONE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)})
    import ray
    import ray.util.scheduling_strategies

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    folder = None
    try:
        if os.environ.get(_ADDRESS):
            ray.init(**quiet)
        else:
            folder = private.made()
            ray.init("local", num_cpus=jobs, include_dashboard=False, _temp_dir=str(folder), **quiet)
    except Exception as error:  # Ray tells of a failed start with whatever comes
        if folder:
            private.remove(folder)
        raise RequestError(_NO_START) from error
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return ray, folder
