"""Fitting: what ships is what was fitted, and the same corpus gives the same folder."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace

import pytest
from examples import AUTHORED

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

import numpy as np
from papers import LIST, NOTICE, REQUEST

from gongkai.model.document import Document
from gongkai.model.screener import Screener
from gongkai.training.authored import CorpusError, read_folder
from gongkai.training.config import Config, Linear
from gongkai.training.fit import ATTRIBUTES, corpus_digest, fit_heads, law_scores, out_of_fold
from gongkai.training.run import fit, folds_of, load, recalibrate
from gongkai.training.vectors import as_json, folds, matrix, quantized, vocabulary

FILES = ("linear.npz", "model.json", "names.json", "stays.npz", "vocabulary.txt", "words.txt")


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


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Thirty short documents of three groups, with every attribute in any two of them."""
    folder = tmp_path_factory.mktemp("corpus")
    for group in ("civil", "land", "order"):
        for path in sorted(AUTHORED.glob(f"{group}-*.txt"), key=lambda path: (path.stat().st_size, path.name))[:10]:
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """Nothing of it is held out but one document, by its genre."""
    path = tmp_path_factory.mktemp("held") / "held.toml"
    path.write_text('genres = ["通告"]', "utf-8")
    return path


@pytest.fixture(scope="module")
def material(corpus, held, linear_folder):
    return load(corpus, held, [Document("p", NOTICE * 3)], linear_folder)


@pytest.fixture(scope="module")
def fitted(material, tmp_path_factory):
    """The same fit twice: model folders, what was said, work folders."""
    out, work = ([tmp_path_factory.mktemp(name) for _ in range(2)] for name in ("model", "work"))
    cards = [fit(material, folder, Config(), place) for folder, place in zip(out, work, strict=True)]
    return out, cards, work


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


def test_the_card_says_what_it_was_made_of(fitted, corpus, material):
    card = json.loads((fitted[0][0] / "model.json").read_text("utf-8"))
    examples = [e for e in read_folder(corpus) if e.genre != "通告"]
    count = len(examples)
    assert (len(material.held), count + len(material.held)) == (30 - count, 30)
    assert card["corpus"] == corpus_digest(examples)
    assert card["documents"] == {"training": count, "published": 1, "held_out": 30 - count}
    assert re.fullmatch(rf"linear-{count}-[0-9a-f]{{8}}", card["version"])
    assert set(card["calibrations"]) == {"linear"}
    assert set(card["calibrations"]["linear"]) == {"mix", "temperature", "thresholds", "confirmed", "stages"}
    assert set(card["seen"]["genres"]) >= {"请示", "通知"}
    assert 0 < card["seen"]["known_words"] < 1


def test_every_score_is_from_heads_that_never_saw_the_group(material):
    """A group whose labels are turned around is scored by the others, as before."""
    data, config = material.data, Linear()
    splits = folds_of(data, 3, Config())
    scores, known = out_of_fold(data, splits, config)
    assert scores["attribute"].shape == (len(data.examples), 3)
    assert ((known >= 0) & (known <= 1)).all()
    train, test = splits[0]
    alone = fit_heads(data, train, config).logits([data.vectors[i] for i in test])
    assert np.array_equal(scores["clause"][test], alone["clause"])
    assert np.array_equal(scores["attribute"][test], alone["attribute"])


def test_the_law_is_the_same_in_training_and_serving(screener, material):
    for reading in material.data.readings[:5]:
        case, _ = screener.case(screener.reading(reading.document))
        total = dict(zip(ATTRIBUTES, law_scores(reading), strict=True))
        assert {g.rule.attribute for g in case.grounds if g.rule.weight > 0} >= {n for n, v in total.items() if v}


def test_calibrating_again_changes_nothing(fitted, material, tmp_path):
    folder = shutil.copytree(fitted[0][0], tmp_path / "model")
    found = recalibrate(material, folder, fitted[2][0])
    assert set(found) == {"linear"}
    cards = [json.loads((f / "model.json").read_text("utf-8")) for f in (folder, fitted[0][0])]
    assert cards[0] == cards[1]


def test_calibrating_needs_the_scores_of_this_corpus(fitted, material, tmp_path):
    with pytest.raises(CorpusError, match="请先运行 fit"):
        recalibrate(material, fitted[0][0], tmp_path)
    np.savez(tmp_path / "linear.npz", attribute=np.zeros((7, 3)))
    with pytest.raises(CorpusError, match="另一份语料"):
        recalibrate(material, fitted[0][0], tmp_path)


def test_too_small_a_corpus(corpus, held, linear_folder, tmp_path):
    for path in sorted(corpus.iterdir())[:19]:
        shutil.copy(path, tmp_path)
    with pytest.raises(CorpusError, match="至少要 20 篇"):
        load(tmp_path, None, [], linear_folder)


def test_a_changed_label_changes_the_digest(corpus):
    examples = list(read_folder(corpus))
    assert corpus_digest(examples) != corpus_digest(examples[1:])
    other = [
        *examples[1:],
        replace(examples[0], attribute="proactive" if examples[0].attribute != "proactive" else "withheld"),
    ]
    assert corpus_digest([other[-1], *other[:-1]]) != corpus_digest(examples)
