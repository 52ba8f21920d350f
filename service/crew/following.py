"""A crew that follows what is in force: another model in its folder, another active version of the rulebook."""

from __future__ import annotations

import logging
import threading

from sqlalchemy import select

from gongkai.model.errors import GongkaiError
from gongkai.service.house import House
from gongkai.service.store.tables import RulebookVersion

PAUSE = 2.0
Stamp = tuple[int, int, int] | None
log = logging.getLogger("gongkai.crew")


class Follower:
    """Looks every two seconds. A damaged model or rulebook changes nothing, and is looked at again when it changes."""

    def __init__(self, house: House, pause: float = PAUSE) -> None:
        self._house, self._pause, self._stop = house, pause, threading.Event()
        self._stamp, self._version = self._folder_stamp(), self._active()
        self._thread = threading.Thread(target=self._follow, name="gongkai-follower", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after a look that is under way."""
        self._stop.set()
        self._thread.join(self._pause + 1)

    def _folder_stamp(self) -> Stamp:
        folder = self._house.settings.model
        if folder is None:
            return None
        try:
            found = (folder / "model.json").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _active(self) -> tuple[str, str]:
        """The id and the digest of the active version; empty for none."""
        with self._house.database.reading() as session:
            active = select(RulebookVersion.id, RulebookVersion.digest).where(RulebookVersion.active)
            found = session.execute(active).first()
        return (found.id, found.digest) if found else ("", "")

    def _tables(self, version: str) -> dict[str, str] | None:
        with self._house.database.reading() as session:
            return session.scalar(select(RulebookVersion.files).where(RulebookVersion.id == version))

    def _follow(self) -> None:
        while not self._stop.wait(self._pause):
            try:
                self.look()
            except GongkaiError as error:
                log.error("新的模型或者规则表没有启用，继续用原来的：%s", error.message)

    def look(self) -> None:
        """Change over when there is something new. Raises what keeps it from being used."""
        stamp, version = self._folder_stamp(), self._active()
        other_model = stamp is not None and stamp != self._stamp
        other_rules = version != self._version
        if not other_model and not other_rules:
            return
        self._stamp, self._version = stamp or self._stamp, version
        if other_model or self._house.rules().digest != version[1]:  # else this process has changed over itself
            self._house.crew.reload(self._tables(version[0]))
            log.info("已启用新的模型或者规则表：%s", self._house.crew.engines[0])
