"""Answers on their way into the store: kept together in batches, so that a kill loses seconds of work."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from gongkai.model.finding import Handling
from gongkai.service.screening.engine.tasks import Screened
from gongkai.service.screening.records import Bundle, Failure, Part, Record
from gongkai.service.screening.rows import as_json, told_of
from gongkai.service.screening.store import Store

SECONDS, RECORDS, ROWS = 2.0, 50, 5_000


class Keeper:
    """Writes for one run; nothing is in the store before `flush`."""

    def __init__(self, store: Store, run: int, engine: str, means: str) -> None:
        self._store, self._run, self._engine, self._means = store, run, engine, means
        self._rows: list[Callable[[], None]] = []
        self._records: dict[str, Record] = {}
        self._since = time.monotonic()

    def known(self, digest: object) -> bool:
        """Whether a record needs no judging: its bytes were judged by this engine, in this run or before."""
        record = self._records.get(str(digest))
        if record:
            return all(part.attribute for part in record.parts)
        return self._store.reusable(str(digest), self._engine)

    def unchanged(self, bundle: Bundle) -> bool:
        """Whether a bundle has nothing new; it is noted as still there."""
        if not self._store.unchanged(bundle, self._engine, self._means):
            return False
        self._add(lambda: self._store.seen(bundle, self._run))
        return True

    def failed(self, part: Part, failure: Failure) -> None:
        """Keep a file that gave no record."""
        name = part.locator.shown
        self._add(lambda: self._store.put_file(part, self._run, name, failure=failure, means=self._means))

    def screened(self, bundle: Bundle, answer: Screened) -> None:
        """Keep a bundle's record and its files."""
        if answer.record:
            self._records[answer.digest] = answer.record
        self._add(lambda: self._put(bundle, answer))

    def _put(self, bundle: Bundle, answer: Screened) -> None:
        if answer.record:
            self._store.put_record(answer.record)
        name = bundle.main.locator.shown
        stopped = any(part.fields for part in bundle.parts) and self._stopped(answer)
        fields = answer.fields if answer.fields and not stopped else ({},) * len(bundle.parts)
        for part, (digest, failure), kept in zip(bundle.parts, answer.parts, fields, strict=True):
            told = "" if stopped else told_of(part)
            part, record = dataclasses.replace(part, fields=kept), "" if failure else answer.digest
            self._store.put_file(part, self._run, name, digest, record, failure, self._means, told)

    def _stopped(self, answer: Screened) -> bool:
        record = answer.record or self._store.record(answer.digest)
        return record is not None and record.handling == Handling.stop_classified

    def _add(self, row: Callable[[], None]) -> None:
        self._rows.append(row)
        if len(self._records) >= RECORDS or len(self._rows) >= ROWS:
            self.flush()

    def tick(self) -> None:
        """Flush when the last time is long enough ago."""
        if time.monotonic() - self._since >= SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write all that waits, whole or not at all. Raises OutputError."""
        if self._rows:
            with self._store.batch():
                for row in self._rows:
                    row()
        self._rows, self._records, self._since = [], {}, time.monotonic()


def means_of(*what: object) -> str:
    """What a failure depended on, as a short text to compare."""
    return as_json(tuple(str(one) for one in what))
