"""Jobs: several files at once, done in the background; submitted, followed, cancelled, fetched."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from gongkai.service.access.actors import Actor
from gongkai.service.api import checks, redactions
from gongkai.service.api.attachments import attachment
from gongkai.service.api.described import UNCHANGED, answer, body, choice, files_body, problems
from gongkai.service.api.doors import AtHouse, Worker
from gongkai.service.api.etags import Held, etag, is_held
from gongkai.service.api.given import Form, chosen, form_of
from gongkai.service.api.once import OneTurn
from gongkai.service.api.paging import Cursor, Limit, numbered, page
from gongkai.service.api.progress import mark, shown, told
from gongkai.service.api.schemas_jobs import JobOut, JobPage, JobRows
from gongkai.service.errors import NotAllowed, NotFound
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.kinds import KINDS, Kind, kind_of
from gongkai.service.store import trail
from gongkai.service.store.tables import Job
from gongkai.service.wire import Json

router = APIRouter(tags=["任务"])
OFFERED = ("suggest", "redact", "check")
KIND = choice("任务种类：建议、遮蔽、检查", *OFFERED)
FIELDS = {"kind": KIND, **redactions.FIELDS, "attribute": checks.LABEL}
EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["progress", "end"]},
        "id": {"type": "string"},
        "data": {"type": "string"},
        "retry": {"type": "integer"},
    },
}
MOST = max(KINDS[name].files for name in OFFERED)
ID = Annotated[
    str, Path(pattern="^[0-9a-f]{32}$", description="任务编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
]
Number = Annotated[int, Path(ge=0, le=100_000, description="文件的序号，从 0 数", examples=[0])]
Parts = Annotated[Literal["file", "page"], Path(description="file 遮蔽后的文件，page 可打印的报告", examples=["file"])]
State = Annotated[
    Literal["waiting", "running", "done", "failed", "cancelled"] | None,
    Query(description="只列出这种状态的", examples=["running"]),
]


async def _files(request: Request) -> Form:
    return await form_of(request, MOST)


def _allowed(actor: Actor, form: Form) -> Kind:
    """The kind that is asked for. Raises RequestError, NotAllowed."""
    kind = kind_of(chosen(form, "kind", OFFERED))
    if not actor.may(kind.action):
        raise NotAllowed(f"您没有提交“{kind.name}”任务的权限，需要时请联系系统管理员。")
    return kind


def _order(form: Form) -> Json:
    """The options of a job, whatever its kind uses of them."""
    return {
        "style": form.fields.get("style", "")[:100],
        "pictures": chosen(form, "pictures", redactions.PICTURES),
        "rename": chosen(form, "rename", redactions.RENAME) == "yes",
        "label": chosen(form, "attribute", checks.LABELS),
    }


@router.post(
    "/v1/jobs",
    summary="提交任务",
    status_code=202,
    response_model=JobOut,
    responses={202: answer("已经排队；用 Location 查看", "location"), **problems(409, 413)},
    openapi_extra=body(form=files_body("要处理的文件，可以有多个，都叫 file", ["kind"], FIELDS)),
)
def submit(actor: Worker, form: Annotated[Form, Depends(_files)], house: AtHouse, turn: OneTurn) -> JSONResponse:
    """一次提交多个文件，在后台逐个处理；文件加密保存，处理完就删除，结果保存三天。"""
    _allowed(actor, form)
    files = [queue.Upload(file.name, file.data) for file in form.files]
    with house.database.writing() as session:
        kind = chosen(form, "kind", OFFERED)
        job = queue.submit(session, house.vault, actor, kind, files, _order(form), at=house.clock())
        return turn.holding(session, JSONResponse(shown(job), 202, {"location": f"/v1/jobs/{job.id}"}))


@router.get("/v1/jobs", summary="自己的任务", response_model=JobPage, responses=problems())
def jobs(actor: Worker, house: AtHouse, state: State = None, cursor: Cursor = "", limit: Limit = 50) -> JSONResponse:
    """自己提交的任务，新的在前。"""
    found = queue.listed(actor)
    with house.database.reading() as session:
        chosen_jobs = found.where(Job.state == state) if state else found
        return JSONResponse(page(session, Job, chosen_jobs, cursor, limit, shown))


def _mine(house: House, actor: Actor, id: str) -> Job:
    with house.database.reading() as session:
        return queue.mine(session, actor, id)


@router.get(
    "/v1/jobs/{id}",
    summary="一个任务",
    response_model=JobOut,
    responses={200: answer("任务的进度", "etag"), 304: UNCHANGED, **problems(404)},
)
def job(actor: Worker, id: ID, house: AtHouse, held: Held) -> Response:
    """一个任务做到哪里了；给 If-None-Match 时，没有变化回答 304。"""
    found = _mine(house, actor, id)
    headers = {"etag": etag(mark(found))}
    if is_held(held, mark(found)):
        return Response(status_code=304, headers=headers)
    return JSONResponse(shown(found), headers=headers)


@router.delete("/v1/jobs/{id}", summary="取消任务", response_model=JobOut, responses=problems(404, 409))
def cancel(actor: Worker, id: ID, house: AtHouse) -> JSONResponse:
    """取消一个还没有结束的任务；正在处理的文件处理完就停。"""
    with house.database.writing() as session:
        return JSONResponse(shown(queue.cancel(session, house.vault, actor, id, at=house.clock())))


@router.get(
    "/v1/jobs/{id}/events",
    summary="任务进度（服务器推送）",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "text/event-stream：progress 和 end 两种事件，data 是任务；约半分钟后断开，请重新连接",
            "content": {"text/event-stream": {"schema": EVENT}},
        },
        **problems(404),
    },
)
def events(actor: Worker, id: ID, house: AtHouse) -> StreamingResponse:
    """进度一有变化就推送，任务结束时推送 end。"""
    _mine(house, actor, id)
    events = told(lambda: _mine(house, actor, id))
    return StreamingResponse(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


@router.get("/v1/jobs/{id}/results", summary="任务的结果", response_model=JobRows, responses=problems(404))
def results(actor: Worker, id: ID, house: AtHouse, cursor: Cursor = "", limit: Limit = 50) -> JSONResponse:
    """已处理的各个文件的结果，按提交的次序；没有做完时给出已有的部分。"""
    after = numbered(cursor)
    with house.database.reading() as session:
        found = queue.mine(session, actor, id)
        rows = list(queue.rows(session, house.vault, found, after, limit, at=house.clock()))
        last = after + limit
        return JSONResponse({"items": rows, "next": str(last) if last < found.done else ""})


@router.get(
    "/v1/jobs/{id}/results/{number}/{part}",
    summary="任务做出的文件",
    response_class=Response,
    responses={200: {"description": "文件", "content": {"*/*": {}}}, **problems(404)},
)
def product(actor: Worker, id: ID, number: Number, part: Parts, house: AtHouse) -> Response:
    """遮蔽任务里一个文件的遮蔽结果。"""
    with house.database.writing() as session:
        found, at = queue.mine(session, actor, id), house.clock()
        copy = queue.product(session, house.vault, found, number, "copy", at=at)
        page = queue.product(session, house.vault, found, number, "page", at=at) if part == "page" else b""
        if copy is None or page is None:
            raise NotFound("没有这个结果文件，或者已经过期删除。")
        trail.append(session, actor.user, "download", "job", id, at=at, number=number, part=part)
    made = queue.Upload.unpacked(copy)
    return attachment(page, f"{made.name}.遮蔽报告.html") if part == "page" else attachment(made.data, made.name)
