"""Twins, series and what stands out in them."""

from __future__ import annotations

import numpy as np
import pytest
from outlined import fingerprint, like, outline

from gongkai.model.likeness import SLOTS
from gongkai.service.screening.order import grouping
from gongkai.service.screening.order.grouping import SAME, odd_members, odd_twins, stars
from gongkai.service.screening.order.outlines import Backlog

NONE = bytes(2 * SLOTS)
ONE, TWO, FAR = fingerprint(1), fingerprint(2), fingerprint(3)


def prints(*made: bytes) -> np.ndarray:
    return np.frombuffer(b"".join(made), dtype="<u2").reshape(-1, SLOTS)


def backlog(*rows) -> Backlog:
    """Rows of outline, signature and mould."""
    outlines, signatures, moulds = zip(*rows, strict=True)
    return Backlog(outlines, prints(*signatures), prints(*moulds))


def told(*rows) -> list[tuple[str, str, bool]]:
    return [(found.group, found.series, found.exception) for found in grouping.grouped(backlog(*rows))]


@pytest.mark.parametrize(
    ("made", "leaders"),
    [
        ((ONE, ONE, TWO), [0, 0, 2]),
        ((ONE, like(ONE, 0.9), FAR), [0, 0, 2]),
        ((ONE, like(ONE, 0.6), FAR), [0, 1, 2]),
        ((NONE, NONE, ONE), [0, 1, 2]),
        ((ONE, like(ONE, 0.9), like(like(ONE, 0.9), 0.8)), [0, 0, 2]),
        ((), []),
    ],
)
def test_stars(made, leaders):
    assert stars(prints(*made), SAME, 8) == leaders


def test_a_crowded_place_still_finds_one_number():
    """Forty unlike papers share a stretch; the twin of the last is found by its number."""
    crowd = [bytearray(fingerprint(seed)) for seed in range(100, 140)]
    for made in crowd:
        made[:16] = ONE[:16]
    every = prints(*map(bytes, crowd), bytes(crowd[-1][:16]) + like(bytes(crowd[-1]), 0.89)[16:])
    shared = every.copy()
    shared[-1, 8:] = np.where(np.arange(8, SLOTS) % 8 == 0, every[-1, 8:] + 9, every[-2, 8:])
    numbers = [str(i) for i in range(40)] + ["39"]
    assert stars(shared, SAME, 8)[-1] == 40
    assert stars(shared, SAME, 8, numbers)[-1] == 39


def test_no_paper_is_compared_with_all(monkeypatch):
    """Six hundred papers of one boilerplate: each meets at most a crowd for each of its 16 stretches."""
    base, compared, likest = fingerprint(1), [], grouping._likest

    def counting(prints, i, near, *rest):
        compared.append(len(near))
        return likest(prints, i, near, *rest)

    monkeypatch.setattr(grouping, "_likest", counting)
    made = []
    for seed in range(600):
        row = np.frombuffer(fingerprint(seed), dtype="<u2").copy()
        row[:64] = np.frombuffer(base, dtype="<u2")[:64]
        made.append(row.tobytes())
    assert stars(prints(*made), SAME, 8) == list(range(600))
    assert len(compared) == 600 and max(compared) == 16


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({}, {}, True),
        ({"number": "青政〔2020〕1号"}, {"number": "青政[2020]01号"}, True),
        ({"number": "青政〔2020〕1号"}, {"number": ""}, True),
        ({"number": "青政〔2020〕1号"}, {"number": "青政〔2020〕2号"}, False),
        ({"title": "关于第1期培训的通知"}, {"title": "关于第2期培训的通知"}, False),
    ],
)
def test_two_numbers_are_two_papers(one, other, together):
    found = told(
        (outline("a", **{"title": "通知", **one}), ONE, NONE),
        (outline("b", **{"title": "通知", **other}), like(ONE, 0.95), NONE),
    )
    assert found == [("a", "", False), ("a", "", False)] if together else found == [("", "", False)] * 2


def test_series_hold_groups_and_name_what_stands_out():
    assert told(
        (outline("a"), ONE, ONE),
        (outline("b"), like(ONE, 0.9), ONE),
        (outline("c"), TWO, like(ONE, 0.8)),
        (outline("d", "withheld"), FAR, like(ONE, 0.9)),
        (outline("e"), fingerprint(4), ONE),
        (outline("f"), fingerprint(5), fingerprint(6)),
    ) == [
        ("a", "a", False),
        ("a", "a", False),
        ("", "a", False),
        ("", "a", True),
        ("", "a", False),
        ("", "", False),
    ]


def test_a_group_alone_is_no_series():
    assert told((outline("a"), ONE, ONE), (outline("b"), ONE, ONE)) == [("a", "", False)] * 2


def test_a_group_is_named_after_its_first_usual_member():
    assert told(
        (outline("a", "withheld"), ONE, NONE),
        (outline("b"), ONE, NONE),
        (outline("c"), ONE, NONE),
    ) == [("b", "", True), ("b", "", False), ("b", "", False)]


def judged(*rows: str):
    """Outlines from rows like `proactive NL-15`."""
    return [outline(str(i), row.split()[0], clauses=frozenset(row.split()[1:])) for i, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "twins", "members"),
    [
        (["proactive", "proactive"], [0, 0], [0, 0]),
        (["proactive", "withheld", "withheld"], [1, 0, 0], [1, 0, 0]),
        (["withheld NL-15", "withheld"], [0, 1], [0, 0]),
        (["withheld NL-15"] * 5 + ["withheld", "withheld NL-15 NL-22"], [0] * 5 + [1, 1], [0] * 6 + [1]),
        (["proactive NL-09", "proactive NL-10"], [0, 1], [0, 0]),
        (["withheld", "withheld NL-15"] * 2, [0, 1, 0, 1], [0, 0, 0, 0]),
        ([f"proactive NL-0{i}" for i in range(6)], [0, 1, 1, 1, 1, 1], [0] * 6),
    ],
)
def test_odd(rows, twins, members):
    assert odd_twins(judged(*rows)) == list(map(bool, twins))
    assert odd_members(judged(*rows)) == list(map(bool, members))
