"""The client that waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
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


class Client:
    """The service at a URL, by a key; to be used with `with`. Raises Refused, Unreachable, OSError."""

    def __init__(
        self,
        url: str,
        key: str = "",
        *,
        ca: Path | None = None,
        timeout: float = 60.0,
        patience: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        place = Place(url, key, ca, timeout, patience)
        self._http = httpx.Client(**place.options(), transport=transport)
        self._patience, self._sleep = patience, sleep

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _run(self, plan: Plan[T]) -> T:
        got: Got = None
        try:
            while True:
                step = plan.send(got)
                if isinstance(step, Pause):
                    self._sleep(step.seconds)
                    got = None
                    continue
                try:
                    got = self._http.send(step.ask.request(self._http, step.headers))
                except httpx.TransportError as error:
                    got = error
        except StopIteration as ended:
            value: T = ended.value
            return value

    def every_document(self, **filters: str) -> Iterator[DocumentOut]:
        """All documents, newest first, fetched page by page."""
        cursor = None
        while cursor != "":
            found = self.documents(cursor or "", 200, **filters)
            yield from found.items
            cursor = found.next

    def every_result(self, id: str) -> Iterator[JobRow]:
        """Everything that a job found, file by file."""
        cursor = None
        while cursor != "":
            found = self.results(id, cursor or "", 200)
            yield from found.items
            cursor = found.next

    def suggest(self, text: str, id: str = "text", title: str = "", *, keep: bool = True) -> Suggested:
        """A suggestion for a text; with `keep` the document is noted, without its text."""
        return self._run(plans.suggest(text, id, title, keep, self._patience))

    def suggest_file(self, file: File, *, keep: bool = True) -> Suggested:
        """A suggestion for a file, given by path or as (name, bytes)."""
        return self._run(plans.suggest_file(file, keep, self._patience))

    def read(self, file: File) -> ReadText:
        """The text of a file, as suggestions count it."""
        return self._run(plans.read(file, self._patience))

    def check(self, file: File, attribute: str = "proactive") -> CheckOut:
        """What a redacted or published file still tells."""
        return self._run(plans.check(file, attribute, self._patience))

    def redact(self, text: str, id: str = "text") -> RedactedText:
        """A text without its personal data."""
        return self._run(plans.redact(text, id, self._patience))

    def redact_file(self, file: File, style: str = "", pictures: str = "blank", rename: bool = False) -> RedactedFile:
        """A proven copy of a file in its own format, and its report; nothing of it stays at the service."""
        return self._run(plans.redact_file(file, style, pictures, rename, self._patience))

    def documents(self, cursor: str = "", limit: int = 50, **filters: str) -> DocumentPage:
        """One page of documents, newest first; filters are the query's names: attribute, decided, number, title …"""
        return self._run(plans.documents(filters, cursor, limit, self._patience))

    def document(self, id: str) -> DocumentFull:
        """A document and what was said of it last."""
        return self._run(plans.document(id, self._patience))

    def decisions(self, id: str) -> DecisionList:
        """All decisions of a document, oldest first."""
        return self._run(plans.decisions(id, self._patience))

    def decide(self, id: str, given: DecisionIn, version: int = 0) -> DecisionOut:
        """Decide, only if the document still has this version (0: don't mind)."""
        return self._run(plans.decide(id, given.model_dump(), version, self._patience))

    def undo(self, id: str, decision: str, version: int = 0) -> DecisionOut:
        """Take an own decision back."""
        return self._run(plans.undo(id, decision, version, self._patience))

    def submit(self, kind: str, files: Iterable[File], **fields: str) -> JobOut:
        """A job over several files: suggest, redact or check; fields are style, pictures, rename (yes), attribute."""
        return self._run(jobplans.submit(kind, files, fields, self._patience))

    def jobs(self, cursor: str = "", limit: int = 50) -> JobPage:
        """One page of one's own jobs, newest first."""
        return self._run(jobplans.jobs(cursor, limit, self._patience))

    def job(self, id: str) -> JobOut:
        """How far a job is."""
        return self._run(jobplans.job(id, self._patience))

    def cancel(self, id: str) -> JobOut:
        """End a job that has not ended."""
        return self._run(jobplans.cancel(id, self._patience))

    def wait(self, id: str, seconds: float = 3600.0) -> JobOut:
        """A job once it has ended. Raises Unreachable when so many seconds are over."""
        return self._run(jobplans.wait(id, seconds, self._patience))

    def results(self, id: str, cursor: str = "", limit: int = 50) -> JobRows:
        """One page of what a job found, file by file."""
        return self._run(jobplans.results(id, cursor, limit, self._patience))

    def product(self, id: str, number: int, part: str = "file") -> bytes:
        """A file that a job made: `file` or `page`."""
        return self._run(jobplans.product(id, number, part, self._patience))

    def precedents(self, document: str) -> PrecedentsOut:
        """What was decided of documents like a kept one."""
        return self._run(plans.precedents(document, self._patience))

    def search(self, sought: Sought) -> PrecedentsOut:
        """What was decided of documents with this number, title or meaning."""
        return self._run(plans.search(sought, self._patience))

    def rulebook(self) -> RulebookSummary:
        """The rulebook in use."""
        return self._run(plans.rulebook(self._patience))

    def statistics(self, since: str = "", until: str = "") -> StatisticsOut:
        """Figures of a period, by days (`until` not included)."""
        return self._run(plans.statistics(since, until, self._patience))

    def health(self) -> Health:
        """What the service judges with."""
        return self._run(plans.health(self._patience))
