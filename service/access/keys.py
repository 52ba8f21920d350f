"""Keys for drafting tools: `gk_<id>_<secret>`, told once; scoped, expiring, hashed."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.roles import acting, table
from gongkai.service.access.rows import one
from gongkai.service.access.sessions import TOUCH, digest
from gongkai.service.store.tables import Key, Unit, User, new_id

FORM = re.compile(r"gk_([0-9a-f]{32})_([A-Za-z0-9_-]{20,200})")
LONGEST_DAYS = 1095
#: Asked with every request: built once, and only what the door looks at is read.
_KEY = (Key.id, Key.hash, Key.scopes, Key.expires, Key.used, Key.revoked, User.disabled)
_USER = (User.id, User.login, User.name, User.roles, Unit.id, Unit.path)
_WHOSE = (
    select(*_KEY, *_USER).join(User, User.id == Key.user).join(Unit, Unit.id == User.unit)
    .where(Key.id == bindparam("code"))
)  # fmt: skip
#: What no key may do: people administer the service, and only people have accounts.
PERSONAL = frozenset({"account", "users", "keys"})


def issue(
    session: Session, user: User, name: str, scopes: Iterable[str], at: datetime, expires: datetime | None
) -> tuple[Key, str]:
    """A new key and its text, which nobody can read again. Raises RequestError for a scope beyond the user's."""
    wanted = sorted(set(scopes))
    if not name.strip() or len(name) > 100:
        raise RequestError("密钥要有 1 到 100 字的名称，写明给哪个系统用，请填写。")
    if not wanted or not frozenset(wanted) <= possible(user):
        raise RequestError("密钥的权限要有至少一项，并且不超出所属用户的权限，请改正。")
    if expires is not None and expires <= at:
        raise RequestError("密钥的到期时间应当在将来，请改正。")
    secret, code = secrets.token_urlsafe(32), new_id()
    key = Key(
        id=code,
        user=user.id,
        name=name.strip(),
        hash=digest(secret),
        scopes=wanted,
        created=at,
        expires=expires,
        revoked=False,
    )
    session.add(key)
    return key, f"gk_{code}_{secret}"


def possible(user: User) -> frozenset[str]:
    """The scopes that a key of this user can have."""
    return table().allowed(str(role) for role in user.roles) - PERSONAL


def find(session: Session, given: str, at: datetime) -> tuple[Actor, datetime | None] | None:
    """Who acts by a key, and when its use was noted last; None for one that is unknown, wrong, revoked, over, or of a
    disabled user."""
    form = FORM.fullmatch(given)
    if form is None:
        return None
    row = session.connection().execute(_WHOSE, {"code": form[1]}).one_or_none()
    if row is None:
        return None
    (code, hash, scopes, expires, used, revoked, disabled), user = row[: len(_KEY)], row[len(_KEY) :]
    if not hmac.compare_digest(hash, digest(form[2])):
        return None
    over = revoked or disabled or (expires is not None and expires <= at)
    return None if over else (acting(*user, key=code, scopes=scopes), used)


def revoke(session: Session, code: str) -> Key:
    """Make a key worthless at once. Raises NotFound."""
    key = one(session, Key, code, "密钥")
    key.revoked = True
    return key


def stale(used: datetime | None, at: datetime) -> bool:
    """Whether it is time to note that a key is in use."""
    return used is None or abs(at - used) >= TOUCH


def touch(session: Session, code: str, at: datetime) -> None:
    """Note that a key is in use."""
    if row := session.get(Key, code):
        row.used = at


def listed(session: Session) -> list[tuple[Key, User]]:
    """All keys with their users, newest first."""
    query = select(Key, User).join(User, User.id == Key.user).order_by(Key.created.desc(), Key.id)
    return [(key, user) for key, user in session.execute(query)]
