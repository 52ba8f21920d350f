"""The documents that are measured: the authored ones, those of a JSONL file, and pieces of an exact length."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from gongkai.model.document import Document
from gongkai.training.authored import Example, read_folder

ROOT = Path(__file__).resolve().parents[2]
AUTHORED = ROOT / "corpora" / "authored" / "documents"
LENGTH = 2000
T = TypeVar("T")


@dataclass(frozen=True)
class Mark:
    """A marked piece of personal data."""

    start: int
    end: int
    type: str
    keep: bool


@dataclass(frozen=True)
class Paper:
    """One labelled document, wherever it comes from."""

    id: str
    title: str
    text: str
    attribute: str
    acceptable: frozenset[str]
    marks: tuple[Mark, ...]

    def fresh(self) -> Document:
        """A new document, of which nothing is cached."""
        return Document(self.id, self.text, self.title)


@cache
def examples(a_group: int | None = None) -> tuple[Example, ...]:
    """The authored documents, or a few from all over every group."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in read_folder(AUTHORED):
        groups[example.group].append(example)
    return tuple(example for group in groups.values() for example in spread(group, a_group or len(group)))


def authored(a_group: int | None = None) -> list[Paper]:
    """The authored documents as papers."""
    return [
        Paper(
            e.document.id, e.document.title, e.document.text, e.attribute, e.acceptable,
            tuple(Mark(m.span.start, m.span.end, m.type, m.keep) for m in e.marked),
        )
        for e in examples(a_group)
    ]  # fmt: skip


def gold(path: Path) -> list[Paper]:
    """Papers of a JSONL file: id, title, text, attribute, acceptable, pii [{start, end, type, action}]."""
    rows = (json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip())
    return [
        Paper(
            r["id"], r.get("title") or "", r["text"], r["attribute"],
            frozenset(r.get("acceptable") or [r["attribute"]]),
            tuple(Mark(p["start"], p["end"], p["type"], p["action"] == "keep") for p in r.get("pii") or []),
        )
        for r in rows
    ]  # fmt: skip


def trained_on(papers: Sequence[Paper]) -> int:
    """How many of these texts are among the authored ones."""
    known = {example.document.digest for example in examples()}
    return sum(paper.fresh().digest in known for paper in papers)


def spread(papers: Sequence[T], count: int) -> list[T]:
    """At most `count` items from all over the list."""
    step = max(1, -(-len(papers) // count))
    return list(papers[::step][:count])


def joined(count: int, length: int = LENGTH, *, private: bool = True) -> list[Document]:
    """Documents of exactly `length` characters, each made of authored ones in a row.

    Without `private`: of those that hold nothing of private people, as most of what an agency publishes.
    """
    papers = [paper for paper in authored() if private or all(mark.keep for mark in paper.marks)]
    starts = range(0, len(papers), max(1, len(papers) // count))[:count]
    return [Document(f"joined-{at}", _cut(papers, at, length)) for at in starts]


def _cut(papers: Sequence[Paper], at: int, length: int) -> str:
    text = ""
    while len(text) < length:
        text += papers[at % len(papers)].text + "\n"
        at += 1
    return text[:length]


def size(texts: Sequence[str]) -> int:
    """Bytes in UTF-8."""
    return sum(len(text.encode()) for text in texts)
