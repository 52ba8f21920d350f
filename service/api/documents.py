"""Documents that were screened, within the reach of whoever asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Select

from gongkai.service.api.described import UNCHANGED, answer, problems
from gongkai.service.api.doors import AtHouse, Looker
from gongkai.service.api.etags import Held, etag, is_held
from gongkai.service.api.paging import Cursor, Limit, page
from gongkai.service.api.schemas import Label
from gongkai.service.api.schemas_cases import DocumentFull, DocumentPage
from gongkai.service.casework.keeping import latest_screening, seen, within_reach
from gongkai.service.errors import NotFound
from gongkai.service.review.opinions import unbiased, unread
from gongkai.service.store.tables import Kept
from gongkai.service.wire import Json

router = APIRouter(tags=["公文"])
ID = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="公文的记录编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
]
COLUMNS = (
    "id", "title", "number", "issuer", "issued", "genre", "digest", "origin", "backlog", "attribute", "confidence",
    "handling", "needs_review", "decided", "decisions", "disputed", "version",
)  # fmt: skip
_PLAIN = r"^[^\x00]*$"


def shown(row: Kept) -> Json:
    """A document as DocumentOut has it."""
    times = {"created": row.created.isoformat(), "changed": row.changed.isoformat()}
    return {name: getattr(row, name) for name in COLUMNS} | times


Wanted = Annotated[Label | None, Query(description="最近一次建议的公开属性", examples=["proactive"])]
Stands = Annotated[Label | None, Query(description="由人决定的公开属性", examples=["withheld"])]
Settled = Annotated[bool | None, Query(description="是否已有人决定", examples=[False])]
Number = Annotated[str, Query(max_length=200, pattern=_PLAIN, description="发文字号", examples=["青水发〔2024〕8号"])]
Title = Annotated[str, Query(max_length=200, pattern=_PLAIN, description="标题里的文字", examples=["停水"])]
Digest = Annotated[str, Query(max_length=80, pattern=_PLAIN, description="文字摘要", examples=["sha256:5f1c"])]


@router.get("/v1/documents", summary="公文记录", response_model=DocumentPage, responses=problems())
def documents(
    actor: Looker,
    house: AtHouse,
    attribute: Wanted = None,
    decided: Stands = None,
    settled: Settled = None,
    number: Number = "",
    title: Title = "",
    digest: Digest = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> JSONResponse:
    """看得到的公文，新的在前；起草人看自己的，审查人看本机构及下级的，由自己复核而没有决定的不在内。"""
    equal = {"attribute": attribute, "decided": decided, "number": number, "digest": digest}
    known = {name: value for name, value in equal.items() if value}
    found = _filtered(within_reach(actor).where(~unread(actor)), known, settled, title)
    with house.database.reading() as session:
        return JSONResponse(page(session, Kept, found, cursor, limit, shown))


def _filtered(found: Select[Kept], equal: dict[str, str], settled: bool | None, title: str) -> Select[Kept]:
    for name, value in equal.items():
        found = found.where(getattr(Kept, name) == value)
    if settled is not None:
        found = found.where(Kept.decided != "" if settled else Kept.decided == "")
    return found.where(Kept.title.contains(title, autoescape=True)) if title else found


@router.get(
    "/v1/documents/{id}",
    summary="一件公文",
    response_model=DocumentFull,
    responses={200: answer("公文和最近一次建议", "etag"), 304: UNCHANGED, **problems(404)},
)
def document(actor: Looker, id: ID, house: AtHouse, held: Held) -> Response:
    """一件公文和最近一次建议；看过什么记入留痕。"""
    with house.database.reading() as session:
        now = session.scalar(within_reach(actor).where(Kept.id == id))
        if now is None:
            raise NotFound("没有这件公文，或者不在您能看的范围内。")
    if is_held(held, now.version):
        return Response(status_code=304, headers={"etag": etag(now.version)})
    with house.database.writing() as session:
        row = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, row)
        last = latest_screening(session, id)
        said = {"screening": last.id if last else "", "suggestion": last.result if last else {}}
        return JSONResponse(shown(row) | said, headers={"etag": etag(row.version)})
