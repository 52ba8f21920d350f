"""Meetings: a plan checked, minutes taken apart; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.model.document import Document
from gongkai.model.finding import Screening
from gongkai.service.api.described import TEXT_BODY, body, file_body, problems
from gongkai.service.api.doors import AtHouse, Suggester
from gongkai.service.api.given import Form, TextOrFile
from gongkai.service.api.schemas_meetings import MinutesOut, PlanOut
from gongkai.service.api.suggestions import suggest_order
from gongkai.service.crew.orders import Screen
from gongkai.service.house import House
from gongkai.service.meetings import looking

router = APIRouter(tags=["会议"])
_BODY = body(text=TEXT_BODY, form=file_body())


@router.post(
    "/v1/meetings/plan",
    summary="检查会议方案",
    response_model=PlanOut,
    responses=problems(409, 413, 415),
    openapi_extra=_BODY,
)
def plan(_: Suggester, given: TextOrFile, house: AtHouse) -> JSONResponse:
    """提交会议方案的文字或者文件，得到列席、公开、公开方式、意见采纳说明是否写明；不保存。"""
    return JSONResponse(looking.plan_json(*looking.plan(_screened(house, given))))


@router.post(
    "/v1/meetings/minutes",
    summary="拆分会议纪要",
    response_model=MinutesOut,
    responses=problems(409, 413, 415),
    openapi_extra=_BODY,
)
def minutes(_: Suggester, given: TextOrFile, house: AtHouse) -> JSONResponse:
    """提交纪要的文字或者文件，得到议定事项、讨论记录的位置和可以公开的议定事项拟稿；不保存。"""
    return JSONResponse(looking.minutes_json(looking.minutes(_screened(house, given), house.rules())))


def _screened(house: House, given: Document | Form) -> Screening:
    asked = suggest_order(given, vector=False)
    said: Screening = house.crew.do(Screen(asked.document, asked.data, asked.name))
    return said
