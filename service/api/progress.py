"""How far a job is, as it is shown and as it is told while it goes on (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from gongkai.model.errors import GongkaiError
from gongkai.service.jobs.queue import ENDED
from gongkai.service.store.tables import Job
from gongkai.service.wire import Json

PAUSE = 0.5
#: Looks before the stream ends and the caller connects anew: a server that stops need not wait for it long.
LOOKS = 50


def mark(job: Job) -> str:
    """What changes whenever there is something new to tell."""
    return f"{job.state}-{job.done}-{job.total}-{int(job.cancel)}"


def shown(job: Job) -> Json:
    """A job as JobOut has it."""
    told = {name: getattr(job, name) for name in ("id", "kind", "state", "done", "total", "cancel", "result")}
    times = {"created": job.created.isoformat(), "changed": job.changed.isoformat()}
    return told | {"problem": job.problem or None} | times


async def told(look: Callable[[], Job]) -> AsyncIterator[str]:
    """Events: `progress` when something changed, `end` at the end; a comment in between shows that the line holds."""
    last = ""
    yield "retry: 1000\n\n"
    for _ in range(LOOKS):
        try:
            job = await run_in_threadpool(look)
        except GongkaiError:
            return  # begun answers can't turn into problems; the caller connects anew and is told
        ended = job.state in ENDED
        yield ":\n\n" if mark(job) == last else _event("end" if ended else "progress", job)
        if ended:
            return
        last = mark(job)
        await asyncio.sleep(PAUSE)


def _event(name: str, job: Job) -> str:
    return f"event: {name}\nid: {mark(job)}\ndata: {json.dumps(shown(job), ensure_ascii=False)}\n\n"
