"""Records of documents: what was said of them, what was decided, who saw them."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.keeping import TEXT, seen, text_of
from gongkai.service.errors import NotFound
from gongkai.service.office.drawing import names
from gongkai.service.office.entries import gathered, of_object
from gongkai.service.office.periods import day, end
from gongkai.service.office.records import STATES, Wanted, decisions, listed, screenings, units_within
from gongkai.service.office.records import names as named
from gongkai.service.pages.layout import house_of, render
from gongkai.service.review.opinions import unbiased
from gongkai.service.store import trail
from gongkai.service.store.tables import Unit, User

router = APIRouter(include_in_schema=False)
Seeing = Annotated[Actor, Depends(may("documents"))]
Word = Annotated[str, Query(max_length=100)]


@router.get("/documents", response_class=HTMLResponse)
def documents(
    request: Request, actor: Seeing, q: Word = "", attribute: Word = "", state: Word = "", unit: Word = "",
    origin: Word = "", since: Word = "", until: Word = "", cursor: Word = "",
) -> HTMLResponse:  # fmt: skip
    """Documents within reach, newest first."""
    wanted = Wanted(q, attribute, state, unit, origin, day(since), end(until))
    with house_of(request).database.reading() as session:
        found, units = listed(session, actor, wanted, cursor), units_within(session, actor)
    chosen = {"q": q, "attribute": attribute, "state": state, "unit": unit, "origin": origin, "since": since}
    chosen["until"] = until
    return render(
        request, actor, "documents.html", found=found, units=units, states=STATES, chosen=chosen, first=not cursor,
        further=urlencode({**{key: value for key, value in chosen.items() if value}, "cursor": found.next}),
    )  # fmt: skip


@router.get("/documents/{id}", response_class=HTMLResponse)
def document(request: Request, id: str, actor: Seeing) -> HTMLResponse:
    """One document; that it was seen goes to the trail."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        shown: dict[str, Any] = {
            "document": kept,
            "screenings": screenings(session, id),
            "decisions": decisions(session, id),
            "views": gathered(of_object(session, "document", id)),
            "owner": named(session, User, {kept.owner}).get(kept.owner, ""),
            "unit": named(session, Unit, {kept.unit}).get(kept.unit, ""),
            "has_text": house.vault.has(session, TEXT, id),
        }
    rules = house.rules()
    types = {row.id: row.name for row in rules.personal}
    deadlines = {row.code: row.name for row in rules.deadlines}
    return render(request, actor, "document.html", names=names(rules), types=types, deadlines=deadlines, **shown)


@router.get("/documents/{id}/text", response_class=HTMLResponse)
def text(request: Request, id: str, actor: Seeing) -> HTMLResponse:
    """The kept text; that it was read goes to the trail."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        found = text_of(session, house.vault, kept)
        if found is None:
            raise NotFound("没有保存这份公文的全文，或者已过保留期限。")
        trail.append(session, actor.user, "read", "document", id, at=house.clock())
    return render(request, actor, "document_text.html", document=kept, text=found)
