"""The rulebook in use."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from gongkai.model.rulebook import Rulebook
from gongkai.service.api.described import UNCHANGED, answer, problems
from gongkai.service.api.doors import AtHouse, RuleReader
from gongkai.service.api.etags import Held, etag, is_held
from gongkai.service.api.schemas_rules import RulebookSummary

router = APIRouter(tags=["规则"])


@router.get(
    "/v1/rulebook",
    summary="规则表",
    response_model=RulebookSummary,
    responses={200: answer("规则表", "etag"), 304: UNCHANGED, **problems()},
)
def rulebook(_: RuleReader, house: AtHouse, held: Held) -> Response:
    """正在使用的规则表：版本、理由、目录、时限、负面清单、个人信息类型。"""
    rules = house.rules()
    if is_held(held, rules.digest):
        return Response(status_code=304, headers={"etag": etag(rules.digest)})
    return JSONResponse(_summary(rules), headers={"etag": etag(rules.digest)})


def _row(code: str, name: str, basis: str) -> dict[str, str]:
    return {"code": code, "name": name, "basis": basis}


def _summary(rules: Rulebook) -> dict[str, object]:
    return {
        "digest": rules.digest,
        "profile": rules.profile.name,
        "reasons": [_row(r.code, r.name, r.basis) for r in rules.reasons],
        "categories": [_row(c.code, c.name, c.basis) for c in rules.categories],
        "deadlines": [_row(d.code, d.name, d.basis) for d in rules.deadlines],
        "clauses": [_row(c.id, c.title, c.basis) for c in rules.clauses],
        "types": [_row(t.id, t.name, t.basis) for t in rules.personal],
    }
