"""办理流转 for drafting tools and office systems: where a document is, its form, and its steps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.described import Responses, answer, problems
from gongkai.service.api.documents import ID
from gongkai.service.api.doors import AtHouse, Looker
from gongkai.service.api.etags import Seen, etag
from gongkai.service.api.schemas_passages import FormIn, PassageOut, StepIn
from gongkai.service.casework.keeping import seen
from gongkai.service.house import House
from gongkai.service.passages.filling import fill
from gongkai.service.passages.stepping import step
from gongkai.service.passages.telling import told
from gongkai.service.passages.viewing import ticked
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.tables import Kept

router = APIRouter(tags=["办理流转"])
Handler = Annotated[Actor, Depends(may("handle"))]
_ANSWER: Responses = {200: answer("办理流转的现状", "etag")}


@router.get(
    "/v1/documents/{id}/passage",
    summary="一件公文办到了哪一步",
    response_model=PassageOut,
    responses={**_ANSWER, **problems(404)},
)
def passage(actor: Looker, id: ID, house: AtHouse) -> JSONResponse:
    """状态、报送单、缺项、办过的步骤，以及调用方现在可以办的步骤和还缺什么。"""
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        return _now(session, house, actor, kept)


@router.post(
    "/v1/documents/{id}/passage",
    summary="填写报送单",
    response_model=PassageOut,
    responses={**_ANSWER, **problems(404, 409, 412)},
)
def filled(actor: Handler, id: ID, given: FormIn, house: AtHouse, version: Seen) -> JSONResponse:
    """保存报送单各栏；只在拟稿、退文以后和发布审查以前可以改。带 If-Match 时，别人改动过的不覆盖。"""
    at = house.clock()
    flagged = ticked(house, actor, id, given.form) if given.flags is None else given.flags
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=at)
        unbiased(session, actor, kept)
        fill(
            session, house.rules(), actor, kept, given.form, at,
            reason=given.reason, flagged=flagged, version=version,
        )  # fmt: skip
        return _now(session, house, actor, kept)


@router.post(
    "/v1/documents/{id}/passage/steps",
    summary="办一步",
    response_model=PassageOut,
    responses={**_ANSWER, **problems(404, 409, 412)},
)
def stepped(actor: Looker, id: ID, given: StepIn, house: AtHouse, version: Seen) -> JSONResponse:
    """报送、审查、签发、发布审查、登记发布等；每一步需要的权限和先决条件见 open。"""
    at = house.clock()
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=at)
        unbiased(session, actor, kept)
        step(session, house.rules(), actor, kept, given.kind, given.record, at, version=version)
        return _now(session, house, actor, kept)


def _now(session: Session, house: House, actor: Actor, kept: Kept) -> JSONResponse:
    found = told(session, house.rules(), actor, kept, house.clock())
    return JSONResponse(found, headers={"etag": etag(found["version"])})
