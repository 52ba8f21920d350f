"""Which documents come first, how likeness counts, and when enough was found."""

from __future__ import annotations

import numpy as np
import pytest
from examples import labelled
from papers import PAPERS

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from gongkai.model.document import Document
from gongkai.training.active import (
    BATCH,
    Effort,
    current,
    needed,
    pick,
    pool,
    recall_reached,
    review,
    simulate,
    values,
    worklist,
)
from gongkai.training.authored import CorpusError
from gongkai.training.config import Adapt, Config
from gongkai.training.described import Described, describe_all


@pytest.mark.parametrize(
    ("row", "worth"),
    [
        ([0.9, 0.05, 0.05], 0.2),
        ([0.4, 0.2, 0.4], 1.4),
        ([0.1, 0.1, 0.8], 1.1),
        ([0.5, 0.5, 0.0], 1.0),
        ([0, 0, 1], 1.0),
    ],
)
def test_what_a_decision_is_worth(row, worth):
    """One less the lead of the best label over the second, plus the chance of 不予公开."""
    assert values(np.array([row]))[0] == pytest.approx(worth)


def seen(*vectors: dict[str, float]) -> Described:
    return Described(list(vectors), {head: np.zeros((len(vectors), 3)) for head in ("attribute", "category", "clause")})


ALIKE = pool(seen({"a": 1.0, "b": 1.0}, {"a": 2.0, "b": 2.0}, {"c": 1.0}, {"c": 1.0, "a": 1.0}, {"only here": 1.0}))


def test_likeness_is_of_unit_length():
    found = (ALIKE.likeness @ ALIKE.likeness.T).toarray()
    assert np.diag(found) == pytest.approx([1, 1, 1, 1, 0])
    assert (found[0, 1], found[0, 2]) == (pytest.approx(1.0), 0)
    assert (found[0, 3], found[2, 3]) == (pytest.approx(0.5), pytest.approx(0.5**0.5))


@pytest.mark.parametrize(
    ("rows", "left", "count", "order"),
    [
        # worth 1.4, 1.3, 1.0: the second is the first's twin, halved to 0.65
        ([[0.4, 0.2, 0.4], [0.4, 0.25, 0.35], [0.1, 0.05, 0.85]], [0, 1, 2], 3, [0, 2, 1]),
        ([[0.4, 0.2, 0.4], [0.4, 0.25, 0.35], [0.1, 0.05, 0.85]], [1, 2], 1, [1]),
        ([[0.4, 0.2, 0.4], [0.4, 0.25, 0.35], [0.1, 0.05, 0.85]], [0, 1, 2], 99, [0, 2, 1]),
        ([[0.4, 0.2, 0.4]], [0], 0, []),
        ([[0.4, 0.2, 0.4]], [], 5, []),
    ],
)
def test_the_order(rows, left, count, order):
    assert pick(np.array(rows), left, ALIKE, count) == order


@pytest.mark.parametrize(
    ("decided", "labels", "expected"),
    [
        ([], [], 0.0),
        ([0], ["proactive"], 0.0),
        ([0], ["withheld"], 1 / (1 + 0.25 + 0.75)),
        ([0, 2], ["withheld", "withheld"], 2 / (2 + 0.25)),
        ([0, 1, 2], ["withheld", "proactive", "proactive"], 1.0),
        ([0, 1, 2], ["proactive"] * 3, 1.0),
    ],
)
def test_the_share_that_was_found(decided, labels, expected):
    rows = np.array([[0.5, 0.0, 0.5], [0.75, 0.0, 0.25], [0.25, 0.0, 0.75]])
    assert recall_reached(rows, decided, labels) == pytest.approx(expected)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0.0), (0.5, 0.25), (0.6, 0.5), (1.0, 1.0)])
def test_how_much_had_to_be_reviewed(share, expected):
    effort = Effort([0, 10, 20, 30], [0.0, 0.5, 0.9, 0.95], [], [])
    assert needed(effort, share, 40) == expected


def test_decisions_move_the_others(screener):
    rows = pool(seen(*[{"W:值班": 1.0}, {"W:通知": 1.0}] * 4))
    model = screener.model
    even = current(rows, [], [], model, Adapt())
    assert np.array_equal(current(rows, [0, 2], ["withheld"] * 2, model, Adapt()), even)
    after = current(rows, [0, 1, 2, 3], ["withheld", "proactive"] * 2, model, Adapt())
    assert after[4, 2] > even[4, 2] and after[5, 0] > even[5, 0]


NAMES = [name for name in PAPERS if name != "classified"]
BACKLOG = [Document(name, PAPERS[name]) for name in NAMES]


def test_a_worklist(linear_folder):
    found = worklist(BACKLOG, [], linear_folder, 0.95)
    assert sorted(row["id"] for row in found["order"]) == sorted(NAMES)
    assert (found["reviewed"], found["recall_reached"], found["stop"]) == (0, 0.0, False)
    places = {row["id"]: place for place, row in enumerate(found["order"])}
    assert places["few words"] < places["notice"]
    assert all(0.33 <= row["confidence"] <= 1 for row in found["order"])


def test_what_was_decided_is_left_out(linear_folder):
    told = {"request": "withheld", "roster": "withheld", "notice": "proactive"}
    decisions = [labelled(name, PAPERS[name], attribute) for name, attribute in told.items()]
    found = worklist(BACKLOG, [*decisions, labelled("elsewhere", PAPERS["list"], "proactive")], linear_folder, 0.01)
    assert {row["id"] for row in found["order"]} == set(NAMES) - set(told)
    assert found["reviewed"] == 3
    assert 0 < found["recall_reached"] < 1
    assert found["stop"] is True


def test_an_empty_backlog(linear_folder):
    with pytest.raises(CorpusError, match="待审文件里没有可读的文件"):
        worklist([], [], linear_folder, 0.95)


@pytest.fixture(scope="module")
def backlog():
    told = {"request": "withheld", "roster": "withheld", "inside-draft": "withheld", "petition": "on_request"}
    return [labelled(name, PAPERS[name], told.get(name, "proactive")) for name in NAMES]


@pytest.mark.parametrize("seed", [None, 1])
def test_a_review_to_the_end(screener, backlog, seed):
    among = pool(describe_all(screener, [e.document for e in backlog]))
    effort = review(among, backlog, screener.model, Adapt(), seed)
    assert effort.reviewed == list(range(0, len(backlog), BATCH))
    assert effort.found == sorted(effort.found)
    assert effort.found[0] == effort.estimated[0] == 0
    assert all(0 <= value <= 1 for value in (*effort.estimated, *effort.right_elsewhere))


def test_a_simulation_compares_with_chance(linear_folder, backlog):
    found = simulate(backlog, linear_folder, Config(), trials=2)
    assert found["documents"] == len(backlog)
    asked = found["reviewed_for_95_percent_of_withheld"]
    assert 0 < asked["active"] <= asked["random"] <= 1
    assert found["active"]["found"][1] >= found["random"]["found"][1]
    assert simulate(backlog, linear_folder, Config(), trials=2) == found
