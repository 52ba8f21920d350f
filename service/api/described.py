"""What the OpenAPI document says beside the models: problems, bodies that routes read by hand, keys."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from gongkai.service.api.schemas import Problem, TextIn
from gongkai.service.wire import Json

Responses = dict[int | str, dict[str, Any]]
EXAMPLE = {
    "id": "a-001",
    "title": "关于青河路停水检修的通告",
    "text": "关于青河路停水检修的通告\n\n广大市民：\n"
    "因管网检修，青河路沿线定于2024年5月6日8时至18时停水，请提前储水。\n\n青河县水务局\n2024年4月28日\n",
}
_WHY = {
    400: ("请求无法解析，例如表单不完整", "http", "请求有误", "请对照接口说明检查地址和方法。"),
    401: ("没有登录，或者接口密钥无效", "not-signed-in", "没有登录", "请先登录；程序调用请带有效的接口密钥。"),
    403: (
        "没有权限，或者缺少 CSRF 令牌",
        "not-allowed",
        "没有权限",
        "您没有“作出决定”的权限，需要时请联系系统管理员。",
    ),
    404: ("没有这一项，或者不在可见范围内", "not-found", "没有这一项", "没有这件公文，或者不在您能看的范围内。"),
    409: (
        "带有密级标志，停止处理；或者当前状态不允许",
        "classified",
        "疑似涉密，停止处理",
        "发现密级标志，已停止处理。",
    ),
    412: ("内容已被别人改动（If-Match 不符）", "outdated", "内容已被别人改动", "这件公文已有变动，请刷新后再决定。"),
    413: ("超过大小上限", "too-large", "超过大小上限", "请求超过大小上限，请拆分或者压缩后再提交。"),
    415: ("格式不支持，或者扩展名与内容不符", "unsupported-format", "不支持的格式", "不支持这种格式，请另存后再提交。"),
    422: ("请求或者文件无法使用", "empty", "文件没有内容", "文件里没有文字：请确认文件内容。"),
    429: ("过于频繁，按 Retry-After 等候", "too-often", "过于频繁", "请求过于频繁，请稍后再试。"),
    500: ("程序出错，没有结果", "internal", "程序出错", "程序出错了，本次没有结果；请记下时间并告诉管理员。"),
    503: ("服务繁忙、正在停止或者数据库不可用，按 Retry-After 等候", "busy", "服务繁忙", "服务繁忙，请稍后再试。"),
}
_WAIT = {"retry-after": {"description": "多少秒以后再试", "schema": {"type": "integer", "examples": [2]}}}
_LOCATION = {"description": "结果的地址", "schema": {"type": "string", "examples": ["/v1/documents/0f3a"]}}
_ETAG = {"description": "版本，供 If-Match 和 If-None-Match 使用", "schema": {"type": "string", "examples": ['"3"']}}
HEADERS = {"location": _LOCATION, "etag": _ETAG}


def problems(*statuses: int) -> Responses:
    """The problem answers of a route: those of every route, and its own."""
    return {status: _problem(status) for status in sorted({400, 401, 403, 422, 429, 500, 503, *statuses})}


def _problem(status: int) -> dict[str, Any]:
    words, slug, title, detail = _WHY[status]
    example = {"type": f"urn:gongkai:problem:{slug}", "title": title, "status": status, "detail": detail}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    told: dict[str, Any] = {"description": words, "content": {"application/problem+json": content}}
    return told | {"headers": _WAIT} if status in (429, 503) else told


def answer(words: str, *headers: str) -> dict[str, Any]:
    """A good answer with its headers."""
    return {"description": words, "headers": {name: HEADERS[name] for name in headers}}


UNCHANGED: dict[str, Any] = {"description": "没有变化（If-None-Match 相符），没有内容"}


def file_body(words: str = "公文文件：txt、docx、pdf、ofd 等", fields: Json | None = None) -> Json:
    """A form with one file called `file`, and fields."""
    file = {"type": "string", "format": "binary", "description": words}
    return {"schema": {"type": "object", "required": ["file"], "properties": {"file": file, **(fields or {})}}}


def files_body(words: str, required: list[str], fields: Json) -> Json:
    """A form with several files called `file`, and fields."""
    files = {"type": "array", "minItems": 1, "description": words, "items": {"type": "string", "format": "binary"}}
    return {"schema": {"type": "object", "required": ["file", *required], "properties": {"file": files, **fields}}}


def body(**content: Json) -> Json:
    """The request body of a route that reads it by hand: `form` for multipart, `text` for TextIn."""
    kinds = {"form": "multipart/form-data", "text": "application/json"}
    return {"requestBody": {"required": True, "content": {kinds[kind]: spec for kind, spec in content.items()}}}


TEXT_BODY: Json = {"schema": {"$ref": "#/components/schemas/TextIn"}, "example": EXAMPLE}


def choice(words: str, *options: str) -> Json:
    """A field of a form with one of some values, the first by default."""
    return {"type": "string", "enum": list(options), "default": options[0], "description": words}


def describe(app: FastAPI) -> None:
    """Put what routes read by hand into the OpenAPI document, and how to sign in; it is made when it is asked for."""
    plain = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _complete(plain())  # which it keeps
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI has it done


def _complete(described: Json) -> None:
    models: tuple[type[BaseModel], ...] = (TextIn, Problem)
    for model in models:
        described["components"]["schemas"].setdefault(model.__name__, model.model_json_schema())
    key = {"type": "http", "scheme": "bearer", "description": "接口密钥：Authorization: Bearer gk_…"}
    described["components"]["securitySchemes"] = {"key": key}
    described["security"] = [{"key": []}]
