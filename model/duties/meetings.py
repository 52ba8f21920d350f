"""A meeting's plan: does it say who may attend, whether and how the meeting is open, and what is published after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from gongkai.model.document import Document, Span
from gongkai.model.tablefile import read_rows

_PLAN = re.compile(
    r"会议?(?:的)?(?:筹备|工作|议程)?(?:方案|安排|预案)|会务(?:工作)?方案|议题(?:安排|建议|方案)|会议议程"
)
_OPENING = 120


class State(StrEnum):
    """How a plan stands to a demand."""

    stated = "stated"
    missing = "missing"
    spared = "spared"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"stated": "已写明", "missing": "没有写明", "spared": "不涉及"}[self.value]


@dataclass(frozen=True, slots=True)
class PlanDemand:
    """会议方案要写明的一项: asked where `topic` stands in the plan (always without one) and `unless` doesn't, fulfilled
    by `met`."""

    code: str
    name: str
    met: re.Pattern[str]
    says: str
    mend: str
    basis: str
    topic: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """One demand on one plan; `span` is where it is fulfilled, or what asks for it where it isn't."""

    row: PlanDemand
    state: State
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """What was found; `plan` is false for a text that doesn't call itself one."""

    plan: bool
    demands: tuple[Met, ...]

    @property
    def missing(self) -> tuple[Met, ...]:
        """What has to be added."""
        return tuple(one for one in self.demands if one.state == State.missing)

    @property
    def passed(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@cache
def demands() -> tuple[PlanDemand, ...]:
    """The rows of meetings.toml. Raises RulebookError."""
    return read_rows(resources.files("gongkai.model.tables"), "meetings.toml", "demand", PlanDemand)


def is_plan(document: Document) -> bool:
    """Whether a text calls itself a meeting's plan near its beginning."""
    return _PLAN.search(document.folded[:_OPENING]) is not None


def check_plan(document: Document) -> PlanCheck:
    """Look at every demand, in the order of the table."""
    return PlanCheck(is_plan(document), tuple(_met(document.folded)))


def _met(text: str) -> Iterator[Met]:
    for row in demands():
        asked = row.topic.search(text) if row.topic else None
        spared = row.unless is not None and row.unless.search(text) is not None
        if (row.topic and asked is None) or spared:
            yield Met(row, State.spared)
        elif found := _near(row, text):
            yield Met(row, State.stated, Span(*found.span()))
        else:
            yield Met(row, State.missing, Span(*asked.span()) if asked else None)


def _near(row: PlanDemand, text: str) -> re.Match[str] | None:
    """Where a demand is fulfilled; a reason has to stand in the sentence of what it explains."""
    if row.code != "reason" or row.topic is None:
        return row.met.search(text)
    for asked in row.topic.finditer(text):
        begin = max(text.rfind(end, 0, asked.start()) for end in "。;\n") + 1
        ends = [place for end in "。;\n" if (place := text.find(end, asked.end())) >= 0]
        found = row.met.search(text, begin, min(ends, default=len(text)))
        if found is None:
            return None
    return found
