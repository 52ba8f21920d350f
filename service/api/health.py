"""Whether the service is up, and what it judges with."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from gongkai.service.access.guard import open_door
from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse
from gongkai.service.api.schemas_rules import Health
from gongkai.service.errors import Busy

router = APIRouter(tags=["运维"])


@router.get(
    "/healthz",
    summary="运行状态",
    dependencies=[Depends(open_door)],
    responses=problems(),
    openapi_extra={"security": []},
)
def health(house: AtHouse) -> Health:
    """服务是否就绪，以及程序、模型、规则表的版本。"""
    engine = next(iter(house.crew.engines), None)
    if engine is None:
        raise Busy("正在载入模型，请稍后再试。")
    shown = {name: engine[name] for name in ("version", "model", "rulebook", "profile")}
    return Health(status="ok", **shown)
