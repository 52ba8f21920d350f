"""A determined backlog as the table that a city's disclosure system takes in: decided papers only, elements made alike.

The columns stand in municipal.toml, since every city's system has its own.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.model.tablerows import CategoryRow
from gongkai.service.access.actors import Actor
from gongkai.service.review.exporting import Told, entries
from gongkai.service.screening.results.entries import Entry, label
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look
from gongkai.service.store.tables import Backlog

NAME = "municipal.xlsx"
_LINED = Look(lined=True)
_YEAR = re.compile(r"[\[(（【〔［﹝]\s*((?:19|20)\d\d)\s*[\])）】〕］﹞]")
_DAY = re.compile(r"((?:19|20)\d\d)-\d\d-\d\d")
_ELEMENTS = {"title": "标题", "number": "发文字号", "issuer": "发文机关", "issued": "成文日期"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the city's table; `field` is a key of FIELDS."""

    name: str
    field: str
    width: int = 20

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise ValueError(f"的 field 应当是 {'、'.join(FIELDS)} 之一，请改正。")


@dataclass(frozen=True, slots=True)
class Paper:
    """One determined paper as a row."""

    entry: Entry
    rules: Rulebook

    @property
    def category(self) -> CategoryRow | None:
        """The category that was decided; what is only suggested is no determination."""
        decision = self.entry.decision
        return self.rules.category.get(decision.category) if decision else None


@cache
def columns() -> tuple[Column, ...]:
    """The columns in their order."""
    return read_rows(resources.files(__package__), "municipal.toml", "column", Column)


def number(told: str) -> str:
    """A document number in the way of GB/T 9704: six-cornered brackets round the year, no blanks."""
    return _YEAR.sub(r"〔\1〕", "".join(told.split()))


def missing(entry: Entry) -> str:
    """The elements that somebody has to fill in before the paper is entered."""
    record = entry.record
    told = {"title": record.title, "number": record.number, "issuer": record.issuer, "issued": record.issued}
    lacking = [name for key, name in _ELEMENTS.items() if not told[key]]
    if record.issued and not _DAY.fullmatch(record.issued):
        lacking.append("成文日期的月和日")
    if entry.decision and entry.decision.attribute == Attribute.proactive and not entry.decision.category:
        lacking.append("公开目录")
    return "、".join(lacking)


def papers(
    session: Session, backlog: Backlog, rules: Rulebook, reader: Actor | None, since: str = "",
    told: Told = lambda *_: None,
) -> Iterator[Paper]:  # fmt: skip
    """The papers with a decision that stands, from a year on; those without a day stay in, for a person to look."""
    for entry in entries(session, backlog, reader, told):
        if entry.decision and not entry.stopped and (not entry.record.issued or entry.record.issued >= since):
            yield Paper(entry, rules)


def workbook(
    session: Session, backlog: Backlog, rules: Rulebook, reader: Actor | None, since: str = "",
    told: Told = lambda *_: None,
) -> bytes:  # fmt: skip
    """The table as .xlsx. Raises OutputError."""
    with tempfile.TemporaryDirectory(prefix=".gongkai-") as folder:
        path = Path(folder) / NAME
        with Book(path) as book:
            heads = [Head(column.name, column.width, _LINED) for column in columns()]
            sheet = book.sheet("录入", heads, frozen="B2")
            for paper in papers(session, backlog, rules, reader, since, told):
                sheet.add(Cell(FIELDS[column.field](paper), _LINED) for column in columns())
            sheet.close()
            book.save()
        return path.read_bytes()


def _of_reason(paper: Paper, part: str) -> str:
    decision = paper.entry.decision
    row = paper.rules.reason.get(decision.reason) if decision and decision.attribute != Attribute.proactive else None
    return str(getattr(row, part)) if row else ""


def _deadline(paper: Paper) -> str:
    row = paper.category
    clock = paper.rules.clock.get(row.deadline) if row else None
    return clock.name if clock else ""


def _decided(paper: Paper, part: str) -> str:
    return str(getattr(paper.entry.decision, part)) if paper.entry.decision else ""


#: What a column may hold.
FIELDS: Mapping[str, Callable[[Paper], str]] = MappingProxyType(
    {
        "title": lambda paper: " ".join(paper.entry.record.title.split()),
        "number": lambda paper: number(paper.entry.record.number),
        "issuer": lambda paper: paper.entry.record.issuer,
        "issued": lambda paper: paper.entry.record.issued,
        "genre": lambda paper: paper.entry.record.genre,
        "category": lambda paper: f"{paper.category.code} {paper.category.name}" if paper.category else "",
        "attribute": lambda paper: label(_decided(paper, "attribute")),
        "reason": lambda paper: _of_reason(paper, "name"),
        "basis": lambda paper: _of_reason(paper, "basis"),
        "channel": lambda paper: paper.category.channel if paper.category else "",
        "deadline": _deadline,
        "by": lambda paper: _decided(paper, "by"),
        "at": lambda paper: _decided(paper, "at")[:10],
        "missing": lambda paper: missing(paper.entry),
    }
)
