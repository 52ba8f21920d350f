"""The rulebook as everybody may read it: tables, rows with their articles, versions and what differs between them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.shown import told
from gongkai.service.rules import cells
from gongkai.service.rules.columns import Table, column_name, columns, tables
from gongkai.service.rules.comparing import changes, lines, only_layout, readable, touched
from gongkai.service.rules.folders import packed
from gongkai.service.rules.memory import digest
from gongkai.service.rules.rows import Row, row_of, rows
from gongkai.service.rules.searching import MOST, search
from gongkai.service.rules.versions import Version, history, in_force, version

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
#: Columns that name a row of another table.
CITED = {
    "reason": "reasons.toml",
    "duty": "reasons.toml",
    "deadline": "deadlines.toml",
    "type": "personal.toml",
    "exception": "exceptions.toml",
    "may": "negative.toml",
    "demands": "submission.toml",
}
Words = Annotated[str, Query(max_length=100)]


def address(number: int, file: str = "", key: str | None = None) -> str:
    """The page of a version, of a table in it, or of a row."""
    path = f"/rules/{number}" + (f"/tables/{slug(file)}" if file else "")
    return path if key is None else f"{path}/row?key={quote(key)}"


def slug(file: str) -> str:
    """A table as it stands in addresses."""
    return file.removesuffix(".toml")


told(column_name=column_name, cell_lines=lines, rule_address=address, rule_slug=slug)


def table_of(name: str) -> Table:
    """A table by its name in addresses. Raises NotFound."""
    found = tables().get(f"{name}.toml")
    if found is None:
        raise NotFound("没有这张规则表，请从规则表页面进入。")
    return found


def opened(house: House, number: int) -> Version:
    """A version with its files. Raises NotFound."""
    with house.database.reading() as session:
        return version(session, house.settings, number)


@router.get("/rules", response_class=HTMLResponse)
def rulebook(request: Request, actor: Reading, q: Words = "") -> HTMLResponse:
    """The tables in force, searched."""
    house = house_of(request)
    with house.database.reading() as session:
        found = in_force(session, house.settings)
    return render(
        request, actor, "rules.html", version=found, tables=tables(), counts=_counts(found), q=q,
        hits=search(found.files, q), most=MOST, late=house.rules().digest != digest(found.files),
    )  # fmt: skip


@router.get("/rules/versions", response_class=HTMLResponse)
def versions(request: Request, actor: Reading) -> HTMLResponse:
    """All versions."""
    house = house_of(request)
    with house.database.reading() as session:
        found = history(session, house.settings)
    return render(request, actor, "rules_versions.html", versions=found)


@router.get("/rules/compare", response_class=HTMLResponse)
def compare(request: Request, actor: Reading, old: int = 0, new: int = 0) -> HTMLResponse:
    """Two versions, row by row."""
    house = house_of(request)
    with house.database.reading() as session:
        known = history(session, house.settings)
        before, after = (version(session, house.settings, number) for number in (old, new))
    return render(
        request, actor, "rules_compare.html", versions=known, old=before, new=after, tables=tables(),
        changes=changes(before.files, after.files), layout=only_layout(before.files, after.files),
    )  # fmt: skip


@router.get("/rules/{number:int}", response_class=HTMLResponse)
def one(request: Request, number: int, actor: Reading) -> HTMLResponse:
    """One version: what it is for, how it differs from the one in force."""
    house = house_of(request)
    with house.database.reading() as session:
        found, now = version(session, house.settings, number), in_force(session, house.settings)
    different = changes(now.files, found.files) if readable(found.files) else ()
    return render(
        request, actor, "rules_version.html", version=found, now=now, tables=tables(), counts=_counts(found),
        changes=different, layout=only_layout(now.files, found.files),
    )  # fmt: skip


@router.get("/rules/{number:int}/export")
def export(request: Request, number: int, actor: Reading) -> Response:
    """The tables as a zip of TOML files."""
    found = opened(house_of(request), number)
    name = f"attachment; filename=rules-{number}.zip"
    return Response(packed(found.files), media_type="application/zip", headers={"content-disposition": name})


@router.get("/rules/{number:int}/tables/{name}", response_class=HTMLResponse)
def table(request: Request, number: int, name: str, actor: Reading, q: Words = "", saved: Words = "") -> HTMLResponse:
    """The rows of one table."""
    house, found = house_of(request), table_of(name)
    with house.database.reading() as session:
        of, now = version(session, house.settings, number), in_force(session, house.settings)
    hits = {hit.row.key for hit in search({**of.files}, q)} if q else None
    there = [row for row in rows(of.files[found.file], found.table) if hits is None or row.key in hits]
    different = touched(changes(now.files, of.files), found.file)
    return render(
        request, actor, "rules_table.html", version=of, table=found, rows=there, q=q, different=different,
        tables=tables(), saved=saved,
    )  # fmt: skip


@router.get("/rules/{number:int}/tables/{name}/row", response_class=HTMLResponse)
def row(request: Request, number: int, name: str, actor: Reading, key: Words = "", saved: Words = "") -> HTMLResponse:
    """One row: read, or as a form in a draft for those who may edit; without a key a new one."""
    of, found = opened(house_of(request), number), table_of(name)
    there = row_of(of.files[found.file], found.table, key) if key else None
    editing = of.editable and actor.may("rules")
    if there is None and (key or not editing):
        raise NotFound("这一版里没有这一行，请从表中选择。")
    return render(
        request, actor, "rules_row.html", version=of, table=found, row=there, editing=editing,
        columns=columns(found.file), shown=_shown(found.file, there), lists=cells.words(there.values if there else {}),
        cited=_cited(of), saved=saved,
    )  # fmt: skip


@router.get("/rules/{number:int}/tables/{name}/text", response_class=HTMLResponse)
def text(request: Request, number: int, name: str, actor: Reading) -> HTMLResponse:
    """One table as it is written."""
    of, found = opened(house_of(request), number), table_of(name)
    editing = of.editable and actor.may("rules")
    return render(
        request, actor, "rules_text.html", version=of, table=found, text=of.files[found.file], editing=editing
    )


def _shown(file: str, row: Row | None) -> dict[str, object]:
    values = row.values if row else {}
    return {column.key: cells.shown(column, values.get(column.key)) for column in columns(file)}


def _cited(of: Version) -> dict[str, tuple[Row, ...]]:
    """The rows that a column may name."""
    return {key: rows(of.files[file], tables()[file].table) for key, file in CITED.items()}


def _counts(found: Version) -> dict[str, int]:
    return {file: len(rows(found.files[file], table.table)) for file, table in tables().items()}
