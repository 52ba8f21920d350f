"""The door of every route: who is acting, and may they."""

from __future__ import annotations

import hmac
from contextlib import suppress

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from gongkai.service.access import keys, local, sessions
from gongkai.service.access.actors import Actor
from gongkai.service.access.gate import address, gate_of
from gongkai.service.access.roles import actor, table
from gongkai.service.errors import NotAllowed, NotSignedIn, StoreError
from gongkai.service.house import House

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NOBODY = "请先登录；程序调用请带有效的接口密钥（Authorization: Bearer）。"


class MustChange(NotAllowed):
    """The password was given by somebody else: nothing before it is changed."""

    slug, title = "must-change", "请先修改口令"


class Door:
    """The dependency that `may` gives; `action` is its row in roles.toml."""

    def __init__(self, action: str) -> None:
        if action not in table().actions:
            raise ValueError(f"unknown action {action}: one of {', '.join(table().actions)}")
        self.action = action

    async def __call__(self, request: Request) -> Actor:
        """The actor of a request, noted as `request.state.actor` (also of a refused one, for the page that says so)."""
        acting = await run_in_threadpool(self._enter, request)
        if acting.csrf and request.method not in local.SAFE:
            await _with_token(request, acting.csrf)
        return acting

    def _enter(self, request: Request) -> Actor:
        acting = request.state.actor = known(request)
        if self.action not in acting.actions:
            raise NotAllowed(f"您没有“{table().actions[self.action].name}”的权限，需要时请联系系统管理员。")
        return acting


def may(action: str) -> Door:
    """A dependency that gives the Actor or raises NotSignedIn, NotAllowed, TooOften. Every route has exactly one.

    A session's unsafe request needs its CSRF token (header `x-csrf-token`, or the form's field `csrf`).
    `may(...).action` names the action: tests list the routes by it. Use: `Annotated[Actor, Depends(may("suggest"))]`.
    """
    return Door(action)


def open_door(request: Request) -> None:
    """The door of the few routes that nobody need sign in for: login, set-up, health, static files."""


def known(request: Request) -> Actor:
    """Who acts: by key, by session, or the local drafter. Raises NotSignedIn, TooOften, NotAllowed (--open)."""
    house: House = request.app.state.house
    if house.settings.open:
        return _local(request, house)
    if authorization := request.headers.get("authorization"):
        acting = _by_key(request, house, authorization)
    else:
        acting = _by_session(request, house)
    if house.settings.rate:
        gate_of(request).actors.take(acting.user)
    return acting


def recognised(request: Request) -> bool:
    """Whether a request brings somebody's session or key; nothing is counted or noted."""
    house: House = request.app.state.house
    if house.settings.open:
        return True
    at = house.clock()
    authorization = request.headers.get("authorization", "")
    with suppress(StoreError), house.database.reading() as session:
        if authorization:
            return keys.find(session, authorization.partition(" ")[2].strip(), at) is not None
        cookie = request.cookies.get(sessions.cookie_name(house.settings), "")
        return bool(cookie) and sessions.find(session, cookie, at) is not None
    return True  # the door will tell that the database is away


def _local(request: Request, house: House) -> Actor:
    local.check(request)
    gate = gate_of(request)
    if gate.local is None:
        with house.database.writing() as session:
            gate.local = local.settle(session, house.clock())
    return gate.local


def _by_key(request: Request, house: House, authorization: str) -> Actor:
    scheme, _, given = authorization.partition(" ")
    at = house.clock()
    with house.database.reading() as session:
        found = keys.find(session, given.strip(), at) if scheme.lower() == "bearer" else None
    acting, used = found or (None, None)
    if acting is None:
        raise _refused(request, "接口密钥无效、已过期或者已撤销，请联系系统管理员。")
    if keys.stale(used, at):
        with suppress(StoreError), house.database.writing() as session:
            keys.touch(session, acting.key, at)
    return acting


def _by_session(request: Request, house: House) -> Actor:
    cookie = request.cookies.get(sessions.cookie_name(house.settings), "")
    if not cookie:
        raise NotSignedIn(NOBODY)
    at = house.clock()
    with house.database.reading() as session:
        found = sessions.find(session, cookie, at)
        acting = actor(found[1], found[2], csrf=found[0].csrf) if found else None
        stale = found is not None and sessions.stale(found[0], at)
        changing = found is not None and found[1].must_change
    if acting is None:
        raise _refused(request, "登录已过期，请重新登录。")
    if changing and request.url.path not in ("/account", "/account/password", "/logout"):
        raise MustChange("这个口令由别人设置，请先到“我的账户”换成自己的口令。")
    if stale:
        with suppress(StoreError), house.database.writing() as session:
            sessions.touch(session, sessions.digest(cookie), at)
    return acting


def _refused(request: Request, why: str) -> NotSignedIn:
    gate_of(request).strangers.take(address(request))
    return NotSignedIn(why)


async def _with_token(request: Request, wanted: str) -> None:
    """Insist on the session's CSRF token; the form is read only when no header carries it."""
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS:
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        await request.close()  # nobody else will: the route that reads the form is not reached
        raise NotAllowed("页面已经过期，没有执行；请刷新页面后重试。")
