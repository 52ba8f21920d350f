"""The service itself, for the administrator: health, jobs, the model, retention, settings."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.office.standing import card, recent_jobs, standing
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.settings import explained
from gongkai.service.store import retention

router = APIRouter(include_in_schema=False)
Operating = Annotated[Actor, Depends(may("operate"))]
STATES = {"waiting": "排队", "running": "进行中", "done": "完成", "failed": "没有做成", "cancelled": "已取消"}


@router.get("/admin/operate", response_class=HTMLResponse)
def operate(request: Request, actor: Operating) -> HTMLResponse:
    """Health, jobs, model, retention, settings."""
    house = house_of(request)
    with house.database.reading() as session:
        held, jobs, days = standing(session), recent_jobs(session), retention.days(session)
    return render(
        request, actor, "operate.html", held=held, jobs=jobs, days=days, terms=retention.terms(), card=card(house),
        states=STATES, ready=house.database.ready(), engines=house.crew.engines, rules=house.rules(),
        figures=getattr(house.crew, "figures", {}), settings=list(explained(house.settings, os.environ)),
    )  # fmt: skip


@router.post("/admin/operate/retention")
def retained(
    request: Request, actor: Operating, code: Annotated[str, Form(max_length=30)], days: Annotated[str, Form()]
) -> Response:
    """Keep a kind for so many days."""
    if not (days.strip().isascii() and days.strip().isdecimal() and len(days) < 8):
        raise RequestError("保留天数应当是整数，请改正。")
    house = house_of(request)
    with house.database.writing() as session:
        retention.set_days(session, actor.user, code, int(days), at=house.clock())
    return onward(request, "/admin/operate#retention")
