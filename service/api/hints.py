"""Hints: whom to consult, whose approval, which regulation, which audience."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.model.document import Document
from gongkai.service.api.described import TEXT_BODY, body, file_body, problems
from gongkai.service.api.documents import ID
from gongkai.service.api.doors import AtHouse, Looker, Suggester
from gongkai.service.api.given import Form, TextOrFile
from gongkai.service.api.schemas_hints import HintsOut
from gongkai.service.casework.hinting import of_document, of_order, to_json
from gongkai.service.crew.orders import Hint

router = APIRouter(tags=["办理提示"])


@router.post(
    "/v1/hints",
    summary="办理提示",
    response_model=HintsOut,
    responses=problems(409, 413, 415),
    openapi_extra=body(text=TEXT_BODY, form=file_body()),
)
def hints(actor: Suggester, given: TextOrFile, house: AtHouse) -> JSONResponse:
    """提交文字或者文件，得到公开前要办的事：同谁协商、报谁批准、随谁的属性、适用哪个条例、向谁公开；不保存。"""
    return JSONResponse(to_json(of_order(house, actor, order(given))))


@router.get("/v1/documents/{id}/hints", summary="一件公文的办理提示", response_model=HintsOut, responses=problems(404))
def document_hints(actor: Looker, id: ID, house: AtHouse) -> JSONResponse:
    """一件公文的办理提示；没有保存全文的只看标题、文号和日期。"""
    return JSONResponse(to_json(of_document(house, actor, id)))


def order(given: Document | Form) -> Hint:
    """What the crew is told to do."""
    if isinstance(given, Document):
        return Hint(given)
    return Hint(data=given.files[0].data, name=given.files[0].name)
