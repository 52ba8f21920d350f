"""A job in the hands of its worker: what the functions of kinds.py get."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access import roles
from gongkai.service.access.actors import Actor
from gongkai.service.crew.orders import Order
from gongkai.service.errors import Busy, NotAllowed, Stopping, StoreError
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import IN, KEPT, OUT, Claim, Fenced, Upload
from gongkai.service.store import trail
from gongkai.service.store.tables import Job, Unit, User
from gongkai.service.wire import Json

T = TypeVar("T")
_TICK, _PAUSE, _LONGEST = 0.5, 0.2, 5.0
#: How often something is tried again that a database refuses which answers.
_TRIES = 20
_GONE = "提交人的账号已停用，任务没有做。"
_NOT_ANY_MORE = "提交人现在没有做“{}”任务的权限，任务没有做；需要时请由有权限的人重新提交。"
_LOST = "任务的文件已经不在了，请重新提交。"


class Cancelled(Exception):
    """Its owner wants the job no more."""


class GivenBack(Exception):
    """The service stops: another worker goes on."""


@dataclass(slots=True)
class Flags:
    """What others tell the one who works: set by the minder and by the end of the service."""

    cancel: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Work:
    """One claimed job. Everything that is written goes through `write`, so that it is refused when the job was taken
    over by somebody else, and tried again while the database is away."""

    house: House
    claim: Claim
    flags: Flags = field(default_factory=Flags)

    @property
    def order(self) -> Json:
        """The options that came with the job."""
        return self.claim.order

    def check(self) -> None:
        """Raises Fenced, Cancelled or GivenBack when the work has to end here; to be called now and then."""
        if self.flags.lost.is_set():
            raise Fenced
        if self.flags.cancel.is_set():
            raise Cancelled
        if self.flags.stop.is_set():
            raise GivenBack

    def read(self, get: Callable[[Session], T]) -> T:
        """What `get` reads from the database."""
        return self._tried(lambda: self._read(get), self.check)

    def _read(self, get: Callable[[Session], T]) -> T:
        with self.house.database.reading() as session:
            return get(session)

    def write(self, put: Callable[[Session], object] = lambda _: None, **values: Any) -> None:  # noqa: ANN401
        """Write in one transaction with the job's own `values` (done, total, result); `put` may be called again when
        the database went away meanwhile."""
        self._tried(lambda: self._write(put, values), self.check)

    def _write(self, put: Callable[[Session], object], values: Json) -> None:
        with self.house.database.writing() as session:
            queue.held(session, self.claim, at=self.house.clock(), **values)
            put(session)

    def end(self, state: str, **values: Any) -> None:  # noqa: ANN401
        """End the job; tried until the database takes it or the service stops."""
        self._tried(lambda: self._end(state, values), self._unstopped)

    def _end(self, state: str, values: Json) -> None:
        with self.house.database.writing() as session:
            queue.end(session, self.house.vault, self.claim, state, at=self.house.clock(), **values)

    def give_back(self) -> None:
        """Put the job back into the queue."""
        with self.house.database.writing() as session:
            queue.give_back(session, self.claim, at=self.house.clock())

    def _unstopped(self) -> None:
        if self.flags.lost.is_set():
            raise Fenced
        if self.flags.stop.is_set():
            raise GivenBack

    def _tried(self, once: Callable[[], T], check: Callable[[], None]) -> T:
        pause, tries = _PAUSE, 0
        while True:
            try:
                return once()
            except StoreError:
                tries += self.house.database.ready()
                if tries > _TRIES:
                    raise
            self.flags.stop.wait(pause)
            check()
            pause = min(2 * pause, _LONGEST)

    def ask(self, order: Order, seconds: float | None = None) -> Any:  # noqa: ANN401
        """Have the crew do an order, behind those that somebody waits for. Raises what the document deserves."""
        while True:
            try:
                return self._answer(self.house.crew.give(order, seconds=seconds))
            except Busy as busy:
                self.flags.stop.wait(busy.after)
            except Stopping:
                raise GivenBack from None
            self.check()

    def _answer(self, future: Future[Any]) -> Any:  # noqa: ANN401
        while True:
            try:
                return future.result(_TICK)
            except TimeoutError:
                if future.done():  # the answer itself
                    raise
            try:
                self.check()
            except BaseException:
                future.cancel()
                raise

    def actor(self) -> Actor:
        """Whoever submitted the job, with what they may do now. Raises NotAllowed when they were disabled."""
        return self.read(self._actor)

    def _actor(self, session: Session) -> Actor:
        user, unit = session.get(User, self.claim.owner), session.get(Unit, self.claim.unit)
        if user is None or unit is None or user.disabled:
            raise NotAllowed(_GONE)
        return roles.actor(user, unit)

    def permit(self, action: str, name: str) -> None:
        """Raises NotAllowed, noted in the trail, when who submitted the job may not have it done any more."""
        try:
            allowed = self.actor().may(action)
            why = NotAllowed(_NOT_ANY_MORE.format(name))
        except NotAllowed as error:
            allowed, why = False, error
        if not allowed:
            self.write(self._refused)
            raise why

    def _refused(self, session: Session) -> None:
        told = {"job": self.claim.kind, "owner": self.claim.owner}
        trail.append(session, trail.SYSTEM, "refuse", "job", self.claim.id, at=self.house.clock(), **told)

    def files(self) -> Iterator[tuple[int, Upload]]:
        """The files that no former attempt has finished, with their numbers."""
        for number in range(self.claim.done, self.claim.total):
            self.check()
            yield number, self.file(number)

    def file(self, number: int) -> Upload:
        """One of the files. Raises RequestError when it is gone."""
        vault = self.house.vault
        packed = self.read(lambda session: vault.get(session, IN, self.claim.id, str(number)))
        if packed is None:
            raise RequestError(_LOST)
        return Upload.unpacked(packed)

    def keep(self, session: Session, number: int, row: Json, **products: bytes) -> None:
        """Keep what was found for a file, and files made of it, in a transaction of `write`."""
        at, vault, id = self.house.clock(), self.house.vault, self.claim.id
        vault.put(session, OUT, id, json.dumps(row).encode(), role=str(number), at=at, expires=at + KEPT)
        for what, data in products.items():
            vault.put(session, OUT, id, data, role=f"{number}/{what}", at=at, expires=at + KEPT)

    def drop(self, session: Session, number: int) -> None:
        """Remove a file at once."""
        self.house.vault.drop(session, IN, self.claim.id, str(number))

    def result(self, session: Session) -> Json:
        """The job's result as it stands."""
        return session.scalar(select(Job.result).where(Job.id == self.claim.id)) or {}

    def count(self, session: Session, done: int, status: str) -> None:
        """So many files are done, one more of them with this status; in a transaction of `write`."""
        result = self.result(session)
        counted = result | {status: int(result.get(status, 0)) + 1}
        queue.held(session, self.claim, at=self.house.clock(), done=done, result=counted)
