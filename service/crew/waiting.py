"""Orders that wait for a child: those that somebody waits for come first, and no more are let in than can be served."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from gongkai.service.crew.orders import Order
from gongkai.service.errors import Busy, Stopping

BUSY = "服务正忙，排队的请求已满，请稍后再试。"
STOPPING = "服务正在停止，请稍后再试。"
STARTING = "处理文件的子进程正在重新启动，请稍后再试。"
_LONGEST = 60


@dataclass(slots=True)
class Waiting:
    """An order with what will hold its answer."""

    order: Order
    seconds: float
    urgent: bool
    future: Future[Any] = field(default_factory=Future)


class Room:
    """Where orders wait. Any thread puts them in; one takes them out, woken by `bell`, a descriptor to read from."""

    def __init__(self, most: int, hands: int, patience: float = 60.0) -> None:
        self._most, self._hands, self._lock = max(most, 1), hands, threading.Lock()
        self._patience = patience  # seconds that nobody should wait in vain
        self._urgent, self._later = deque[Waiting](), deque[Waiting]()
        self.bell, self._rope = os.pipe()
        self._rung, self._shut = False, ""
        self.pace = 0.1  # seconds that an order takes, as the last ones took

    def put(self, waiting: Waiting) -> None:
        """Let an order in. Raises Busy, or Stopping when the room is closed for good."""
        with self._lock:
            if self._shut:
                raise Stopping(STOPPING) if self._shut == STOPPING else Busy(self._shut)
            queue = self._urgent if waiting.urgent else self._later
            if len(queue) >= self._most or (waiting.urgent and self._too_long()):
                raise Busy(BUSY, self.after)
            queue.append(waiting)
            self._ring()

    def _too_long(self) -> bool:
        """Who came now would wait longer than is worth it; a few always may."""
        waiting = len(self._urgent)
        return waiting > self._hands and waiting * self.pace / self._hands > self._patience

    @property
    def after(self) -> int:
        """Seconds after which half of those that wait will have been served."""
        return min(_LONGEST, max(1, ceil(len(self._urgent) * self.pace / self._hands / 2)))

    def ring(self) -> None:
        """Wake the one who takes."""
        with self._lock:
            self._ring()

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            os.write(self._rope, b"!")

    def heard(self) -> None:
        """Ready for the next ring; to be called by the one who takes, before it looks what there is."""
        with self._lock:
            if self._rung:
                os.read(self.bell, 1)
                self._rung = False

    def take(self, later: bool) -> Waiting | None:
        """The next order whose giver hasn't given up; only an urgent one unless `later`."""
        with self._lock:
            while queue := self._urgent or (self._later if later else None):
                waiting = queue.popleft()
                if waiting.future.set_running_or_notify_cancel():
                    return waiting
        return None

    def shut(self, why: str) -> None:
        """Let nobody in, and tell those who wait; STOPPING is for good."""
        with self._lock:
            self._shut = why
            told = [*self._urgent, *self._later]
            self._urgent.clear()
            self._later.clear()
        for waiting in told:
            if waiting.future.set_running_or_notify_cancel():
                waiting.future.set_exception(Stopping(why) if why == STOPPING else Busy(why, 5))

    def open(self) -> None:
        """Let orders in again."""
        with self._lock:
            self._shut = "" if self._shut != STOPPING else STOPPING

    def __len__(self) -> int:
        return len(self._urgent) + len(self._later)

    def close(self) -> None:
        """Give the bell back; nobody may ring it afterwards."""
        with self._lock:
            self._rung = True
            os.close(self.bell)
            os.close(self._rope)
