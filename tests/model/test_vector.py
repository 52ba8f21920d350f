"""Runs of characters as numbers: the same features as their names, and found at the same places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.linear import Places
from gongkai.model.vector import Vector, Vocabulary, coded

TEXT = st.text(st.sampled_from("公开a0\0\U00020000\U0010ffff"), max_size=9)


def vector(text: str, named: dict[str, float]) -> Vector:
    codes = np.unique(coded(text))
    return Vector(named, {"C": (codes, np.arange(len(codes)) + 1.0)})


@given(TEXT)
def test_every_run_gets_its_name(text):
    runs = {f"C:{text[at : at + size]}" for size in (2, 3) for at in range(len(text) - size + 1)}
    assert set(vector(text, {})) == runs
    assert len(vector(text, {})) == len(runs)


@given(TEXT, TEXT)
def test_a_vocabulary_finds_what_the_names_find(text, other):
    names = ["F:甲", *vector(other, {}), "C:四个字符", "W:公开"]
    whole = vector(text, {"W:公开": 0.5, "W:没见过": 9.0})
    places, values = Vocabulary(names).of(whole)
    by_name = Places(names).of(whole, len(whole)).tolist()
    expected = {place: value for place, value in zip(by_name, whole.values(), strict=True) if place >= 0}
    assert dict(zip(places.tolist(), values.tolist(), strict=True)) == expected


def test_a_block_of_which_no_name_is_known():
    assert Vocabulary(["W:公开"]).of(vector("公开公开", {}))[0].tolist() == []


def test_values_by_name():
    found = vector("公开", {"W:公开": 0.5})
    assert (found["W:公开"], found["C:公开"]) == (0.5, 1.0)
    with pytest.raises(KeyError):
        found["C:没有"]
