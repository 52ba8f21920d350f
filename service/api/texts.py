"""The text of a file, as suggestions count it."""

from __future__ import annotations

from fastapi import APIRouter

from gongkai.model.document import Document
from gongkai.service.api.described import body, file_body, problems
from gongkai.service.api.doors import AtHouse, Suggester
from gongkai.service.api.given import OneFile
from gongkai.service.api.schemas_files import ReadText
from gongkai.service.crew.orders import Read

router = APIRouter(tags=["读取"])


@router.post(
    "/v1/texts",
    summary="读出文件里的文字",
    responses=problems(409, 413, 415),
    openapi_extra=body(form=file_body()),
)
def read(_: Suggester, form: OneFile, house: AtHouse) -> ReadText:
    """提交文件，得到其中的文字，与建议里的位置一致；带密级标志的不予读出。"""
    document: Document = house.crew.do(Read(form.files[0].data, form.files[0].name))
    return ReadText(id=document.id, title=document.title, text=document.text)
