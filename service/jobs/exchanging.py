"""The jobs `export` and `import`: worklists of large backlogs out of the service and into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import ENDED, OUT, Upload
from gongkai.service.jobs.work import Work
from gongkai.service.review import backlogs, child, exporting, filling, municipal
from gongkai.service.screening.decisions.filled import Wrong
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.store.tables import Backlog, Job, Kept
from gongkai.service.wire import Json

EXPORT, IMPORT = "export", "import"
#: What only the table of the city's system is called.
MUNICIPAL = "municipal"
#: How long a page tells of a job that has ended: as long as its file is there.
_TOLD, _MOST, _STEP = timedelta(days=3), 5, 100
_WRONG = "wrong"
GONE = "没有这个文件，或者已经过期删除，请重新导出。"
_FORMAT = "导出的格式只能是 xlsx、csv 或者 jsonl。"


def large(session: Session, house: House, backlog: Backlog) -> bool:
    """Whether a backlog is too large to be written or taken in while somebody waits."""
    here = select(func.count()).select_from(Kept).where(Kept.backlog == backlog.id, Kept.pile != "")
    return (session.scalar(here) or 0) > house.settings.exchange


def order(
    session: Session, house: House, actor: Actor, backlog: Backlog, format: str, since: str = "",
    file: Upload | None = None,
) -> Job:  # fmt: skip
    """Put an export in a format, or the import of a filled file, into the queue. Raises RequestError."""
    if file is None and format not in (*exporting.FORMATS, MUNICIPAL):
        raise RequestError(_FORMAT)
    told = {"backlog": backlog.id, "format": format, "since": since}
    kind, files = (IMPORT, (file,)) if file else (EXPORT, ())
    return queue.submit(session, house.vault, actor, kind, files, told, at=house.clock())


def under_way(session: Session, actor: Actor, backlog: str, now: datetime) -> list[Job]:
    """The actor's exports and imports of a backlog that have not ended, or lately, newest first."""
    late = or_(Job.state.not_in(ENDED), Job.changed > now - _TOLD)
    found = session.scalars(queue.listed(actor).where(Job.kind.in_((EXPORT, IMPORT)), late))
    return [job for job in found if job.order["backlog"] == backlog][:_MOST]


def made(session: Session, house: House, actor: Actor, id: str) -> tuple[Job, Upload]:
    """The file that an export made. Raises NotFound."""
    job = queue.mine(session, actor, id)
    data = queue.product(session, house.vault, job, 0, "copy", at=house.clock()) if job.kind == EXPORT else None
    if data is None:
        raise NotFound(GONE)
    return job, Upload.unpacked(data)


def taken_in(session: Session, house: House, actor: Actor, id: str) -> filling.Imported:
    """What came of an import, with the rows that were refused for as long as results are kept. Raises NotFound."""
    job = queue.mine(session, actor, id)
    if job.kind != IMPORT or job.state != queue.DONE:
        raise NotFound(GONE)
    packed = house.vault.get(session, OUT, job.id, _WRONG, at=house.clock())
    wrong = tuple(Wrong(*row) for row in json.loads(packed)) if packed else ()
    return filling.Imported(job.result["new"], job.result["applied"], job.result["known"], wrong)


def export(work: Work) -> Json:
    """Write the file and keep it, sealed; what was interrupted begins anew."""
    house, actor, format = work.house, work.actor(), work.order["format"]
    at, rules = house.clock(), house.rules()
    told = _telling(work)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, work.order["backlog"])
        if format == MUNICIPAL:
            name, data = municipal.NAME, municipal.workbook(session, known, rules, actor, work.order["since"], told)
        else:
            with exporting.exported(session, known, rules, format, at, actor, told) as path:
                name, data = exporting.FORMATS[format], path.read_bytes()
    work.check()
    work.write(lambda session: _kept(work, session, "0/copy", Upload(name, data).packed()))
    return {"backlog": work.order["backlog"], "size": len(data)}


def take_in(work: Work) -> Json:
    """Decide what a filled worklist says; rows that an interrupted attempt decided are known to the next one."""
    house, actor, file = work.house, work.actor(), work.file(0)
    known = work.read(lambda session: backlogs.found(session, actor, work.order["backlog"]))
    rows = child.done(child.Rows(file.data, file.name), house.settings.limits, caps(house))
    work.check()
    told = _telling(work)
    done = filling.take_in(house.database, house.rules(), actor, known, rows, house.clock, told)
    wrong = json.dumps([[one.file, one.cell, one.message] for one in done.wrong], ensure_ascii=False).encode()
    work.write(lambda session: _kept(work, session, _WRONG, wrong))
    return {
        "backlog": known.id,
        "new": done.new,
        "applied": done.applied,
        "known": done.known,
        "wrong": len(done.wrong),
    }


def _kept(work: Work, session: Session, role: str, data: bytes) -> None:
    at, vault, id = work.house.clock(), work.house.vault, work.claim.id
    vault.drop(session, OUT, id, role)  # of an attempt whose end was lost
    vault.put(session, OUT, id, data, role=role, at=at, expires=at + queue.KEPT)


def _telling(work: Work) -> Callable[[int, int], None]:
    """Notes how far it is, now and then; ends the work where nobody wants it any more."""
    last = 0

    def told(done: int, total: int) -> None:
        nonlocal last
        work.check()
        if done - last >= _STEP or done == total:
            last = done
            work.write(done=done, total=total)

    return told


def caps(house: House) -> Caps:
    """What the child that reads a filled file may cost."""
    return Caps(seconds=house.settings.task_seconds, memory=house.settings.task_memory)
