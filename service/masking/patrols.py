"""Patrols as their officer sees them: what was found in which file, what was acknowledged, what went to redaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import GongkaiError
from gongkai.service.access.actors import Actor
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import OUT, Upload
from gongkai.service.masking import doing, patrolling
from gongkai.service.masking.patrolling import FILE, FOUND, STOPPED
from gongkai.service.masking.unpacking import unpacked
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.store import trail
from gongkai.service.store.tables import Job, Trail
from gongkai.service.wire import Json

KIND = "patrol"
PAGE = 50
ACKNOWLEDGED, SENT = "acknowledge", "send"


@dataclass(frozen=True, slots=True)
class Row:
    """One file of a patrol that somebody has to look at; `done` are the actions taken on it."""

    number: int
    status: str
    file: str = field(repr=False)
    findings: Sequence[Json] = field(default=(), repr=False)
    look: Sequence[str] = field(default=(), repr=False)
    problem: Json = field(default_factory=dict, repr=False)
    done: frozenset[str] = frozenset()


def start(house: House, actor: Actor, files: Sequence[Upload], *, folder: bool) -> str:
    """Put a patrol into the queue; the job's id. Raises RequestError, DocumentError."""
    settings = house.settings
    if folder:
        patrolling.root_of(settings.published)
    caps = Caps(settings.task_seconds, settings.task_memory)
    uploads = [] if folder else unpacked(files, settings.limits, caps)
    with house.database.writing() as session:
        order: Json = {"folder": folder}
        return queue.submit(session, house.vault, actor, KIND, uploads, order, at=house.clock()).id


def mine(session: Session, actor: Actor) -> list[Job]:
    """The actor's patrols, newest first."""
    return list(session.scalars(queue.listed(actor).where(Job.kind == KIND).limit(PAGE)))


def one(session: Session, actor: Actor, id: str) -> Job:
    """One of them. Raises NotFound."""
    job = queue.mine(session, actor, id)
    if job.kind != KIND:
        raise NotFound("没有这次巡查，或者不在您的范围内。")
    return job


def rows(session: Session, house: House, job: Job, after: int = -1) -> list[Row]:
    """A page of the files to look at, in order, beginning behind a number."""
    numbers = [number for number in job.result.get("look", ()) if number > after][:PAGE]
    done = _done(session, job.id)
    names = _stopped_names(house.settings.published) if job.order.get("folder") else {}
    found = (_row(session, house, job, number, done.get(number, frozenset()), names) for number in numbers)
    return [row for row in found if row]


def row(session: Session, house: House, job: Job, number: int) -> Row:
    """One file of a patrol. Raises NotFound."""
    found = _row(session, house, job, number, _done(session, job.id).get(number, frozenset()), {})
    if found is None:
        raise NotFound("这次巡查里没有这个文件，或者结果已经过期，请重新巡查。")
    return found


def acknowledge(house: House, actor: Actor, id: str, number: int) -> None:
    """Note that somebody has seen what is wrong with a file and takes it up otherwise."""
    with house.database.writing() as session:
        job = one(session, actor, id)
        row(session, house, job, number)
        trail.append(session, actor.user, ACKNOWLEDGED, KIND, id, at=house.clock(), number=number)


def send(house: House, actor: Actor, id: str, number: int) -> str:
    """Open a file of a patrol as a redaction in work; the work's id. Raises Conflicting, NotFound, DocumentError."""
    with house.database.reading() as session:
        job = one(session, actor, id)
        found = row(session, house, job, number)
        kept = house.vault.get(session, OUT, id, f"{number}/{FILE}", at=house.clock())
    if found.status != FOUND:
        raise Conflicting("这个文件不能送去遮蔽：没有检查结果，或者带有密级标志。")
    if kept is None:
        root = patrolling.root_of(house.settings.published)
        kept = patrolling.read(root, found.file, house.settings.limits.max_bytes)
    work = doing.begin(house, actor, found.file, kept)
    with house.database.writing() as session:
        trail.append(session, actor.user, SENT, KIND, id, at=house.clock(), number=number, masking=work)
    return work


def _row(
    session: Session, house: House, job: Job, number: int, done: frozenset[str], names: dict[str, str]
) -> Row | None:
    data = house.vault.get(session, OUT, job.id, str(number), at=house.clock())
    if data is None:
        return None
    told = json.loads(data)
    file = names.get(told.get("mark", ""), "") if told["status"] == STOPPED else told["file"]
    result = told.get("result", {})
    look = (*result.get("look", ()), *told.get("look", ()))
    return Row(number, told["status"], file, result.get("findings", ()), look, told.get("problem", {}), done)


def _done(session: Session, id: str) -> dict[int, frozenset[str]]:
    about = (Trail.kind == KIND, Trail.object == id, Trail.action.in_((ACKNOWLEDGED, SENT)))
    done: dict[int, frozenset[str]] = {}
    for action, detail in session.execute(select(Trail.action, Trail.detail).where(*about)):
        done[detail["number"]] = done.get(detail["number"], frozenset()) | {action}
    return done


def _stopped_names(folder: Path | None) -> dict[str, str]:
    """Names of the folder's files by what stands for them in the store: those of stopped ones are kept nowhere."""
    try:
        return {patrolling.mark(name): name for name in patrolling.listed(patrolling.root_of(folder))}
    except GongkaiError:
        return {}
