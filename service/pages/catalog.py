"""主动公开基本目录: items with all their elements, searched; exported, imported as a draft, compared."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.statistics import ZONE
from gongkai.service.catalog import exchange
from gongkai.service.catalog.domains import contents, domains
from gongkai.service.catalog.items import LEVELS, STEPS, Chosen, Item, areas, channels, found, items
from gongkai.service.catalog.remapping import CATALOG, remapped
from gongkai.service.crew.orders import Tabulate
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.opinion import unit_of
from gongkai.service.rules import versions
from gongkai.service.rules.catalogimport import draft
from gongkai.service.rules.catalogsheet import read_lines

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
Editing = Annotated[Actor, Depends(may("rules"))]
Word = Annotated[str, Query(max_length=100)]


def _chosen(q: Word = "", area: Word = "", step: Word = "", level: Word = "", channel: Word = "") -> Chosen:
    return Chosen(q, area, step, level, channel)


Wanted = Annotated[Chosen, Depends(_chosen)]


@router.get("/catalog", response_class=HTMLResponse)
def catalog(request: Request, actor: Reading, wanted: Wanted) -> HTMLResponse:
    """The catalog in force, searched."""
    house = house_of(request)
    rules = house.rules()
    with house.database.reading() as session:
        now = versions.in_force(session, house.settings)
    return render(
        request, actor, "catalog.html", items=_items(request, wanted), wanted=wanted, areas=areas(), steps=STEPS,
        levels=LEVELS, channels=channels(rules), version=now,
        tops=[row for row in rules.categories if len(row.code) == 3],
    )  # fmt: skip


@router.get("/catalog/export.xlsx")
def workbook(request: Request, actor: Reading, wanted: Wanted) -> Response:
    """The items that were chosen, as a workbook that the import takes back."""
    return attachment(exchange.workbook(_items(request, wanted)), "主动公开基本目录.xlsx")


@router.get("/catalog/export.docx")
def paper(request: Request, actor: Reading, wanted: Wanted) -> Response:
    """The items that were chosen, as a paper."""
    house = house_of(request)
    day = house.clock().astimezone(ZONE).date()
    told = exchange.paper(_items(request, wanted), unit_of(house, actor), f"{day.year}年{day.month}月{day.day}日")
    return attachment(told, "主动公开基本目录.docx")


@router.get("/catalog/import", response_class=HTMLResponse)
def importing(request: Request, actor: Editing) -> HTMLResponse:
    """Where an agency's catalog, or one that ships for another area, is brought in."""
    return render(request, actor, "catalog_import.html", domains=domains(), number=0, told=None)


@router.post("/catalog/import", response_class=HTMLResponse)
def imported(
    request: Request, actor: Editing, file: UploadFile | None = None, domain: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """A draft with the items of a file; what is wrong with it cell by cell, and no draft then."""
    house = house_of(request)
    name, data = _given(file, domain)
    lines = house.crew.do(Tabulate(read_lines, data, name))
    with house.database.writing() as session:
        number, told = draft(session, actor, house.settings, lines, at=house.clock())
    return render(request, actor, "catalog_import.html", domains=domains(), number=number, told=told)


@router.get("/catalog/changes", response_class=HTMLResponse)
def changed(request: Request, actor: Reading, old: int = 0, new: int = -1) -> HTMLResponse:
    """Two versions of the catalog, with the documents that stand under what differs."""
    house = house_of(request)
    with house.database.reading() as session:
        known = versions.history(session, house.settings)
        after = versions.version(session, house.settings, new if new >= 0 else known[0].number)
        before = versions.version(session, house.settings, old)
        told = remapped(session, actor, before.files, after.files) if actor.may("documents") else None
    return render(
        request, actor, "catalog_changes.html", versions=known, old=before, new=after, told=told, file=CATALOG
    )


def _items(request: Request, wanted: Chosen) -> tuple[Item, ...]:
    return found(items(house_of(request).rules()), wanted)


def _given(file: UploadFile | None, domain: str) -> tuple[str, bytes]:
    if domain:
        return domain, contents(domain)
    if file is None or not file.filename:
        raise RequestError("没有选择文件，请选一个 .xlsx 或者 .csv 的目录。")
    return file.filename, file.file.read()
