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
from gongkai.model.attribute import listed
from gongkai.model.calibration import probabilities, softmax
from gongkai.model.finding import Attribute
from gongkai.model.linear import sigmoid
from gongkai.model.negative import Hit
from gongkai.training.authored import Example
from gongkai.training.fit import ATTRIBUTES, Prepared

Floats = NDArray[np.float64]
COVERAGES = (0.8, 0.85, 0.9, 0.95, 0.98)
RISKS = (0.002, 0.005, 0.01, 0.02, 0.05)
STAGE_STRENGTH = 1.0
SECOND_BEST = 0.05
PENALTY = 1e-3
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
    labels: dict[str, list[int]] = {"clause": []}
    for i, example in enumerate(data.examples):
        attribute = {Attribute(name): float(p) for name, p in zip(ATTRIBUTES, rows[i], strict=True)}
        cues = catalog.all_cues(data.readings[i])
        for column, row in enumerate(data.rules.categories):
            score, encoded = _pair(scores, "category", i, column)
            inputs["category"].append(catalog.stage_inputs(score, cues[column], row.code, attribute, encoded))
        for column, clause in enumerate(data.rules.clauses):
            score, encoded = _pair(scores, "clause", i, column)
            table = hits[i][clause.id].score
            inputs["clause"].append(clauses.stage_inputs(score, table, clause.id, attribute, encoded))
            labels["clause"].append(int(clause.id in example.negative))
    ranked = ranking_stage(inputs["category"], data.examples, [row.code for row in data.rules.categories])
    return {"category": ranked, "clause": _stage(inputs["clause"], labels["clause"])}


def ranking_stage(
    inputs: Sequence[dict[str, float]], examples: Sequence[Example], codes: Sequence[str]
) -> dict[str, float]:
    """The second stage that puts a right category first: a softmax over each document's categories.

    `inputs` are those of every category of every document. What is wanted is the share of the right ones, 其他 (G99)
    at a twentieth of its share where the gold names something better first: the category that says more is the better
    answer. A scale and a bias then make log-odds of the scores.
    """
    keys = [key for key in inputs[0] if key != "bias"]
    table = np.array([[row[key] for key in keys] for row in inputs])
    spread = table.std(axis=0) + 1e-9
    wanted = np.array([[_worth(code, example) for code in codes] for example in examples])
    told = wanted.any(axis=1)
    rows = (table / spread).reshape(len(examples), len(codes), len(keys))[told]
    best = minimize(_missed, np.zeros(len(keys)), args=(rows, wanted[told]), jac=True, method="L-BFGS-B").x / spread
    scores = (table @ best).reshape(wanted.shape)[told].reshape(-1, 1)
    odds = LogisticRegression(C=STAGE_STRENGTH).fit(scores, (wanted[told] > 0).ravel())
    scale = float(odds.coef_[0, 0])
    return {**{key: scale * float(w) for key, w in zip(keys, best, strict=True)}, "bias": float(odds.intercept_[0])}


def _worth(code: str, example: Example) -> float:
    """What a category is worth in first place."""
    second_best = code == catalog.REST and example.categories[:1] != (catalog.REST,)
    return float(code in example.categories) * (SECOND_BEST if second_best else 1.0)


def _missed(weights: Floats, rows: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Mean log loss of the wanted share of each document's softmax, with a small penalty, and its gradient."""
    shares = softmax(rows @ weights)
    parts = shares * wanted
    whole = parts.sum(axis=1, keepdims=True) + 1e-12
    slope = np.einsum("dc,dcf->f", shares - parts / whole, rows) / len(rows)
    loss = float(-np.log(whole).mean() + PENALTY * weights @ weights)
    return loss, np.asarray(slope + 2 * PENALTY * weights, dtype=np.float64)


def _pair(scores: Scores, head: str, row: int, column: int) -> tuple[float, float]:
    return float(scores.linear[head][row, column]), float(scores.encoded[head][row, column]) if scores.encoded else 0.0


def with_clauses(
    scores: Scores, rows: Floats, hits: Sequence[Mapping[str, Hit]], stage: Mapping[str, float], names: Sequence[str]
) -> Floats:
    """What the clauses add to each document's scores of the attributes, as serving adds it."""
    added = np.zeros(rows.shape)
    for i, row in enumerate(rows):
        attribute = {Attribute(name): float(p) for name, p in zip(ATTRIBUTES, row, strict=True)}
        odds = {}
        for column, name in enumerate(names):
            score, encoded = _pair(scores, "clause", i, column)
            inputs = clauses.stage_inputs(score, hits[i][name].score, name, attribute, encoded)
            odds[name] = sigmoid(sum(stage[key] * value for key, value in inputs.items()))
        added[i, ATTRIBUTES.index("withheld")] = listed(odds)
    return added


def calibrate(data: Prepared, scores: Scores, hits: Sequence[Mapping[str, Hit]]) -> tuple[dict[str, Any], Floats]:
    """One calibration as the model folder holds it, and the out-of-fold probabilities behind it."""
    labels = [example.attribute for example in data.examples]
    mix, temperature = fit_mix(scores, labels)
    alone = probabilities(scores.attribute(mix), temperature)
    stages = fit_stages(data, scores, alone, hits)
    added = with_clauses(scores, alone, hits, stages["clause"], [clause.id for clause in data.rules.clauses])
    rows = probabilities(scores.attribute(mix) + added, temperature)
    found = {
        "mix": mix,
        "temperature": temperature,
        "thresholds": fit_thresholds(rows, labels),
        "confirmed": fit_confirmed(rows, data.examples),
        "stages": stages,
    }
    return found, rows
