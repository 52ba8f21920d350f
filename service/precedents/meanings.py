"""The meanings of all decided documents in memory, searched exactly: 10⁶ of them are 512 MB."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.service.store.tables import Kept, Vector

Rows = NDArray[np.float32]
_SPARE = 1024
#: A row's time is the server's that wrote it: servers' clocks differ, and may be set back.
_OVERLAP = timedelta(hours=1)


class Near(NamedTuple):
    """A document and how near it is: the cosine, 1 for the same meaning."""

    document: str
    cosine: float


class Meanings:
    """One matrix for each model; what was decided since is added before every search, and nothing is ever removed:
    who searches looks at the document's decision as it stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._known: set[tuple[str, str]] = set()
        self._shelves: dict[str, Shelf] = {}

    def nearest(self, session: Session, values: bytes, model: str, count: int) -> Sequence[Near]:
        """The nearest of one model, nearest first."""
        wanted = _row(values)
        with self._lock:
            self._refresh(session)
            shelf = self._shelves.get(model)
            return shelf.nearest(wanted, count) if shelf and len(wanted) == shelf.width else ()

    def _refresh(self, session: Session) -> None:
        query = select(Vector.document, Vector.model, Vector.values, Kept.changed).join(Kept).where(Kept.decided != "")
        if self._since is not None:
            query = query.where(Kept.changed >= self._since - _OVERLAP)
        for document, model, values, changed in session.execute(query.execution_options(yield_per=5000)):
            self._since = max(self._since or changed, changed)
            self._add(document, model, values)

    def _add(self, document: str, model: str, values: bytes) -> None:
        if (document, model) in self._known:
            return
        self._known.add((document, model))
        row = _row(values)
        shelf = self._shelves.setdefault(model, Shelf(len(row)))
        if len(row) == shelf.width:
            shelf.add(document, row)


class Shelf:
    """Rows of one width, kept in an array that doubles."""

    def __init__(self, width: int) -> None:
        self.width, self._names = width, list[str]()
        self._rows: Rows = np.empty((_SPARE, width), np.float32)

    def add(self, document: str, row: Rows) -> None:
        """Put a document's row at the end."""
        if len(self._names) == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[len(self._names)] = row
        self._names.append(document)

    def nearest(self, wanted: Rows, count: int) -> list[Near]:
        """The nearest rows, nearest first; there is at least one row."""
        cosines = self._rows[: len(self._names)] @ wanted
        count = min(count, len(cosines))
        best = np.argpartition(-cosines, count - 1)[:count]
        return [Near(self._names[at], float(cosines[at])) for at in best[np.argsort(-cosines[best])].tolist()]


def _row(values: bytes) -> Rows:
    return np.frombuffer(values, np.float16).astype(np.float32)
