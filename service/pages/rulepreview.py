"""What a draft would change: the job that judges kept texts anew, and what earlier results tell by themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.keeping import within_reach
from gongkai.service.duties.recounting import concerns
from gongkai.service.duties.recounting import preview as recounted
from gongkai.service.jobs import queue
from gongkai.service.pages.layout import counted_of, house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.review.opinions import unread
from gongkai.service.rules.columns import tables
from gongkai.service.rules.comparing import changes
from gongkai.service.rules.effects import touched, untold
from gongkai.service.rules.previewing import LISTED, SAMPLE, sample
from gongkai.service.rules.versions import in_force, version
from gongkai.service.store.tables import Job, Kept

router = APIRouter(include_in_schema=False)
Editing = Annotated[Actor, Depends(may("rules"))]


@router.get("/rules/{number:int}/preview", response_class=HTMLResponse)
def preview(request: Request, number: int, actor: Editing) -> HTMLResponse:
    """The effect of a version on past screenings."""
    house = house_of(request)
    with house.database.reading() as session:
        of, now = version(session, house.settings, number), in_force(session, house.settings)
        different = changes(now.files, of.files)
        counted = counted_of(request).of(session, actor, None, None, at=house.clock())
        texts = len(sample(session, actor))
        job = _last(session, actor, number)
        titles = _titles(session, actor, job)
        counts = concerns(now.files, of.files)
        moved = recounted(session, actor, of.files, house.settings.profile) if counts else ()
    return render(
        request, actor, "rules_preview.html", version=of, now=now, changes=different, total=counted.found["total"],
        touched=touched(different, counted.found), untold=untold(different), tables=tables(), texts=texts, most=SAMPLE,
        job=job, titles=titles, listed=LISTED, at=counted.at,
        counts=counts, moved=moved, names=_names(house.rules()),
    )  # fmt: skip


@router.post("/rules/{number:int}/preview")
def begun(request: Request, number: int, actor: Editing) -> Response:
    """Judge kept texts anew, as a job."""
    house = house_of(request)
    with house.database.writing() as session:
        of = version(session, house.settings, number)
        order = {"version": number, "digest": of.digest}
        queue.submit(session, house.vault, actor, "preview", order=order, at=house.clock())
    return onward(request, f"/rules/{number}/preview")


@router.get("/rules/{number:int}/preview/progress", response_class=HTMLResponse)
def progress(request: Request, number: int, actor: Editing) -> Response:
    """How far the job is; the page is loaded anew when it has ended."""
    house = house_of(request)
    with house.database.reading() as session:
        job = _last(session, actor, number)
    if job is None or job.state in queue.ENDED:
        return Response(headers={"hx-redirect": f"/rules/{number}/preview"})
    return render(request, actor, "rules_progress.html", job=job, number=number)


def _last(session: Session, actor: Actor, number: int) -> Job | None:
    """The actor's last preview of a version."""
    mine = select(Job).where(Job.owner == actor.user, Job.kind == "preview").order_by(Job.created.desc()).limit(50)
    return next((job for job in session.scalars(mine) if job.order.get("version") == number), None)


def _names(rules: Rulebook) -> dict[str, str]:
    """What clauses and reasons in force are called; a new one has its code only."""
    return {row.id: row.title for row in rules.clauses} | {row.code: row.name for row in rules.reasons}


def _titles(session: Session, actor: Actor, job: Job | None) -> dict[str, str]:
    ids = [row["document"] for row in job.result.get("listed", ())] if job else []
    listed = within_reach(actor).where(Kept.id.in_(ids), ~unread(actor))
    found = session.execute(listed.with_only_columns(Kept.id, Kept.title))
    return {id: title for id, title in found.all()}
