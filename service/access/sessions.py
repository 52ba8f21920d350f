"""Sessions of browsers: a random cookie, of which the database knows only the digest."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from gongkai.service.settings import Settings
from gongkai.service.store.tables import Login, Unit, User

IDLE = timedelta(hours=1)
TOUCH = timedelta(minutes=1)
"""How old `Login.seen` may get: not every request writes."""
#: Asked with every request: built once.
_WHOSE = (select(Login, User, Unit).join(User, User.id == Login.user).join(Unit, Unit.id == User.unit)).where(
    Login.id == bindparam("login")
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session: the cookie's value, told once, and its CSRF token."""

    cookie: str = field(repr=False)
    csrf: str = field(repr=False)


def digest(secret: str) -> str:
    """What the database keeps of a random secret (256 bits: no slow hash is needed)."""
    return sha256(secret.encode()).hexdigest()


def secure(settings: Settings) -> bool:
    """Whether browsers reach the service by https, and cookies can insist on it."""
    return settings.tls_certificate is not None or settings.public_url.startswith("https:")


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and https: no neighbour domain can set it."""
    return "__Host-gongkai" if secure(settings) else "gongkai"


def begin(session: Session, user: User, settings: Settings, at: datetime) -> Begun:
    """Open a session; its cookie is new, whatever the browser sent before."""
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    expires = at + timedelta(hours=settings.session_hours)
    session.add(Login(id=digest(begun.cookie), user=user.id, csrf=begun.csrf, created=at, seen=at, expires=expires))
    return begun


def find(session: Session, cookie: str, at: datetime) -> tuple[Login, User, Unit] | None:
    """Whose session it is, or None for one that is unknown, over, idle for too long, or of a disabled user."""
    row = session.execute(_WHOSE, {"login": digest(cookie)}).one_or_none()
    if row is None:
        return None
    login, user, unit = row
    alive = login.created - TOUCH <= at < login.expires and at - login.seen < IDLE
    return (login, user, unit) if alive and not user.disabled and not user.machine else None


def stale(login: Login, at: datetime) -> bool:
    """Whether it is time to note that the session is in use."""
    return abs(at - login.seen) >= TOUCH


def touch(session: Session, login: str, at: datetime) -> None:
    """Note that a session is in use."""
    if row := session.get(Login, login):
        row.seen = at


def end(session: Session, cookie: str) -> None:
    """End one session."""
    session.execute(delete(Login).where(Login.id == digest(cookie)))


def end_all(session: Session, user: str, but: str = "") -> int:
    """End all sessions of a user but the one of a cookie; how many there were."""
    gone = session.scalars(select(Login.id).where(Login.user == user, Login.id != digest(but))).all()
    session.execute(delete(Login).where(Login.id.in_(gone)))
    return len(gone)
