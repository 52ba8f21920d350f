"""Fit the linear heads, on everything or leaving groups out, and write them to a model folder."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.linear_model import LogisticRegression

from gongkai.model.document import Document
from gongkai.model.doubt import known_words
from gongkai.model.features import features
from gongkai.model.finding import Attribute
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.law import grounds, weighed
from gongkai.model.modelfolder import FORMAT
from gongkai.model.negative import table_hits
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.words import Segmenter
from gongkai.training.authored import CorpusError, Example
from gongkai.training.config import Linear
from gongkai.training.progress import Progress
from gongkai.training.vectors import Vector, as_json, matrix, quantized, vocabulary

Floats = NDArray[np.float64]
ATTRIBUTES = [a.value for a in Attribute]


@dataclass(frozen=True)
class Prepared:
    """Examples as vectors, with what the second stages look at."""

    examples: Sequence[Example]
    readings: Sequence[Reading]
    vectors: Sequence[Vector]
    public: Sequence[Vector]
    rules: Rulebook


def vector_of(reading: Reading) -> Vector:
    """The feature vector of one reading, as serving makes it."""
    found = list(numbers(reading.document, reading.cells))
    first = {finding.kind: finding.span for finding in reversed(found)}
    return features(reading, list(grounds(reading)), table_hits(reading, first), Counter(f.kind for f in found))


def prepare(examples: Sequence[Example], public: Sequence[Document], rules: Rulebook, segmenter: Segmenter) -> Prepared:
    """Read and describe every training document; `public` are real published ones, all 主动公开."""
    readings = [Reading(example.document, rules, segmenter) for example in examples]
    extra = [vector_of(Reading(document, rules, segmenter)) for document in public]
    return Prepared(examples, readings, [vector_of(reading) for reading in readings], extra, rules)


def _attribute_head(
    data: Prepared, rows: Sequence[int], names: dict[str, int], config: Linear
) -> tuple[Floats, Floats]:
    labels = [data.examples[i].attribute for i in rows]
    if missing := set(ATTRIBUTES) - set(labels):
        raise CorpusError(f"语料里除去一组以后没有公开属性为 {'、'.join(sorted(missing))} 的文件，请补充后再训练。")
    features_ = matrix([data.vectors[i] for i in rows], names)
    weights = np.ones(len(rows))
    if data.public and config.public_weight:
        features_ = vstack([features_, matrix(data.public, names)])
        labels += ["proactive"] * len(data.public)
        weights = np.concatenate([weights, np.full(len(data.public), config.public_weight)])
    cost = np.array([config.withheld_cost if label == "withheld" else 1.0 for label in labels])
    model = LogisticRegression(C=config.attribute_strength, max_iter=1000).fit(
        features_, labels, sample_weight=weights * cost
    )
    order = [list(model.classes_).index(name) for name in ATTRIBUTES]
    return np.asarray(model.coef_[order].T), np.asarray(model.intercept_[order])


def _many_heads(
    data: Prepared,
    rows: Sequence[int],
    names: dict[str, int],
    wanted: Sequence[Sequence[str]],
    labels: Sequence[str],
    strength: float,
) -> tuple[Floats, Floats]:
    inputs = matrix([data.vectors[i] for i in rows], names)
    weights, biases = np.zeros((len(names), len(labels))), np.full(len(labels), -6.0)
    for column, label in enumerate(labels):
        target = np.array([label in wanted[i] for i in rows], dtype=int)
        if target.sum() >= 2:
            model = LogisticRegression(C=strength, solver="liblinear", class_weight={0: 1.0, 1: 3.0}).fit(
                inputs, target
            )
            weights[:, column], biases[column] = model.coef_[0], model.intercept_[0]
    return weights, biases


@dataclass(frozen=True)
class Heads:
    """Weights (features, labels) and biases (labels) of every head over one vocabulary."""

    names: dict[str, int]
    labels: dict[str, list[str]]
    weights: dict[str, Floats]
    biases: dict[str, Floats]

    def logits(self, vectors: Sequence[Vector]) -> dict[str, Floats]:
        """Scores of shape (documents, labels) for every head."""
        inputs = matrix(vectors, self.names)
        return {head: np.asarray(inputs @ self.weights[head]) + self.biases[head] for head in self.weights}


def fit_heads(data: Prepared, rows: Sequence[int], config: Linear) -> Heads:
    """Fit every head on some of the examples."""
    names = vocabulary([data.vectors[i] for i in rows], config.least, config.most)
    wanted: dict[str, list[Sequence[str]]] = {
        "category": [example.categories for example in data.examples],
        "clause": [sorted(example.negative) for example in data.examples],
        "reason": [example.reasons for example in data.examples],
    }
    labels: dict[str, list[str]] = {
        "attribute": ATTRIBUTES,
        "category": [row.code for row in data.rules.categories],
        "clause": [row.id for row in data.rules.clauses],
        "reason": [row.code for row in data.rules.reasons if row.attribute in ATTRIBUTES],
    }
    weights, biases = {}, {}
    weights["attribute"], biases["attribute"] = _attribute_head(data, rows, names, config)
    for head, targets in wanted.items():
        told = [i for i in rows if head != "clause" or data.examples[i].clauses_known]
        weights[head], biases[head] = _many_heads(data, told, names, targets, labels[head], config.label_strength)
    return Heads(names, labels, weights, biases)


def out_of_fold(
    data: Prepared, folds: Sequence[tuple[list[int], list[int]]], config: Linear
) -> tuple[dict[str, Floats], Floats]:
    """Scores of every example by heads that never saw its group, and the share of its words that those heads knew."""
    scores: dict[str, Floats] = {}
    known = np.ones(len(data.examples))
    for _, (train, test) in Progress(folds, "线性模型"):
        heads = fit_heads(data, train, config)
        for head, values in heads.logits([data.vectors[i] for i in test]).items():
            scores.setdefault(head, np.zeros((len(data.examples), values.shape[1])))[test] = values
        known[test] = [known_words(data.readings[i].counted, heads.names) for i in test]
    return scores, known


def law_scores(reading: Reading) -> list[float]:
    """What the rules of the law add to each attribute's score, as serving adds it."""
    law = weighed(grounds(reading))
    return [law.get(name, 0.0) for name in ATTRIBUTES]


def corpus_digest(examples: Sequence[Example]) -> str:
    """A digest over ids, texts and labels of the training documents."""
    content = hashlib.sha256()
    for example in examples:
        content.update(f"{example.document.id}\0{example.document.digest}\0{example.attribute}".encode())
    return content.hexdigest()[:16]


def heads_digest(heads: Heads) -> str:
    """Eight characters that change with the weights as shipped, so that two fits never share a version."""
    content = hashlib.sha256("\n".join(sorted(heads.names)).encode())
    for head in sorted(heads.weights):
        content.update(quantized(heads.weights[head])[0].tobytes())
    return content.hexdigest()[:8]


def write_folder(folder: Path, heads: Heads, card: dict[str, Any]) -> None:
    """Write vocabulary, arrays and model.json."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {}
    for head, weights in heads.weights.items():
        arrays[head], arrays[head + ".scale"] = quantized(weights)
        arrays[head + ".bias"] = heads.biases[head].astype(np.float32)
    np.savez_compressed(folder / "linear.npz", **arrays)  # type: ignore[arg-type]
    (folder / "vocabulary.txt").write_text("\n".join(sorted(heads.names, key=heads.names.__getitem__)) + "\n", "utf-8")
    content = {"format": FORMAT, "labels": heads.labels, **as_json(card)}
    (folder / "model.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
