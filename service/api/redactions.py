"""Redactions: a text comes back at once, a file as a copy with its report, held for an hour."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from gongkai.model.deid.hiding import Style
from gongkai.model.document import Document
from gongkai.service.access.actors import Actor
from gongkai.service.api import sealed
from gongkai.service.api.attachments import attachment
from gongkai.service.api.described import TEXT_BODY, answer, body, choice, file_body, problems
from gongkai.service.api.doors import AtHouse, Redactor
from gongkai.service.api.given import Form, TextOrFile, chosen
from gongkai.service.api.once import OneTurn
from gongkai.service.api.schemas_files import RedactedText, RedactionOut, ReportOut
from gongkai.service.crew.orders import Redact, Redaction
from gongkai.service.house import House
from gongkai.service.store import trail

router = APIRouter(tags=["遮蔽"])
PICTURES = ("blank", "keep")
RENAME = ("no", "yes")
STYLE = {
    "type": "string",
    "default": "",
    "maxLength": 100,
    "description": "遮蔽样式（personal.toml），自带 pseudonym、strict、bands；不给为通常写法",
}
FIELDS = {
    "style": STYLE,
    "pictures": choice("文件里的图片：替换成灰块，或者保留", *PICTURES),
    "rename": choice("文件名里已遮蔽的姓名等：不改，或者也换成遮蔽后的写法", *RENAME),
}
ID = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="遮蔽结果的编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
]


@router.post(
    "/v1/redactions",
    summary="遮蔽个人信息",
    response_model=RedactedText,
    responses={
        200: {"description": "提交文字的：遮蔽后的文字"},
        201: {"model": RedactionOut, **answer("提交文件的：遮蔽结果，文件和报告在 links", "location")},
        **problems(409, 413, 415),
    },
    openapi_extra=body(text=TEXT_BODY, form=file_body(fields=FIELDS)),
)
def redact(actor: Redactor, given: TextOrFile, house: AtHouse, turn: OneTurn) -> JSONResponse:
    """提交文字，得到遮蔽后的文字；提交文件，得到同一格式的文件和报告，加密保存一小时。都经过读回核验。"""
    made: Redaction = house.crew.do(redact_order(given))
    if isinstance(given, Document):
        hidden = sum(row["count"] for row in made.report["hidden"])
        return turn.held(JSONResponse({"id": given.id, "text": made.data.decode(), "hidden": hidden}))
    with house.database.writing() as session:
        held = sealed.seal(session, house.vault, actor, made, house.clock())
        trail.append(session, actor.user, "redact", "redaction", held.id, at=house.clock(), hidden=held.hidden)
        place = {"location": f"/v1/redactions/{held.id}"}
        return turn.holding(session, JSONResponse(_shown(held), 201, place))


def redact_order(given: Document | Form) -> Redact:
    """What the crew is told to do; a text goes as a file of its own, so that it is proven the same way."""
    if isinstance(given, Document):
        return Redact(given.text.encode(), "文本")
    style = Style(given.fields.get("style", "")[:100])
    pictures, rename = chosen(given, "pictures", PICTURES), chosen(given, "rename", RENAME) == "yes"
    return Redact(given.files[0].data, given.files[0].name, style, pictures, rename=rename)


def _shown(held: sealed.Sealed) -> dict[str, object]:
    place = f"/v1/redactions/{held.id}"
    links = {part: f"{place}/{part}" for part in ("file", "report", "page")}
    told = {"id": held.id, "name": held.name, "bytes": held.size, "hidden": held.hidden, "look": held.report["look"]}
    return {**told, "expires": held.expires.isoformat(timespec="seconds"), "links": links}


def _held(house: House, actor: Actor, id: str) -> sealed.Sealed:
    with house.database.reading() as session:
        return sealed.found(session, house.vault, actor, id, house.clock())


@router.get("/v1/redactions/{id}", summary="遮蔽结果", response_model=RedactionOut, responses=problems(404))
def one(actor: Redactor, id: ID, house: AtHouse) -> JSONResponse:
    """自己提交的一个文件的遮蔽结果：文件名、处数、要看的事项、各部分的地址。"""
    return JSONResponse(_shown(_held(house, actor, id)))


@router.get("/v1/redactions/{id}/report", summary="遮蔽报告", response_model=ReportOut, responses=problems(404))
def report(actor: Redactor, id: ID, house: AtHouse) -> JSONResponse:
    """遮蔽报告：哪里遮了什么类型、为什么、怎样核验；不含文件里的任何值。"""
    return JSONResponse(_held(house, actor, id).report)


@router.get(
    "/v1/redactions/{id}/file",
    summary="遮蔽后的文件",
    response_class=Response,
    responses={200: {"description": "文件，格式与提交的相同", "content": {"*/*": {}}}, **problems(404)},
)
def file(actor: Redactor, id: ID, house: AtHouse) -> Response:
    """遮蔽后的文件，格式与提交的相同。"""
    return _part(house, actor, id, "file")


@router.get(
    "/v1/redactions/{id}/page",
    summary="可打印的遮蔽报告",
    response_class=Response,
    responses={200: {"description": "一个独立的网页文件", "content": {"text/html": {}}}, **problems(404)},
)
def page(actor: Redactor, id: ID, house: AtHouse) -> Response:
    """遮蔽报告的网页文件，可以打印存档。"""
    return _part(house, actor, id, "page")


def _part(house: House, actor: Actor, id: str, role: str) -> Response:
    with house.database.writing() as session:
        held = sealed.found(session, house.vault, actor, id, house.clock())
        data = sealed.part(session, house.vault, actor, held, role)
        trail.append(session, actor.user, "download", "redaction", id, at=house.clock(), part=role)
    return attachment(data, held.name if role == "file" else f"{held.name}.遮蔽报告.html")


@router.delete("/v1/redactions/{id}", summary="删除遮蔽结果", status_code=204, responses=problems(404))
def discard(actor: Redactor, id: ID, house: AtHouse) -> None:
    """不等到期，现在就删除自己的一个遮蔽结果。"""
    with house.database.writing() as session:
        sealed.discard(session, house.vault, actor, id)
        trail.append(session, actor.user, "discard", "redaction", id, at=house.clock())
