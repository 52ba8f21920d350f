"""Checks against the catalog: key fields of a text, columns of a website, steps of power, papers of a project."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.catalog import coverage, listing, projects
from gongkai.service.catalog.documents import Shown, of_kept
from gongkai.service.catalog.fields import checked, nearest
from gongkai.service.catalog.items import STEPS, items
from gongkai.service.catalog.recognising import MOST, recognised
from gongkai.service.crew.orders import Tabulate
from gongkai.service.pages.layout import house_of, render

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
Drafting = Annotated[Actor, Depends(may("suggest"))]
Seeing = Annotated[Actor, Depends(may("documents"))]
Text = Annotated[str, Form(max_length=400_000)]
Short = Annotated[str, Form(max_length=500)]


@router.get("/catalog/check", response_class=HTMLResponse)
def check(request: Request, actor: Drafting) -> HTMLResponse:
    """Where a text is put against an item, or a plan against the catalog."""
    return render(request, actor, "catalog_check.html", items=items(house_of(request).rules()), found=None, most=MOST)


@router.post("/catalog/fields", response_class=HTMLResponse)
def fields(request: Request, actor: Drafting, text: Text = "", category: Short = "", title: Short = "") -> HTMLResponse:
    """Which key fields a text has; the text is looked at and not kept."""
    if not text.strip():
        raise RequestError("还没有正文，请先粘贴公文。")
    rules = house_of(request).rules()
    found = checked(text, title, nearest(category.split(","), rules), rules)
    return render(request, actor, "catalog_fields.html", shown=Shown(found, "text"))


@router.get("/catalog/fields/{document}", response_class=HTMLResponse)
def kept_fields(request: Request, document: str, actor: Seeing) -> HTMLResponse:
    """The key fields of a kept document, as a part of its page."""
    house = house_of(request)
    with house.database.writing() as session:
        shown = of_kept(session, house.vault, house.rules(), actor, document, at=house.clock())
    return render(request, actor, "catalog_fields.html", shown=shown)


@router.post("/catalog/recognise", response_class=HTMLResponse)
def recognise(request: Request, actor: Drafting, text: Text = "") -> HTMLResponse:
    """The items that a plan or a list names, in any script."""
    if not text.strip():
        raise RequestError("还没有文字，请先粘贴工作方案、要点或者清单。")
    rules = house_of(request).rules()
    known = {item.row.code: item for item in items(rules)}
    return render(request, actor, "catalog_recognised.html", found=recognised(text, rules), known=known)


@router.get("/catalog/site", response_class=HTMLResponse)
def site(request: Request, actor: Reading) -> HTMLResponse:
    """Which item belongs to which column of the website."""
    return render(request, actor, "catalog_site.html", items=items(house_of(request).rules()), filed=None, audits=None)


@router.post("/catalog/site", response_class=HTMLResponse)
def listed(request: Request, actor: Reading, file: UploadFile) -> HTMLResponse:
    """A site's listing: papers in the wrong column, columns without an item, projects that lack papers."""
    house = house_of(request)
    rules = house.rules()
    entries = house.crew.do(Tabulate(listing.read_listing, file.file.read(), file.filename or ""))
    titles = [projects.Title(one.title, one.day, one.link) for one in entries]
    audits = [(kind, projects.audited(kind, titles)) for kind in projects.kinds()]
    return render(
        request, actor, "catalog_site.html", items=items(rules), filed=listing.filed(entries, rules), audits=audits
    )


@router.get("/catalog/steps", response_class=HTMLResponse)
def steps(request: Request, actor: Seeing) -> HTMLResponse:
    """五公开 by unit and year, over the documents within reach."""
    house = house_of(request)
    with house.database.reading() as session:
        lines = coverage.coverage(session, actor, house.rules())
    return render(request, actor, "catalog_steps.html", lines=lines, steps=STEPS)


@router.get("/catalog/projects", response_class=HTMLResponse)
def audit(request: Request, actor: Seeing) -> HTMLResponse:
    """What each project's papers lack, over the documents within reach."""
    with house_of(request).database.reading() as session:
        titles = projects.kept(session, actor)
    audits = [(kind, projects.audited(kind, titles)) for kind in projects.kinds()]
    return render(request, actor, "catalog_projects.html", audits=audits)
