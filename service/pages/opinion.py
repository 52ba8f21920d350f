"""公文公开发布意见单 as a page to fill in, check, print and take along."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.deciding import decisions_of
from gongkai.service.casework.keeping import latest_screening, seen
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.opinion import formpdf
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import TITLE, filled, given, signatures
from gongkai.service.opinion.submission import to_fix
from gongkai.service.opinion.word import docx, lines
from gongkai.service.pages.drafter import standing
from gongkai.service.pages.layout import house_of, render
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.tables import Unit

pages = APIRouter(include_in_schema=False)
_Drafting = Annotated[Actor, Depends(may("suggest"))]
_Seeing = Annotated[Actor, Depends(may("documents"))]


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=64, max_files=0)


_Sent = Annotated[FormData, Depends(_form)]


@pages.post("/opinion", response_class=HTMLResponse)
def opinion(request: Request, actor: _Drafting, brief: Annotated[str, Form()] = "") -> HTMLResponse:
    """The form, filled in from a suggestion that a page or the add-in sends."""
    return _page(request, actor, Brief.read(brief))


@pages.get("/opinion/{document}", response_class=HTMLResponse)
def kept_opinion(request: Request, document: str, actor: _Seeing) -> HTMLResponse:
    """The form of a kept document, filled in from its screening and its decision."""
    return _page(request, actor, brief_of(request, actor, document))


@pages.post("/opinion/check", response_class=HTMLResponse)
def check(request: Request, actor: _Drafting, sent: _Sent) -> HTMLResponse:
    """What is still to put right, for a form as it stands."""
    brief = Brief.read(str(sent.get("brief", "")))
    return render(request, actor, "opinion_items.html", items=to_fix(brief, given(sent), house_of(request).rules()))


@pages.post("/opinion/file")
def file(request: Request, actor: _Drafting, sent: _Sent) -> Response:
    """The form as .docx."""
    return attachment(docx(given(sent)), f"{TITLE}.docx")


@pages.post("/opinion/pdf")
def portable(request: Request, actor: _Drafting, sent: _Sent) -> Response:
    """The form as .pdf."""
    return attachment(formpdf.pdf(given(sent)), f"{TITLE}.pdf")


def _page(request: Request, actor: Actor, brief: Brief) -> HTMLResponse:
    values = form_of(request, actor, brief)
    items = to_fix(brief, values, house_of(request).rules())
    return render(
        request,
        actor,
        "opinion.html",
        name=TITLE,
        lines=list(lines()),
        signatures=signatures(),
        values=values,
        items=items,
        brief=brief.model_dump_json(),
    )


def form_of(request: Request, actor: Actor, brief: Brief) -> dict[str, str]:
    """The fields with what is known of document, drafter and unit; nobody is known in open mode."""
    house = house_of(request)
    drafter = "" if house.settings.open else actor.name
    return filled(brief, house.rules(), unit_of(house, actor), drafter)


def unit_of(house: House, actor: Actor) -> str:
    """The name of the actor's unit; nothing in open mode, where nobody is known."""
    if house.settings.open:
        return ""
    with house.database.reading() as session:
        unit = session.get(Unit, actor.unit_id)
        return unit.name if unit else ""


def brief_of(request: Request, actor: Actor, document: str) -> Brief:
    """A kept document in short: its last suggestion, and the decision that stands."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, document, at=house.clock())
        unbiased(session, actor, kept)
        screened, decision = latest_screening(session, kept.id), standing(decisions_of(session, kept.id))
        if screened is None:
            raise NotFound("这件公文还没有建议，不能生成意见单。")
        if decision is None:
            return Brief.of(screened.result, kept.title)
        return Brief.of(screened.result, kept.title, decision.attribute, decision.reason, decision.category)
