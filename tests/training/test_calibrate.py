"""Calibration: what is fitted on made-up scores is what they were made with, and promises are kept."""

from __future__ import annotations

import numpy as np
import pytest
from examples import labelled
from papers import NOTICE, PAPERS

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from gongkai.model.calibration import softmax
from gongkai.training.calibrate import (
    COVERAGES,
    RISKS,
    Scores,
    calibrate,
    fit_confirmed,
    fit_mix,
    fit_stages,
    fit_thresholds,
    ranking_stage,
    with_clauses,
)
from gongkai.training.fit import ATTRIBUTES, prepare
from gongkai.training.run import gold_hits


def drawn(scores: np.ndarray, seed: int) -> list[str]:
    """Labels drawn from the softmax of some scores."""
    random = np.random.default_rng(seed)
    return [ATTRIBUTES[random.choice(3, p=row)] for row in softmax(scores)]


def made_up(count: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return tuple(random.normal(scale=scale, size=(count, 3)) for scale in (1.5, 0.5, 1.5))


@pytest.mark.parametrize(("scale", "expected"), [(1.0, 1.0), (3.0, 3.0), (0.5, 0.5)])
def test_the_temperature_undoes_a_scale(scale, expected):
    linear, law, _ = made_up(4000, 11)
    labels = drawn(linear + law, 3)
    mix, temperature = fit_mix(Scores({"attribute": linear * scale}, law * scale, {}), labels)
    assert (mix, temperature) == (0.0, pytest.approx(expected, rel=0.1))


@pytest.mark.parametrize(("mix", "temperature"), [(2.0, 1.0), (0.5, 1.0), (1.0, 2.0), (0.0, 1.0)])
def test_the_mix_is_found(mix, temperature):
    linear, law, encoded = made_up(4000, 11)
    labels = drawn((linear + law + mix * encoded) / temperature, 3)
    found = fit_mix(Scores({"attribute": linear}, law, {"attribute": encoded}), labels)
    assert found == (pytest.approx(mix, abs=0.15), pytest.approx(temperature, rel=0.12))


def test_scores_of_the_attribute_add_up():
    linear, law, encoded = (np.full((1, 3), value) for value in (1.0, 10.0, 100.0))
    assert Scores({"attribute": linear}, law, {"attribute": encoded}).attribute(0.5)[0].tolist() == [61.0] * 3
    assert Scores({"attribute": linear}, law, {}).attribute(0.5)[0].tolist() == [11.0] * 3


def test_thresholds_cover_what_they_promise():
    random = np.random.default_rng(5)
    rows = random.dirichlet([1, 1, 1], size=500)
    labels = [ATTRIBUTES[random.choice(3, p=row)] for row in rows]
    found = fit_thresholds(rows, labels)
    assert list(found) == [str(coverage) for coverage in COVERAGES]
    assert list(found.values()) == sorted(found.values(), reverse=True)
    gold = np.array([row[ATTRIBUTES.index(label)] for row, label in zip(rows, labels, strict=True)])
    for coverage, threshold in found.items():
        assert float(coverage) <= np.mean(gold >= threshold) <= float(coverage) + 0.03


def test_a_threshold_by_hand():
    """Of 50 documents at 0.8 coverage six may be missed; with seven, one chance in ten to promise too much."""
    rows = np.array([[p, 1 - p, 0.0] for p in np.arange(1, 51) / 100])
    found = fit_thresholds(rows, ["proactive"] * 50)
    assert found["0.8"] == pytest.approx(0.06)
    assert found["0.98"] == 0.0  # too few documents to rule anything out


def confirming(count: int, wrong: set[int], called: str = "proactive", acceptable=("withheld",)):
    """Documents of falling confidence; those in `wrong` (counted from 1) may not be what they are called."""
    confidence = np.linspace(0.99, 0.6, count)
    rows = np.zeros((count, 3))
    rows[:, ATTRIBUTES.index(called)] = confidence
    rows[:, (ATTRIBUTES.index(called) + 1) % 3] = 1 - confidence
    right, false = labelled("a", NOTICE, called), labelled("a", NOTICE, *acceptable)
    return rows, [false if place in wrong else right for place in range(1, count + 1)], confidence


@pytest.mark.parametrize(
    ("count", "wrong", "places"),
    [
        (300, {250}, [None, 249, 300, 300, 300]),
        (300, set(), [None, 300, 300, 300, 300]),
        (300, {1}, [None, None, 300, 300, 300]),
        (60, set(), [None, None, None, 60, 60]),
        (10, set(), [None] * 5),
        (300, set(range(101, 301)), [None, None, 100, 101, 104]),
    ],
)
def test_confirmed_by_hand(count, wrong, places):
    """With one error more than was seen: the last place at which (errors so far + 1) / place is within the risk."""
    rows, examples, confidence = confirming(count, wrong)
    found = fit_confirmed(rows, examples)
    assert list(found) == [str(risk) for risk in RISKS]
    for value, place in zip(found.values(), places, strict=True):
        assert value == (1.0 if place is None else pytest.approx(confidence[place - 1]))


def test_only_a_wrong_proactive_counts():
    rows, examples, confidence = confirming(300, {1, 2, 3}, "withheld", ("proactive",))
    assert fit_confirmed(rows, examples)["0.005"] == pytest.approx(confidence[-1])
    rows, examples, confidence = confirming(300, {1, 2, 3}, "proactive", ("withheld", "proactive"))
    assert fit_confirmed(rows, examples)["0.005"] == pytest.approx(confidence[-1])


@pytest.fixture(scope="module")
def data(screener):
    told = {"notice": ("proactive", "G1202", []), "request": ("withheld", "G99", ["NL-18"])}
    told |= {"list": ("proactive", "G1101", ["NL-09"]), "petition": ("on_request", "G99", ["NL-09"])}
    told |= {"roster": ("withheld", "G99", ["NL-13"]), "normative": ("proactive", "G0102", [])}
    examples = [labelled(n, PAPERS[n], a, categories=[c], negative=x) for n, (a, c, x) in told.items()]
    return prepare(examples, [], screener.rules, screener.segmenter)


def scores_of(data, encoded: bool) -> Scores:
    """A linear model that knows nothing; an encoder that knows every label."""
    shapes = {"attribute": ATTRIBUTES, "category": [c.code for c in data.rules.categories]}
    shapes["clause"] = [c.id for c in data.rules.clauses]
    linear = {head: np.zeros((len(data.examples), len(names))) for head, names in shapes.items()}
    right = {head: np.full_like(rows, -3.0) for head, rows in linear.items()}
    for row, example in enumerate(data.examples):
        for head, codes in (
            ("attribute", [example.attribute]),
            ("category", example.categories),
            ("clause", example.negative),
        ):
            right[head][row, [shapes[head].index(code) for code in codes]] = 3.0
    return Scores(linear, np.zeros_like(linear["attribute"]), right if encoded else {})


def test_the_second_stages_learn_whom_to_trust(data):
    rows = np.full((len(data.examples), 3), 1 / 3)
    stages = fit_stages(data, scores_of(data, True), rows, gold_hits(data))
    assert stages["category"]["encoded"] > 0.5
    assert stages["clause"]["encoded"] > 0.5
    assert stages["category"]["logit"] == stages["clause"]["logit"] == 0
    blind = fit_stages(data, scores_of(data, False), rows, gold_hits(data))
    assert blind["clause"]["encoded"] == 0
    assert blind["clause"]["table"] > 0


@pytest.mark.parametrize(("wanted", "first"), [(("G11", "G99"), "G11"), (("G99", "G11"), "G99"), (("G11",), "G11")])
def test_a_category_that_says_more_comes_before_the_rest(wanted, first):
    codes = ["G11", "G18", "G99"]
    examples = [labelled(f"a-{i}", NOTICE, "proactive", categories=wanted) for i in range(8)]
    row = [{"own": float(code in wanted), "rest": float(code == "G99"), "bias": 1.0} for code in codes]
    rows = row * len(examples)
    stage = ranking_stage(rows, examples, codes)
    assert set(stage) == {"own", "rest", "bias"}
    scores = [sum(stage[key] * value for key, value in one.items()) for one in row]
    assert codes[int(np.argmax(scores))] == first


def test_clauses_speak_for_withholding_alone(data):
    rows = np.full((len(data.examples), 3), 1 / 3)
    names = [clause.id for clause in data.rules.clauses]
    stage = fit_stages(data, scores_of(data, True), rows, gold_hits(data))["clause"]
    added = with_clauses(scores_of(data, True), rows, gold_hits(data), stage, names)
    assert np.all(added[:, :2] == 0)
    assert np.all((added[:, 2] >= 0) & (added[:, 2] <= 0.5))


def test_a_calibration_is_whole(data):
    found, rows = calibrate(data, scores_of(data, True), gold_hits(data))
    assert set(found) == {"mix", "temperature", "thresholds", "confirmed", "stages"}
    assert [ATTRIBUTES[best] for best in rows.argmax(axis=1)] == [example.attribute for example in data.examples]
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(rows)))
