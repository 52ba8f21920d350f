"""退文检查 as a page: the form as it was submitted, what it lacks, and the notice to print or take along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties import noticepdf
from gongkai.service.duties.returning import Notice, docx, notice
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import given
from gongkai.service.opinion.reading import Filled, read
from gongkai.service.opinion.submission import machine, submitted
from gongkai.service.opinion.word import lines
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.opinion import brief_of, form_of, unit_of

pages = APIRouter(include_in_schema=False)
_Drafting = Annotated[Actor, Depends(may("suggest"))]
_Seeing = Annotated[Actor, Depends(may("documents"))]


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=64, max_files=1) as sent:
        yield sent


_Sent = Annotated[FormData, Depends(_form)]


@pages.get("/submission", response_class=HTMLResponse)
def submission(request: Request, actor: _Drafting) -> HTMLResponse:
    """An empty form."""
    return _page(request, actor, Brief(), given({}))


@pages.get("/submission/{document}", response_class=HTMLResponse)
def kept_submission(request: Request, document: str, actor: _Seeing) -> HTMLResponse:
    """The form of a kept document, filled in from its screening and its decision, and checked."""
    brief = brief_of(request, actor, document)
    values = form_of(request, actor, brief)
    return _page(request, actor, brief, values, told=_notice(request, actor, brief, values))


@pages.post("/submission/read", response_class=HTMLResponse)
def taken(request: Request, actor: _Drafting, sent: _Sent) -> HTMLResponse:
    """The form as a filled 意见单 (.docx) has it, and checked."""
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RequestError("没有选择文件，请先选填好的意见单（.docx）。")
    filled = read(file.file.read())
    told = _notice(request, actor, Brief(), filled.values)
    return _page(request, actor, Brief(), filled.values, told=told, filled=filled)


@pages.post("/submission/check", response_class=HTMLResponse)
def checked(request: Request, actor: _Drafting, sent: _Sent) -> HTMLResponse:
    """What the form lacks as it stands."""
    brief = Brief.read(str(sent.get("brief", "")))
    return render(request, actor, "submission_answer.html", told=_notice(request, actor, brief, given(sent)))


@pages.post("/submission/file")
def file(request: Request, actor: _Drafting, sent: _Sent) -> Response:
    """The notice as .docx."""
    told = _notice(request, actor, Brief.read(str(sent.get("brief", ""))), given(sent))
    return attachment(docx(told), f"{told.name}.docx")


@pages.post("/submission/pdf")
def portable(request: Request, actor: _Drafting, sent: _Sent) -> Response:
    """The notice as .pdf."""
    told = _notice(request, actor, Brief.read(str(sent.get("brief", ""))), given(sent))
    return attachment(noticepdf.pdf(told), f"{told.name}.pdf")


def _page(
    request: Request,
    actor: Actor,
    brief: Brief,
    values: dict[str, str],
    *,
    told: Notice | None = None,
    filled: Filled | None = None,
) -> HTMLResponse:
    shown: dict[str, Any] = {"lines": list(lines()), "values": values, "brief": brief.model_dump_json()}
    return render(request, actor, "submission.html", told=told, filled=filled, **shown)


def _notice(request: Request, actor: Actor, brief: Brief, values: dict[str, str]) -> Notice:
    house = house_of(request)
    day = house.clock().astimezone(ZONE).date()
    return notice(submitted(values), values, house.rules(), machine(brief), by=unit_of(house, actor), day=day)
