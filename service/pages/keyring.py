"""Keys for drafting tools, for the administrator: issued, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from gongkai.model.errors import GongkaiError
from gongkai.service.access import keys, users
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.access.roles import table
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.refusing import status_of
from gongkai.service.store import trail

router = APIRouter(include_in_schema=False)
Keeper = Annotated[Actor, Depends(may("keys"))]


class KeyForm(BaseModel):
    """A key as the form has it."""

    user: str = ""
    name: str = ""
    scopes: list[str] = []
    days: int = Field(default=365, ge=1, le=keys.LONGEST_DAYS)


@router.get("/admin/keys")
def listed(request: Request, actor: Keeper, done: str = "") -> Response:
    """All keys, newest first."""
    house = house_of(request)
    with house.database.reading() as session:
        held = keys.listed(session)
    return render(request, actor, "keys.html", held=held, table=table(), at=house.clock(), done=done)


@router.get("/admin/keys/new")
def asked(request: Request, actor: Keeper, user: Annotated[str, Query(max_length=32)] = "") -> Response:
    """The form for a new key: first whose, then what it may do."""
    return _form(request, actor, KeyForm(user=user))


@router.post("/admin/keys")
def issued(request: Request, actor: Keeper, given: Annotated[KeyForm, Form()]) -> Response:
    """A new key; it is shown this once."""
    house = house_of(request)
    at = house.clock()
    try:
        with house.database.writing() as session:
            user = users.one(session, given.user)
            key, text = keys.issue(session, user, given.name, given.scopes, at, at + timedelta(days=given.days))
            trail.append(session, actor.user, "key-issued", "key", key.id, at=at, user=user.id, scopes=key.scopes)
    except GongkaiError as error:
        return _form(request, actor, given, error)
    return render(request, actor, "keys_told.html", status=201, key=key, text=text, user=user, table=table())


@router.post("/admin/keys/{id}/revoke")
def revoked(request: Request, actor: Keeper, id: str) -> Response:
    """Make a key worthless at once."""
    house = house_of(request)
    with house.database.writing() as session:
        keys.revoke(session, id)
        trail.append(session, actor.user, "key-revoked", "key", id, at=house.clock())
    return RedirectResponse("/admin/keys?done=revoked", 303)


def _form(request: Request, actor: Actor, given: KeyForm, error: GongkaiError | None = None) -> Response:
    with house_of(request).database.reading() as session:
        found = users.listed(session, limit=500)
        user = next((user for user, _ in found if user.id == given.user), None) or (
            users.one(session, given.user) if given.user else None
        )
    possible = keys.possible(user) if user else frozenset()
    return render(
        request,
        actor,
        "keys_new.html",
        status=status_of(error) if error else 200,
        error=error,
        given=given,
        user=user,
        people=[user for user, _ in found if not user.disabled],
        scopes=[action for code, action in table().actions.items() if code in possible],
    )
