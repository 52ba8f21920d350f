"""The client that others go on beside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from types import TracebackType

import httpx

from gongkai.service.api.schemas_cases import (
    DecisionIn,
    DecisionList,
    DecisionOut,
    DocumentFull,
    DocumentOut,
    DocumentPage,
)
from gongkai.service.api.schemas_figures import StatisticsOut
from gongkai.service.api.schemas_files import CheckOut, ReadText, RedactedText
from gongkai.service.api.schemas_jobs import JobOut, JobPage, JobRow, JobRows
from gongkai.service.api.schemas_precedents import PrecedentsOut, Sought
from gongkai.service.api.schemas_rules import Health, RulebookSummary
from gongkai.service.client import jobplans, plans
from gongkai.service.client.connecting import Place
from gongkai.service.client.plans import RedactedFile, Suggested
from gongkai.service.client.steps import File, Got, Pause, Plan, T


class AsyncClient:
    """The same as Client for asyncio; to be used with `async with`."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        ca: Path | None = None,
        timeout: float = 60.0,
        patience: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        place = Place(url, key, ca, timeout, patience)
        self._http = httpx.AsyncClient(**place.options(), transport=transport)
        self._patience, self._sleep = patience, sleep

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _run(self, plan: Plan[T]) -> T:
        got: Got = None
        try:
            while True:
                step = plan.send(got)
                if isinstance(step, Pause):
                    await self._sleep(step.seconds)
                    got = None
                    continue
                try:
                    got = await self._http.send(step.ask.request(self._http, step.headers))
                except httpx.TransportError as error:
                    got = error
        except StopIteration as ended:
            value: T = ended.value
            return value

    async def every_document(self, **filters: str) -> AsyncIterator[DocumentOut]:
        """All documents, newest first, fetched page by page."""
        cursor = None
        while cursor != "":
            found = await self.documents(cursor or "", 200, **filters)
            for item in found.items:
                yield item
            cursor = found.next

    async def every_result(self, id: str) -> AsyncIterator[JobRow]:
        """Everything that a job found, file by file."""
        cursor = None
        while cursor != "":
            found = await self.results(id, cursor or "", 200)
            for item in found.items:
                yield item
            cursor = found.next

    async def suggest(self, text: str, id: str = "text", title: str = "", *, keep: bool = True) -> Suggested:
        """A suggestion for a text; with `keep` the document is noted, without its text."""
        return await self._run(plans.suggest(text, id, title, keep, self._patience))

    async def suggest_file(self, file: File, *, keep: bool = True) -> Suggested:
        """A suggestion for a file, given by path or as (name, bytes)."""
        return await self._run(plans.suggest_file(file, keep, self._patience))

    async def read(self, file: File) -> ReadText:
        """The text of a file, as suggestions count it."""
        return await self._run(plans.read(file, self._patience))

    async def check(self, file: File, attribute: str = "proactive") -> CheckOut:
        """What a redacted or published file still tells."""
        return await self._run(plans.check(file, attribute, self._patience))

    async def redact(self, text: str, id: str = "text") -> RedactedText:
        """A text without its personal data."""
        return await self._run(plans.redact(text, id, self._patience))

    async def redact_file(
        self, file: File, style: str = "", pictures: str = "blank", rename: bool = False
    ) -> RedactedFile:
        """A proven copy of a file in its own format, and its report; nothing of it stays at the service."""
        return await self._run(plans.redact_file(file, style, pictures, rename, self._patience))

    async def documents(self, cursor: str = "", limit: int = 50, **filters: str) -> DocumentPage:
        """One page of documents, newest first; filters are the query's names: attribute, decided, number, title …"""
        return await self._run(plans.documents(filters, cursor, limit, self._patience))

    async def document(self, id: str) -> DocumentFull:
        """A document and what was said of it last."""
        return await self._run(plans.document(id, self._patience))

    async def decisions(self, id: str) -> DecisionList:
        """All decisions of a document, oldest first."""
        return await self._run(plans.decisions(id, self._patience))

    async def decide(self, id: str, given: DecisionIn, version: int = 0) -> DecisionOut:
        """Decide, only if the document still has this version (0: don't mind)."""
        return await self._run(plans.decide(id, given.model_dump(), version, self._patience))

    async def undo(self, id: str, decision: str, version: int = 0) -> DecisionOut:
        """Take an own decision back."""
        return await self._run(plans.undo(id, decision, version, self._patience))

    async def submit(self, kind: str, files: Iterable[File], **fields: str) -> JobOut:
        """A job over several files: suggest, redact or check; fields are style, pictures, rename (yes), attribute."""
        return await self._run(jobplans.submit(kind, files, fields, self._patience))

    async def jobs(self, cursor: str = "", limit: int = 50) -> JobPage:
        """One page of one's own jobs, newest first."""
        return await self._run(jobplans.jobs(cursor, limit, self._patience))

    async def job(self, id: str) -> JobOut:
        """How far a job is."""
        return await self._run(jobplans.job(id, self._patience))

    async def cancel(self, id: str) -> JobOut:
        """End a job that has not ended."""
        return await self._run(jobplans.cancel(id, self._patience))

    async def wait(self, id: str, seconds: float = 3600.0) -> JobOut:
        """A job once it has ended. Raises Unreachable when so many seconds are over."""
        return await self._run(jobplans.wait(id, seconds, self._patience))

    async def results(self, id: str, cursor: str = "", limit: int = 50) -> JobRows:
        """One page of what a job found, file by file."""
        return await self._run(jobplans.results(id, cursor, limit, self._patience))

    async def product(self, id: str, number: int, part: str = "file") -> bytes:
        """A file that a job made: `file` or `page`."""
        return await self._run(jobplans.product(id, number, part, self._patience))

    async def precedents(self, document: str) -> PrecedentsOut:
        """What was decided of documents like a kept one."""
        return await self._run(plans.precedents(document, self._patience))

    async def search(self, sought: Sought) -> PrecedentsOut:
        """What was decided of documents with this number, title or meaning."""
        return await self._run(plans.search(sought, self._patience))

    async def rulebook(self) -> RulebookSummary:
        """The rulebook in use."""
        return await self._run(plans.rulebook(self._patience))

    async def statistics(self, since: str = "", until: str = "") -> StatisticsOut:
        """Figures of a period, by days (`until` not included)."""
        return await self._run(plans.statistics(since, until, self._patience))

    async def health(self) -> Health:
        """What the service judges with."""
        return await self._run(plans.health(self._patience))
