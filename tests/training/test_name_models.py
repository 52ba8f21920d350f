"""The two small models behind personal names."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from papers import PAPERS

from gongkai.model.document import Document, Span
from gongkai.model.linear import Logistic, read_logistic, read_packed
from gongkai.model.mentions.tagger import PersonTagger
from gongkai.training.authored import Example, Marked
from gongkai.training.config import Names
from gongkai.training.names import (
    background_rows,
    fit_logistic,
    fit_names,
    name_rows,
    shortened,
    write_logistic,
    write_packed,
)


@pytest.fixture(scope="module")
def tagger():
    return PersonTagger()


def example(text: str, *marks: tuple[str, bool], kind: str = "NAME") -> Example:
    marked = tuple(Marked(Span(text.index(m), text.index(m) + len(m)), kind, keep) for m, keep in marks)
    nothing = ((), (), frozenset(), False, "")
    return Example(Document("a", text), "on_request", frozenset({"on_request"}), *nothing, marked, "a")


def rows_of(screener, tagger, found: Example):
    return name_rows(found, screener.rules, screener.segmenter, tagger)


def test_a_logistic_model_learns_what_tells_the_classes_apart():
    rows = [["name", "x"]] * 20 + [["word", "x"]] * 20 + [["rare"]]
    model = fit_logistic(rows, [1] * 20 + [0] * 21, 1.0, least=3)
    assert model(["name", "x"]) > 0.8 > 0.2 > model(["word", "x"])
    assert "rare" not in model.weights


def test_a_stored_model_is_the_same_model(tmp_path):
    model = Logistic({"b": -0.5, "a=甲": 2.0}, -1.25)
    write_logistic(model, tmp_path / "names.json")
    assert read_logistic(tmp_path, "names.json") == model
    assert list(json.loads((tmp_path / "names.json").read_text("utf-8"))["weights"]) == ["a=甲", "b"]


def test_a_packed_model_keeps_what_weighs_most_in_eight_bits(tmp_path):
    whole = Logistic({"甲": 1.27, "line:\n": -0.634, "c": 0.02, "d": -0.02, "faint": 0.001}, -1.25)
    short = shortened(whole, 3)
    assert list(short.weights) == sorted(short.weights)
    assert short.weights == pytest.approx({"甲": 1.27, "line:\n": -0.63, "c": 0.02})
    write_packed(short, tmp_path / "stays.npz")
    assert read_packed(tmp_path, "stays.npz").weights == pytest.approx(short.weights)
    assert read_packed(tmp_path, "stays.npz").bias == whole.bias
    assert shortened(Logistic({}, 0.5), 3) == Logistic({}, 0.5)


def test_marked_names_are_the_positive_rows(screener, tagger):
    rows, labels, stay_rows, stay_labels = rows_of(screener, tagger, example(PAPERS["petition"], ("赵一鸣", False)))
    assert len(rows) == len(labels)
    assert sum(labels) == 1
    assert (len(stay_rows), stay_labels) == (1, [0])


@pytest.mark.parametrize(
    ("kind", "keep", "expected"), [("NAME", True, [1]), ("REPORTER", False, [0]), ("BANK", False, [])]
)
def test_which_marks_are_people(screener, tagger, kind, keep, expected):
    found = example(PAPERS["petition"], ("赵一鸣", keep), kind=kind)
    assert rows_of(screener, tagger, found)[3] == expected


def test_published_text_gives_only_words_that_are_no_names(screener, tagger):
    document = Document("a", PAPERS["notice"] + PAPERS["approval"])
    rows, labels, stay_rows, stay_labels = background_rows(document, screener.rules, screener.segmenter, tagger)
    assert len(rows) == len(labels) > 0
    assert set(labels) == {0}
    assert (stay_rows, stay_labels) == ([], [])


def test_both_models_are_fitted(screener, tagger):
    data = [
        rows_of(screener, tagger, example(PAPERS["petition"], ("赵一鸣", False))),
        rows_of(screener, tagger, example(PAPERS["penalty"], ("孙国梁", True))),
    ]
    config = Names(name_least=1)
    is_name, stays = fit_names(data, config)
    assert is_name(data[0][0][data[0][1].index(1)]) > is_name(data[0][0][data[0][1].index(0)])
    assert stays(data[1][2][0]) > 0.5 > stays(data[0][2][0])
