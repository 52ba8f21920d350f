"""Users: made, changed, locked out and let in again by an administrator; every step is in the trail."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access import passwords, rows, sessions, units
from gongkai.service.access.roles import table
from gongkai.service.errors import Conflicting
from gongkai.service.store import trail
from gongkai.service.store.tables import Unit, User

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,99}")
#: Without what looks alike on paper: 0 O 1 l I.
LETTERS = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as an administrator describes them; `unit` is an id, `subject` theirs at the OIDC issuer."""

    login: str
    name: str
    unit: str
    roles: tuple[str, ...]
    machine: bool = False
    subject: str = ""


def invented() -> str:
    """A password to tell somebody once: 100 bits, easy to read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(6)) for _ in range(3))


def add(session: Session, by: str, person: Person, hash: str, at: datetime, *, must_change: bool = True) -> User:
    """A new user; `hash` is `passwords.hashed`'s, empty for machines and OIDC. Raises RequestError, Conflicting."""
    login = person.login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise RequestError("登录名应当是 2 到 100 个小写字母、数字或者 . _ @ -，以字母或数字开头，请改正。")
    if session.scalar(select(User.id).where(User.login == login)):
        raise Conflicting("已经有这个登录名，请换一个。")
    user = User(
        login=login,
        machine=person.machine,
        password=hash,
        must_change=bool(hash) and must_change,
        created=at,
        name=_name(person),
        unit=units.unit(session, person.unit).id,
        roles=_roles(person),
        subject=_subject(session, person),
    )
    session.add(user)
    session.flush()
    trail.append(session, by, "user-added", "user", user.id, at=at, roles=user.roles, unit=user.unit)
    return user


def change(session: Session, by: str, code: str, person: Person, at: datetime) -> User:
    """Another name, unit, roles or subject; keys lose what the user may no longer do by themselves.

    Raises RequestError, NotFound, or Conflicting for the last administrator's role.
    """
    user = one(session, code)
    held, unit = _roles(person), units.unit(session, person.unit)
    if "admin" in user.roles and "admin" not in held:
        _not_last(session, user)
    user.name, user.subject = _name(person), _subject(session, person, user)
    if (sorted(held), unit.id) != (sorted(user.roles), user.unit):
        trail.append(session, by, "user-changed", "user", code, at=at, roles=held, before=user.roles, unit=unit.id)
    user.roles, user.unit = held, unit.id
    return user


def disable(session: Session, by: str, code: str, at: datetime) -> User:
    """Lock somebody out at once: sessions end, keys stop working. Raises NotFound, Conflicting for the last admin."""
    user = one(session, code)
    _not_last(session, user)
    user.disabled = True
    ended = sessions.end_all(session, code)
    trail.append(session, by, "user-disabled", "user", code, at=at, sessions=ended)
    return user


def enable(session: Session, by: str, code: str, at: datetime) -> User:
    """Let somebody in again. Raises NotFound."""
    user = one(session, code)
    user.disabled = False
    trail.append(session, by, "user-enabled", "user", code, at=at)
    return user


def unlock(session: Session, by: str, code: str, at: datetime) -> User:
    """Forget the wrong passwords. Raises NotFound."""
    user = one(session, code)
    user.failures, user.locked_until = 0, None
    trail.append(session, by, "user-unlocked", "user", code, at=at)
    return user


def give_password(
    session: Session, by: str, code: str, hash: str, at: datetime, *, must_change: bool, cookie: str = ""
) -> User:
    """Set a password; all sessions but the one of `cookie` end, and it unlocks. Raises NotFound, Conflicting."""
    user = one(session, code)
    if user.machine:
        raise Conflicting("程序用户只用接口密钥，没有口令。")
    user.password, user.must_change = hash, must_change
    user.failures, user.locked_until = 0, None
    ended = sessions.end_all(session, code, but=cookie)
    trail.append(session, by, "password-set", "user", code, at=at, sessions=ended)
    return user


def one(session: Session, code: str) -> User:
    """A user by id. Raises NotFound."""
    return rows.one(session, User, code, "用户")


def listed(
    session: Session, *, words: str = "", role: str = "", after: str = "", limit: int = 50
) -> list[tuple[User, Unit]]:
    """Users by login, those after a login, whose login or name has these words and who hold a role."""
    query = select(User, Unit).join(Unit, Unit.id == User.unit).where(User.login > after).order_by(User.login)
    if words := "".join(filter(str.isprintable, words)).strip():
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in (User.login, User.name))))
    found = ((user, unit) for user, unit in session.execute(query) if not role or role in user.roles)
    return [pair for pair, _ in zip(found, range(limit), strict=False)]


def any_one(session: Session) -> bool:
    """Whether there is a user at all: none means that the service has to be set up."""
    return session.scalar(select(User.id).limit(1)) is not None


def check_password(password: str, login: str, name: str) -> str:
    """A password's hash, once the policy allows it. Raises RequestError."""
    passwords.check(password, login, name)
    return passwords.hashed(password)


def _not_last(session: Session, user: User) -> None:
    """Insist on another administrator; the rows stay locked, so that two can't disable each other at once."""
    people = select(User).where(User.disabled.is_(False), User.machine.is_(False)).order_by(User.id)
    fresh = session.scalars(people.with_for_update(), execution_options={"populate_existing": True}).all()
    if "admin" in user.roles and not any("admin" in one.roles for one in fresh if one.id != user.id):
        raise Conflicting("这是最后一个系统管理员，请先给别人系统管理员角色。")


def _name(person: Person) -> str:
    name = person.name.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise RequestError("姓名应当有 1 到 100 个字，请改正。")
    return name


def _roles(person: Person) -> list[str]:
    known = table().roles
    if unknown := [code for code in person.roles if code not in known]:
        raise RequestError(f"没有第 {person.roles.index(unknown[0]) + 1} 个角色，角色有：{'、'.join(known)}，请改正。")
    if person.machine and {"admin", "auditor"} & set(person.roles):
        raise RequestError("程序用户不能当系统管理员或者审计员，请改正。")
    return [code for code in known if code in person.roles]


def _subject(session: Session, person: Person, user: User | None = None) -> str:
    subject = person.subject.strip()
    same: Sequence[str] = session.scalars(select(User.id).where(User.subject == subject)).all() if subject else ()
    if len(subject) > 300 or any(code != (user.id if user else "") for code in same):
        raise Conflicting("统一身份编号过长，或者已经属于别的用户，请检查。")
    return subject
