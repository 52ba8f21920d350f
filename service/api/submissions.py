"""Submissions: does a draft that is handed in have what the rules ask for."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.model.demands import Mode
from gongkai.model.duties.submission import Machine, Stage, Submission, Voice
from gongkai.service.access.actors import Actor
from gongkai.service.api.described import problems
from gongkai.service.api.doors import AtHouse, Suggester
from gongkai.service.api.schemas_submissions import ReturnOut, SubmissionIn
from gongkai.service.casework.keeping import latest_screening, seen
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties.returning import notice, to_json
from gongkai.service.errors import NotAllowed
from gongkai.service.house import House
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import fields
from gongkai.service.opinion.submission import machine, required
from gongkai.service.pages.opinion import unit_of

router = APIRouter(tags=["退文检查"])


@router.post(
    "/v1/submissions/check",
    summary="检查报批的公文是否缺项",
    response_model=ReturnOut,
    responses=problems(404, 413),
)
def check(actor: Suggester, given: SubmissionIn, house: AtHouse) -> JSONResponse:
    """提交拟定的公开属性、理由、依据、附注、解读和审查情况，得到通过，或者逐项的缺项；机器的疑问只作提示。"""
    values = _values(given)
    said = _machine(house, actor, given.document) if given.document else None
    sent, day = _submission(given, values), house.clock().astimezone(ZONE).date()
    return JSONResponse(to_json(notice(sent, values, house.rules(), said, by=unit_of(house, actor), day=day)))


def _values(given: SubmissionIn) -> dict[str, str]:
    """The 意见单's fields: as its own names say, or else as the request says beside it."""
    form, beside = given.form or {}, given.model_dump(include={"title", "number", "unit", "drafter", "attribute"})
    return {field.key: (form.get(field.name) or beside.get(field.key) or "").strip() for field in fields()}


def _submission(given: SubmissionIn, values: dict[str, str]) -> Submission:
    sent = Submission(
        mode=Mode(given.mode),
        attribute=given.attribute,
        codes=tuple(given.reasons),
        reason=given.reason,
        basis=given.basis,
        annotation=given.annotation,
        genre=given.genre,
        policy=given.policy,
        plan=Stage(given.plan),
        material=Stage(given.material),
        office=Voice(given.office),
        secrecy=given.secrecy,
        third_asked=given.third_asked,
    )
    if given.form is None:
        return sent
    label = sent.label.label if sent.label else ""
    return replace(sent, form=required({**values, "attribute": label}))


def _machine(house: House, actor: Actor, document: str) -> Machine | None:
    if not actor.may("documents"):
        raise NotAllowed("这个密钥没有“查看范围内的公文记录”的权限，请不带 document 提交，或者联系系统管理员。")
    with house.database.writing() as session:
        kept = seen(session, actor, document, at=house.clock())
        screened = latest_screening(session, kept.id)
        return machine(Brief.of(screened.result, kept.title)) if screened else None
