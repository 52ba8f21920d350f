"""Sign in by password: every try is counted before it is checked, so that parallel guesses don't come cheaper."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access import passwords, sessions
from gongkai.service.access.sessions import Begun
from gongkai.service.errors import NotSignedIn, TooOften
from gongkai.service.house import House
from gongkai.service.store import trail
from gongkai.service.store.tables import User

FREE = 5
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
WRONG = "登录名或者口令不对，请重新输入；忘记口令请联系系统管理员。"
MOST = 10_000


@dataclass
class Strangers:
    """Failed tries for logins that don't exist: they are locked like those that do, so that nobody can tell."""

    _held: OrderedDict[str, tuple[int, datetime | None]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def charge(self, login: str, at: datetime) -> None:
        """Count a try. Raises TooOften while locked."""
        with self._lock:
            failures, until = self._held.pop(login, (0, None))
            waiting = wait(until, at)
            if not waiting:
                failures += 1
                until = locked_until(failures, at)
            self._held[login] = (failures, until)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        if waiting:
            raise too_often(waiting)


def locked_until(failures: int, at: datetime) -> datetime | None:
    """Until when a login is locked after so many failures in a row: a minute after five, twice as long each time."""
    return at + min(FIRST * 2 ** min(failures - FREE, 16), LONGEST) if failures >= FREE else None


def wait(until: datetime | None, at: datetime) -> int:
    """Seconds to wait; a clock that was set back can't make it more than the longest lock."""
    return 0 if until is None or until <= at else int(min(until - at, LONGEST).total_seconds()) + 1


def too_often(seconds: int) -> TooOften:
    """What a locked login is told."""
    return TooOften(f"口令输错次数太多，请在 {max(1, round(seconds / 60))} 分钟后重试，或者请系统管理员解锁。", seconds)


def known_as(session: Session, login: str) -> User | None:
    """A user by login name, in any case."""
    plain = login.strip().lower()
    return session.scalar(select(User).where(User.login == plain)) if plain.isprintable() else None


def sign_in(house: House, strangers: Strangers, login: str, password: str, cookie: str = "") -> Begun:
    """A new session for a login and its password; the browser's old one (`cookie`) ends.

    Raises NotSignedIn, or TooOften for a locked login. No session is open while the slow hash is computed.
    """
    at = house.clock()
    with house.database.writing() as session:
        user = known_as(session, login)
        kept = _charge(session, user, at) if user else ""
    if user is None:
        strangers.charge(login.strip().lower()[:100], at)
    if not passwords.matches(kept, password) or user is None:
        _note_failure(house, user)
        raise NotSignedIn(WRONG)
    fresh = passwords.hashed(password) if passwords.outdated(kept) else kept
    with house.database.writing() as session:
        session.get_one(User, user.id).password = fresh
        return admit(session, house, user.id, "password", cookie)


def _charge(session: Session, user: User, at: datetime) -> str:
    """Count a try of a known login; its hash, or nothing for one that has no password or may not sign in."""
    session.refresh(user, with_for_update=True)  # two tries at once are two tries, also on PostgreSQL
    if waiting := wait(user.locked_until, at):
        raise too_often(waiting)
    user.failures += 1
    user.locked_until = locked_until(user.failures, at)
    return "" if user.disabled or user.machine else user.password


def admit(session: Session, house: House, user: str, way: str, cookie: str = "") -> Begun:
    """Open the session of somebody whose identity is proven by `way` (password, oidc, setup). Raises NotSignedIn."""
    row, at = session.get_one(User, user), house.clock()
    if row.disabled or row.machine:
        raise NotSignedIn("这个账户已停用，需要时请联系系统管理员。")
    row.failures, row.locked_until = 0, None
    if cookie:
        sessions.end(session, cookie)
    trail.append(session, user, "sign-in", "user", user, at=at, way=way)
    return sessions.begin(session, row, house.settings, at)


def _note_failure(house: House, user: User | None) -> None:
    """The trail has no login that doesn't exist: people type passwords there."""
    object = user.id if user else "unknown"
    with house.database.writing() as session:
        trail.append(session, "system", "sign-in-failed", "user", object, at=house.clock())


def check_own(house: House, user: str, password: str) -> None:
    """Insist on the present password of somebody signed in, counted like a try to sign in.

    Raises RequestError, or TooOften for a locked login.
    """
    at = house.clock()
    with house.database.writing() as session:
        kept = _charge(session, session.get_one(User, user), at)
    if not passwords.matches(kept, password):
        raise RequestError("现在的口令不对，请重新输入。")
    with house.database.writing() as session:
        row = session.get_one(User, user)
        row.failures, row.locked_until = 0, None
