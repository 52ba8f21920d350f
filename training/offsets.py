"""Logistic regression that starts from another model's scores: only the difference is fitted, and kept small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


def fit_difference(inputs: csr_matrix, start: Floats, targets: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Weights (features, labels) and biases (labels) to add to scores `start` (documents, labels).

    Softmax cross-entropy against `targets` (documents, labels; rows sum to one) plus `penalty` times half the squared
    weights: with few documents or a high penalty nothing changes.
    """
    count, labels = start.shape
    features = inputs.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights, bias = flat[: features * labels].reshape(features, labels), flat[features * labels :]
        scores = start + inputs @ weights + bias
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = np.exp(logs) - targets
        value = -float((targets * logs).sum()) + penalty / 2 * float((weights**2).sum() + (bias**2).sum())
        return value, np.concatenate(
            [(inputs.T @ slope + penalty * weights).ravel(), slope.sum(axis=0) + penalty * bias]
        )

    found = minimize(loss, np.zeros((features + 1) * labels), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return found[: features * labels].reshape(features, labels), found[features * labels :]


def fit_binary_difference(inputs: csr_matrix, start: Floats, wanted: Floats, penalty: float) -> tuple[Floats, float]:
    """The same for one yes-or-no label: weights (features) and a bias to add to scores `start` (documents)."""
    both = np.stack([np.zeros_like(start), start], axis=1)
    weights, bias = fit_difference(inputs, both, np.stack([1 - wanted, wanted], axis=1), penalty)
    return weights[:, 1] - weights[:, 0], float(bias[1] - bias[0])
