"""Probabilities and prediction sets."""

from __future__ import annotations

import numpy as np
import pytest

from gongkai.model.calibration import Thresholds, prediction_set, probabilities, softmax


@pytest.mark.parametrize(
    ("logits", "temperature", "expected"),
    [
        ([0.0, 0.0, 0.0], 1.0, [1 / 3, 1 / 3, 1 / 3]),
        ([np.log(2.0), 0.0, np.log(5.0)], 1.0, [0.25, 0.125, 0.625]),
        ([2 * np.log(2.0), 0.0, 2 * np.log(5.0)], 2.0, [0.25, 0.125, 0.625]),
        ([1000.0, 0.0, -1000.0], 1.0, [1.0, 0.0, 0.0]),
    ],
)
def test_softmax(logits, temperature, expected):
    assert softmax(np.array(logits), temperature) == pytest.approx(expected)


def test_softmax_works_by_row():
    rows = softmax(np.array([[0.0, 0.0], [np.log(3.0), 0.0]]))
    assert rows == pytest.approx(np.array([[0.5, 0.5], [0.75, 0.25]]))


@pytest.mark.parametrize(
    ("probabilities", "threshold", "expected"),
    [
        ([0.7, 0.2, 0.1], 0.5, [0]),
        ([0.2, 0.7, 0.1], 0.2, [1, 0]),
        ([0.2, 0.7, 0.1], 0.05, [1, 0, 2]),
        ([0.2, 0.3, 0.5], 0.9, [2]),
        ([0.2, 0.3, 0.5], 0.0, [2, 1, 0]),
    ],
)
def test_prediction_set_is_never_empty_and_best_first(probabilities, threshold, expected):
    assert prediction_set(np.array(probabilities), threshold) == expected


@pytest.mark.parametrize(
    ("coverage", "threshold"),
    [(0.8, 0.4), (0.85, 0.2), (0.9, 0.2), (0.93, 0.05), (0.95, 0.05), (0.99, 0.05), (0.5, 0.4)],
)
def test_thresholds_promise_at_least_the_coverage(coverage, threshold):
    assert Thresholds({"0.8": 0.4, "0.9": 0.2, "0.95": 0.05}).for_coverage(coverage) == threshold


def test_the_shipped_thresholds_fall_with_coverage(screener):
    rows = sorted((float(coverage), value) for coverage, value in screener.model.thresholds.at.items())
    assert [value for _, value in rows] == sorted((value for _, value in rows), reverse=True)
    assert 0.2 <= screener.model.temperature <= 5


def test_nothing_is_wholly_certain():
    assert probabilities(np.array([50.0, 0.0, 0.0]), 1.0) == pytest.approx([0.99 + 0.01 / 3, 0.01 / 3, 0.01 / 3])
    assert probabilities(np.zeros((2, 3)), 1.0).sum(axis=1) == pytest.approx([1.0, 1.0])
