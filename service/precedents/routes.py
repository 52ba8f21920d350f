"""Precedents on the API, and the part of the drafter's page that shows them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.described import problems
from gongkai.service.api.schemas_precedents import PrecedentOut, PrecedentsOut, Sought
from gongkai.service.casework.keeping import within_reach
from gongkai.service.crew.orders import Meaning
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, templates
from gongkai.service.precedents.meanings import Meanings
from gongkai.service.precedents.similar import Asked, Precedent, against, precedents
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.tables import Kept, Vector

router = APIRouter(tags=["先例"])
pages = APIRouter(include_in_schema=False)
AtHouse = Annotated[House, Depends(house_of)]
May = Annotated[Actor, Depends(may("precedents"))]


@router.get("/v1/precedents", summary="某件公文的先例", response_model=PrecedentsOut, responses=problems(404))
def of_document(
    house: AtHouse, request: Request, actor: May,
    document: Annotated[str, Query(min_length=32, max_length=32, pattern="^[0-9a-f]+$", description="公文记录编号",
                                   examples=["0f9c2d41a7b84c0c9a51f0a2b3c4d5e6"])],
) -> PrecedentsOut:  # fmt: skip
    """按文号、标题和内容查以前的决定。"""
    with house.database.reading() as session:
        kept, found = _of(session, request, actor, document)
        return _told(found, kept.attribute)


@router.post("/v1/precedents/search", summary="查先例", response_model=PrecedentsOut, responses=problems(413))
def search(given: Sought, house: AtHouse, request: Request, actor: May) -> PrecedentsOut:
    """按文号、标题或者正文查以前的决定；正文只用来比较，不保存。"""
    values, model = b"", ""
    if given.text.strip():
        (values,) = house.crew.do(Meaning((given.text,)))
        model = str(house.crew.engines[0]["model"])
    asked = Asked(given.number, given.title, values, model)
    with house.database.reading() as session:
        return _told(precedents(session, meanings_of(request), actor, asked), given.attribute or "")


@pages.get("/precedents/similar", response_class=HTMLResponse)
def part(house: AtHouse, request: Request, actor: May, document: str) -> HTMLResponse:
    """The part of a page that shows the precedents of a kept document."""
    with house.database.reading() as session:
        kept, found = _of(session, request, actor, document)
        shown = templates.get_template("precedents.html").render(
            found=found, warning=against(found, kept.attribute), label=lambda code: Attribute(code).label,
            reason=house.rules().reason,
        )  # fmt: skip
    return HTMLResponse(shown)


def meanings_of(request: Request) -> Meanings:
    """What create_app opened."""
    meanings: Meanings = request.app.state.meanings
    return meanings


def _of(session: Session, request: Request, actor: Actor, document: str) -> tuple[Kept, list[Precedent]]:
    kept = session.scalar(within_reach(actor).where(Kept.id == document))
    if kept is None:
        raise NotFound("没有这件公文，或者不在您能看的范围内。")
    unbiased(session, actor, kept)
    own = session.get(Vector, document)
    asked = Asked(kept.number, kept.title, own.values if own else b"", own.model if own else "", kept.id)
    return kept, precedents(session, meanings_of(request), actor, asked)


def _told(found: list[Precedent], attribute: str) -> PrecedentsOut:
    items = [
        PrecedentOut(
            **{name: getattr(one, name) for name in PrecedentOut.model_fields if name != "found"}, found=one.found.value
        )
        for one in found
    ]
    return PrecedentsOut(items=items, warning=against(found, attribute) if attribute else "")
