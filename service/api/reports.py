"""Reports as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse, Counter
from gongkai.service.api.schemas_meetings import ReportOut
from gongkai.service.reports.drawn import to_json
from gongkai.service.reports.kinds import made

router = APIRouter(tags=["报表"])
Kind = Annotated[
    str,
    Path(description="种类：yearly、monthly、sample、selfcheck、assessment、trend", max_length=20, examples=["yearly"]),
]
Period = Annotated[
    str, Query(description="报告期：2025、2025-Q3 或 2025-07；不给时是上一期", max_length=10, examples=["2025"])
]
Unit = Annotated[
    str,
    Query(description="机构编号；不给时是范围内全部", max_length=32, examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"]),
]


@router.get("/v1/reports/{kind}", summary="报表", response_model=ReportOut, responses=problems(404))
def report(actor: Counter, kind: Kind, house: AtHouse, period: Period = "", unit: Unit = "") -> JSONResponse:
    """一份报表：年度报告、月度通报、抽查报告、自查报告、考核指标或者趋势分析；只有数字和公文标题。"""
    with house.database.reading() as session:
        told = made(session, actor, house.rules(), kind, period, unit, at=house.clock())
    return JSONResponse(to_json(told, kind, period or told.period))
