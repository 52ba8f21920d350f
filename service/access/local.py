"""`--open`: one person at their own machine, no sign-in. Everybody who comes is the drafter `local`."""

from __future__ import annotations

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.roles import actor
from gongkai.service.errors import NotAllowed
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Unit, User

UNIT, USER = "0" * 32, "0" * 31 + "1"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def loopback(host: str) -> bool:
    """Whether only this machine reaches a host name or address."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def insist(settings: Settings, host: str) -> None:
    """Refuse to serve others without sign-in. Raises RequestError."""
    if settings.open and not loopback(host):
        raise RequestError(
            "免登录（--open）只能在本机使用：监听地址要用 127.0.0.1；要给别人用，请去掉 --open 并建立用户。"
        )


def settle(session: Session, at: datetime) -> Actor:
    """The one drafter, with a unit and a row of their own so that what they do can be noted."""
    unit = session.get(Unit, UNIT) or Unit(id=UNIT, name="本机", path=UNIT)
    user = session.get(User, USER) or User(
        id=USER, login="local", name="本机用户", unit=UNIT, roles=["drafter"], created=at
    )
    session.add(unit)
    session.flush()
    session.add(user)
    session.flush()
    return actor(user, unit)


def check(request: Request) -> None:
    """Refuse what a web page from elsewhere could make this machine's browser send. Raises NotAllowed.

    A name with a dot in Host that isn't this machine's address means that a foreign domain was pointed here (DNS
    rebinding); browsers tell a foreign page in Origin, programs send none.
    """
    host = request.url.hostname or ""
    if "." in host.rstrip(".") and not loopback(host):
        raise NotAllowed("免登录的服务只接受本机的访问，请用 http://127.0.0.1 打开。")
    origin = request.headers.get("origin")
    if request.method not in SAFE and origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed("请求来自别的网站，没有执行。")
