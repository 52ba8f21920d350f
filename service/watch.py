"""A desk that follows its model folder: a new model put in its place is loaded without a restart."""

from __future__ import annotations

import logging
import threading
import time

from gongkai.model.errors import GongkaiError
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings

PAUSE = 2.0
LOG = logging.getLogger("gongkai.service")


class WatchedDesk:
    """The desk of the moment. The folder is looked at once in two seconds; a damaged one changes nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self._stamp, self._looked = self._folder_stamp(), time.monotonic()
        self._desk = Desk.open(settings)

    def _folder_stamp(self) -> tuple[int, int, int] | None:
        if self._settings.model is None:
            return None
        try:
            found = (self._settings.model / "model.json").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def __call__(self) -> Desk:
        """The desk to work with now."""
        if self._settings.model is not None and time.monotonic() - self._looked >= PAUSE:
            self._look()
        return self._desk

    def _look(self) -> None:
        with self._lock:
            self._looked = time.monotonic()
            stamp = self._folder_stamp()
            if stamp is None or stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                self._desk = Desk.open(self._settings)
            except GongkaiError as error:
                LOG.error("新的模型目录没有启用，继续用原来的：%s", error.message)
            else:
                LOG.info("已启用新的模型：%s", self._desk.screener.engine.model)
