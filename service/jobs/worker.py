"""The threads that work the queue off: some that do jobs, one that minds them."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import GongkaiError
from gongkai.service.errors import StoreError
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.kinds import kind_of
from gongkai.service.jobs.minding import STILL, Watchman
from gongkai.service.jobs.queue import CANCELLED, DONE, FAILED, Claim, Fenced
from gongkai.service.jobs.work import Cancelled, Flags, GivenBack, Work
from gongkai.service.rules import expiring
from gongkai.service.store import retention
from gongkai.service.store.tables import Job

_PAUSE, _LONG_PAUSE, _HOUR = 1.0, 5.0, 3600.0
#: Beats between two looks of others, so that a late one does no harm.
_BEATS = 6
_BROKEN = {"slug": "internal", "title": "程序出错", "detail": "程序出错了，任务没有做完；请记下时间并告诉管理员。"}
log = logging.getLogger("gongkai.jobs")


class Workers:
    """`settings.job_workers` threads and a minder, from `start` to `stop`. A job beats while it is worked on; one whose
    beat stands still for `still` seconds is taken over."""

    def __init__(self, house: House, still: float = STILL) -> None:
        self._house, self._beat, self._stop = house, still / _BEATS, threading.Event()
        self._name = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._watchman, self._swept = Watchman(still), 0.0
        self._works: dict[str, Work] = {}
        names = [f"gongkai-job-{number}" for number in range(house.settings.job_workers)]
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
        self._threads.append(threading.Thread(target=self._mind, name="gongkai-minder", daemon=True))

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 20.0) -> None:
        """Give back what is under way; files that are being read are read to their end, for so many seconds."""
        self._stop.set()
        for work in list(self._works.values()):
            work.flags.stop.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                claim = self._claimed()
            except StoreError:
                self._stop.wait(_LONG_PAUSE)
                continue
            if claim is None:
                self._stop.wait(_PAUSE)
            else:
                self._do(claim)

    def _claimed(self) -> Claim | None:
        database = self._house.database
        with database.reading() as session:  # so that an idle worker takes no lock
            if not queue.waiting(session):
                return None
        with database.writing() as session:
            return queue.claim(session, self._name, at=self._house.clock())

    def _do(self, claim: Claim) -> None:
        work = Work(self._house, claim, Flags())
        self._works[claim.worker] = work
        if self._stop.is_set():
            work.flags.stop.set()
        try:
            self._ended(work)
        except Fenced:
            log.warning("job %s was taken over", claim.id)
        except GivenBack:
            with suppress(StoreError, Fenced):  # then its beat stands still, and somebody takes it over
                work.give_back()
        except StoreError as error:
            log.error("job %s: %s", claim.id, error.message)
        finally:
            del self._works[claim.worker]

    def _ended(self, work: Work) -> None:
        try:
            work.check()  # the service may have begun to stop while it was claimed
            kind = kind_of(work.claim.kind)
            work.permit(kind.action, kind.name)
            result = kind.run(work)
        except Cancelled:
            work.end(CANCELLED)
        except (Fenced, GivenBack):
            raise
        except StoreError as error:
            self._again(work, error)
        except GongkaiError as error:
            work.end(FAILED, problem=queue.problem(error))
        except Exception as error:  # its words may hold text of a document
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            log.error("unexpected %s at %s in job %s", type(error).__name__, place, work.claim.id)
            work.end(FAILED, problem=_BROKEN)
        else:
            work.end(DONE, result=result)

    def _again(self, work: Work, error: StoreError) -> None:
        """A database that fails is not the job's fault: it is tried again, though not without end."""
        if work.claim.attempt >= queue.MOST_ATTEMPTS:
            work.end(FAILED, problem=queue.problem(error))
            return
        self._stop.wait(_LONG_PAUSE)
        work.write(state=queue.WAITING)

    # what follows is the minder's

    def _mind(self) -> None:
        while not self._stop.wait(self._beat):
            for task in (self._beats, self._reclaims, self._sweeps):
                with suppress(StoreError):
                    self._minded(task)

    def _minded(self, task: Callable[[], None]) -> None:
        try:
            task()
        except StoreError:
            raise
        except Exception as error:  # the minder has to live: without its beat all jobs would be taken for dead
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("unexpected %s at %s:%s", type(error).__name__, Path(last.filename).name, last.lineno)

    def _beats(self) -> None:
        for work in list(self._works.values()):
            with self._house.database.writing() as session:
                self._beaten(session, work)

    def _beaten(self, session: Session, work: Work) -> None:
        try:
            queue.held(session, work.claim, at=self._house.clock())
        except Fenced:
            if work.claim.worker in self._works:  # else it has just ended
                work.flags.lost.set()
            return
        if session.scalar(select(Job.cancel).where(Job.id == work.claim.id)):
            work.flags.cancel.set()

    def _reclaims(self) -> None:
        with self._house.database.reading() as session:
            dead = self._watchman.dead(queue.signs(session))
        for sign in dead:
            with self._house.database.writing() as session:
                if queue.reclaim(session, self._house.vault, sign, at=self._house.clock()):
                    log.warning("job %s had no worker any more", sign.id)

    def _sweeps(self) -> None:
        if self._swept and time.monotonic() - self._swept < _HOUR:
            return
        self._swept = time.monotonic()
        with self._house.database.writing() as session:
            retention.sweep(session, self._house.clock())
        expiring.mind(self._house)
