"""The key fields that a document's item of the catalog asks for."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.service.api.described import problems
from gongkai.service.api.documents import ID
from gongkai.service.api.doors import AtHouse, Looker
from gongkai.service.api.schemas_fields import FieldsOut
from gongkai.service.catalog.documents import of_kept, shown_json

router = APIRouter(tags=["公文"])


@router.get("/v1/documents/{id}/fields", summary="目录要素", response_model=FieldsOut, responses=problems(404, 409))
def fields(actor: Looker, id: ID, house: AtHouse) -> JSONResponse:
    """一件公文归到目录的哪一项、属于五公开的哪个环节、这一项要求的要素有没有；没有保存全文的不逐项核对。"""
    with house.database.writing() as session:
        shown = of_kept(session, house.vault, house.rules(), actor, id, at=house.clock())
    return JSONResponse(shown_json(shown))
