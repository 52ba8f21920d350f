"""When a clause of the negative list is in force, and that only those in force are looked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from gongkai.model.clauserow import Clause
from gongkai.model.document import Document
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import Screener

BOOK = Rulebook.load()
DAY = date(2026, 5, 6)
PAPER = Document(
    "a",
    "关于张三华同志任职前考察情况的报告\n县委组织部：\n现将拟任人选民主测评、民主推荐得票和考察材料报告如下。\n"
    "考察组认为，考察对象德才表现较好。\n青禾县人力资源和社会保障局\n2024年4月28日\n",
)


def clause(**dates: str) -> Clause:
    return replace(BOOK.clause["NL-12"], **dates)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        ("", "", True),
        ("2026-05-06", "", True),
        ("2026-05-07", "", False),
        ("", "2026-05-06", True),
        ("", "2026-05-05", False),
        ("2026-01-01", "2026-12-31", True),
    ],
)
def test_holds(since: str, until: str, holds: bool) -> None:
    assert clause(since=since, until=until).holds(DAY) is holds


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"since": "2026年5月6日"}, "since 应当写成 2026-01-31 这样的日期"),
        ({"until": "2026-02-30"}, "until 应当写成 2026-01-31 这样的日期"),
        ({"until": "20260230"}, "until 应当写成 2026-01-31 这样的日期"),
        ({"since": "2026-05-06", "until": "2026-05-05"}, "until 早于 since"),
    ],
)
def test_dates_that_make_no_sense(dates: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        clause(**dates)


def test_the_clause_of_secrecy_marks_is_always_in_force() -> None:
    with pytest.raises(ValueError, match="总是有效"):
        replace(BOOK.clause["NL-01"], until="2020-01-01")


def book(**dates: str) -> Rulebook:
    rows = tuple(replace(row, **dates) if row.id == "NL-12" else row for row in BOOK.clauses)
    return replace(BOOK, clauses=rows)


def test_a_rulebook_on_a_day_lacks_what_is_not_in_force() -> None:
    assert BOOK.on(DAY) is BOOK
    over = book(until="2026-05-05")
    assert "NL-12" not in over.on(DAY).clause
    assert len(over.on(DAY).clauses) == len(BOOK.clauses) - 1
    assert over.on(date(2026, 5, 5)) is over
    assert over.on(DAY) is over.on(date(2027, 1, 1))


def test_a_screener_looks_only_for_what_is_in_force() -> None:
    screener = Screener.load(fast=True)
    before = {hit.kind for hit in screener(PAPER).negative}
    assert "NL-12" in before
    dated = replace(screener, rules=book(since="2026-05-07"))
    assert {hit.kind for hit in dated(PAPER).negative} == before, "without a day all clauses are in force"
    early, late = (replace(dated, today=lambda day=day: day) for day in (DAY, date(2026, 5, 7)))
    assert "NL-12" not in {hit.kind for hit in early(PAPER).negative}
    assert {hit.kind for hit in late(PAPER).negative} == before
