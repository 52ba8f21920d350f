"""The job `bring`: a folder that `gongkai screen` filled becomes a backlog of the service."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.work import Work
from gongkai.service.review import backlogs
from gongkai.service.review.bringing import Source, bring_in, screened
from gongkai.service.store.tables import Job
from gongkai.service.wire import Json

KIND = "bring"
#: How long a page tells of a job that has ended.
_TOLD = timedelta(days=1)
_MOST = 5
_NO_FOLDER = "这个目录不在可以导入的目录里，请从列表里选。"
_NO_UNIT = "没有这个机构，或者不在您的范围内，请从列表里选。"
_NO_NAME = "存量清单要有名称，请填写，例如“2006—2018年发文存量”。"


def order(house: House, actor: Actor, source: Json) -> Job:
    """Put an import into the queue: `folder` below the configured one, `name`, `unit`. One that is under way for the
    same folder and unit is not begun a second time. Raises RequestError."""
    if not source["name"].strip():
        raise RequestError(_NO_NAME)
    with house.database.writing() as session:
        _source(session, house, actor, source)
        for job in session.scalars(select(Job).where(Job.kind == KIND, Job.state.not_in(queue.ENDED))):
            if all(job.order[key] == source[key] for key in ("folder", "unit")):
                return job
        return queue.submit(session, house.vault, actor, KIND, order=source, at=house.clock())


def under_way(session: Session, actor: Actor, now: datetime) -> list[Job]:
    """The actor's imports that have not ended, or lately, newest first."""
    late = or_(Job.state.not_in(queue.ENDED), Job.changed > now - _TOLD)
    return list(session.scalars(queue.listed(actor).where(Job.kind == KIND, late).limit(_MOST)))


def bring(work: Work) -> Json:
    """Bring the folder in, batch by batch; what was interrupted begins anew and finds the same again."""
    actor = work.actor()
    source = work.read(lambda session: _source(session, work.house, actor, work.order))

    def each(session: Session, done: int, total: int) -> None:
        work.check()
        queue.held(session, work.claim, at=work.house.clock(), done=done, total=total)

    return asdict(bring_in(work.house.database, actor, source, work.house.clock, each))


def _source(session: Session, house: House, actor: Actor, given: Json) -> Source:
    root = house.settings.backlogs
    if root is None or given["folder"] not in screened(root):
        raise RequestError(_NO_FOLDER)
    if given["unit"] not in {one.id for one in backlogs.units(session, actor)}:
        raise RequestError(_NO_UNIT)
    return Source(root / given["folder"], given["name"], given["unit"], (root,))
