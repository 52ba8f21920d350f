"""随程序的表: the small tables beside the code, read; those that an agency may change, changed and taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.errors import NotFound
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.rules import owntables
from gongkai.service.rules.owntables import Companion, companions

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
Editing = Annotated[Actor, Depends(may("rules"))]
Text = Annotated[str, Form(max_length=1_000_000)]
Seen = Annotated[int, Form(ge=0)]
_TOLD = {"saved": "已经启用。", "undone": "已经撤回，恢复为修改以前的。"}


def _known(name: str) -> Companion:
    found = next((one for one in companions() if one.slug == name), None)
    if found is None:
        raise NotFound("没有这张表，请从“随程序的表”里选。")
    return found


@router.get("/rules/own", response_class=HTMLResponse)
def listed(request: Request, actor: Reading) -> HTMLResponse:
    """All of them."""
    with house_of(request).database.reading() as session:
        changed = {one.slug for one in companions() if one.editable and owntables.standing(session, one).version}
    return render(request, actor, "own_tables.html", companions=companions(), changed=changed)


@router.get("/rules/own/{name}", response_class=HTMLResponse)
def one(request: Request, name: str, actor: Reading, told: str = "") -> HTMLResponse:
    """One of them."""
    found = _known(name)
    with house_of(request).database.reading() as session:
        own = owntables.standing(session, found)
    different = owntables.differences(found.shipped, own.text)
    told = _TOLD.get(told, "")
    return render(request, actor, "own_table.html", table=found, own=own, different=different, told=told)


@router.post("/rules/own/{name}/preview", response_class=HTMLResponse)
def preview(request: Request, name: str, actor: Editing, text: Text = "", seen: Seen = 0) -> HTMLResponse:
    """What would change; nothing is kept."""
    found = _known(name)
    plain = owntables.checked(found, text)
    with house_of(request).database.reading() as session:
        own = owntables.standing(session, found)
    return render(request, actor, "own_preview.html", different=owntables.differences(own.text, plain))


@router.post("/rules/own/{name}")
def saved(request: Request, name: str, actor: Editing, text: Text = "", seen: Seen = 0) -> Response:
    """Put it in force."""
    house, found = house_of(request), _known(name)
    with house.database.writing() as session:
        owntables.save(session, actor, found, text, seen, at=house.clock())
    return onward(request, f"/rules/own/{name}?told=saved")


@router.post("/rules/own/{name}/undo")
def undone(request: Request, name: str, actor: Editing, seen: Seen = 0) -> Response:
    """Take the last change back."""
    house, found = house_of(request), _known(name)
    with house.database.writing() as session:
        owntables.undo(session, actor, found, seen, at=house.clock())
    return onward(request, f"/rules/own/{name}?told=undone")
