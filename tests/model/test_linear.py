"""Linear models applied to many rows at once."""

from __future__ import annotations

import pytest

from gongkai.model.linear import Logistic, Places


def test_places_of_names():
    places = Places(["甲", "乙", "丙"])
    assert places.of(["丙", "丁", "甲", "乙", "丙"], 5).tolist() == [2, -1, 0, 1, 2]
    assert places.of([], 0).tolist() == []


def test_nothing_has_a_place_in_an_empty_list():
    assert Places([]).of(["甲"], 1).tolist() == [-1]


def test_many_rows_score_as_each_alone():
    model = Logistic({"a": 1.0, "b": -0.5, "c": 0.25}, 0.1)
    rows = [["a", "b"], ["unknown"], ["c", "c", "a"]]
    assert model.logits(rows) == pytest.approx([0.6, 0.1, 1.6])
    assert model.logits(rows) == pytest.approx([model.logit(row) for row in rows])
    assert model.logits([]) == []
