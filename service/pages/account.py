"""One's own account: who one is here, where one is signed in, another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.service.access import entering, sessions, users
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.access.roles import table
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.refusing import status_of
from gongkai.service.store import trail
from gongkai.service.store.tables import Login, Unit

router = APIRouter(include_in_schema=False)
Own = Annotated[Actor, Depends(may("account"))]


@router.get("/account")
def shown(request: Request, actor: Own, done: str = "") -> Response:
    """Name, unit, roles, sessions, and the form for another password."""
    return _page(request, actor, done=done)


@router.post("/account/password")
def changed(
    request: Request,
    actor: Own,
    now: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Another password; all other sessions end."""
    house = house_of(request)
    try:
        if new != again or new == now:
            raise RequestError("两次输入的新口令要一样，并且与现在的口令不同，请重新输入。")
        entering.check_own(house, actor.user, now)
        hash = users.check_password(new, actor.login, actor.name)
    except GongkaiError as error:
        return _page(request, actor, error)
    with house.database.writing() as session:
        cookie = request.cookies.get(sessions.cookie_name(house.settings), "")
        users.give_password(session, actor.user, actor.user, hash, house.clock(), must_change=False, cookie=cookie)
    return RedirectResponse("/account?done=password", 303)


@router.post("/account/sessions/end")
def ended(request: Request, actor: Own) -> Response:
    """End all other sessions."""
    house = house_of(request)
    with house.database.writing() as session:
        cookie = request.cookies.get(sessions.cookie_name(house.settings), "")
        count = sessions.end_all(session, actor.user, but=cookie)
        trail.append(session, actor.user, "sessions-ended", "user", actor.user, at=house.clock(), sessions=count)
    return RedirectResponse("/account?done=sessions", 303)


def _page(request: Request, actor: Actor, error: GongkaiError | None = None, done: str = "") -> Response:
    house = house_of(request)
    with house.database.reading() as session:
        user, unit = users.one(session, actor.user), session.get_one(Unit, actor.unit_id)
        others = session.scalar(select(func.count()).select_from(Login).where(Login.user == actor.user)) or 0
    return render(
        request,
        actor,
        "account.html",
        status=status_of(error) if error else 200,
        error=error,
        done=done,
        user=user,
        unit=unit,
        others=max(0, others - 1),
        roles=table().names(actor.roles),
    )
