"""Which step of a decision's procedure a paper belongs to: draft, participation, experts, risk, legality, decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.model.document import Document, Span
from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.tablefile import read_rows

_BEGINNING = 600


@dataclass(frozen=True, slots=True)
class ProcessRole:
    """决策程序的一步: found by the `title`, less surely by `body`; `attribute` is what such a paper usually is."""

    code: str
    name: str
    step: str
    title: re.Pattern[str]
    attribute: str
    note: str
    body: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if self.attribute not in [*Attribute]:
            raise ValueError(f"的 attribute 应当是 {'、'.join(Attribute)} 之一，请改正。")


@dataclass(frozen=True, slots=True)
class Tag:
    """A role that a paper plays; `span` is what says so in the text, None where the given title does."""

    role: ProcessRole
    sure: bool
    span: Span | None = None


@cache
def process_roles() -> tuple[ProcessRole, ...]:
    """The rows of processroles.toml. Raises RulebookError."""
    return read_rows(resources.files("gongkai.model.tables"), "processroles.toml", "role", ProcessRole)


def tags(document: Document, title: str = "") -> tuple[Tag, ...]:
    """The roles of a paper, those that its title names first; `title` is the one that somebody else knows."""
    return tuple(sorted(_tags(document, fold(title or document.title)), key=lambda tag: not tag.sure))


def _tags(document: Document, title: str) -> Iterator[Tag]:
    first = document.folded.lstrip().partition("\n")[0]
    start = document.folded.find(first) if first else 0
    for role in process_roles():
        if found := role.title.search(first):
            yield Tag(role, True, Span(start + found.start(), start + found.end()))
        elif role.title.search(title):
            yield Tag(role, True)
        elif role.body and (found := role.body.search(document.folded[:_BEGINNING])):
            yield Tag(role, False, Span(*found.span()))
