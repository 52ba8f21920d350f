"""Which jobs' workers are dead: those whose beat stands still, by the clock of the one who looks, which never jumps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gongkai.service.jobs.queue import Sign

STILL = 30.0


@dataclass
class Watchman:
    """Remembers since when each job's last sign has been the same. Who could not look for long, as the database was
    away, begins anew: the others could not beat either."""

    still: float = STILL
    clock: Callable[[], float] = time.monotonic
    _since: dict[Sign, float] = field(default_factory=dict)
    _looked: float = 0.0

    def dead(self, signs: Iterable[Sign]) -> list[Sign]:
        """Those that have shown nothing new for too long."""
        now = self.clock()
        if now - self._looked > self.still / 2:
            self._since = {}
        self._looked = now
        self._since = {sign: self._since.get(sign, now) for sign in signs}
        return [sign for sign, since in self._since.items() if now - since >= self.still]
