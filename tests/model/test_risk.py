"""The probability that a suggestion harms, and what doubts make of it."""

from __future__ import annotations

import math

import pytest

from gongkai.model.finding import Attribute
from gongkai.model.risk import Risk, risk

PUBLIC, ASKED, WITHHELD = Attribute


@pytest.mark.parametrize(
    ("label", "scores", "doubts", "expected"),
    [
        (PUBLIC, (0.9, 0.06, 0.04), 0, (0.1, 0.0)),
        (WITHHELD, (0.1, 0.2, 0.7), 0, (0.0, 0.1)),
        (ASKED, (0.2, 0.7, 0.1), 0, (0.0, 0.2)),
        (PUBLIC, (0.9, 0.06, 0.04), 1, (2 / 11, 0.0)),
        (PUBLIC, (0.9, 0.06, 0.04), 3, (8 / 17, 0.0)),
        (WITHHELD, (0.0, 0.0, 1.0), 2, (0.0, 0.0)),
        (PUBLIC, (0.0, 0.5, 0.5), 2, (1.0, 0.0)),
    ],
)
def test_risk(label, scores, doubts, expected):
    found = risk(label, dict(zip(Attribute, scores, strict=True)), doubts)
    assert (found.wrong_proactive, found.wrongly_withheld) == pytest.approx(expected, abs=1e-6)
    assert found.total == pytest.approx(sum(expected), abs=1e-6)


@pytest.mark.parametrize(("caution", "expected"), [(0.0, 0.3), (math.log(2), 0.5)])
def test_a_wrong_release_weighs_more(caution, expected):
    assert Risk(0.2, 0.1).harm(caution) == pytest.approx(expected)
