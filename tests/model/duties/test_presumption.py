"""When a withheld decision is asked what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.model.duties.presumption import challenge
from gongkai.model.rulebook import Rulebook

BOOK = Rulebook.load()


@pytest.mark.parametrize(
    ("attribute", "reason", "hit", "said"),
    [
        ("proactive", "", [], None),
        ("on_request", "A-01", [], None),
        ("withheld", "W-161", ["NL-12"], None),
        ("withheld", "W-161", ["NL-09", "NL-12"], None),
        ("withheld", "W-142", ["NL-03", "NL-30"], None),
        ("withheld", "W-161", [], "本件没有查到负面清单的任何一条"),
        ("withheld", "W-161", ["NL-99"], "本件没有查到负面清单的任何一条"),
        ("withheld", "W-161", ["NL-16", "NL-16"], "本件查到的是NL-16 过程稿，和理由不符"),
        ("withheld", "W-142", ["NL-30"], "只查到兜底条款 NL-30，它不能单独作为"),
        ("withheld", "", ["NL-12"], "没有写不予公开的理由"),
        ("withheld", "P-192", ["NL-12"], "没有写不予公开的理由"),
        ("withheld", "W-999", ["NL-12"], "没有写不予公开的理由"),
    ],
)
def test_challenge(attribute: str, reason: str, hit: list[str], said: str | None) -> None:
    found = challenge(attribute, reason, hit, BOOK)
    if said is None:
        assert found is None
    else:
        assert found and said in found.sentence
        assert found.sentence.endswith("负面清单以外的事项原则上应当公开，请补充理由和依据，或者改为公开。")
        assert found.basis == "条例第五条、第十三条"


def test_a_reason_that_no_clause_carries() -> None:
    book = replace(BOOK, clauses=tuple(row for row in BOOK.clauses if row.reason != "W-161"))
    found = challenge("withheld", "W-161", ["NL-16"], book)
    assert found and "没有以“内部事务信息：人事管理”为理由的条款" in found.sentence
