"""Errors as RFC 9457 problem details, from one handler each; no document text in any of them."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from python_multipart.multipart import parse_options_header
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai.model.errors import GongkaiError
from gongkai.service.access.guard import NOBODY, recognised
from gongkai.service.api.once import Answered
from gongkai.service.errors import Conflicting, NotSignedIn, ServiceError
from gongkai.service.store.failures import raced

STATUS = {"classified": 409, "too-large": 413, "archive-bomb": 413, "unsupported-format": 415, "mismatched-format": 415}
NAMES = {404: "没有这个地址", 405: "不支持这种请求方法", 413: "超过大小上限", 400: "请求有误"}
TOO_LARGE = "请求超过大小上限，请拆分或者压缩后再提交。"
ENCODING = "表单请用 UTF-8 编码提交。"
#: A body of more bytes is read only for whoever has a session or a key: set-up and sign-in need no more.
STRANGERS = 64 * 1024
BROKEN = "程序出错了，本次没有结果；请记下时间并告诉管理员。"
RACED = "有人同时保存了同一项内容，这一次没有保存，请刷新后再试。"
log = logging.getLogger("gongkai")


def problem(status: int, slug: str, title: str, detail: str) -> JSONResponse:
    """One problem document."""
    content = {"type": f"urn:gongkai:problem:{slug}", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")


def _known(request: Request, error: Exception) -> JSONResponse:
    known = error if isinstance(error, GongkaiError) else GongkaiError("处理失败，请重试。")
    if not isinstance(known, ServiceError):
        return problem(STATUS.get(known.slug, 422), known.slug, known.title, known.message)
    answer = problem(known.status, known.slug, known.title, known.message)
    if known.after:
        answer.headers["retry-after"] = str(known.after)
    if known.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


def _answered(request: Request, error: Exception) -> Response:
    return error.answer if isinstance(error, Answered) else problem(500, "internal", "程序出错", BROKEN)


def _raced(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, IntegrityError) and raced(error):
        return _known(request, Conflicting(RACED))
    raise error


def _field(place: tuple[int | str, ...]) -> str:
    """A field's path; a key that can't be a field's name may be document text and is not repeated."""
    keys = [str(key) for key in place if key != "body"]
    return ".".join(key if re.fullmatch(r"[A-Za-z_]{1,32}", key) else "不认识的字段" for key in keys) or "请求体"


def _invalid(request: Request, error: Exception) -> JSONResponse:
    places = error.errors() if isinstance(error, RequestValidationError | ValidationError) else []
    fields = "、".join(dict.fromkeys(_field(e["loc"]) for e in places)) or "请求体"
    return problem(422, "request", "请求有误", f"请求内容不符合要求：{fields}，请对照接口说明改正。")


def _http(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException) and error.status_code == 401:
        return _known(request, NotSignedIn(NOBODY))
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = "请对照接口说明检查地址和方法。" if status != 413 else TOO_LARGE
    answer = problem(status, "http", NAMES.get(status, "请求有误"), detail)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def handle_problems(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(GongkaiError, _known)
    app.add_exception_handler(Answered, _answered)
    app.add_exception_handler(IntegrityError, _raced)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


class LastResort:
    """What nobody foresaw: logged by type and place only, never raised further, since servers log its words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 500 unless an answer has begun."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            log.info("the caller hung up before the request was read")
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("unexpected %s at %s:%s", type(error).__name__, Path(last.filename).name, last.lineno)
            if not begun and scope["type"] == "http":
                await problem(500, "internal", "程序出错", BROKEN)(scope, receive, send)


class SizeLimit:
    """Refuse request bodies over a number of bytes, also when their length is not declared; far smaller ones of
    strangers, since frameworks take a body apart before any door is asked; and forms in odd encodings."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self.most:
            await problem(413, "too-large", NAMES[413], TOO_LARGE)(scope, receive, send)
            return
        if _oddly_encoded(scope):
            await problem(415, "encoding", "不支持这种编码", ENCODING)(scope, receive, send)
            return
        read, trusted = 0, False

        async def counted() -> Message:
            nonlocal read, trusted
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise HTTPException(413)
            if read > STRANGERS and not trusted:
                trusted = await run_in_threadpool(recognised, Request(scope))
                if not trusted:
                    raise HTTPException(401)
            return message

        await self.app(scope, counted, send)


def _oddly_encoded(scope: Scope) -> bool:
    """Whether a form names an encoding of its own: decoding punycode takes hours, some give no text."""
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    named = (parse_options_header(kind)[1].get(b"charset", b"utf-8") for kind in kinds if b"multipart" in kind.lower())
    return any(charset.lower() not in (b"utf-8", b"utf8") for charset in named)
