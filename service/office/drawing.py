"""Figures as rows with bars and as charts, for pages."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.results.charts import Series, bar, columns
from gongkai.service.wire import Json

#: As many rows of a table of codes.
MOST = 15


@dataclass(frozen=True, slots=True)
class Row:
    """A code with its name, how many, and a bar as wide as its share."""

    code: str
    name: str
    count: int
    share: float
    bar: str


def by_month(months: list[Json]) -> str:
    """Stacked columns, one a month."""
    series = [Series(one.label, one.value, [month[one.value] for month in months]) for one in Attribute]
    labels = [month["month"].removeprefix("20") for month in months]
    return columns(labels, series, "每月提交的公文，按建议的公开属性")


def by_code(counts: dict[str, int], names: dict[str, str], total: int) -> tuple[Row, ...]:
    """The most frequent codes."""
    return tuple(
        Row(code, names.get(code, code), count, count / max(total, 1), _bar(count, total, "one"))
        for code, count in list(counts.items())[:MOST]
    )


def by_attribute(counts: dict[str, int]) -> tuple[Row, ...]:
    """The three attributes in their order."""
    total = sum(counts.values())
    return tuple(
        Row(one.value, one.label, count, count / max(total, 1), _bar(count, total, one.value))
        for one in Attribute
        for count in [counts.get(one.value, 0)]
    )


def _bar(count: int, total: int, kind: str) -> str:
    return bar([(count / max(total, 1), kind)])


def names(rules: Rulebook) -> dict[str, dict[str, str]]:
    """What the codes of each figure are called in the rulebook in use."""
    return {
        "reason": {row.code: row.name for row in rules.reasons},
        "category": {row.code: row.name for row in rules.categories},
        "clause": {row.id: row.title for row in rules.clauses},
    }


def agreement(found: dict[str, dict[str, int]]) -> tuple[int, int]:
    """How many decisions are what was suggested, and how many there are."""
    return sum(row.get(label, 0) for label, row in found.items()), sum(sum(row.values()) for row in found.values())
