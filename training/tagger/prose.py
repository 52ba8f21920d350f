"""Published text for the teacher: documents, statutes (every so manieth), and titles, many of them in one text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gongkai.model.document import Document
from gongkai.training.sources import rows

LONGEST, TITLES = 60_000, 50


def read_texts(statutes: Sequence[Path], others: Sequence[Path], share: int) -> list[Document]:
    """Every `share`-th statute and all other rows; rows without a text give their titles. Raises CorpusError."""
    found = [document for path in others for document in _documents(path)]
    laws = [document for path in statutes for document in _documents(path)]
    return [*found, *laws[::share]]


def _documents(path: Path) -> Iterator[Document]:
    titles = []
    for place, row in enumerate(rows(path)):
        text = str(row.get("text") or "").strip()
        if text:
            yield Document(f"{path.stem}-{place}", text[:LONGEST])
        elif row.get("title"):
            titles.append(str(row["title"]))
    for place in range(0, len(titles), TITLES):
        yield Document(f"{path.stem}-titles-{place}", "\n".join(titles[place : place + TITLES]))
