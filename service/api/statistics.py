"""Figures over the documents within reach."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse, Counter
from gongkai.service.api.schemas_figures import StatisticsOut
from gongkai.service.casework.statistics import ZONE, counts
from gongkai.service.office.periods import EARLIEST

router = APIRouter(tags=["统计"])
Since = Annotated[date | None, Query(description="从哪一天起", examples=["2024-01-01"])]
Until = Annotated[date | None, Query(description="到哪一天为止，不含这一天", examples=["2025-01-01"])]


def midnight(day: date | None) -> datetime | None:
    """The beginning of a day where the agency is."""
    return None if day is None else max(datetime.combine(day, time(), ZONE), EARLIEST)


@router.get("/v1/statistics", summary="统计", response_model=StatisticsOut, responses=problems())
def statistics(actor: Counter, house: AtHouse, since: Since = None, until: Until = None) -> JSONResponse:
    """范围内公文的件数：按属性、处理方式、理由、目录、条款、机构、月份，以及机器建议与人的决定是否一致。"""
    with house.database.reading() as session:
        return JSONResponse(counts(session, actor, midnight(since), midnight(until)))
