"""Drafts of the rulebook: begin one, change rows or text, put it into force, leave it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from starlette.datastructures import FormData

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.pages.rules import address, opened, table_of
from gongkai.service.rules import activating, versions
from gongkai.service.rules.cells import given
from gongkai.service.rules.checking import Problem, problems
from gongkai.service.rules.columns import Table, tables
from gongkai.service.rules.folders import unpacked
from gongkai.service.rules.memory import Files, shipped
from gongkai.service.rules.rows import added, changed, check_key, key_of, removed, row_of

router = APIRouter(include_in_schema=False)
Editing = Annotated[Actor, Depends(may("rules"))]
Note = Annotated[str, Form(max_length=500)]
Seen = Annotated[str, Form(max_length=80)]


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form that no signature can name."""
    form: FormData = await request.form(max_fields=2000)
    return {key: value for key, value in form.multi_items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(fields)]


@router.post("/rules/{number:int}/draft")
def drafted(request: Request, number: int, actor: Editing, note: Note = "") -> Response:
    """Begin a draft from a version."""
    house = house_of(request)
    found = opened(house, number)
    with house.database.writing() as session:
        said = note.strip() or f"在{found.name}的基础上修改"
        new = versions.draft(session, actor, found.files, said, at=house.clock())
    return onward(request, address(new))


@router.post("/rules/import")
def imported(request: Request, actor: Editing, files: list[UploadFile], note: Note = "") -> Response:
    """A draft from uploaded tables; files that are not there are those that ship."""
    house = house_of(request)
    base = shipped(house.settings.tables)
    tables_in = unpacked([(file.filename or "", file.file.read()) for file in files if file.filename], base)
    versions.checked(tables_in, house.settings)
    with house.database.writing() as session:
        new = versions.draft(session, actor, tables_in, note.strip() or "导入", at=house.clock())
    return onward(request, address(new))


@router.post("/rules/{number:int}/note")
def noted(request: Request, number: int, actor: Editing, note: Note = "") -> Response:
    """Say what a version is for."""
    house = house_of(request)
    with house.database.writing() as session:
        versions.rename(session, actor, number, note, at=house.clock())
    return onward(request, address(number))


@router.post("/rules/{number:int}/discard")
def discarded(request: Request, number: int, actor: Editing) -> Response:
    """Give a draft up."""
    house = house_of(request)
    with house.database.writing() as session:
        versions.discard(session, actor, number, at=house.clock())
    return onward(request, "/rules/versions")


@router.post("/rules/{number:int}/activate")
def activated(request: Request, number: int, actor: Editing) -> Response:
    """Put a version into force, a new one or an earlier one."""
    activating.activate(house_of(request), actor, number)
    return onward(request, "/rules")


@router.post("/rules/{number:int}/tables/{name}/row")
def row(request: Request, number: int, name: str, actor: Editing, form: Fields) -> Response:
    """Keep a row's form, or take the row away."""
    house, table = house_of(request), table_of(name)
    files = opened(house, number).files
    text = files[table.file]
    key = form.get("key", "")
    new, text = _removed(table, text, key) if form.get("act") == "remove" else _filled(table, text, key, form)
    back = address(number, table.file, new) if new else address(number, table.file)
    return _saved(request, actor, number, form.get("seen", ""), files | {table.file: text}, back)


@router.post("/rules/{number:int}/tables/{name}/text")
def text(
    request: Request, number: int, name: str, actor: Editing, seen: Seen = "", text: Annotated[str, Form()] = ""
) -> Response:
    """Keep a table as somebody wrote it."""
    table = table_of(name)
    files = opened(house_of(request), number).files | {table.file: text.replace("\r\n", "\n")}
    return _saved(request, actor, number, seen, files, address(number, table.file))


def _filled(table: Table, text: str, key: str, form: dict[str, str]) -> tuple[str, str]:
    """The key of a row and the table with what its form says."""
    row = row_of(text, table.table, key) if key else None
    if key and row is None:
        raise RequestError(f"这一版里已经没有 {key} 这一行，请重新打开这张表。")
    changes = given(table.file, form, row.values if row else {})
    if row:
        return key, changed(text, row, changes)
    values = {path[0]: value for path, value in changes.items() if value is not None}
    check_key(text, table.table, key_of(values))
    return key_of(values), added(text, table.table, values)


def _removed(table: Table, text: str, key: str) -> tuple[str, str]:
    row = row_of(text, table.table, key)
    if row is None:
        raise RequestError(f"这一版里已经没有 {key} 这一行，请重新打开这张表。")
    return "", removed(text, row)


def _saved(request: Request, actor: Actor, number: int, seen: str, files: Files, back: str) -> Response:
    """Keep what holds and go on, or say what does not; nothing is kept then."""
    house = house_of(request)
    wrong = _wrong(house, files)
    if wrong:
        return render(request, actor, "rules_problems.html", problems=wrong, tables=tables())
    with house.database.writing() as session:
        versions.save(session, actor, number, seen, files, at=house.clock())
    return onward(request, f"{back}{'&' if '?' in back else '?'}saved=1")


def _wrong(house: House, files: Files) -> tuple[Problem, ...]:
    return problems(files, shipped(house.settings.tables), house.settings.profile)
