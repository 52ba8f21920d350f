"""The sources listed in a thread of its own: a slow network folder doesn't keep the children waiting."""

from __future__ import annotations

import os
import queue
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gongkai.service.screening.intake import sources
from gongkai.service.screening.intake.registers import Registers
from gongkai.service.screening.intake.sources import Item

_AHEAD = 64
_PATIENCE = 0.2


class Listing:
    """What lies below the sources, a few items ahead of who takes them."""

    def __init__(self, paths: Sequence[Path], registered: Registers) -> None:
        self.left_out = Counter[str]()
        self.done = False
        #: How many files there may be, counted on the way; containers count as one.
        self.estimate = 0
        self._paths, self._registered = paths, registered
        self._queue: queue.Queue[Item | Exception | None] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        for work in (self._list, self._count):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def take(self) -> Item | None:
        """The next item; None when none is there yet, or no more. Raises what the listing raised."""
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        if isinstance(item, Exception):
            raise item
        self.done = item is None
        return item

    def _list(self) -> None:
        try:
            for item in sources.found(self._paths, self._registered, self.left_out):
                if not self._put(item):
                    return
            self._put(None)
        except Exception as error:  # raised again where it is taken
            self._put(error)

    def _put(self, item: Item | Exception | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue
            return True
        return False

    def _count(self) -> None:
        for path in self._paths:
            self.estimate += path.is_file()
            for _, _, names in os.walk(path):
                if self._stop.is_set():
                    return
                self.estimate += sum(not name.startswith((".", "~$")) for name in names)
