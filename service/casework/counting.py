"""Figures are counted once: while no document or decision is added, and for a minute anyway; counting takes seconds."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.casework.statistics import counts
from gongkai.service.store.tables import Kept, Trail

#: Seconds for which figures are told again, and for how many questions.
FRESH, _MOST = 60.0, 256
#: Entries of the trail that change no figure; any other one may.
_QUIET = ("see", "read", "download", "sign-in", "sign-in-failed", "sign-out", "verify", "redact", "discard", "backup")
_MOVED = select(Trail.seq).where(Trail.action.not_in(_QUIET)).order_by(Trail.seq.desc()).limit(1)
_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted (`statistics.counts`: a mapping), when, and in which state of the database."""

    found: Any
    at: datetime
    state: str = ""


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    figures: Figures | None = None
    until: float = 0.0


class Counted:
    """The figures of an application, by reach and period."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer, self._lock = timer, threading.Lock()
        self._slots: OrderedDict[_Key, _Slot] = OrderedDict()

    def of(
        self, session: Session, actor: Actor, since: datetime | None, until: datetime | None, *, at: datetime,
        exact: bool = False,
    ) -> Figures:  # fmt: skip
        """The figures of `counts`; who asks for the same at the same time waits for the one who counts. `exact` ones
        are of now, others may be a minute old where something was added since."""
        count = lambda: counts(session, actor, since, until)  # noqa: E731
        return self.told("", count, actor, since, until, at=at, state=standing(session), exact=exact)

    def told(
        self, name: str, count: Callable[[], Any], actor: Actor, since: datetime | None, until: datetime | None, *,
        at: datetime, state: str = "", exact: bool = False,
    ) -> Figures:  # fmt: skip
        """The same of other figures, by a name of their own (which holds the digest of the rules that they rest on);
        without a state nothing but their age makes them be counted anew."""
        slot = self._slot((name, *_key(actor, since, until)))
        with slot.lock:
            if slot.figures is not None and state and slot.figures.state == state:
                slot.figures = replace(slot.figures, at=at)
            elif slot.figures is None or exact or self._timer() >= slot.until:
                slot.figures = Figures(count(), at, state)
                slot.until = self._timer() + FRESH
            return slot.figures

    def _slot(self, key: _Key) -> _Slot:
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > _MOST:
                self._slots.popitem(last=False)
            return slot


def standing(session: Session) -> str:
    """What tells one state of documents and decisions from another: the last entry of the trail that may have changed
    them, and how many there are, since what is brought in gets its entry at the end."""
    return f"{session.scalar(_MOVED) or 0}-{session.scalar(select(func.count()).select_from(Kept)) or 0}"


def mark(figures: Figures, actor: Actor, since: datetime | None, until: datetime | None) -> str:
    """The version of figures as a caller sees them: their state, reach and period."""
    return hashlib.sha256(repr((figures.state, _key(actor, since, until))).encode()).hexdigest()[:32]


def _key(actor: Actor, since: datetime | None, until: datetime | None) -> _Key:
    """Who sees the same documents shares their figures: everybody whose reach is all, else nobody."""
    who = ("", "") if actor.reach == Reach.all else (actor.user, actor.unit)
    return (actor.reach, *who, *(day.isoformat() if day else "" for day in (since, until)))
