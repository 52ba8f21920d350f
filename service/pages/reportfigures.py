"""Figures that no record tells: typed into a form or read from a sheet."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.attachments import attachment
from gongkai.service.casework.statistics import ZONE
from gongkai.service.crew.orders import Tabulate
from gongkai.service.pages.layout import house_of, render
from gongkai.service.reports import figures
from gongkai.service.reports.periods import Period, latest
from gongkai.service.reports.scopes import reachable, scope

router = APIRouter(include_in_schema=False)
Reporting = Annotated[Actor, Depends(may("reporting"))]
Word = Annotated[str, Query(max_length=40)]
Field = Annotated[str, Form(max_length=40)]


@router.get("/reports/figures", response_class=HTMLResponse)
def form(request: Request, actor: Reporting, unit: Word = "", period: Word = "", told: Word = "") -> HTMLResponse:
    """The form of a unit and period."""
    house = house_of(request)
    chosen = Period.of(period or latest("year", house.clock().astimezone(ZONE).date()))
    with house.database.reading() as session:
        whose = scope(session, actor, unit)
        known = figures.of_unit(session, whose.unit, chosen)
        units = [(row.id, row.name, row.path.count("/")) for row in reachable(session, actor)]
    cells = sum("." in key for key in known)
    return render(
        request, actor, "reports_figures.html", units=units, unit=whose.unit, name=whose.name, period=chosen,
        known={key: f"{value:.15g}" for key, value in known.items()}, groups=figures.groups(), items=figures.items(),
        cells=cells, told=told,
    )  # fmt: skip


@router.post("/reports/figures")
async def put(request: Request, actor: Reporting) -> Response:
    """Keep what was typed."""
    async with request.form(max_fields=100, max_files=0) as sent:
        given = {key: str(value) for key, value in sent.items()}
    return _kept(request, actor, given.get("unit", ""), given.get("period", ""), given)


@router.post("/reports/figures/file")
def file(request: Request, actor: Reporting, file: UploadFile, unit: Field = "", period: Field = "") -> Response:
    """Keep what a sheet says."""
    data = file.file.read()
    if not data:
        raise RequestError("没有选择文件，请选择填好的填报表（.xlsx）。")
    given = house_of(request).crew.do(Tabulate(figures.from_file, data, file.filename or ""))
    return _kept(request, actor, unit, period, given)


@router.get("/reports/figures/sheet")
def sheet(request: Request, actor: Reporting, unit: Word = "", period: Word = "") -> Response:
    """The form as .xlsx."""
    chosen = Period.of(period)
    with house_of(request).database.reading() as session:
        whose = scope(session, actor, unit)
        known = figures.of_unit(session, whose.unit, chosen)
    return attachment(figures.sheet(whose.name, chosen, known), f"{whose.name}{chosen.name}填报表.xlsx")


def _kept(request: Request, actor: Actor, unit: str, period: str, given: dict[str, str]) -> Response:
    house = house_of(request)
    chosen = Period.of(period)
    with house.database.writing() as session:
        whose = scope(session, actor, unit)
        done, gone = figures.put(session, actor, whose.unit, chosen, given, at=house.clock())
    where = urlencode({"unit": whose.unit, "period": chosen.code, "told": f"{done}-{gone}"})
    return RedirectResponse(f"/reports/figures?{where}", 303)
