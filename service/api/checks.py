"""Checks of files that were redacted or published."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gongkai.model.finding import Attribute
from gongkai.service.api.described import body, choice, file_body, problems
from gongkai.service.api.doors import AtHouse, Checker
from gongkai.service.api.given import OneFile, chosen
from gongkai.service.api.schemas_files import CheckOut
from gongkai.service.crew.orders import Check

router = APIRouter(tags=["检查"])
LABELS = tuple(attribute.value for attribute in Attribute)
LABEL = choice("按什么公开属性判断", *LABELS)


@router.post(
    "/v1/checks",
    summary="检查已遮蔽或者已公开的文件",
    response_model=CheckOut,
    responses=problems(409, 413, 415),
    openapi_extra=body(form=file_body("已遮蔽或者已公开的文件", {"attribute": LABEL})),
)
def check(_: Checker, form: OneFile, house: AtHouse) -> JSONResponse:
    """提交文件，得到漏遮、仍能还原、不该遮和前后不一致的各处；回答里没有原值。"""
    upload = form.files[0]
    return JSONResponse(house.crew.do(Check(upload.data, upload.name, chosen(form, "attribute", LABELS))))
