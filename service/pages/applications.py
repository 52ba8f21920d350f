"""依申请公开: the register brought in, requests for the same put together, and each assessed for 主动公开."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.afterwards import requestbook, requests
from gongkai.service.afterwards.candidates import candidates
from gongkai.service.afterwards.outcomes import codes
from gongkai.service.afterwards.register import columns
from gongkai.service.afterwards.registering import Taken, read, sweep, taken
from gongkai.service.afterwards.requests import PAGE, VERDICTS, Cluster
from gongkai.service.afterwards.topicrules import rules as topic_rules
from gongkai.service.books import attached
from gongkai.service.crew.orders import Tabulate
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.store import trail
from gongkai.service.store.duties import Application

router = APIRouter(include_in_schema=False)
Handling = Annotated[Actor, Depends(may("applications"))]
Word = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10_000)]


class VerdictForm(BaseModel):
    """An assessment as the form has it; `requests` are ids."""

    requests: list[str] = Field(default=[], max_length=1000)
    verdict: str = Field(default="", max_length=20)
    why: str = Field(default="", max_length=2000)
    document: str = Field(default="", max_length=32)


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=8, max_files=1) as sent:
        yield sent


@router.get("/applications", response_class=HTMLResponse)
def listed(
    request: Request, actor: Handling, q: Word = "", state: Word = "open", page: Page = 1, done: Word = ""
) -> HTMLResponse:
    """What is asked for often, and the register."""
    return _page(request, actor, {"q": q, "state": state, "page": page}, done=done)


@router.get("/applications/list.xlsx")
def saved(request: Request, actor: Handling, q: Word = "", state: Word = "") -> Response:
    """The register with its assessments as a workbook."""
    house = house_of(request)
    with house.database.writing() as session:
        rows = requests.everything(session, actor, words=q, state=state)
        trail.append(session, actor.user, "applications.export", "application", "", at=house.clock(), count=len(rows))
    return attached(requestbook.of_requests(rows), "依申请公开登记.xlsx")


@router.get("/applications/topics.xlsx")
def topics_saved(request: Request, actor: Handling) -> Response:
    """What is asked for, put together, as a workbook."""
    house = house_of(request)
    with house.database.reading() as session:
        found = requests.clusters(session, actor, house.clock(), least=1)
    return attached(requestbook.of_clusters(found), "申请内容归类.xlsx")


@router.post("/applications/import", response_class=HTMLResponse)
def imported(request: Request, actor: Handling, sent: Annotated[FormData, Depends(_form)]) -> HTMLResponse:
    """Bring a register in; what can't be taken is told row by row."""
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RequestError("没有选择文件，请先选登记表（.xlsx 或者 .csv）。")
    house = house_of(request)
    rows, wrong = house.crew.do(Tabulate(read, file.file.read(), file.filename))
    topics = sweep(house.crew, rows)
    with house.database.writing() as session:
        told = taken(session, actor, rows, topics, wrong, at=house.clock())
    return _page(request, actor, {"q": "", "state": "open", "page": 1}, told=told)


@router.get("/applications/topic", response_class=HTMLResponse)
def topic(request: Request, actor: Handling, of: Word, q: Word = "") -> HTMLResponse:
    """Requests for the same with the form to propose 主动公开 for all of them; `of` is the id of one of them."""
    house = house_of(request)
    with house.database.reading() as session:
        one = requests.known_request(session, actor, of)
        found = requests.clusters(session, actor, house.clock(), least=1)
        cluster = next((each for each in found if one.id in {row.id for row in each.requests}), None)
        cluster = cluster or Cluster(one.topic, (one,), 0)
        shown = _shown(session, actor, one, cluster, q)
    return render(request, actor, "application.html", **shown)


@router.post("/applications/assess")
def assessed(request: Request, actor: Handling, given: Annotated[VerdictForm, Form()]) -> Response:
    """Note what was found of one request, or of all that ask for the same."""
    house = house_of(request)
    with house.database.writing() as session:
        rows = [requests.known_request(session, actor, id) for id in given.requests]
        if not rows:
            raise RequestError("没有选申请，请先勾选。")
        rules, at = house.rules(), house.clock()
        requests.assess(session, rules, actor, rows, given.verdict, given.why, given.document, at=at)
    return onward(request, f"/applications?done={given.verdict}")


def _page(
    request: Request, actor: Actor, chosen: dict[str, Any], *, done: str = "", told: Taken | None = None
) -> HTMLResponse:
    house = house_of(request)
    with house.database.reading() as session:
        rows = requests.listed(session, actor, words=chosen["q"], state=chosen["state"], page=chosen["page"])
        found = requests.clusters(session, actor, house.clock())
    return render(
        request, actor, "applications.html", rows=rows[:PAGE], more=len(rows) > PAGE, clusters=found, chosen=chosen,
        codes=codes(), columns=columns(), verdicts=VERDICTS, table=topic_rules(), done=done, told=told,
    )  # fmt: skip


def _shown(session: Session, actor: Actor, one: Application, cluster: Cluster, words: str) -> dict[str, Any]:
    rows: Sequence[Application] = cluster.requests
    return {
        "one": one,
        "cluster": cluster,
        "said": requests.assessed(session, one, len(rows)),
        "candidates": candidates(session, actor, words or cluster.words, cluster.documents),
        "words": words,
        "codes": codes(),
        "verdicts": VERDICTS,
    }
