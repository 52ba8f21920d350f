"""机关口径: which profile is in force, what it settles and where each value comes from; another one as a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.pages.rules import address
from gongkai.service.rules import profiles, versions
from gongkai.service.rules.memory import Files

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
Editing = Annotated[Actor, Depends(may("rules"))]
Name = Annotated[str, Query(max_length=100)]
Short = Annotated[str, Form(max_length=100)]
Long = Annotated[str, Form(max_length=500)]


@router.get("/profiles", response_class=HTMLResponse)
def shown(request: Request, actor: Reading, name: Name = "") -> HTMLResponse:
    """The profiles of the tables in force, and one of them value by value."""
    house = house_of(request)
    with house.database.reading() as session:
        files = versions.in_force(session, house.settings).files
    rules = house.rules()
    found = profiles.entries(files, rules)
    one = next((entry for entry in found if entry.name == name), None) or next(e for e in found if e.chosen)
    return render(
        request, actor, "profiles.html", found=found, one=one, values=profiles.effective(files, rules, one.name),
        following=list(profiles.following(files, one.name)), fixed=house.settings.profile != "default",
    )  # fmt: skip


@router.post("/profiles/choose")
def chosen(request: Request, actor: Editing, name: Short = "") -> Response:
    """A draft in which another profile is in force, and its preview."""
    files = _files(request)
    return onward(
        request, f"{address(_drafted(request, actor, profiles.chosen(files, name), f'选用机关画像 {name}'))}/preview"
    )


@router.post("/profiles/edit")
def edited(request: Request, actor: Editing, name: Short = "") -> Response:
    """A draft to change a profile in, opened at its row."""
    number = _drafted(request, actor, _files(request), f"修改机关画像 {name}")
    return onward(request, address(number, profiles.FILE, name))


@router.post("/profiles/new")
def derived(
    request: Request, actor: Editing, parent: Short = "", name: Short = "", title: Short = "", basis: Long = ""
) -> Response:
    """A draft with a profile that follows another, opened at its row."""
    files = profiles.derived(_files(request), parent, name.strip(), title.strip(), basis.strip())
    number = _drafted(request, actor, files, f"新增机关画像 {name.strip()}")
    return onward(request, address(number, profiles.FILE, name.strip()))


def _files(request: Request) -> Files:
    house = house_of(request)
    with house.database.reading() as session:
        return versions.in_force(session, house.settings).files


def _drafted(request: Request, actor: Actor, files: Files, note: str) -> int:
    house = house_of(request)
    versions.checked(files, house.settings)
    with house.database.writing() as session:
        return versions.draft(session, actor, files, note, at=house.clock())
