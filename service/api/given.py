"""What a request brings: a text, or uploaded files with the fields beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from gongkai.model.document import Document
from gongkai.model.errors import RequestError
from gongkai.service.api.doors import house_of
from gongkai.service.api.schemas import TextIn

_FIELDS = 12
_NO_FILE = "上传的表单里没有名为 file 的文件，请检查后重新提交。"
_TORN = "上传的表单不完整或者格式不对，请检查后重新提交。"
_KIND = "请求的内容类型应当是 application/json 或者 multipart/form-data，请改正。"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; only the last part of its name counts."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """Uploaded files and the fields beside them."""

    files: tuple[Upload, ...]
    fields: Mapping[str, str] = field(repr=False)

    @property
    def digest(self) -> str:
        """What tells it from another, whatever boundary it was sent with."""
        files = [(file.name, hashlib.sha256(file.data).hexdigest()) for file in self.files]
        fields = {name: value for name, value in self.fields.items() if name != "csrf"}
        return hashlib.sha256(json.dumps([files, sorted(fields.items())]).encode()).hexdigest()


def content_kind(request: Request) -> str:
    """The content type of a request, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def last_part(name: str) -> str:
    """A file name without folders and without what no file name holds."""
    plain = "".join(sign for sign in name if sign.isprintable()).replace("\\", "/").rpartition("/")[2]
    return plain[-200:] or "未命名.txt"


async def form_of(request: Request, most: int) -> Form:
    """The form of a request with at most so many files, all called `file`. Raises RequestError for none."""
    if content_kind(request) != "multipart/form-data":
        raise RequestError("请求的内容类型应当是 multipart/form-data，请改正。")
    try:
        async with request.form(max_files=most, max_fields=_FIELDS) as sent:
            form = await _read(sent)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        many = str(error.detail).startswith("Too many files")
        raise RequestError(f"一次最多上传 {most} 个文件，请分几次提交。" if many else _TORN) from error
    if not form.files:
        raise RequestError(_NO_FILE)
    request.state.form = form
    return form


async def _read(sent: FormData) -> Form:
    files, fields = [], {}
    for key, value in sent.multi_items():
        if isinstance(value, str):
            fields[key] = value
        elif key == "file":
            files.append(Upload(last_part(value.filename or ""), await value.read()))
    return Form(tuple(files), fields)


async def _one(request: Request) -> Form:
    return await form_of(request, 1)


async def _text_or_file(request: Request) -> Document | Form:
    kind = content_kind(request)
    if kind == "multipart/form-data":
        return await _one(request)
    if kind != "application/json":
        raise RequestError(_KIND)
    given = TextIn.model_validate_json(await request.body())
    most = (await house_of(request)).settings.limits.max_characters
    if len(given.text) > most:
        raise RequestError(f"文字超过 {most} 字的上限，请拆分后提交。")
    return Document(given.id, given.text, given.title)


OneFile = Annotated[Form, Depends(_one)]
TextOrFile = Annotated[Document | Form, Depends(_text_or_file)]


def chosen(form: Form, name: str, options: tuple[str, ...]) -> str:
    """A field with one of some values, the first where it isn't given. Raises RequestError."""
    value = form.fields.get(name, options[0])
    if value not in options:
        raise RequestError(f"字段 {name} 应当是 {'、'.join(options)} 之一，请改正。")
    return value
