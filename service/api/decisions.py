"""What people decide of documents: given, read, taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.api.described import answer, problems
from gongkai.service.api.documents import ID
from gongkai.service.api.doors import AtHouse, Decider, Looker
from gongkai.service.api.etags import Seen, etag
from gongkai.service.api.once import OneTurn
from gongkai.service.api.schemas_cases import DecisionIn, DecisionList, DecisionOut
from gongkai.service.casework.challenging import asked_of
from gongkai.service.casework.deciding import Given, decide, decisions_of, undo
from gongkai.service.casework.keeping import seen, within_reach
from gongkai.service.errors import NotFound, Outdated
from gongkai.service.house import House
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.tables import Decided, Kept, User
from gongkai.service.wire import Json

router = APIRouter(tags=["决定"])
Taken = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="决定的编号", examples=["1b3d5f7a9c0e0f3a5c1e9b7d4a6f8e2c"])
]
COLUMNS = (
    "id", "document", "screening", "attribute", "reason", "basis", "category", "note", "second", "undoes",
)  # fmt: skip


def _shown(row: Decided, names: dict[str, str]) -> Json:
    return {name: getattr(row, name) for name in COLUMNS} | {"by": names.get(row.by, ""), "at": row.at.isoformat()}


def _asked(session: Session, house: House, row: Decided) -> Json:
    """A withholding outside the negative list is asked what it rests on; the words are empty where nothing is."""
    found = asked_of(session, house.rules(), row)
    return {"challenge": found.sentence if found else "", "challenge_basis": found.basis if found else ""}


def _names(session: Session, rows: list[Decided]) -> dict[str, str]:
    found = session.execute(select(User.id, User.name).where(User.id.in_({row.by for row in rows})))
    return {id: name for id, name in found}


def _within(session: Session, actor: Actor, id: str) -> Kept:
    document = session.scalar(within_reach(actor).where(Kept.id == id))
    if document is None:
        raise NotFound("没有这件公文，或者不在您能看的范围内。")
    return document


@router.get(
    "/v1/documents/{id}/decisions", summary="一件公文的决定", response_model=DecisionList, responses=problems(404)
)
def decisions(actor: Looker, id: ID, house: AtHouse) -> JSONResponse:
    """一件公文的全部决定，早的在前，撤销也是一条；看过什么记入留痕。"""
    with house.database.writing() as session:
        unbiased(session, actor, seen(session, actor, id, at=house.clock()))
        rows = decisions_of(session, id)
        names = _names(session, rows)
        items = [_shown(row, names) | _asked(session, house, row) for row in rows]
        return JSONResponse({"items": items, "next": ""})


@router.post(
    "/v1/documents/{id}/decisions",
    summary="作出决定",
    status_code=201,
    response_model=DecisionOut,
    responses={201: answer("记下的决定；ETag 是公文的新版本", "location", "etag"), **problems(404, 409, 412)},
)
def give(actor: Decider, id: ID, given: DecisionIn, house: AtHouse, version: Seen, turn: OneTurn) -> Response:
    """记下自己对一件公文的决定，只增不改；不是主动公开的，须给出理由代码。给 If-Match 可以避免覆盖别人的变动。"""
    wanted = Given(**given.model_dump(), version=version, source="api")
    with house.database.writing() as session:
        document = _within(session, actor, id)
        if not given.second:
            unbiased(session, actor, document)  # a second reading is not to pass for another first one
        row = decide(session, house.rules(), actor, document, wanted, at=house.clock())
        place = {"location": f"/v1/documents/{id}/decisions/{row.id}", "etag": etag(document.version)}
        told = _shown(row, _names(session, [row])) | _asked(session, house, row)
        return turn.holding(session, JSONResponse(told, 201, place))


@router.delete(
    "/v1/documents/{id}/decisions/{decision}",
    summary="撤销自己的决定",
    response_model=DecisionOut,
    responses={200: answer("记下的撤销；ETag 是公文的新版本", "etag"), **problems(404, 409, 412)},
)
def take_back(actor: Decider, id: ID, decision: Taken, house: AtHouse, version: Seen) -> JSONResponse:
    """撤销自己的一个决定：另记一条，原来的决定仍然留存。"""
    with house.database.writing() as session:
        document, taken = _within(session, actor, id), session.get(Decided, decision)
        if taken is None or taken.document != id:
            raise NotFound("没有这个决定，或者不在您能看的范围内。")
        if version and version != document.version:
            raise Outdated("这件公文在您打开之后有了变动，请刷新后再撤销。")
        row = undo(session, actor, decision, at=house.clock())
        return JSONResponse(_shown(row, _names(session, [row])), headers={"etag": etag(document.version)})
