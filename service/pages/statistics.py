"""Figures on what was suggested and decided."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.office.drawing import agreement, by_attribute, by_code, by_month, names
from gongkai.service.office.periods import day, end
from gongkai.service.pages.clauses import by_unit_of
from gongkai.service.pages.layout import counted_of, house_of, render

router = APIRouter(include_in_schema=False)
Day = Annotated[str, Query(max_length=10)]


@router.get("/statistics", response_class=HTMLResponse)
def statistics(
    request: Request, actor: Annotated[Actor, Depends(may("statistics"))], since: Day = "", until: Day = ""
) -> HTMLResponse:
    """A period at a glance."""
    house = house_of(request)
    with house.database.reading() as session:
        counted = counted_of(request).of(session, actor, day(since), end(until), at=house.clock())
        units = by_unit_of(request, session, actor, since, until)
    found = counted.found
    called = names(house.rules())
    return render(
        request, actor, "statistics.html", since=since, until=until, found=found, at=counted.at,
        month=by_month(found["month"]), attribute=by_attribute(found["attribute"]),
        decided=by_attribute(found["decided"]),
        codes=[(title, by_code(found[key], called[key], found["total"])) for key, title in CODES],
        agreement=agreement(found["agreement"]), alarms=[one for one in units if one.alarms],
    )  # fmt: skip


CODES = (("reason", "主要理由"), ("clause", "负面清单条款"), ("category", "主动公开目录"))
