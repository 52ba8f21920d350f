"""What a monitor asks: is it alive and ready, and how does it go."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import func, select

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may, open_door
from gongkai.service.errors import StoreError
from gongkai.service.house import House
from gongkai.service.operating.metrics import Metrics
from gongkai.service.pages.layout import house_of
from gongkai.service.store.tables import Job

router = APIRouter(tags=["运维"])
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def standing(house: House) -> dict[str, dict[str, float]]:
    """Jobs by state, children and waiting orders, and whether the database answers."""
    try:
        with house.database.reading() as session:
            rows = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    except StoreError:
        return {**_crew(house), "database": {"up": 0.0}}
    jobs = {state: float(count) for state, count in rows}
    return {"jobs": jobs, **_crew(house), "database": {"up": 1.0}}


def _crew(house: House) -> dict[str, dict[str, float]]:
    figures = house.crew.figures
    counts = {name: float(figures[name]) for name in ("ready", "workers", "busy", "waiting")}
    return {"crew": counts, "lost": {why: float(count) for why, count in figures["lost"].items()}}


@router.get(
    "/readyz",
    summary="能否接受请求",
    dependencies=[Depends(open_door)],
    responses={503: {"description": "还不能接受请求，或者数据库不可用"}},
)
def ready(house: Annotated[House, Depends(house_of)]) -> JSONResponse:
    """子进程已经载入模型、数据库可用时答复 200，否则 503；供负载均衡使用。"""
    parts: dict[str, Any] = {"database": house.database.ready(), "crew": bool(house.crew.figures["ready"])}
    return JSONResponse(parts, 200 if all(parts.values()) else 503)


@router.get("/metrics", summary="运行指标", response_class=Response, responses={200: {"content": {TYPE: {}}}})
def metrics(request: Request, _: Annotated[Actor, Depends(may("operate"))]) -> Response:
    """Prometheus 文本格式的运行指标：请求数、耗时、任务、子进程；不含公文内容。"""
    figures: Metrics = request.app.state.metrics
    return Response(figures.shown(), media_type=TYPE)
