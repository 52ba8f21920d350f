"""Figures over the documents within reach."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from gongkai.service.api.described import UNCHANGED, answer, problems
from gongkai.service.api.doors import AtHouse, Counter
from gongkai.service.api.etags import Held, etag, is_held
from gongkai.service.api.schemas_figures import StatisticsOut
from gongkai.service.casework.counting import mark
from gongkai.service.casework.statistics import ZONE
from gongkai.service.office.periods import EARLIEST
from gongkai.service.pages.layout import counted_of

router = APIRouter(tags=["统计"])
Since = Annotated[date | None, Query(description="从哪一天起", examples=["2024-01-01"])]
Until = Annotated[date | None, Query(description="到哪一天为止，不含这一天", examples=["2025-01-01"])]


def midnight(day: date | None) -> datetime | None:
    """The beginning of a day where the agency is."""
    return None if day is None else max(datetime.combine(day, time(), ZONE), EARLIEST)


@router.get(
    "/v1/statistics",
    summary="统计",
    response_model=StatisticsOut,
    responses={200: answer("件数；版本在 ETag", "etag"), 304: UNCHANGED, **problems()},
)
def statistics(
    request: Request, actor: Counter, house: AtHouse, held: Held, since: Since = None, until: Until = None
) -> Response:
    """范围内公文的件数：按属性、处理方式、理由、目录、条款、机构、月份，以及机器建议与人的决定是否一致。"""
    first, last = midnight(since), midnight(until)
    with house.database.reading() as session:
        figures = counted_of(request).of(session, actor, first, last, at=house.clock(), exact=True)
    version = mark(figures, actor, first, last)
    if is_held(held, version):
        return Response(status_code=304, headers={"etag": etag(version)})
    return JSONResponse(figures.found, headers={"etag": etag(version)})
