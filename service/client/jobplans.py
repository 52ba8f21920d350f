"""The calls about jobs as plans of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpx

from gongkai.service.api.schemas_jobs import JobOut, JobPage, JobRows
from gongkai.service.client.errors import Unreachable
from gongkai.service.client.plans import got
from gongkai.service.client.steps import Ask, File, Pause, Plan, asked, opened

FIRST, LONGEST = 0.5, 5.0
ENDED = ("done", "failed", "cancelled")


def submit(kind: str, files: Iterable[File], fields: Mapping[str, str], patience: float) -> Plan[JobOut]:
    """A job over several files."""
    uploads = tuple(opened(file) for file in files)
    return got(JobOut, Ask("POST", "/v1/jobs", files=uploads, fields={"kind": kind, **fields}), patience)


def jobs(cursor: str, limit: int, patience: float) -> Plan[JobPage]:
    """One page of one's own jobs."""
    params = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
    return got(JobPage, Ask("GET", "/v1/jobs", params), patience)


def job(id: str, patience: float) -> Plan[JobOut]:
    """How far a job is."""
    return got(JobOut, Ask("GET", f"/v1/jobs/{id}"), patience)


def cancel(id: str, patience: float) -> Plan[JobOut]:
    """End a job."""
    return got(JobOut, Ask("DELETE", f"/v1/jobs/{id}"), patience)


def wait(id: str, seconds: float, patience: float) -> Plan[JobOut]:
    """A job once it has ended. Raises Unreachable after so many seconds."""
    waited, pause = 0.0, FIRST
    while (found := (yield from job(id, patience))).state not in ENDED:
        if waited + pause > seconds:
            raise Unreachable("任务还没有结束；它在服务上继续，请稍后用任务编号查看。")
        yield Pause(pause)
        waited, pause = waited + pause, min(LONGEST, pause * 1.5)
    return found


def results(id: str, cursor: str, limit: int, patience: float) -> Plan[JobRows]:
    """One page of what was found, file by file."""
    params = {"limit": str(limit), **({"cursor": cursor} if cursor else {})}
    return got(JobRows, Ask("GET", f"/v1/jobs/{id}/results", params), patience)


def product(id: str, number: int, part: str, patience: float) -> Plan[bytes]:
    """A file that a job made."""
    answer: httpx.Response = yield from asked(Ask("GET", f"/v1/jobs/{id}/results/{number}/{part}"), patience)
    return answer.content
