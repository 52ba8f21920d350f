"""A crew without children, for small machines and tests: the same orders in this process, without caps on memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.generation import begun
from gongkai.service.crew.orders import Order
from gongkai.service.crew.waiting import BUSY, STOPPING
from gongkai.service.crew.working import Bench
from gongkai.service.desk import Desk
from gongkai.service.errors import Busy, Stopping
from gongkai.service.settings import Settings
from gongkai.service.wire import Json


class InsideCrew:
    """Orders are done by the thread that gives them; what needs no answer at once by one thread of its own."""

    def __init__(self, settings: Settings, tables: dict[str, str] | None = None) -> None:
        self._settings, self._lock, self._active, self._closed = settings, threading.Lock(), 0, False
        self._generation = begun(settings, tables)
        self._bench = Bench(Desk.open(self._generation.settings))
        self._later = ThreadPoolExecutor(1, "gongkai-later")

    def do(self, order: Order, *, seconds: float | None = None, urgent: bool = True) -> Any:  # noqa: ANN401
        """Do an order here and now; `seconds` bind children only."""
        with self._place():
            return self._bench(order)

    def give(self, order: Order, *, seconds: float | None = None, urgent: bool = False) -> Future[Any]:
        """Do it in the thread for what can wait."""
        with self._place():
            return self._later.submit(lambda: self._bench(order))

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise Stopping(STOPPING)
            if self._active >= max(self._settings.queue, 1):
                raise Busy(BUSY)
            self._active += 1
        try:
            yield
        finally:
            with self._lock:
                self._active -= 1

    def reload(self, tables: dict[str, str] | None = None) -> None:
        """Load beside, then change over."""
        generation = begun(self._settings, tables)
        try:
            bench = Bench(Desk.open(generation.settings))
        except BaseException:
            generation.end()
            raise
        before, self._generation, self._bench = self._generation, generation, bench
        before.end()  # all of it was read when its desk opened

    @property
    def rules(self) -> Rulebook:
        """The rulebook in use."""
        return self._generation.rules

    @property
    def engines(self) -> Sequence[Json]:
        """The one engine."""
        return (asdict(self._bench.desk.screener.engine),)

    @property
    def figures(self) -> Json:
        """Nothing is ever lost here but with the whole process."""
        return {"ready": 1, "workers": 0, "busy": self._active, "waiting": 0, "lost": {}}

    def close(self) -> None:
        """Let what runs end; what waits is told Stopping."""
        with self._lock:
            self._closed = True
        self._later.shutdown(cancel_futures=True)
        self._generation.end()
