"""The HTTP API: routes of a few lines; the answers are those of the command line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Request, UploadFile
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.screener import secrecy_mark
from gongkai.service.desk import STOP, Desk
from gongkai.service.schemas import PROBLEM, Health, ReadText, RedactedText, RulebookSummary, SuggestionOut, TextIn

router = APIRouter()
EXAMPLE = {
    "id": "a-001",
    "title": "关于青河路停水检修的通告",
    "text": "关于青河路停水检修的通告\n\n广大市民：\n"
    "因管网检修，青河路沿线定于2024年5月6日8时至18时停水，请提前储水。\n\n青河县水务局\n2024年4月28日\n",
}
BOTH_BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/TextIn"}, "example": EXAMPLE},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "公文文件：txt、docx、pdf、ofd 等",
                        }
                    },
                }
            },
        },
    }
}


def desk_of(request: Request) -> Desk:
    """The desk that create_app opened."""
    desk: Desk = request.app.state.desk()
    return desk


async def document_of(request: Request, desk: Annotated[Desk, Depends(desk_of)]) -> Document:
    """The document in a request: JSON text, or an uploaded file. Raises RequestError or DocumentError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=4) as form:
            upload = form.get("file")
            if upload is None or isinstance(upload, str):
                raise RequestError("上传的表单里没有名为 file 的文件，请检查后重新提交。")
            return await run_in_threadpool(desk.upload, await upload.read(), upload.filename or "未命名.txt")
    if kind != "application/json":
        raise RequestError("请求的内容类型应当是 application/json 或者 multipart/form-data，请改正。")
    given = TextIn.model_validate_json(await request.body())
    if len(given.text) > desk.limits.max_characters:
        raise RequestError(f"文字超过 {desk.limits.max_characters} 字的上限，请拆分后提交。")
    return Document(given.id, given.text, given.title)


Given = Annotated[Document, Depends(document_of)]
AtDesk = Annotated[Desk, Depends(desk_of)]


@router.post(
    "/v1/suggestions",
    summary="建议公开属性",
    response_model=SuggestionOut,
    responses=PROBLEM,
    openapi_extra=BOTH_BODIES,
    tags=["建议"],
)
def suggest(document: Given, desk: AtDesk) -> JSONResponse:
    """提交文字或者文件，得到公开属性、理由、目录、负面清单命中和个人信息；只是建议，由人决定。"""
    return JSONResponse(desk.shown(desk.screen(document)))


@router.post(
    "/v1/redactions",
    summary="遮蔽个人信息",
    response_model=RedactedText,
    responses=PROBLEM,
    openapi_extra=BOTH_BODIES,
    tags=["遮蔽"],
)
def redact(document: Given, desk: AtDesk) -> RedactedText:
    """提交文字或者文件，得到遮蔽了个人信息并经核验的文字。"""
    copy = desk.redact(document)
    return RedactedText(id=document.id, text=copy.text, hidden=len(copy.hidden))


@router.post("/v1/texts", summary="读出文件里的文字", response_model=ReadText, responses=PROBLEM, tags=["读取"])
def read(file: Annotated[UploadFile, File(description="公文文件")], desk: AtDesk) -> ReadText:
    """提交文件，得到其中的文字，与建议里的位置一致；带密级标志的不予读出。"""
    document = desk.upload(file.file.read(), file.filename or "未命名.txt")
    if secrecy_mark(desk.screener.reading(document)):
        raise ClassifiedDocument(STOP)
    return ReadText(id=document.id, title=document.title, text=document.text)


@router.get("/v1/rulebook", summary="规则表", response_model=RulebookSummary, tags=["规则"])
def rulebook(desk: AtDesk) -> RulebookSummary:
    """正在使用的规则表：版本、理由、目录、时限、负面清单、个人信息类型。"""
    return RulebookSummary.of(desk.screener.rules)


@router.get("/healthz", summary="运行状态", response_model=Health, tags=["运维"])
def health(desk: AtDesk) -> Health:
    """服务是否就绪，以及程序、模型、规则表的版本。"""
    engine = desk.screener.engine
    return Health(
        status="ok", version=engine.version, model=engine.model, rulebook=engine.rulebook, profile=engine.profile
    )
