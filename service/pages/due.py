"""/due: what has to be published or done by when, how that was counted, what was late; as list, workbook, calendar."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from gongkai.model.duties.clocks import due as counted
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.keeping import seen
from gongkai.service.crew.orders import Tabulate
from gongkai.service.duties import dues, handset, lateness
from gongkai.service.duties.calendars import calendar_of
from gongkai.service.duties.daily import digest
from gongkai.service.duties.duesheet import due_book, late_book
from gongkai.service.duties.items import code_of, labels
from gongkai.service.duties.terms import asked
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.review.opinions import unbiased

router = APIRouter(include_in_schema=False)
Seeing = Annotated[Actor, Depends(may("documents"))]
Handling = Annotated[Actor, Depends(may("handle"))]
Word = Annotated[str, Query(max_length=100)]
Given = Annotated[str, Form(max_length=100)]
CALENDAR = "text/calendar; charset=utf-8"


@router.get("/due", response_class=HTMLResponse)
def due(request: Request, actor: Seeing, state: Word = "open", kind: Word = "", unit: Word = "") -> HTMLResponse:
    """The due list, the most urgent first."""
    house, wanted = house_of(request), dues.Filter(state, kind, unit)
    every = _lines(house, actor)
    now = dues.here(house.clock())
    return render(
        request, actor, "due.html", lines=dues.chosen(every, wanted, now), wanted=wanted, states=dues.STATES,
        kinds=dues.KINDS, units=sorted({one.unit for one in every if one.unit}), query=_query(wanted),
        missing=dues.missing(house.rules(), every, now.date()), clocks=house.rules().deadlines, today=now.date(),
        counts={code: len(dues.chosen(every, dues.Filter(code), now)) for code in dues.STATES},
    )  # fmt: skip


def _query(wanted: dues.Filter) -> str:
    return urlencode({"state": wanted.state, "kind": wanted.kind, "unit": wanted.unit})


def _lines(house: House, actor: Actor) -> tuple[dues.Line, ...]:
    with house.database.reading() as session:
        return dues.lines(session, actor, house.rules(), dues.here(house.clock()))


@router.get("/due/list.xlsx")
def workbook(request: Request, actor: Seeing, state: Word = "open", kind: Word = "", unit: Word = "") -> Response:
    """The same list as a workbook."""
    house = house_of(request)
    found = dues.chosen(_lines(house, actor), dues.Filter(state, kind, unit), dues.here(house.clock()))
    return attachment(due_book(found), "公开时限.xlsx")


@router.get("/due/calendar.ics")
def calendar(request: Request, actor: Seeing) -> Response:
    """What is still to be done as a calendar to subscribe to or import."""
    return Response(calendar_of(house_of(request), actor), media_type=CALENDAR)


@router.get("/due/today", response_class=HTMLResponse)
def today(request: Request, actor: Seeing) -> HTMLResponse:
    """The day at a glance: late, due today and soon, what waits."""
    house = house_of(request)
    with house.database.reading() as session:
        told = digest(session, actor, house.rules(), house.clock())
    return render(request, actor, "due_today.html", told=told, kinds=dues.KINDS)


@router.get("/due/count", response_class=HTMLResponse)
def count(request: Request, actor: Seeing, code: Word = "", start: Word = "") -> HTMLResponse:
    """How a term is counted from a day."""
    found = counted(code, asked(start), house_of(request).rules())
    return render(request, actor, "due_count.html", found=found)


@router.post("/due/late", response_class=HTMLResponse)
def late(request: Request, actor: Seeing, file: UploadFile) -> HTMLResponse:
    """A list of what was published, judged; nothing of it is kept."""
    rows = _judged(request, file)
    return render(request, actor, "due_late.html", rows=[one for one in rows if one.amiss or one.lacks], every=rows)


@router.post("/due/late.xlsx")
def late_workbook(request: Request, actor: Seeing, file: UploadFile) -> Response:
    """The same as a workbook."""
    return attachment(late_book(_judged(request, file)), "超期补录.xlsx")


def _judged(request: Request, file: UploadFile) -> tuple[lateness.Judged, ...]:
    house = house_of(request)
    lines = house.crew.do(Tabulate(lateness.read_list, file.file.read(), file.filename or ""))
    return lateness.judged(lines, house.rules(), dues.here(house.clock()))


@router.get("/due/documents/{id}", response_class=HTMLResponse)
def document(request: Request, id: str, actor: Handling) -> HTMLResponse:
    """The clocks of one document, to be set by hand."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        told = handset.clocks_of(session, house.vault, kept, house.rules())
    rules = house.rules()
    shown: dict[str, Any] = {"document": kept, "told": told, "categories": labels(rules)}
    return render(request, actor, "due_document.html", clocks=rules.deadlines, **shown)


@router.post("/due/documents/{id}")
def set_by_hand(
    request: Request, id: str, actor: Handling, start: Given = "", category: Given = "", code: Given = ""
) -> Response:
    """Keep what somebody set."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        item = code_of(category, house.rules())
        handset.settled(session, actor, kept, house.rules(), start, item, code, at=house.clock())
    return onward(request, f"/due/documents/{id}")
