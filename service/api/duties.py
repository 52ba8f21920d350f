"""What is due: as a list, as a calendar, and of one document."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse, Looker
from gongkai.service.api.schemas_duties import ClocksOut, DueListOut, DueOut
from gongkai.service.casework.keeping import seen
from gongkai.service.duties import dues, handset
from gongkai.service.duties.calendars import calendar_of
from gongkai.service.review.opinions import unbiased

router = APIRouter(tags=["公开时限"])
CALENDAR = "text/calendar; charset=utf-8"
Asked = Annotated[
    Literal["open", "late", "soon", "done", "all"],
    Query(description="open 要办的，late 逾期的，soon 7日内到期，done 办完的，all 全部", examples=["late"]),
]
Id = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="公文记录的编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
]


@router.get("/v1/due", summary="期限清单", response_model=DueListOut, responses=problems())
def due(actor: Looker, house: AtHouse, state: Asked = "open") -> DueListOut:
    """范围内要公开的公文、公示期、解读、台账任务和年度事项，最急的在前，各说明怎样计算。"""
    rules, now = house.rules(), dues.here(house.clock())
    with house.database.reading() as session:
        every = dues.lines(session, actor, rules, now)
    found = dues.chosen(every, dues.Filter(state), now)
    return DueListOut(due=[DueOut.of(one) for one in found], missing=list(dues.missing(rules, every, now.date())))


@router.get(
    "/v1/calendar",
    summary="期限日历",
    response_class=Response,
    responses={200: {"description": "iCalendar 日历，供桌面日历订阅", "content": {"text/calendar": {}}}, **problems()},
)
def calendar(actor: Looker, house: AtHouse) -> Response:
    """还没有办完的期限，作为日历（RFC 5545）；提醒设在最后一日前的第三个、第一个工作日早上。"""
    return Response(calendar_of(house, actor), media_type=CALENDAR)


@router.get(
    "/v1/documents/{id}/clocks", summary="一件公文的公开时限", response_model=ClocksOut, responses=problems(404)
)
def clocks(id: Id, actor: Looker, house: AtHouse) -> ClocksOut:
    """从哪一天起算，到哪一天为止，怎样计算；预警信息另给级别和发布渠道。"""
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        return ClocksOut.of(handset.clocks_of(session, house.vault, kept, house.rules()))
