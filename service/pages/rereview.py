"""定期重评: the queue of what is withheld or put off, one item of it, what is owed, and how far the year is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.afterwards import queuebook
from gongkai.service.afterwards.awaiting import awaiting, later
from gongkai.service.afterwards.progress import owed, progress
from gongkai.service.afterwards.queue import SCOPES, Wanted, one, queue
from gongkai.service.afterwards.rereviewing import Ruling, rereview
from gongkai.service.afterwards.standing import known
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.statistics import ZONE
from gongkai.service.office.drawing import names
from gongkai.service.office.records import units_within
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.passages.stepping import step
from gongkai.service.store import trail

router = APIRouter(include_in_schema=False)
Reviewing = Annotated[Actor, Depends(may("afterwards"))]
Filing = Annotated[Actor, Depends(may("clear"))]
Word = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10_000)]
Year = Annotated[int, Query(ge=2000, le=2100)]
MOST = 10_000


class RulingForm(BaseModel):
    """A re-review as the form has it."""

    way: str = Field(max_length=20)
    reason: str = Field(default="", max_length=2000)
    until: str = Field(default="", max_length=10)
    awaiting: str = Field(default="", max_length=30)
    filing: str = Field(default="", max_length=100)
    attribute: str = Field(default="", max_length=20)
    code: str = Field(default="", max_length=20)
    basis: str = Field(default="", max_length=300)


class FilingForm(BaseModel):
    """The filing of a deferral as the form has it."""

    filing: str = Field(default="", max_length=100)
    day: str = Field(default="", max_length=10)


@router.get("/rereview", response_class=HTMLResponse)
def listed(
    request: Request, actor: Reviewing, scope: Word = "due", unit: Word = "", reason: Word = "", q: Word = "",
    page: Page = 1, done: Word = "",
) -> HTMLResponse:  # fmt: skip
    """What has to be looked at again, the most overdue first."""
    house, wanted = house_of(request), Wanted(scope if scope in SCOPES else "due", unit, reason, q)
    with house.database.reading() as session:
        found = queue(session, actor, wanted, house.clock(), page)
        units = units_within(session, actor)
    chosen = {"scope": wanted.scope, "unit": unit, "reason": reason, "q": q}
    return render(
        request, actor, "rereview.html", found=found, units=units, scopes=SCOPES, chosen=chosen, done=done,
        reasons=[row for row in house.rules().reasons if row.attribute == Attribute.withheld],
        names=names(house.rules()), query=urlencode({key: value for key, value in chosen.items() if value}),
        kind=queuebook.kind,
    )  # fmt: skip


@router.get("/rereview/list.xlsx")
def saved(
    request: Request, actor: Reviewing, scope: Word = "due", unit: Word = "", reason: Word = "", q: Word = ""
) -> Response:
    """The queue as a workbook; that it was taken out goes to the trail."""
    house = house_of(request)
    at = house.clock()
    with house.database.writing() as session:
        found = queue(session, actor, Wanted(scope, unit, reason, q), at, most=MOST)
        trail.append(session, actor.user, "rereview.export", "document", "", at=at, count=len(found.items))
    return attachment(queuebook.of_items(found.items), f"定期重评{_day(at)}.xlsx")


@router.get("/rereview/progress", response_class=HTMLResponse)
def progressed(request: Request, actor: Reviewing, year: Year = 0) -> HTMLResponse:
    """How far the year is, unit by unit, and what is owed."""
    house = house_of(request)
    at = house.clock()
    year = year or at.astimezone(ZONE).year
    with house.database.reading() as session:
        rows, debts = progress(session, actor, year, at), owed(session, actor, at)
    return render(request, actor, "rereview_progress.html", rows=rows, owed=debts, year=year)


@router.get("/rereview/progress.xlsx")
def progress_saved(request: Request, actor: Reviewing, year: Year = 0) -> Response:
    """The same as a workbook."""
    house = house_of(request)
    at = house.clock()
    year = year or at.astimezone(ZONE).year
    with house.database.reading() as session:
        return attachment(queuebook.of_progress(progress(session, actor, year, at), year), f"{year}年重评进度.xlsx")


@router.get("/rereview/owed.xlsx")
def owed_saved(request: Request, actor: Reviewing) -> Response:
    """整改清单 as a workbook."""
    house = house_of(request)
    at = house.clock()
    with house.database.reading() as session:
        return attachment(queuebook.of_owed(owed(session, actor, at)), f"整改清单{_day(at)}.xlsx")


@router.get("/rereview/{id}", response_class=HTMLResponse)
def item(request: Request, actor: Reviewing, id: str) -> HTMLResponse:
    """One item: why it is withheld, what speaks for a change, and the form."""
    house = house_of(request)
    at, rules = house.clock(), house.rules()
    with house.database.writing() as session:
        kept = known(session, actor, id)
        found, waits = one(session, kept, at), awaiting(session)
        trail.append(session, actor.user, "see", "document", kept.id, at=at)
    shown: dict[str, Any] = {
        "item": found,
        "names": names(rules),
        "reasons": [row for row in rules.reasons if row.attribute in (Attribute.proactive, Attribute.on_request)],
        "awaiting": waits,
        "usual": later(at.astimezone(ZONE).date(), found.awaited.months).isoformat(),
        "last": later(at.astimezone(ZONE).date(), 12).isoformat(),
        "kind": queuebook.kind(found),
    }
    return render(request, actor, "rereview_item.html", **shown)


@router.post("/rereview/{id}")
def ruled(request: Request, actor: Reviewing, id: str, given: Annotated[RulingForm, Form()]) -> Response:
    """Keep, convert, put off or go on."""
    house = house_of(request)
    with house.database.writing() as session:
        rereview(session, house.rules(), actor, id, Ruling(**given.model_dump()), at=house.clock())
    return onward(request, f"/rereview?done={given.way}")


@router.post("/rereview/{id}/filing")
def filed(request: Request, actor: Filing, id: str, given: Annotated[FilingForm, Form()]) -> Response:
    """备案: the number under which the disclosure office has a deferral on file."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = known(session, actor, id)
        step(session, house.rules(), actor, kept, "filed", given.model_dump(), house.clock())
    return onward(request, "/rereview?scope=deferred&done=filed")


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y%m%d}"
