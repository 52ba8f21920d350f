"""Units, for the administrator: a tree to add to, rename and move in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select

from gongkai.model.errors import GongkaiError
from gongkai.service.access import units
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.refusing import status_of
from gongkai.service.store.tables import Unit, User

router = APIRouter(include_in_schema=False)
Admin = Annotated[Actor, Depends(may("users"))]
Field = Annotated[str, Form(max_length=200)]


@router.get("/admin/units")
def listed(request: Request, actor: Admin, done: str = "") -> Response:
    """The tree, with the number of users in each."""
    with house_of(request).database.reading() as session:
        rows = [(row, units.depth(row)) for row in units.listed(session)]
        counts = {unit: count for unit, count in session.execute(select(User.unit, func.count()).group_by(User.unit))}
    return render(request, actor, "units.html", rows=rows, counts=counts, done=done)


@router.get("/admin/units/new")
def asked(request: Request, actor: Admin) -> Response:
    """The form for a new unit."""
    return _form(request, actor, Unit(id="", name="", path=""))


@router.get("/admin/units/{id}")
def shown(request: Request, actor: Admin, id: str) -> Response:
    """The form for one unit."""
    with house_of(request).database.reading() as session:
        row = units.unit(session, id)
    return _form(request, actor, row)


@router.post("/admin/units")
def added(request: Request, actor: Admin, name: Field = "", parent: Field = "") -> Response:
    """A new unit."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            units.add(session, actor.user, name, parent, house.clock())
    except GongkaiError as error:
        return _form(request, actor, Unit(id="", name=name, path=f"{parent}/"), error)
    return RedirectResponse("/admin/units?done=added", 303)


@router.post("/admin/units/{id}")
def changed(request: Request, actor: Admin, id: str, name: Field = "", parent: Field = "") -> Response:
    """Another name or another place."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            units.change(session, actor.user, id, name, parent, house.clock())
    except GongkaiError as error:
        return _form(request, actor, Unit(id=id, name=name, path=f"{parent}/{id}"), error)
    return RedirectResponse("/admin/units?done=changed", 303)


def _form(request: Request, actor: Actor, row: Unit, error: GongkaiError | None = None) -> Response:
    with house_of(request).database.reading() as session:
        places = [(one.id, "　" * units.depth(one) + one.name) for one in units.listed(session) if one.id != row.id]
    parent = (row.path.split("/")[-2:-1] or [places[0][0] if places and not row.id else ""])[0]
    status = status_of(error) if error else 200
    return render(request, actor, "unit.html", status=status, error=error, row=row, places=places, parent=parent)
