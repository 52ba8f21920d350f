"""What a finding and a suggestion can be."""

from __future__ import annotations

import dataclasses

import pytest

from gongkai.model.document import Span
from gongkai.model.finding import Attribute, Finding, Handling, moved, settle


def at(start, end, score=0.5, kind="NAME"):
    return Finding(Span(start, end), kind, score, "test")


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_score_is_a_probability(score):
    with pytest.raises(ValueError, match="NAME"):
        at(0, 1, score)


def test_findings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        at(0, 1).score = 0.9


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        ([at(5, 7), at(0, 2)], [(0, 2), (5, 7)]),
        ([at(0, 4, 0.6), at(2, 6, 0.9)], [(2, 6)]),
        ([at(0, 4), at(0, 6)], [(0, 6)]),
        ([at(0, 2), at(2, 4)], [(0, 2), (2, 4)]),
        ([at(0, 2), at(0, 2, kind="ID_CARD")], [(0, 2)]),
    ],
)
def test_settle(given, kept):
    assert [(f.span.start, f.span.end) for f in settle(given)] == kept


def test_moved_changes_the_place_only():
    finding = at(0, 2, 0.7)
    assert moved(finding, Span(3, 9)) == dataclasses.replace(finding, span=Span(3, 9))


@pytest.mark.parametrize("value", [*Attribute, *Handling])
def test_every_value_has_a_chinese_name(value):
    assert all("\u4e00" <= char <= "\u9fff" or char in "（），" for char in value.label)
    assert value.label
