"""卷宗 on the page of a document, what is to be told of steps after publication, and the lists with validity."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.afterwards import dossiers, notices
from gongkai.service.afterwards.assembling import Found, mentioned, roles
from gongkai.service.afterwards.awaiting import named
from gongkai.service.afterwards.standing import known
from gongkai.service.afterwards.sweeping import cleaned
from gongkai.service.afterwards.validity import VALIDITY, inventory, kinds, mark, workbook
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.keeping import TEXT, text_of
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.passages.passing import states
from gongkai.service.review import opinions
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Decided

router = APIRouter(include_in_schema=False)
Seeing = Annotated[Actor, Depends(may("documents"))]
Working = Annotated[Actor, Depends(may("afterwards"))]
Word = Annotated[str, Query(max_length=100)]
PAGE = 100


class PaperForm(BaseModel):
    """A paper that belongs to a dossier, as the form has it."""

    role: str = Field(default="", max_length=30)
    number: str = Field(default="", max_length=200)
    title: str = Field(default="", max_length=500)
    issued: str = Field(default="", max_length=10)


class MarkForm(BaseModel):
    """A mark of validity as the form has it."""

    validity: str = Field(default="", max_length=10)
    since: str = Field(default="", max_length=10)
    by: str = Field(default="", max_length=300)


@router.get("/documents/{id}/dossier", response_class=HTMLResponse)
def dossier(request: Request, actor: Seeing, id: str) -> HTMLResponse:
    """The part of a document's page that says what belongs to it and what came after."""
    house = house_of(request)
    with house.database.reading() as session:
        kept = known(session, actor, id)
        passage = session.get(Passage, id)
        category = _category(opinions.of(session, [id]).get(id, []), passage)
        found = dossiers.dossier(session, actor, kept, category)
        told = notices.steps(session, id)
        waits = named(session, passage.awaiting) if passage and passage.awaiting else ""
    shown: dict[str, Any] = {"document": kept, "passage": passage, "dossier": found, "notices": told, "roles": roles()}
    has_text = _has_text(request, id)
    return render(
        request, actor, "dossier.html", states=states(), validity=VALIDITY, has_text=has_text, awaits=waits, **shown
    )


def _has_text(request: Request, id: str) -> bool:
    house = house_of(request)
    with house.database.reading() as session:
        return house.vault.has(session, TEXT, id)


def _category(decisions: list[Decided], passage: Passage | None) -> str:
    made = next((one.category for one in reversed(decisions) if one.category), "")
    return made or (passage.category if passage else "")


@router.post("/documents/{id}/dossier/assemble")
def assembled(request: Request, actor: Working, id: str) -> Response:
    """Look for what belongs together: by the kept text, by numbers and titles."""
    house = house_of(request)
    with house.database.reading() as session:
        text = text_of(session, house.vault, known(session, actor, id))
    found = mentioned(house.crew, house.rules(), text) if text else []
    with house.database.writing() as session:
        dossiers.assemble(session, actor, id, found, at=house.clock())
    return onward(request, f"/documents/{id}#dossier")


@router.post("/documents/{id}/dossier/papers")
def added(request: Request, actor: Working, id: str, given: Annotated[PaperForm, Form()]) -> Response:
    """A paper that the officer knows of."""
    house = house_of(request)
    title, number = cleaned(house.crew, [given.title, given.number])
    with house.database.writing() as session:
        one = Found(given.role, number, title, given.issued)
        dossiers.add(session, actor, id, one, at=house.clock())
    return onward(request, f"/documents/{id}#dossier")


@router.post("/documents/{id}/dossier/papers/{relation}/remove")
def removed(request: Request, actor: Working, id: str, relation: str) -> Response:
    """A paper that does not belong here."""
    house = house_of(request)
    with house.database.writing() as session:
        dossiers.remove(session, actor, id, relation, at=house.clock())
    return onward(request, f"/documents/{id}#dossier")


@router.get("/documents/{id}/notices/{step}")
def notice(request: Request, actor: Seeing, id: str, step: str) -> Response:
    """What a step has to tell, as .docx."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = known(session, actor, id)
        told = notices.notice(session, house.rules(), kept, step)
        trail.append(session, actor.user, "download", "document", id, at=house.clock(), step=step)
    return attachment(notices.docx(told), f"{told.name}.docx")


@router.post("/documents/{id}/validity")
def marked(request: Request, actor: Working, id: str, given: Annotated[MarkForm, Form()], to: Word = "") -> Response:
    """Mark a document as repealed, expired, amended or in force."""
    if given.validity not in ("有效", "修改", "废止", "失效"):
        raise RequestError("效力应当是有效、修改、废止、失效之一，请改正。")
    house = house_of(request)
    with house.database.writing() as session:
        mark(session, house.rules(), actor, id, given.validity, given.since, given.by.strip(), at=house.clock())
    return onward(request, "/rereview/validity?state=hint" if to == "list" else f"/documents/{id}#dossier")


@router.get("/rereview/validity", response_class=HTMLResponse)
def listed(
    request: Request, actor: Working, kind: Word = "", state: Word = "", q: Word = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HTMLResponse:  # fmt: skip
    """Normative documents, system documents and plans with their validity."""
    house = house_of(request)
    with house.database.reading() as session:
        rows = inventory(session, actor, house.clock(), kind=kind, state=state, words=q)
    chosen = {"kind": kind, "state": state, "q": q}
    return render(
        request, actor, "validity.html", rows=rows[(page - 1) * PAGE : page * PAGE], total=len(rows), page=page,
        pages=max(1, -(-len(rows) // PAGE)), kinds=kinds(), validity=VALIDITY, chosen=chosen,
    )  # fmt: skip


@router.get("/rereview/validity/list.xlsx")
def saved(request: Request, actor: Working, kind: Word = "", state: Word = "", q: Word = "") -> Response:
    """The same as a workbook."""
    house = house_of(request)
    with house.database.writing() as session:
        rows = inventory(session, actor, house.clock(), kind=kind, state=state, words=q)
        trail.append(session, actor.user, "validity.export", "document", "", at=house.clock(), count=len(rows))
    return attachment(workbook(rows), "文件清单和效力.xlsx")
