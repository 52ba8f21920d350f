"""依申请公开: the register brought in, requests for the same put together, and each assessed for 主动公开."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial
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
from gongkai.service.afterwards.extras import told as extras
from gongkai.service.afterwards.outcomes import codes
from gongkai.service.afterwards.register import MOST_COLUMNS, columns
from gongkai.service.afterwards.registering import Offer, Taken, offered, sweep, taken
from gongkai.service.afterwards.requests import PAGE, VERDICTS, Cluster
from gongkai.service.afterwards.sweeping import cleaned
from gongkai.service.afterwards.topicrules import rules as topic_rules
from gongkai.service.api.attachments import attachment
from gongkai.service.columnchoice import Chosen, checked, chosen_in
from gongkai.service.crew.orders import Tabulate
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import inside, onward
from gongkai.service.store import trail
from gongkai.service.store.duties import Application

router = APIRouter(include_in_schema=False)
Handling = Annotated[Actor, Depends(may("applications"))]
Word = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10_000)]
_FIRST: dict[str, Any] = {"q": "", "state": "open", "page": 1}


class VerdictForm(BaseModel):
    """An assessment as the form has it; `requests` are ids."""

    requests: list[str] = Field(default=[], max_length=1000)
    verdict: str = Field(default="", max_length=20)
    why: str = Field(default="", max_length=2000)
    document: str = Field(default="", max_length=32)


async def _form(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=8 + MOST_COLUMNS, max_files=1) as sent:
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
    return attachment(requestbook.of_requests(rows), "依申请公开登记.xlsx")


@router.get("/applications/topics.xlsx")
def topics_saved(request: Request, actor: Handling) -> Response:
    """What is asked for, put together, as a workbook."""
    house = house_of(request)
    with house.database.reading() as session:
        found = requests.clusters(session, actor, house.clock(), least=1)
    return attachment(requestbook.of_clusters(found), "申请内容归类.xlsx")


@router.post("/applications/import", response_class=HTMLResponse)
def imported(request: Request, actor: Handling, sent: Annotated[FormData, Depends(_form)]) -> HTMLResponse:
    """Bring a register in; what can't be taken is told row by row. Where its headings say nothing, or a look is asked
    for first, only the form changes, with its file in it."""
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise RequestError("没有选择文件，请先选登记表（.xlsx 或者 .csv）。")
    house = house_of(request)
    chosen = _chosen(sent)
    found: Offer = house.crew.do(Tabulate(partial(offered, chosen=chosen), file.file.read(), file.filename))
    if found.layout and (not chosen or sent.get("step") == "preview"):
        answer = _page(request, actor, _FIRST, offer=found, previewed=chosen is not None)
        answer.headers.update(inside("#columns"))
        return answer
    swept = sweep(house.crew, found.rows)
    with house.database.writing() as session:
        told = taken(session, actor, swept, found.wrong, at=house.clock())
    return _page(request, actor, _FIRST, told=told)


def _chosen(sent: FormData) -> Chosen | None:
    chosen = chosen_in(sent)
    required = [column.code for column in columns() if column.required]
    return checked(chosen, {column.code: column.name for column in columns()}, required) if chosen else None


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
    (why,) = cleaned(house.crew, [given.why])
    with house.database.writing() as session:
        rows = [requests.known_request(session, actor, id) for id in given.requests]
        if not rows:
            raise RequestError("没有选申请，请先勾选。")
        rules, at = house.rules(), house.clock()
        requests.assess(session, rules, actor, rows, given.verdict, why, given.document, at=at)
    return onward(request, f"/applications?done={given.verdict}")


def _page(
    request: Request, actor: Actor, wanted: dict[str, Any], *, done: str = "", told: Taken | None = None,
    offer: Offer | None = None, previewed: bool = False,
) -> HTMLResponse:  # fmt: skip
    house = house_of(request)
    with house.database.reading() as session:
        rows = requests.listed(session, actor, words=wanted["q"], state=wanted["state"], page=wanted["page"])
        found, table = requests.clusters(session, actor, house.clock()), topic_rules(session)
    return render(
        request, actor, "applications.html", rows=rows[:PAGE], more=len(rows) > PAGE, clusters=found, chosen=wanted,
        codes=codes(), extras=extras, columns=columns(), verdicts=VERDICTS, table=table, done=done, told=told,
        offer=offer, previewed=previewed, names={column.code: column.name for column in columns()},
        required=[column.name for column in columns() if column.required],
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
