"""Patrol of what is published already: begin one, follow it, see what is wrong in which file, and take it up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.checks import Kind
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import ENDED, Upload
from gongkai.service.masking import doing, patrols
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward

router = APIRouter(include_in_schema=False)
Officer = Annotated[Actor, Depends(may("patrol"))]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
STATES = {"waiting": "等待", "running": "进行中", "done": "完成", "failed": "没有做完", "cancelled": "已取消"}


@router.get("/patrol", response_class=HTMLResponse)
def patrols_page(request: Request, actor: Officer) -> HTMLResponse:
    """The officer's patrols, and the form for another."""
    house = house_of(request)
    with house.database.reading() as session:
        jobs = patrols.mine(session, actor)
    published = house.settings.published is not None and house.settings.published.is_dir()
    return render(request, actor, "patrol_list.html", jobs=jobs, published=published, states=STATES)


@router.post("/patrol")
def start(
    request: Request,
    actor: Officer,
    files: list[UploadFile] | None = None,
    folder: Annotated[bool, Form()] = False,
) -> Response:
    """Begin a patrol."""
    given = [file for file in files or () if file.filename]
    uploads = [Upload(doing.plain_name(file.filename or ""), file.file.read()) for file in given]
    return onward(request, f"/patrol/{patrols.start(house_of(request), actor, uploads, folder=folder)}")


@router.get("/patrol/{id}", response_class=HTMLResponse)
def patrol_page(request: Request, id: Id, actor: Officer, after: int = -1) -> HTMLResponse:
    """One patrol; htmx asks again while it runs."""
    return _patrol(request, actor, id, after)


@router.post("/patrol/{id}/cancel")
def cancel(request: Request, id: Id, actor: Officer) -> Response:
    """End a patrol."""
    house = house_of(request)
    with house.database.writing() as session:
        queue.cancel(session, house.vault, actor, patrols.one(session, actor, id).id, at=house.clock())
    return onward(request, f"/patrol/{id}")


@router.post("/patrol/{id}/{number:int}/acknowledge", response_class=HTMLResponse)
def acknowledge(request: Request, id: Id, number: int, actor: Officer) -> HTMLResponse:
    """Note that a file's findings are known."""
    house = house_of(request)
    patrols.acknowledge(house, actor, id, number)
    with house.database.reading() as session:
        job = patrols.one(session, actor, id)
        row = patrols.row(session, house, job, number)
    return render(request, actor, "patrol_file.html", job=job, row=row, kinds=[*Kind])


@router.post("/patrol/{id}/{number:int}/mask")
def send(request: Request, id: Id, number: int, actor: Annotated[Actor, Depends(may("mask"))]) -> Response:
    """Take a file to redaction."""
    return onward(request, f"/privacy/{patrols.send(house_of(request), actor, id, number)}")


def _patrol(request: Request, actor: Actor, id: str, after: int) -> HTMLResponse:
    house = house_of(request)
    with house.database.reading() as session:
        job = patrols.one(session, actor, id)
        rows = patrols.rows(session, house, job, after)
    look = job.result.get("look", [])
    more = rows[-1].number if rows and look and rows[-1].number != look[-1] else None
    template = "patrol_work.html" if request.headers.get("hx-request") else "patrol.html"
    return render(
        request, actor, template, job=job, rows=rows, ended=job.state in ENDED, states=STATES, kinds=[*Kind],
        after=after, more=more,
    )  # fmt: skip
