"""Users, for the administrator: found, added, changed, locked out, let in again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from gongkai.model.errors import GongkaiError
from gongkai.service.access import keys, passwords, units, users
from gongkai.service.access.actors import Actor
from gongkai.service.access.entering import wait
from gongkai.service.access.guard import may
from gongkai.service.access.roles import table
from gongkai.service.access.users import Person
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.refusing import status_of

router = APIRouter(include_in_schema=False)
Admin = Annotated[Actor, Depends(may("users"))]
LIMIT = 50


class PersonForm(BaseModel):
    """A user as the form has them."""

    login: str = ""
    name: str = ""
    unit: str = ""
    roles: list[str] = []
    machine: bool = False
    subject: str = ""
    outside: bool = False

    def person(self) -> Person:
        """As the users' functions take it."""
        return Person(self.login, self.name, self.unit, tuple(self.roles), self.machine, self.subject)


Given = Annotated[PersonForm, Form()]


@router.get("/admin")
def start(actor: Admin) -> Response:
    """Administration begins with the users."""
    return RedirectResponse("/admin/users", 303)


@router.get("/admin/users")
def listed(
    request: Request,
    actor: Admin,
    q: Annotated[str, Query(max_length=100)] = "",
    role: str = "",
    after: Annotated[str, Query(max_length=100)] = "",
    done: str = "",
) -> Response:
    """All users, by login."""
    house = house_of(request)
    with house.database.reading() as session:
        found = users.listed(session, words=q, role=role, after=after, limit=LIMIT + 1)
    locked = {user.id for user, _ in found if wait(user.locked_until, house.clock())}
    return render(
        request,
        actor,
        "people.html",
        found=found[:LIMIT],
        locked=locked,
        table=table(),
        q=q,
        role=role,
        done=done,
        after=after,
        next=found[LIMIT - 1][0].login if len(found) > LIMIT else "",
    )


@router.get("/admin/users/new")
def asked(request: Request, actor: Admin) -> Response:
    """The form for a new user."""
    return _form(request, actor, PersonForm())


@router.post("/admin/users")
def added(request: Request, actor: Admin, given: Given) -> Response:
    """A new user; their first password is shown this once."""
    house = house_of(request)
    password = "" if given.machine or given.outside else users.invented()
    try:
        hash = passwords.hashed(password) if password else ""
        with house.database.writing() as session:
            user = users.add(session, actor.user, given.person(), hash, house.clock())
    except GongkaiError as error:
        return _form(request, actor, given, error)
    return render(request, actor, "people_told.html", status=201, user=user, password=password)


@router.get("/admin/users/{id}")
def shown(request: Request, actor: Admin, id: str, done: str = "") -> Response:
    """One user: the form, and what can be done to them."""
    with house_of(request).database.reading() as session:
        user = users.one(session, id)
    given = PersonForm(
        login=user.login, name=user.name, unit=user.unit, roles=user.roles, machine=user.machine, subject=user.subject
    )
    return _form(request, actor, given, id=id, done=done)


@router.post("/admin/users/{id}")
def changed(request: Request, actor: Admin, id: str, given: Given) -> Response:
    """Another name, unit, roles."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            given.machine = users.one(session, id).machine
            users.change(session, actor.user, id, given.person(), house.clock())
    except GongkaiError as error:
        return _form(request, actor, given, error, id=id)
    return RedirectResponse("/admin/users?done=changed", 303)


@router.post("/admin/users/{id}/password")
def renewed(request: Request, actor: Admin, id: str) -> Response:
    """A new first password, shown this once; the user's sessions end."""
    house = house_of(request)
    password = users.invented()
    hash = passwords.hashed(password)
    with house.database.writing() as session:
        user = users.give_password(session, actor.user, id, hash, house.clock(), must_change=True)
    return render(request, actor, "people_told.html", status=201, user=user, password=password)


@router.post("/admin/users/{id}/disable")
def disabled(request: Request, actor: Admin, id: str) -> Response:
    """Lock a user out at once."""
    house = house_of(request)
    with house.database.writing() as session:
        users.disable(session, actor.user, id, house.clock())
    return RedirectResponse(f"/admin/users/{id}?done=disabled", 303)


@router.post("/admin/users/{id}/enable")
def enabled(request: Request, actor: Admin, id: str) -> Response:
    """Let a user in again."""
    house = house_of(request)
    with house.database.writing() as session:
        users.enable(session, actor.user, id, house.clock())
    return RedirectResponse(f"/admin/users/{id}?done=enabled", 303)


@router.post("/admin/users/{id}/unlock")
def unlocked(request: Request, actor: Admin, id: str) -> Response:
    """Forget a user's wrong passwords."""
    house = house_of(request)
    with house.database.writing() as session:
        users.unlock(session, actor.user, id, house.clock())
    return RedirectResponse(f"/admin/users/{id}?done=unlocked", 303)


def _form(
    request: Request, actor: Actor, given: PersonForm, error: GongkaiError | None = None, id: str = "", done: str = ""
) -> Response:
    house = house_of(request)
    with house.database.reading() as session:
        places = [(row.id, "　" * units.depth(row) + row.name) for row in units.listed(session)]
        user = users.one(session, id) if id else None
        held = [key for key, owner in keys.listed(session) if owner.id == id] if id else []
    return render(
        request,
        actor,
        "person.html",
        status=status_of(error) if error else 200,
        error=error,
        given=given,
        user=user,
        places=places,
        table=table(),
        held=held,
        done=done,
        issuer=bool(house.settings.oidc_issuer),
        locked=bool(user and wait(user.locked_until, house.clock())),
        at=house.clock(),
    )
