"""Figures counted a moment ago are told again: over a hundred thousand documents they take seconds."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.casework.statistics import counts

#: Seconds for which figures are told again, and for how many questions.
FRESH, _MOST = 60.0, 256
_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted (`statistics.counts`: a mapping), and when."""

    found: Any
    at: datetime


@dataclass(slots=True)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    figures: Figures | None = None
    until: float = 0.0


class Counted:
    """The figures of an application, by reach and period. Nothing but their age makes them be counted anew."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer, self._lock = timer, threading.Lock()
        self._slots: OrderedDict[_Key, _Slot] = OrderedDict()

    def of(
        self, session: Session, actor: Actor, since: datetime | None, until: datetime | None, *, at: datetime
    ) -> Figures:
        """The figures of `counts`; who asks for the same at the same time waits for the one who counts."""
        return self.told("", lambda: counts(session, actor, since, until), actor, since, until, at=at)

    def told(
        self, name: str, count: Callable[[], Any], actor: Actor, since: datetime | None, until: datetime | None, *,
        at: datetime,
    ) -> Figures:  # fmt: skip
        """The same of other figures, by a name of their own (which holds the digest of the rules that they rest on)."""
        slot = self._slot((name, *_key(actor, since, until)))
        with slot.lock:
            if slot.figures is None or self._timer() >= slot.until:
                slot.figures = Figures(count(), at)
                slot.until = self._timer() + FRESH
            return slot.figures

    def _slot(self, key: _Key) -> _Slot:
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            while len(self._slots) > _MOST:
                self._slots.popitem(last=False)
            return slot


def _key(actor: Actor, since: datetime | None, until: datetime | None) -> _Key:
    """Who sees the same documents shares their figures: everybody whose reach is all, else nobody."""
    who = ("", "") if actor.reach == Reach.all else (actor.user, actor.unit)
    return (actor.reach, *who, *(day.isoformat() if day else "" for day in (since, until)))
