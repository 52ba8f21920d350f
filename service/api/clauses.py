"""The negative list with what is weak in it, and who withholds too much."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.model.duties.clauselint import remarks
from gongkai.model.estimates import Estimate
from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse, Counter, RuleReader
from gongkai.service.api.schemas_clauses import ClauseList, WithholdingList
from gongkai.service.api.statistics import Since, Until, midnight
from gongkai.service.casework.overwithholding import Withholding, by_unit, thresholds
from gongkai.service.casework.statistics import ZONE
from gongkai.service.wire import Json

router = APIRouter(tags=["规则"])
_TOLD = ("id", "title", "basis", "force", "reason", "examples", "counter_examples", "since", "until")


@router.get("/v1/clauses", summary="负面清单", response_model=ClauseList, responses=problems())
def clauses(_: RuleReader, house: AtHouse) -> JSONResponse:
    """现用的负面清单：对象、依据、反例、有效期，以及不够具体、难以核对的地方。"""
    rules, day = house.rules(), house.clock().astimezone(ZONE).date()
    weak = [*remarks(rules.clauses, rules.reason)]
    items = [
        {key: getattr(row, key) for key in _TOLD}
        | {"in_force": row.holds(day)}
        | {"remarks": [_remark(asdict(one)) for one in weak if one.clause == row.id]}
        for row in rules.clauses
    ]
    return JSONResponse({"digest": rules.digest, "items": items})


@router.get("/v1/withholding", summary="不予公开偏多的提醒", response_model=WithholdingList, responses=problems())
def withholding(actor: Counter, house: AtHouse, since: Since = None, until: Until = None) -> JSONResponse:
    """范围内各机构不予公开的比例、清单外的和理由不足的件数，以及提醒；没有给 since 的，看最近一年。"""
    start = midnight(since) or house.clock() - timedelta(days=thresholds()["period"]["days"])
    with house.database.reading() as session:
        found = by_unit(session, actor, house.rules(), start, midnight(until))
    return JSONResponse({"items": [_unit(one) for one in found]})


def _remark(one: Json) -> Json:
    return {key: one[key] for key in ("column", "message", "mend")}


def _unit(one: Withholding) -> Json:
    told = {key: getattr(one, key) for key in ("unit", "name", "decided", "withheld", "outside", "weak")}
    shares = {"share": _share(one.share), "others": _share(one.elsewhere)}
    return told | shares | {"alarms": [asdict(alarm) for alarm in one.alarms]}


def _share(found: Estimate) -> list[float]:
    return [round(number, 4) for number in (found.value, found.low, found.high)]
