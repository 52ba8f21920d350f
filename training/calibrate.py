"""Out-of-fold scores -> honest probabilities: mix, temperature, thresholds, second stages, quick confirmation.

Two calibrations are made of the same documents: `linear` (law and linear heads: the fast mode) and `combined` (with the
encoder's scores). Everything is fitted on scores of models that never saw a document's group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression

from gongkai.model import catalog, clauses
from gongkai.model.calibration import probabilities
from gongkai.model.finding import Attribute
from gongkai.model.negative import Hit
from gongkai.training.authored import Example
from gongkai.training.fit import ATTRIBUTES, Prepared

Floats = NDArray[np.float64]
COVERAGES = (0.8, 0.85, 0.9, 0.95, 0.98)
RISKS = (0.002, 0.005, 0.01, 0.02, 0.05)
STAGE_STRENGTH = 1.0
SURE = 0.9


@dataclass(frozen=True)
class Scores:
    """Scores by head, of shape (documents, labels); the law speaks for attributes only, an encoder may be missing."""

    linear: Mapping[str, Floats]
    law: Floats
    encoded: Mapping[str, Floats]

    def attribute(self, mix: float) -> Floats:
        """The attribute's scores before the temperature."""
        total = self.linear["attribute"] + self.law
        return total + mix * self.encoded["attribute"] if self.encoded else total


def fit_mix(scores: Scores, labels: Sequence[str]) -> tuple[float, float]:
    """The encoder's weight and the temperature with the least log loss."""
    gold = np.array([ATTRIBUTES.index(label) for label in labels])

    def loss(point: Floats) -> float:
        chosen = probabilities(scores.attribute(float(point[0])), float(np.exp(point[1])))[np.arange(len(gold)), gold]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    bounds = [(0.0, 6.0 if scores.encoded else 0.0), (-1.6, 1.6)]
    starts = [(1.0 if scores.encoded else 0.0, 0.0), (3.0 if scores.encoded else 0.0, 0.5)]
    best = min((minimize(loss, start, bounds=bounds, method="Nelder-Mead") for start in starts), key=lambda r: r.fun)
    return float(best.x[0]), float(np.exp(best.x[1]))


def fit_thresholds(rows: Floats, labels: Sequence[str]) -> dict[str, float]:
    """For each coverage the probability that the gold label reaches in that share of examples (split conformal).

    Fewer misses are allowed than the share alone would: so few that with nine chances in ten the promise holds for the
    documents to come, not only on average over calibration sets (training-conditional validity, Vovk 2012).
    """
    gold = np.sort([row[ATTRIBUTES.index(label)] for row, label in zip(rows, labels, strict=True)])
    found = {}
    for coverage in COVERAGES:
        misses = int(binom.ppf(1 - SURE, len(gold), 1 - coverage)) - 1
        found[str(coverage)] = float(gold[misses]) if misses >= 0 else 0.0
    return found


def fit_confirmed(rows: Floats, examples: Sequence[Example]) -> dict[str, float]:
    """For each risk the least confidence over which at most that share of documents is wrongly called 主动公开.

    With the usual correction of one error more than was seen, so that few documents promise little.
    """
    best, confidence = rows.argmax(axis=1), rows.max(axis=1)
    wrong = np.array(
        [ATTRIBUTES[b] == "proactive" and "proactive" not in e.acceptable for b, e in zip(best, examples, strict=True)]
    )
    order = np.argsort(-confidence)
    share = (np.cumsum(wrong[order]) + 1) / (np.arange(len(order)) + 1)
    found = {}
    for risk in RISKS:
        fits = np.flatnonzero(share <= risk)
        found[str(risk)] = float(confidence[order][fits[-1]]) if len(fits) else 1.0
    return found


def _stage(rows: Sequence[dict[str, float]], labels: Sequence[int]) -> dict[str, float]:
    keys = [key for key in rows[0] if key != "bias"]
    inputs = np.array([[row[key] for key in keys] for row in rows])
    model = LogisticRegression(C=STAGE_STRENGTH, max_iter=2000).fit(inputs, labels)
    return {**{key: float(w) for key, w in zip(keys, model.coef_[0], strict=True)}, "bias": float(model.intercept_[0])}


def fit_stages(
    data: Prepared, scores: Scores, rows: Floats, hits: Sequence[Mapping[str, Hit]]
) -> dict[str, dict[str, float]]:
    """The second stages for categories and clauses."""
    inputs: dict[str, list[dict[str, float]]] = {"category": [], "clause": []}
    labels: dict[str, list[int]] = {"category": [], "clause": []}
    for i, example in enumerate(data.examples):
        attribute = {Attribute(name): float(p) for name, p in zip(ATTRIBUTES, rows[i], strict=True)}
        cues = catalog.all_cues(data.readings[i])
        for column, row in enumerate(data.rules.categories):
            score, encoded = _pair(scores, "category", i, column)
            inputs["category"].append(catalog.stage_inputs(score, cues[column], row.code, attribute, encoded))
            labels["category"].append(int(row.code in example.categories))
        for column, clause in enumerate(data.rules.clauses):
            score, encoded = _pair(scores, "clause", i, column)
            table = hits[i][clause.id].score
            inputs["clause"].append(clauses.stage_inputs(score, table, clause.id, attribute, encoded))
            labels["clause"].append(int(clause.id in example.negative))
    stages = {name: _stage(inputs[name], labels[name]) for name in inputs}
    stages["category"] = specific_first(stages["category"], inputs["category"], data)
    return stages


def specific_first(stage: dict[str, float], inputs: Sequence[dict[str, float]], data: Prepared) -> dict[str, float]:
    """Hold 其他 (G99) back in the ranking: where it is one right answer, the category that says more is the better one.

    Chosen over the out-of-fold documents: the discount with the most right first places, plus as many again for the
    right ones that are not G99 where the first gold code is not.
    """
    codes = [row.code for row in data.rules.categories]
    scores = np.array([sum(stage.get(key, 0.0) * value for key, value in row.items()) for row in inputs])
    table = scores.reshape(len(data.examples), len(codes))
    rest = codes.index(catalog.REST)

    def worth(discount: float) -> float:
        shifted = table - discount * (np.arange(len(codes)) == rest)
        total = 0.0
        for example, row in zip(data.examples, shifted, strict=True):
            first = codes[int(row.argmax())]
            right = first in example.categories
            total += right + (right and first != catalog.REST and example.categories[:1] != (catalog.REST,))
        return total

    discount = max(np.arange(0.0, 6.01, 0.25), key=lambda d: (worth(float(d)), -d))
    return {**stage, **{key: stage[key] - float(discount) for key in ("rest-not-public", "rest-public")}}


def _pair(scores: Scores, head: str, row: int, column: int) -> tuple[float, float]:
    return float(scores.linear[head][row, column]), float(scores.encoded[head][row, column]) if scores.encoded else 0.0


def calibrate(data: Prepared, scores: Scores, hits: Sequence[Mapping[str, Hit]]) -> tuple[dict[str, Any], Floats]:
    """One calibration as the model folder holds it, and the out-of-fold probabilities behind it."""
    labels = [example.attribute for example in data.examples]
    mix, temperature = fit_mix(scores, labels)
    rows = probabilities(scores.attribute(mix), temperature)
    found = {
        "mix": mix,
        "temperature": temperature,
        "thresholds": fit_thresholds(rows, labels),
        "confirmed": fit_confirmed(rows, data.examples),
        "stages": fit_stages(data, scores, rows, hits),
    }
    return found, rows
