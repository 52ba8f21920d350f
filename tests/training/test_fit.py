"""Fitting: what ships is what was fitted, and the same corpus gives the same folder."""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

import numpy as np
from papers import LIST, NOTICE, REQUEST

from gongkai.model.document import Document
from gongkai.model.screener import Screener
from gongkai.training.authored import read_folder
from gongkai.training.config import Config
from gongkai.training.evaluate import attribute_figures, calibration_error
from gongkai.training.fit import ATTRIBUTES, corpus_digest, fit_temperature, fit_thresholds
from gongkai.training.run import fit
from gongkai.training.vectors import as_json, folds, matrix, quantized, vocabulary

AUTHORED = Path(__file__).parents[2] / "corpora" / "authored" / "documents"
FILES = ("linear.npz", "model.json", "names.json", "stays.json", "vocabulary.txt", "words.txt")


@pytest.mark.parametrize("shape", [(1, 1), (50, 3), (200, 7)])
def test_quantisation_is_off_by_half_a_step_at_most(shape):
    weights = np.random.default_rng(7).normal(scale=3, size=shape)
    small, scale = quantized(weights)
    assert (small.dtype, scale.dtype, scale.shape) == (np.int8, np.float32, shape[1:])
    assert (np.abs(small * scale.astype(np.float64) - weights) <= scale * 0.5001).all()


def test_a_label_without_weights_stays_without():
    small, scale = quantized(np.zeros((4, 2)))
    assert (small == 0).all() and np.isfinite(scale).all()


@pytest.mark.parametrize(
    ("least", "most", "names"),
    [(1, 9, ["a", "b", "c", "d"]), (2, 9, ["a", "b", "c"]), (2, 2, ["a", "b"]), (3, 9, ["b"]), (9, 9, [])],
)
def test_vocabulary(least, most, names):
    vectors = [{"b": 1.0, "a": 5.0}, {"b": 2.0, "c": 1.0}, {"b": 1.0, "a": 1.0, "c": 1.0, "d": 9.0}]
    assert vocabulary(vectors, least, most) == {name: place for place, name in enumerate(names)}


def test_matrix_leaves_unknown_features_out():
    found = matrix([{"a": 1.0, "x": 9.0}, {}, {"b": 2.0}], {"a": 0, "b": 1})
    assert found.toarray().tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, 2.0]]


def test_folds_never_share_a_group():
    groups = ["land", "civil", "land", "edu", "civil", "land"]
    found = folds(groups)
    assert sorted(i for _, test in found for i in test) == list(range(len(groups)))
    for train, test in found:
        assert {groups[i] for i in train}.isdisjoint(groups[i] for i in test)
        assert sorted(train + test) == list(range(len(groups)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1 / 3, 0.3333), (np.float64(2), 2.0), ({"a": {"b": 0.00004}}, {"a": {"b": 0.0}}), ("x", "x")],
)
def test_as_json(value, expected):
    assert as_json(value) == expected


@pytest.mark.parametrize(("scale", "expected"), [(1.0, 1.0), (3.0, 3.0), (0.5, 0.5)])
def test_the_temperature_undoes_a_scale(scale, expected):
    """Labels drawn from the softmax of some scores: scores times `scale` need that temperature."""
    rng = np.random.default_rng(11)
    logits = rng.normal(scale=2, size=(4000, 3))
    powers = np.exp(logits)
    drawn = [ATTRIBUTES[rng.choice(3, p=row)] for row in powers / powers.sum(axis=1, keepdims=True)]
    assert fit_temperature(logits * scale, drawn) == pytest.approx(expected, rel=0.1)


def test_thresholds_cover_what_they_promise():
    rng = np.random.default_rng(5)
    rows = rng.dirichlet([1, 1, 1], size=500)
    labels = [ATTRIBUTES[rng.choice(3, p=row)] for row in rows]
    for coverage, threshold in fit_thresholds(rows, labels).items():
        held = np.mean([row[ATTRIBUTES.index(label)] >= threshold for row, label in zip(rows, labels, strict=True)])
        assert held >= float(coverage) - 1e-9


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Thirty short documents of three groups, with every attribute in any two of them."""
    folder = tmp_path_factory.mktemp("corpus")
    for group in ("civil", "land", "order"):
        for path in sorted(AUTHORED.glob(f"{group}-*.txt"), key=lambda path: (path.stat().st_size, path.name))[:10]:
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def fitted(corpus, tmp_path_factory):
    with resources.as_file(resources.files("gongkai.model.weights")) as words:
        out = [tmp_path_factory.mktemp("model") for _ in range(2)]
        cards = [fit(corpus, [], words, folder, Config()) for folder in out]
    return out, cards


def test_a_fitted_folder_is_one_that_serving_reads(fitted):
    folder = fitted[0][0]
    screener = Screener.load(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert screener.engine.model == fitted[1][0]["version"]
    for text in (NOTICE, REQUEST, LIST):
        screening = screener(Document("a", text))
        assert screening.reasons and screening.opinion.label in screening.opinion.options


def test_the_same_corpus_gives_the_same_folder(fitted):
    first, second = (
        {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES} for folder in fitted[0]
    )
    assert first == second
    assert fitted[1][0] == fitted[1][1]


def test_the_card_says_what_it_was_made_of(fitted, corpus):
    card = json.loads((fitted[0][0] / "model.json").read_text("utf-8"))
    examples = list(read_folder(corpus))
    assert (len(examples), card["corpus"], card["public_documents"]) == (30, corpus_digest(examples), 0)
    assert re.fullmatch("linear-30-[0-9a-f]{8}", card["version"])
    assert card["cross_validated"]["documents"] == 30
    assert 0 <= card["cross_validated"]["accuracy_strict"] <= card["cross_validated"]["accuracy_acceptable"] <= 1


def test_a_changed_label_changes_the_digest(corpus):
    examples = list(read_folder(corpus))
    assert corpus_digest(examples) != corpus_digest(examples[1:])


def sure(label: str, probability: float = 1.0) -> list[float]:
    return [probability if name == label else (1 - probability) / 2 for name in ATTRIBUTES]


def test_figures(corpus):
    examples = list(read_folder(corpus))
    right = np.array([sure(example.attribute) for example in examples])
    found = attribute_figures(examples, right, 0.5)
    assert (found["accuracy_strict"], found["withheld_recall"], found["withheld_called_proactive"]) == (1, 1, 0)
    assert (found["over_withholding"], found["set_coverage"], found["set_size"]) == (0, 1, 1)
    assert found["calibration_error"] == 0
    open_to_all = attribute_figures(examples, np.array([sure("proactive")] * 30), 0.5)
    assert (open_to_all["withheld_recall"], open_to_all["over_withholding"]) == (0, 0)
    assert open_to_all["withheld_called_proactive"] > 0


def test_figures_without_a_case_are_none(corpus):
    examples = [example for example in read_folder(corpus) if example.attribute == "on_request"]
    found = attribute_figures(examples, np.array([sure("on_request")] * len(examples)), 0.5)
    assert (found["withheld_recall"], found["withheld_called_proactive"]) == (None, None)


def test_calibration_error(corpus):
    examples = list(read_folder(corpus))
    half = np.array([sure(e.attribute if i % 2 else "none", 0.8) for i, e in enumerate(examples)])
    half[::2] = [sure(next(a for a in ATTRIBUTES if a != e.attribute), 0.8) for e in examples[::2]]
    assert math.isclose(calibration_error(examples, half), 0.3, abs_tol=1e-9)
