"""Texts built from a pattern: they match it, and they show each of its alternatives."""

from __future__ import annotations

import re

import pytest

from gongkai.model.duties.specimens import specimens
from gongkai.model.rulebook import Rulebook


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("考察材料", {"考察材料"}),
        ("试[题卷]", {"试题", "试卷"}),
        ("考(察|核)(材料|名单)", {"考察材料", "考核名单", "考察名单", "考核材料"}),
        (r"安保.{0,6}方案", {"安保方案"}),
        (r"第 *\d+ *份", {"第1份"}),
        ("^密级$", {"密级"}),
        ("(?:甲|乙){2}", {"甲甲", "乙乙"}),
        ("甲(?=乙)", set()),
        ("[^甲]乙", {"某乙"}),
    ],
)
def test_specimens(pattern: str, expected: set[str]) -> None:
    assert set(specimens(re.compile(pattern))) == expected


def test_they_are_few_and_match() -> None:
    patterns = [s.pattern for row in Rulebook.load().clauses for s in row.signals if s.where != "personal"]
    made = [(pattern, specimens(pattern)) for pattern in patterns]
    assert all(len(texts) <= 24 and all(pattern.search(text) for text in texts) for pattern, texts in made)
    assert sum(not texts for _, texts in made) <= len(made) // 50
