"""What runs on the machines of a cluster: seats that work, and one process that says what is known."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from gongkai.service.screening.engine import private
from gongkai.service.screening.engine.pool import Caps, Done, Pool, Why
from gongkai.service.screening.engine.tasks import Answer, Hello, Means, Screen, Task, Unpack
from gongkai.service.screening.engine.working import opened
from gongkai.service.screening.intake import sources
from gongkai.service.screening.records import Part
from gongkai.service.screening.store import Store

#: Tasks that a seat holds at once: as it answers half of them, it still has the other half to do.
BATCH = 16
_PATIENCE = 1.0
_BOXES = 8
Given: TypeAlias = tuple[int, Task, float]
#: A task's number with its answer, or with why it was lost and its last step.
Ended: TypeAlias = tuple[int, Answer | tuple[Why, int]]


class Ledger:
    """Beside the driver: which digests have a record; it only reads what the driver has written."""

    def __init__(self, out: Path) -> None:
        self._store = Store(out)

    def known(self, digest: str, engine: str) -> bool:
        """Whether these bytes were judged by this engine, wholly."""
        return self._store.reusable(digest, engine)


class Seat:
    """On any machine: a pool with one child, which has the model; what unpacks here is removed here."""

    def __init__(self, means: Means, caps: Caps, ledger: Any) -> None:  # noqa: ANN401  # a handle of Ray
        # A child would import the file that Ray's worker began with, and all of Ray with it.
        vars(sys.modules["__main__"]).pop("__file__", None)
        self._own = None if means.spool.is_dir() else private.made()
        self._spool = self._own or means.spool
        here = Means(means.settings, self._spool, means.ocr)
        self._ledger, self._engine = ledger, ""
        self._numbers: dict[int, int] = {}
        self._parts: dict[Path, Part] = {}
        self._pool: Pool[Task, Answer, Hello] = Pool(partial(opened, here), 1, caps, self._known)

    def hello(self) -> Hello:
        """What the child says of itself. Raises what its opening raised."""
        hello = self._pool.hello()
        self._engine = hello.engine
        return hello

    def turn(self, given: list[Given]) -> list[Ended]:
        """Take more tasks; what has come to its end when half of all are left, or after a second."""
        for number, task, seconds in given:
            self._numbers[id(task)] = number
            self._pool.give(task, seconds)
            self._note(task)
        few, until = self._pool.busy // 2, time.monotonic() + _PATIENCE
        ended: list[Ended] = []
        while self._pool.busy > few or (not ended and self._pool.busy):
            for outcome in self._pool.outcomes():
                told = outcome.answer if isinstance(outcome, Done) else (outcome.why, outcome.step)
                ended.append((self._numbers.pop(id(outcome.task)), told))
            if time.monotonic() > until:
                break
        return ended

    def _known(self, digest: object) -> bool:
        import ray

        try:
            return bool(ray.get(self._ledger.known.remote(str(digest), self._engine)))
        except ray.exceptions.RayError:  # judged once more, then
            return False

    def _note(self, task: Task) -> None:
        """Where nobody else does, keep what was unpacked of the last containers only; what goes too soon is unpacked
        once more."""
        if self._own is None or not isinstance(task, Screen | Unpack):
            return
        part = task.part if isinstance(task, Unpack) else task.bundle.main
        self._parts.pop(part.locator.path, None)
        self._parts[part.locator.path] = part
        while len(self._parts) > _BOXES:
            sources.release(self._parts.pop(next(iter(self._parts))), self._spool)
