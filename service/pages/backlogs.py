"""The secretariat's backlogs: which there are, progress, second reading, import and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.errors import NotFound
from gongkai.service.jobs import bringing, exchanging
from gongkai.service.jobs.queue import ENDED, Upload
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.patrol import STATES
from gongkai.service.pages.review import Field, Filter, Reviewing, row_values
from gongkai.service.review import backlogs, child, exporting, filling, municipal, progress, seconds
from gongkai.service.review.bringing import screened
from gongkai.service.store import trail
from gongkai.service.store.tables import Backlog

router = APIRouter(include_in_schema=False)
Keeping = Annotated[Actor, Depends(may("backlogs"))]
_NO_FILE = "没有选择文件，请选择填好的审查清单（.xlsx 或者 .jsonl）。"


@router.get("/review", response_class=HTMLResponse)
def home(request: Request, actor: Reviewing) -> HTMLResponse:
    """The backlogs within reach, and folders that can be brought in."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.listed(session, actor)
        done = {one.id: progress.tally(session, one.id) for one in known}
        second = {one.id: progress.mine(session, one.id, actor) for one in known}
        units = backlogs.units(session, actor)
        jobs = bringing.under_way(session, actor, house.clock())
    folders = screened(house.settings.backlogs) if actor.may("backlogs") else []
    return render(
        request, actor, "review.html", backlogs=known, done=done, second=second, units=units, folders=folders,
        count=backlogs.count, configured=house.settings.backlogs is not None, jobs=jobs, states=STATES, ended=ENDED,
    )  # fmt: skip


@router.post("/review")
def add(request: Request, actor: Keeping, folder: Field, name: Field, unit: Field) -> Response:
    """Bring in a folder below the configured one, as a job."""
    bringing.order(house_of(request), actor, {"folder": folder, "name": name, "unit": unit})
    return RedirectResponse("/review#bringing", 303)


@router.get("/review/bringing", response_class=HTMLResponse)
def under_way(request: Request, actor: Keeping) -> HTMLResponse:
    """How far the actor's imports are; htmx asks again while one runs."""
    house = house_of(request)
    with house.database.reading() as session:
        jobs = bringing.under_way(session, actor, house.clock())
    return render(request, actor, "review_bringing.html", jobs=jobs, states=STATES, ended=ENDED)


@router.get("/review/{backlog}/progress", response_class=HTMLResponse)
def charts(request: Request, backlog: str, actor: Reviewing) -> HTMLResponse:
    """Counts and charts."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        made = progress.decisions(session, known.id)
        told: dict[str, Any] = {
            "done": progress.tally(session, known.id), "people": progress.people(session, made),
            "days": progress.days(made), "years": progress.years(session, known.id),
            "against": progress.against(session, known.id),
        }  # fmt: skip
    return render(
        request, actor, "review_progress.html", backlog=known, attributes=list(Attribute),
        stopped=backlogs.count(known, "stopped"), failed=backlogs.count(known, "failed"),
        engine=backlogs.engine_of(known), **told,
    )  # fmt: skip


@router.get("/review/{backlog}/second", response_class=HTMLResponse)
def second(request: Request, backlog: str, actor: Reviewing, told: str = "") -> HTMLResponse:
    """Whom to ask for a second reading, where readers differ, how far they agree."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        rows = seconds.differing(session, actor, known.id)
        values = row_values(session, house.rules(), rows)
        agreed, readers = seconds.agreements(session, known.id), seconds.readers(session, known)
        waiting = seconds.waiting(session, known.id)
    given, _, of = told.partition("-")
    notice = f"抽出 {given} 件交复核（可以复核的共 {of} 件）。" if given.isdecimal() and of.isdecimal() else ""
    return render(
        request, actor, "review_second.html", backlog=known, rows=rows, agreed=agreed, readers=readers, waiting=waiting,
        piles=progress.ORDER, told=notice, category=house.rules().category, fields=seconds.FIELDS, **values,
    )  # fmt: skip


@router.post("/review/{backlog}/second")
def assign(
    request: Request, backlog: str, actor: Reviewing, filter: Filter, user: Field, percent: Annotated[int, Form()]
) -> Response:
    """Give a share of what was decided to a second reader."""
    house = house_of(request)
    with house.database.writing() as session:
        known = backlogs.found(session, actor, backlog)
        done = seconds.assign(session, actor, known, filter, user, percent, at=house.clock())
    return RedirectResponse(f"/review/{known.id}/second?told={done.given}-{done.of}", 303)


