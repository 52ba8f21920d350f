"""办理流转 as pages: what is on its way, and one document with its form, its next steps and those behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.keeping import seen
from gongkai.service.casework.statistics import ZONE
from gongkai.service.opinion.word import lines
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.passages import queues
from gongkai.service.passages.filling import fill
from gongkai.service.passages.importance import flags
from gongkai.service.passages.interpreting import coverage
from gongkai.service.passages.noticing import notice_file
from gongkai.service.passages.packing import Upload, package
from gongkai.service.passages.passing import states
from gongkai.service.passages.proving import prove
from gongkai.service.passages.stepping import step
from gongkai.service.passages.succeeding import succeed
from gongkai.service.passages.viewing import hinted, missing, view
from gongkai.service.review.opinions import unbiased

router = APIRouter(include_in_schema=False)
Handling = Annotated[Actor, Depends(may("handle"))]
Seeing = Annotated[Actor, Depends(may("documents"))]
Reviewing = Annotated[Actor, Depends(may("source"))]
Releasing = Annotated[Actor, Depends(may("release"))]
Clearing = Annotated[Actor, Depends(may("clear"))]
Following = Annotated[Actor, Depends(may("afterwards"))]
Word = Annotated[str, Query(max_length=100)]


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=100, max_files=1) as sent:
        yield sent


Sent = Annotated[FormData, Depends(_form)]


@router.get("/passages", response_class=HTMLResponse)
def passages(
    request: Request, actor: Handling, state: Word = "", q: Word = "", page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> HTMLResponse:
    """What is on its way, the most urgent first."""
    house = house_of(request)
    with house.database.reading() as session:
        rows, more = queues.listed(session, actor, state, q, page)
        counts, fresh = queues.counts(session, actor), queues.undetermined(session, actor)
        told = coverage(session, actor, house.rules(), house.clock().astimezone(ZONE).date())
    shown: dict[str, Any] = {"rows": rows, "more": more, "counts": counts, "fresh": fresh, "states": states()}
    shown["interpretation"] = told
    return render(request, actor, "passages.html", state=state, q=q, page=page, queue=queues.TO_PUBLISH, **shown)


@router.get("/passages/{id}", response_class=HTMLResponse)
def passage(request: Request, id: str, actor: Seeing) -> HTMLResponse:
    """One document on its way."""
    house = house_of(request)
    hints = hinted(house, actor, id)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        found = view(session, house, actor, kept, hints)
    return render(request, actor, "passage.html", view=found, lines=list(lines()), states=states(), flags=flags())


@router.post("/passages/{id}/form")
def filled(request: Request, id: str, actor: Handling, sent: Sent) -> Response:
    """Keep the form; with `then`, take that step as well."""
    house, at = house_of(request), house_of(request).clock()
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=at)
        flagged = [str(value) for value in sent.getlist("flag")]
        version = _number(sent.get("version"))
        values = {key: value for key, value in sent.items() if isinstance(value, str)}
        code = values.get("reason_code", "")
        fill(session, house.rules(), actor, kept, values, at, reason=code, flagged=flagged, version=version)
        if then := values.get("then"):
            step(session, house.rules(), actor, kept, then, {}, at)
    return onward(request, f"/passages/{id}")


@router.post("/passages/{id}/check", response_class=HTMLResponse)
def checked(request: Request, id: str, actor: Handling, sent: Sent) -> HTMLResponse:
    """What the form lacks as it stands on the page, kept or not."""
    house = house_of(request)
    values = {key: value for key, value in sent.items() if isinstance(value, str)}
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        found = missing(session, house, kept, values)
    return render(request, actor, "passage_gaps.html", answer=found)


@router.post("/passages/{id}/before/{before}")
def succeeded(request: Request, id: str, before: str, actor: Handling) -> Response:
    """Go on from an earlier draft."""
    house, at = house_of(request), house_of(request).clock()
    with house.database.writing() as session:
        succeed(session, house.rules(), actor, seen(session, actor, id, at=at), before, at)
    return onward(request, f"/passages/{id}")


@router.post("/passages/{id}/handle/{kind}")
def handled(request: Request, id: str, kind: str, actor: Handling, sent: Sent) -> Response:
    """Take a step of those who draft and publish."""
    return _stepped(request, actor, id, kind, sent)


@router.post("/passages/{id}/source/{kind}")
def reviewed(request: Request, id: str, kind: str, actor: Reviewing, sent: Sent) -> Response:
    """Take a step of source review."""
    return _stepped(request, actor, id, kind, sent)


@router.post("/passages/{id}/release/{kind}")
def released(request: Request, id: str, kind: str, actor: Releasing, sent: Sent) -> Response:
    """Take a step of release review."""
    return _stepped(request, actor, id, kind, sent)


@router.post("/passages/{id}/clear/{kind}")
def cleared(request: Request, id: str, kind: str, actor: Clearing, sent: Sent) -> Response:
    """Take a step of the disclosure office."""
    return _stepped(request, actor, id, kind, sent)


@router.post("/passages/{id}/afterwards/{kind}")
def afterwards(request: Request, id: str, kind: str, actor: Following, sent: Sent) -> Response:
    """Take a step after publication or withholding."""
    return _stepped(request, actor, id, kind, sent)


def _stepped(request: Request, actor: Actor, id: str, kind: str, sent: FormData) -> Response:
    """The table of steps says again who may: a step that stands under another door is refused there."""
    house, at = house_of(request), house_of(request).clock()
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=at)
        record = {k.removeprefix("field-"): v for k, v in sent.items() if k.startswith("field-") and isinstance(v, str)}
        step(session, house.rules(), actor, kept, kind, record, at, version=_number(sent.get("version")))
    return onward(request, f"/passages/{id}")


@router.get("/passages/{id}/notice")
def notice(request: Request, id: str, actor: Seeing) -> Response:
    """The last return notice as .docx."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        name, content = notice_file(session, kept)
    return attachment(content, name)


@router.post("/passages/{id}/package")
def packed(request: Request, id: str, actor: Handling, sent: Sent) -> Response:
    """The publish package: the file that was chosen, or the kept text, with its metadata."""
    house, at = house_of(request), house_of(request).clock()
    file = sent.get("file")
    given = Upload(file.filename, file.file.read()) if isinstance(file, UploadFile) and file.filename else None
    if given:
        prove(house, given, looked=sent.get("looked") == "是")
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=at)
        unbiased(session, actor, kept)
        name, content = package(session, house, actor, kept, given, at)
    return attachment(content, name)


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else 0
