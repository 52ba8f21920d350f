"""A crew of children: one thread gives them orders, replaces them when they die, and changes over to new ones."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from gongkai.model.errors import GongkaiError
from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.generation import Generation, begun
from gongkai.service.crew.orders import Order
from gongkai.service.crew.team import Team
from gongkai.service.crew.waiting import STARTING, STOPPING, Room, Waiting
from gongkai.service.errors import Busy, Stopping
from gongkai.service.settings import Settings
from gongkai.service.wire import Json

_TICK, _SHORT = 0.1, 0.01
#: Seconds that the thread may sleep while no child does anything: whatever comes wakes it.
_IDLE = 5.0
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_ENDING = 30.0
log = logging.getLogger("gongkai.crew")


class ChildCrew:
    """`settings.workers` children for as long as it is open. Any thread may use it."""

    def __init__(self, settings: Settings, tables: dict[str, str] | None = None) -> None:
        self._settings, self._one_by_one = settings, threading.Lock()
        self._room = Room(settings.queue, settings.workers, settings.queue_seconds)
        self._next: tuple[Generation, Future[None]] | None = None
        self._opening: tuple[Team, Future[None]] | None = None
        self._teams: list[Team] = []
        self._generation = begun(settings, tables)
        self._stop, self._pause, self._again = False, _PAUSE, 0.0
        self._lost: Counter[str] = Counter()
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._live, args=(started,), name="gongkai-crew", daemon=True)
        self._thread.start()
        try:
            started.result()
        except BaseException:
            self._generation.end()
            raise
        atexit.register(self.close)  # else the thread replaces the children that the interpreter ends, without end

    def do(self, order: Order, *, seconds: float | None = None, urgent: bool = True) -> Any:  # noqa: ANN401
        """Have an order done, and wait for its answer."""
        return self.give(order, seconds=seconds, urgent=urgent).result()

    def give(self, order: Order, *, seconds: float | None = None, urgent: bool = False) -> Future[Any]:
        """Have it done; the future may be cancelled for as long as it waits."""
        waiting = Waiting(order, seconds or 0.0, urgent)
        self._room.put(waiting)
        return waiting.future

    def reload(self, tables: dict[str, str] | None = None) -> None:
        """Open new children beside the running ones, and change over once one of them is ready."""
        with self._one_by_one:
            generation = begun(self._settings, tables)
            future: Future[None] = Future()
            self._next = (generation, future)
            self._room.ring()
            try:
                self._await(future)
            except BaseException:
                generation.end()
                raise

    def _await(self, future: Future[None]) -> None:
        while True:
            try:
                return future.result(1.0)
            except TimeoutError:
                if not self._thread.is_alive():
                    raise Stopping(STOPPING) from None

    @property
    def rules(self) -> Rulebook:
        """The rulebook in use."""
        return self._generation.rules

    @property
    def engines(self) -> Sequence[Json]:
        """Of the children that take orders, and of those that only end theirs."""
        return tuple(team.engine for team in reversed(self._teams))

    @property
    def figures(self) -> Json:
        """Children ready and wanted, orders under way and waiting, and those that cost a child its life, by why."""
        teams = tuple(self._teams)
        lost = sum((team.lost for team in teams), self._lost.copy())
        return {
            "ready": sum(team.ready for team in teams[-1:]),
            "workers": self._settings.workers,
            "busy": sum(team.busy for team in teams),
            "waiting": len(self._room),
            "lost": dict(lost),
        }

    @property
    def pids(self) -> list[int]:
        """The children's process ids."""
        return [pid for team in self._teams for pid in team.pids]

    def close(self) -> None:
        """End the children; what waits or is under way is told Stopping."""
        if self._stop:
            return
        atexit.unregister(self.close)
        self._room.shut(STOPPING)
        self._stop = True
        self._room.ring()
        self._thread.join(_ENDING)
        self._room.close()
        self._generation.end()

    # what follows is the thread's

    def _live(self, started: Future[None]) -> None:
        try:
            self._teams.append(self._first())
        except BaseException as error:
            self._room.shut(STOPPING)
            started.set_exception(error)
            return
        started.set_result(None)
        while not self._stop:
            try:
                self._turn()
            except Exception as error:  # whatever it was, those who wait are told and children are tried again
                self._broken(error)
        self._end()

    def _first(self) -> Team:
        team = Team(self._generation, log.error)
        try:
            while not team.ready:
                team.turn(_TICK)
        except BaseException:
            team.end(Stopping(STOPPING))
            raise
        return team

    def _turn(self) -> None:
        if not self._teams:
            self._revive()
            return
        self._renew()
        self._feed(self._teams[-1])
        alone = len(self._teams) == 1 and self._opening is None
        took = self._teams[-1].turn(_IDLE if alone else _SHORT, (self._room.bell,))
        if took:
            self._room.pace += (took - self._room.pace) / 8
        self._room.heard()
        for team in self._teams[:-1]:
            team.turn(_SHORT)
            self._leave(team)

    def _feed(self, team: Team) -> None:
        while team.room and (waiting := self._room.take(team.room_later)):
            team.begin(waiting)

    def _leave(self, team: Team) -> None:
        """A former team goes when it has answered all it was given."""
        if not team.busy:
            self._teams.remove(team)
            self._lost.update(team.lost)
            team.end(Stopping(STOPPING))
            team.generation.end()

    def _renew(self) -> None:
        if self._next and not self._opening:
            (generation, future), self._next = self._next, None
            try:
                self._opening = Team(generation, log.error), future
            except Exception as error:
                future.set_exception(error)
        if self._opening:
            self._change_over(*self._opening)

    def _change_over(self, team: Team, future: Future[None]) -> None:
        try:
            team.turn(_SHORT)
        except Exception as error:
            self._opening = None
            team.end(Stopping(STOPPING))
            future.set_exception(error)
            return
        if team.ready:
            self._opening, self._generation = None, team.generation
            self._teams.append(team)
            future.set_result(None)

    def _broken(self, error: Exception) -> None:
        """Children don't start, or the system has nothing left for them: tell everybody, and try again in a while."""
        log.error("children can't work: %s", type(error).__name__)
        self._room.shut(STARTING)
        for team in self._teams:
            self._lost.update(team.lost)
            team.end(Busy(STARTING, 5))
            if team.generation is not self._generation:
                team.generation.end()
        self._teams.clear()
        self._again = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def _revive(self) -> None:
        if time.monotonic() < self._again:
            time.sleep(_TICK)
            return
        self._teams.append(self._first())
        self._pause = _PAUSE
        self._room.open()

    def _end(self) -> None:
        stopping: GongkaiError = Stopping(STOPPING)
        if self._opening:
            team, future = self._opening
            team.end(stopping)
            future.set_exception(stopping)
        if self._next:
            self._next[1].set_exception(stopping)
        for team in self._teams:
            team.end(stopping)
            if team.generation is not self._generation:
                team.generation.end()
