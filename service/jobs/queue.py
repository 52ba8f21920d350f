"""The queue: one row a job. Who claims a job holds it by a token (`worker`); what others write of it is refused."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import Session

from gongkai.model.errors import GongkaiError
from gongkai.service.access.actors import Actor
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.store import trail
from gongkai.service.store.tables import Job
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

IN, OUT = "job-in", "job-out"
MOST_ATTEMPTS = 3
#: How long results can be fetched.
KEPT = timedelta(days=3)
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
ENDED = frozenset((DONE, FAILED, CANCELLED))
_UNKNOWN = "没有这个任务，或者不在您的范围内。"
_OVER = "任务已经结束，不能取消。"
_THRICE = {"slug": "crash", "title": "任务没有做完", "detail": "任务三次都没有做完，请减少文件后重新提交。"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with its name."""

    name: str
    data: bytes = field(repr=False)

    def packed(self) -> bytes:
        """Name and content together, so that both are sealed."""
        return json.dumps(self.name, ensure_ascii=True).encode() + b"\n" + self.data

    @classmethod
    def unpacked(cls, packed: bytes) -> Upload:
        """What `packed` made."""
        name, _, data = packed.partition(b"\n")
        return cls(json.loads(name), data)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job as its worker took it; `done` files were finished by former attempts."""

    id: str
    kind: str
    owner: str
    unit: str
    order: Json
    attempt: int
    worker: str
    done: int
    total: int


class Fenced(Exception):
    """The job is somebody else's by now: nothing more may be written of it."""


def submit(
    session: Session,
    vault: Vault,
    actor: Actor,
    kind: str,
    uploads: Sequence[Upload] = (),
    order: Json | None = None,
    *,
    at: datetime,
) -> Job:
    """Put a job into the queue, its files sealed. `order` holds options only: no names of files, no text."""
    job = Job(
        kind=kind,
        owner=actor.user,
        unit=actor.unit_id,
        order=order or {},
        total=len(uploads),
        created=at,
        changed=at,
    )
    session.add(job)
    session.flush()
    for number, upload in enumerate(uploads):
        vault.put(session, IN, job.id, upload.packed(), role=str(number), at=at)
    trail.append(session, actor.user, "submit", "job", job.id, at=at, job=kind, files=len(uploads))
    return job


def listed(actor: Actor) -> Select[Job]:
    """The actor's own jobs, newest first."""
    return select(Job).where(Job.owner == actor.user).order_by(Job.created.desc(), Job.id)


def mine(session: Session, actor: Actor, id: str) -> Job:
    """One of the actor's own jobs. Raises NotFound."""
    job = session.get(Job, id)
    if job is None or job.owner != actor.user:
        raise NotFound(_UNKNOWN)
    return job


def cancel(session: Session, vault: Vault, actor: Actor, id: str, *, at: datetime) -> Job:
    """End a waiting job, ask a running one to end. Raises NotFound, Conflicting."""
    mine(session, actor, id)
    job = session.scalars(
        select(Job).where(Job.id == id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if job.state in ENDED:
        raise Conflicting(_OVER)
    job.cancel, job.changed = True, at
    if job.state == WAITING:
        job.state = CANCELLED
        vault.drop(session, IN, id)
    trail.append(session, actor.user, "cancel", "job", id, at=at)
    return job


def rows(session: Session, vault: Vault, job: Job, after: int = 0, limit: int = 100, *, at: datetime) -> Iterator[Json]:
    """What was found for each file so far, from number `after`; gone with the time that results are kept."""
    for number in range(after, min(after + limit, job.done)):
        row = vault.get(session, OUT, job.id, str(number), at=at)
        if row is not None:
            yield json.loads(row)


def product(session: Session, vault: Vault, job: Job, number: int, what: str, *, at: datetime) -> bytes | None:
    """A file that a job made of file `number` (`copy`, `page`), as long as results are kept."""
    return vault.get(session, OUT, job.id, f"{number}/{what}", at=at)


# what follows is for workers


def claim(session: Session, worker: str, *, at: datetime) -> Claim | None:
    """Take the oldest waiting job, under a token of this claim; other workers pass by the one that is being taken."""
    oldest = select(Job).where(Job.state == WAITING).order_by(Job.created, Job.id).limit(1)
    job = session.scalar(oldest.with_for_update(skip_locked=True))
    if job is None:
        return None
    job.state, job.worker, job.changed = RUNNING, f"{worker}:{uuid.uuid4().hex[:16]}", at
    job.attempt += 1
    job.beat += 1
    return Claim(job.id, job.kind, job.owner, job.unit, job.order, job.attempt, job.worker, job.done, job.total)


def waiting(session: Session) -> bool:
    """Whether any job waits."""
    return session.scalar(select(Job.id).where(Job.state == WAITING).limit(1)) is not None


def counts(session: Session) -> dict[str, int]:
    """How many jobs there are in each state."""
    return {state: count for state, count in session.execute(select(Job.state, func.count()).group_by(Job.state))}


def held(session: Session, claim: Claim, *, at: datetime, **values: Any) -> None:  # noqa: ANN401
    """Write of a job as the one who holds it; it counts as a sign of life. Raises Fenced.

    With each file that is `done` attempts are counted anew: only those that come to nothing are too many in the end.
    """
    if "done" in values:
        values["attempt"] = 1
    held = and_(Job.id == claim.id, Job.worker == claim.worker, Job.state == RUNNING)
    written = session.execute(update(Job).where(held).values(beat=Job.beat + 1, changed=at, **values))
    if written.rowcount != 1:  # type: ignore[attr-defined]
        raise Fenced


def end(session: Session, vault: Vault, claim: Claim, state: str, *, at: datetime, **values: Any) -> None:  # noqa: ANN401
    """End a job that one holds; its files go. Raises Fenced."""
    held(session, claim, at=at, state=state, **values)
    vault.drop(session, IN, claim.id)
    trail.append(session, "system", state, "job", claim.id, at=at, job=claim.kind)


def give_back(session: Session, claim: Claim, *, at: datetime) -> None:
    """Let another worker go on where this one stops; it doesn't count as an attempt. Raises Fenced."""
    held(session, claim, at=at, state=WAITING, attempt=0)


def problem(error: GongkaiError) -> Json:
    """An error as rows and jobs hold it."""
    return {"slug": error.slug, "title": error.title, "detail": error.message}


@dataclass(frozen=True, slots=True)
class Sign:
    """A running job's last sign of life."""

    id: str
    attempt: int
    beat: int


def signs(session: Session) -> list[Sign]:
    """Those of all running jobs."""
    return [Sign(*row) for row in session.execute(select(Job.id, Job.attempt, Job.beat).where(Job.state == RUNNING))]


def reclaim(session: Session, vault: Vault, sign: Sign, *, at: datetime) -> bool:
    """Put a job whose worker is dead back into the queue, or end it after its last attempt; not if it beat again."""
    same = and_(Job.id == sign.id, Job.attempt == sign.attempt, Job.beat == sign.beat, Job.state == RUNNING)
    job = session.scalar(select(Job).where(same).with_for_update())
    if job is None:
        return False
    job.changed, job.state = at, CANCELLED if job.cancel else WAITING
    if not job.cancel and job.attempt >= MOST_ATTEMPTS:
        job.state, job.problem = FAILED, _THRICE
    if job.state in ENDED:
        vault.drop(session, IN, job.id)
        trail.append(session, "system", job.state, "job", job.id, at=at, job=job.kind)
    return True
