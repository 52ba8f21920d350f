"""Reports: chosen by kind, period and unit, shown, taken along as .xlsx and .docx."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.statistics import ZONE
from gongkai.service.pages.layout import house_of, render
from gongkai.service.reports.drawn import svg
from gongkai.service.reports.files import FORMATS, noted
from gongkai.service.reports.kinds import KINDS, PERIODS, made, usual
from gongkai.service.reports.paper import shown
from gongkai.service.reports.scopes import reachable

router = APIRouter(include_in_schema=False)
Counting = Annotated[Actor, Depends(may("statistics"))]
Word = Annotated[str, Query(max_length=40)]


@router.get("/reports", response_class=HTMLResponse)
def reports(
    request: Request, actor: Counting, kind: Word = "yearly", period: Word = "", unit: Word = ""
) -> HTMLResponse:
    """One report."""
    house = house_of(request)
    at = house.clock()
    with house.database.reading() as session:
        report = made(session, actor, house.rules(), kind, period, unit, at=at)
        units = [(row.id, row.name, row.path.count("/")) for row in reachable(session, actor)]
    today = at.astimezone(ZONE).date()
    return render(
        request, actor, "reports.html", report=report, kinds=KINDS, kind=kind, unit=unit, units=units, svg=svg,
        period=period or usual(kind, today), periods=PERIODS, shown=shown,
    )  # fmt: skip


@router.get("/reports/file/{format}")
def file(
    request: Request, format: str, actor: Counting, kind: Word = "yearly", period: Word = "", unit: Word = ""
) -> Response:
    """The same as a file; who took it goes to the trail."""
    if format not in FORMATS:
        raise RequestError("报表只能导出为 xlsx 或者 docx。")
    house = house_of(request)
    with house.database.writing() as session:
        report = made(session, actor, house.rules(), kind, period, unit, at=house.clock())
        noted(session, actor, report, kind, format, unit, at=house.clock())
    return attachment(FORMATS[format](report), f"{report.title}.{format}")
