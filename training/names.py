"""Fit the two logistic models behind personal names: is a mention a name, and does the name stay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from gongkai.model.document import Document
from gongkai.model.linear import Logistic
from gongkai.model.mentions.cues import stay_features, surroundings
from gongkai.model.mentions.namecues import name_features
from gongkai.model.mentions.names import Mention, mentions
from gongkai.model.mentions.tagger import Tags
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.words import Segmenter
from gongkai.training.authored import Example
from gongkai.training.config import Names
from gongkai.training.vectors import quantized

PEOPLE = ("NAME", "REPORTER")
Rows = list[list[str]]
Tagger = Callable[[Reading], Tags]
NameRows = tuple[Rows, list[int], Rows, list[int]]


def fit_logistic(rows: Sequence[Sequence[str]], labels: Sequence[int], strength: float, least: int) -> Logistic:
    """A logistic regression over named features seen in at least `least` rows (scikit-learn, L2)."""
    counts = Counter(feature for row in rows for feature in set(row))
    known = {feature: place for place, feature in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    entries = [(r, known[f]) for r, row in enumerate(rows) for f in row if f in known]
    values = np.ones(len(entries), dtype=np.float64)
    matrix = csr_matrix((values, tuple(zip(*entries, strict=True))), shape=(len(rows), len(known)))
    model = LogisticRegression(C=strength, max_iter=2000, solver="liblinear")
    model.fit(matrix, np.asarray(labels))
    weights = {f: round(float(model.coef_[0][place]), 4) for f, place in known.items()}
    return Logistic({f: w for f, w in weights.items() if w}, round(float(model.intercept_[0]), 4))


def write_logistic(model: Logistic, path: Path) -> None:
    """Store a model as JSON, sorted, so that a change shows in a diff."""
    path.write_text(
        json.dumps({"bias": model.bias, "weights": dict(sorted(model.weights.items()))}, ensure_ascii=False, indent=0)
        + "\n",
        "utf-8",
    )


def shortened(model: Logistic, most: int) -> Logistic:
    """The `most` weights that count most, rounded to 8 bits; ties go by name."""
    top = sorted(model.weights.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:most]
    weights = dict(sorted(top))
    codes, scale = _coded(weights)
    return Logistic(dict(zip(weights, (codes * scale).tolist(), strict=True)), model.bias)


def _coded(weights: Mapping[str, float]) -> tuple[NDArray[np.int8], float]:
    codes, scales = quantized(np.fromiter(weights.values(), np.float64).reshape(-1, 1))
    return codes[:, 0], float(scales[0])


def write_packed(model: Logistic, path: Path) -> None:
    """Store a shortened model as `read_packed` wants it; a name holds no NUL."""
    codes, scale = _coded(model.weights)
    names = np.frombuffer("\0".join(model.weights).encode(), np.uint8)
    np.savez_compressed(path, names=names, codes=codes, scale=np.float64(scale), bias=np.float64(model.bias))


def name_rows(example: Example, rules: Rulebook, segmenter: Segmenter, tagger: Tagger) -> NameRows:
    """Features and labels of every mention in one document, which `tagger` never saw: is it a name, does it stay."""
    rows: Rows = []
    labels: list[int] = []
    stay_rows: Rows = []
    stay_labels: list[int] = []
    reading = Reading(example.document, rules, segmenter)
    tags = tagger(reading)
    found = mentions(reading, tags.people())
    gold = {m.span: m.keep for m in example.marked if m.type in PEOPLE}
    found += [
        Mention(s, "".join(s.of(reading.text).split()), frozenset())
        for s in gold
        if s not in {m.span for m in found} and len(s) < 16
    ]
    around = surroundings(reading, found, example.attribute)
    for mention, features in zip(found, name_features(reading, found, around, tags), strict=True):
        if mention.sources:
            rows.append(features)
            labels.append(int(mention.span in gold))
        if mention.span in gold:
            stay_rows.append(stay_features(reading, mention, around))
            stay_labels.append(int(gold[mention.span]))
    return rows, labels, stay_rows, stay_labels


def background_rows(document: Document, rules: Rulebook, segmenter: Segmenter, tagger: Tagger) -> NameRows:
    """Mentions of a published document that neither tagger nor column takes for names: words that look like one."""
    reading = Reading(document, rules, segmenter)
    tags = tagger(reading)
    found = mentions(reading, tags.people())
    around = surroundings(reading, found, "proactive")
    plain = [
        m for m in found if not m.sources & {"tagger", "column", "field", "dotted"} and m.bare not in around.tagged
    ]
    rows = name_features(reading, plain, around, tags)
    return rows, [0] * len(rows), [], []


def fit_names(data: Iterable[NameRows], config: Names) -> tuple[Logistic, Logistic]:
    """Both models from the rows of marked documents."""
    rows, labels, stay_rows, stay_labels = [list(chain.from_iterable(part)) for part in zip(*data, strict=True)]
    name = fit_logistic(rows, labels, config.name_strength, config.name_least)
    stays = fit_logistic(stay_rows, stay_labels, config.stay_strength, config.name_least)
    return name, shortened(stays, config.stay_most)
