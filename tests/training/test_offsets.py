"""A difference to another model: nothing without cause, and what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("scipy", reason="training needs scipy (pip install gongkai[training])")

from scipy.sparse import csr_matrix

from gongkai.training.offsets import fit_binary_difference, fit_difference

EVEN = np.full((1, 3), 1 / 3)


def test_no_data_moves_nothing():
    weights, bias = fit_difference(csr_matrix((0, 4)), np.zeros((0, 3)), np.zeros((0, 3)), 1.0)
    assert (weights.tolist(), bias.tolist()) == ([[0.0] * 3] * 4, [0.0] * 3)


def test_what_the_model_knows_moves_nothing():
    start = np.log(np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]))
    weights, bias = fit_difference(csr_matrix(np.eye(2)), start, np.exp(start), 1e-3)
    assert np.abs(weights).max() < 1e-4 and np.abs(bias).max() < 1e-4


@pytest.mark.parametrize(("penalty", "most"), [(1e6, 1e-4), (1e4, 1e-2)])
def test_a_high_penalty_keeps_the_model(penalty, most):
    targets = np.tile([[0.0, 0.0, 1.0]], (40, 1))
    weights, bias = fit_difference(csr_matrix(np.ones((40, 2))), np.zeros((40, 3)), targets, penalty)
    assert 0 < np.abs(weights).max() < most and 0 < np.abs(bias).max() < most


def test_without_features_the_bias_takes_the_shares():
    """Ten documents, labels 5 : 3 : 2, no penalty to speak of: the softmax of the biases has these shares."""
    targets = np.repeat(np.eye(3), [5, 3, 2], axis=0)
    _, bias = fit_difference(csr_matrix((10, 1)), np.zeros((10, 3)), targets, 1e-7)
    assert np.exp(bias) / np.exp(bias).sum() == pytest.approx([0.5, 0.3, 0.2], abs=1e-3)


def test_a_known_solution():
    """Ten documents of one feature, all wanted: weight w and bias b are equal, and 20·sigmoid(-2w) = penalty·w."""
    penalty = 20 / (1 + math.exp(2))
    weights, bias = fit_binary_difference(csr_matrix(np.ones((10, 1))), np.zeros(10), np.ones(10), penalty)
    assert (weights.tolist(), bias) == ([pytest.approx(1.0, abs=1e-4)], pytest.approx(1.0, abs=1e-4))


def test_where_the_model_is_sure_already_less_is_added():
    inputs, wanted = csr_matrix(np.ones((10, 1))), np.ones(10)
    added = [fit_binary_difference(inputs, np.full(10, start), wanted, 1.0)[0][0] for start in (-4.0, 0.0, 4.0)]
    assert added[0] > added[1] > added[2] > 0


def test_a_feature_takes_what_is_its_own():
    inputs = csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0]] * 20))
    weights, bias = fit_binary_difference(inputs, np.zeros(40), np.array([1.0, 0.0] * 20), 0.5)
    assert weights[0] == pytest.approx(-weights[1], abs=1e-3)
    assert weights[0] > 1 and abs(bias) < 1e-3
