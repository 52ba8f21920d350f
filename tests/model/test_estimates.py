"""Intervals against published ones and against the definition; sizes against published tables; what sums hold."""

from __future__ import annotations

import random
from math import comb

import pytest

from gongkai.model.estimates import Estimate, cochran, counted, kappa, needed, total, wilson

ENDLESS = 10**9


def shown(estimate: Estimate) -> tuple[float, float]:
    return round(estimate.low, 4), round(estimate.high, 4)


#: Newcombe, Statistics in Medicine 17 (1998), table I: methods 3 (Wilson) and 5 (Clopper and Pearson), 95 %.
@pytest.mark.parametrize(
    ("hits", "drawn", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_published_intervals(hits, drawn, score, exact):
    assert shown(wilson(hits, drawn)) == score
    assert shown(counted(hits, drawn, ENDLESS).over(ENDLESS)) == exact


def by_definition(hits: int, drawn: int, of: int, tail: float) -> tuple[int, int]:
    """The numbers that neither tail of the hypergeometric distribution rules out, by counting ways."""

    def chance(number: int, places: range) -> float:
        return sum(comb(number, k) * comb(of - number, drawn - k) for k in places) / comb(of, drawn)

    kept = [
        number
        for number in range(hits, of - drawn + hits + 1)
        if chance(number, range(hits + 1)) > tail and chance(number, range(hits, drawn + 1)) > tail
    ]
    return kept[0], kept[-1]


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("drawn", "of"), [(1, 1), (1, 9), (5, 12), (12, 12), (20, 60), (45, 50), (30, 300)])
def test_counted_is_the_definition(drawn, of, confidence):
    for hits in range(drawn + 1):
        found = counted(hits, drawn, of, confidence)
        assert (found.low, found.high) == by_definition(hits, drawn, of, (1 - confidence) / 2)


@pytest.mark.parametrize(
    ("hits", "drawn", "of", "expected"),
    [
        (0, 0, 40, (20, 0, 40)),
        (3, 10, 10, (3, 3, 3)),
        (0, 0, 0, (0, 0, 0)),
        (0, 9, 10, (0, 0, 1)),
    ],
)
def test_nothing_drawn_and_all_drawn(hits, drawn, of, expected):
    found = counted(hits, drawn, of)
    assert (found.value, found.low, found.high) == expected


@pytest.mark.parametrize(("hits", "drawn", "of"), [(2, 1, 5), (-1, 4, 5), (1, 6, 5)])
def test_impossible_counts(hits, drawn, of):
    with pytest.raises(ValueError, match="drawn"):
        counted(hits, drawn, of)


#: Krejcie and Morgan, Educational and Psychological Measurement 30 (1970), table 1: ± 5 %, 95 %, share 0.5.
@pytest.mark.parametrize(
    ("of", "size"), [(10, 10), (50, 44), (100, 80), (500, 217), (1000, 278), (10_000, 370), (100_000, 384)]
)
def test_published_sizes(of, size):
    assert abs(cochran(of, 0.05) - size) <= 1  # the table rounds, a promise is rounded up


@pytest.mark.parametrize("of", [1, 30, 400, 5_000, 100_000])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_the_size_keeps_what_it_promises(of, rate):
    drawn = needed(of, 0.03, 0.95, rate)
    found = counted(round(rate * drawn), drawn, of)
    assert cochran(of, 0.03, 0.95, rate) <= drawn <= of
    assert found.high - found.low <= 2 * 0.03 * of


def test_a_finer_precision_needs_more():
    sizes = [needed(20_000, precision, rate=0.05) for precision in (0.05, 0.02, 0.01)]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], (0, 0, 0)),
        ([Estimate(5, 2, 9)], (5, 2, 9)),
        ([Estimate(10, 7, 14), Estimate(20, 16, 23)], (30, 25, 35)),
        ([Estimate(0, 0, 3), Estimate(0, 0, 4)], (0, 0, 5)),
    ],
)
def test_total(parts, expected):
    found = total(parts)
    assert (found.value, found.low, found.high) == expected


@pytest.mark.parametrize(
    ("known", "left", "expected"),
    [(0, 100, (10, 4, 20)), (6, 100, (4, 0, 14)), (30, 100, (0, 0, 0)), (2, 5, (5, 2, 5))],
)
def test_less(known, left, expected):
    found = Estimate(10, 4, 20).less(known, left)
    assert (found.value, found.low, found.high) == expected


def test_an_estimate_lies_in_its_interval():
    with pytest.raises(ValueError, match="interval"):
        Estimate(3, 4, 5)


def test_the_interval_of_a_sum_holds_the_truth_as_often_as_promised():
    """Three piles of a small archive, drawn 600 times."""
    piles, dice, held = [(900, 9, 120), (500, 60, 100), (80, 30, 40)], random.Random(7), 0
    for _ in range(600):
        parts = []
        for of, wrong, drawn in piles:
            seen = sum(place < wrong for place in dice.sample(range(of), drawn))
            parts.append(counted(seen, drawn, of))
        found = total(parts)
        held += found.low <= sum(wrong for _, wrong, _ in piles) <= found.high
    assert held / 600 >= 0.94


#: Cohen 1960 by way of Fleiss: both of 50 cases, 20 + 15 alike: 0.4.
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("a" * 25 + "b" * 25, "a" * 20 + "b" * 5 + "a" * 10 + "b" * 15, 0.4),
        ("aabb", "aabb", 1.0),
        ("abab", "aabb", 0.0),
        ("aaaa", "aaaa", 1.0),
    ],
)
def test_kappa(first, second, expected):
    assert kappa(first, second) == pytest.approx(expected)


def test_kappa_of_nothing():
    with pytest.raises(ValueError, match="no cases"):
        kappa([], [])