@router.get("/review/{backlog}/exchange", response_class=HTMLResponse)
def exchange(request: Request, backlog: str, actor: Keeping, job: str = "") -> HTMLResponse:
    """Take the worklist out, bring a filled one in; what came of an import that was a job."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        done = exchanging.taken_in(session, house, actor, job) if job else None
    return _exchange(request, actor, known, done)


@router.get("/review/{backlog}/exchanging", response_class=HTMLResponse)
def exchanging_now(request: Request, backlog: str, actor: Keeping) -> HTMLResponse:
    """How far the actor's exports and imports are; htmx asks again while one runs."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        jobs = exchanging.under_way(session, actor, known.id, house.clock())
    return render(request, actor, "review_exchanging.html", backlog=known, jobs=jobs, states=STATES, ended=ENDED)


@router.get("/review/{backlog}/exported/{job}")
def exported(request: Request, backlog: str, job: str, actor: Keeping) -> Response:
    """The file that an export made, for as long as it is kept; noted in the trail."""
    house = house_of(request)
    with house.database.writing() as session:
        known = backlogs.found(session, actor, backlog)
        made, file = exchanging.made(session, house, actor, job)
        if made.order["backlog"] != known.id:
            raise NotFound(exchanging.GONE)
        trail.append(session, actor.user, "download", "job", made.id, at=house.clock())
    return _file(file.name, file.data)


@router.get("/review/{backlog}/export")
def export(request: Request, backlog: str, actor: Keeping, format: str = "xlsx") -> Response:
    """The state of the backlog as a file; who took it goes to the trail."""
    house = house_of(request)
    at = house.clock()
    with house.database.writing() as session:
        known = backlogs.found(session, actor, backlog)
        trail.append(session, actor.user, "backlog.export", "backlog", known.id, at=at, format=format[:10])
        if exchanging.large(session, house, known):
            exchanging.order(session, house, actor, known, format)
            return _later(known)
    with (
        house.database.reading() as session,
        exporting.exported(session, known, house.rules(), format, at, actor) as path,
    ):
        return _file(path.name, path.read_bytes())


@router.get("/review/{backlog}/municipal")
def for_the_city(request: Request, backlog: str, actor: Keeping, since: str = "") -> Response:
    """What was determined, as the table that the city's disclosure system takes in; noted in the trail."""
    house = house_of(request)
    with house.database.writing() as session:
        known = backlogs.found(session, actor, backlog)
        told = {"format": "municipal"}
        trail.append(session, actor.user, "backlog.export", "backlog", known.id, at=house.clock(), **told)
        if exchanging.large(session, house, known):
            exchanging.order(session, house, actor, known, exchanging.MUNICIPAL, since[:4])
            return _later(known)
    with house.database.reading() as session:
        return _file(municipal.NAME, municipal.workbook(session, known, house.rules(), actor, since[:4]))


@router.post("/review/{backlog}/exchange", response_class=HTMLResponse)
def take_in(request: Request, backlog: str, actor: Keeping, file: UploadFile) -> Response:
    """Decide what a filled worklist says, now or as a job."""
    house = house_of(request)
    data = file.file.read()
    if not data:
        raise RequestError(_NO_FILE)
    with house.database.writing() as session:
        known = backlogs.found(session, actor, backlog)
        if exchanging.large(session, house, known):
            exchanging.order(session, house, actor, known, "", file=Upload(_name(file.filename), data))
            return _later(known)
    rows = child.done(child.Rows(data, _name(file.filename)), house.settings.limits, exchanging.caps(house))
    done = filling.take_in(house.database, house.rules(), actor, known, rows, house.clock)
    return _exchange(request, actor, known, done)


def _exchange(request: Request, actor: Actor, known: Backlog, done: filling.Imported | None) -> HTMLResponse:
    house = house_of(request)
    with house.database.reading() as session:
        jobs = exchanging.under_way(session, actor, known.id, house.clock())
    return render(
        request, actor, "review_exchange.html", backlog=known, done=done, stopped=backlogs.count(known, "stopped"),
        jobs=jobs, states=STATES, ended=ENDED,
    )  # fmt: skip


def _later(known: Backlog) -> Response:
    return RedirectResponse(f"/review/{known.id}/exchange#exchanging", 303)


def _file(name: str, data: bytes) -> Response:
    kind = exporting.TYPES[name.rpartition(".")[2]]
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def _name(given: str | None) -> str:
    """The name of an upload as messages repeat it: no path, nothing that can't be shown."""
    name = Path((given or "").replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable())[-80:] or "worklist.xlsx"
