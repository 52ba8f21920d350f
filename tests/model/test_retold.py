"""Known values sought again: the same places as one alternation of all values finds, in time that follows the text."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model import retold
from gongkai.model.document import Span
from gongkai.model.retold import apart, places_of

_FEW_LETTERS = st.text("甲乙丙", min_size=1, max_size=4)


def alternation(values, text):
    """Leftmost places, at one place the longest, none into the one before: as the regular expression finds them."""
    pattern = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return [Span(*match.span()) for match in re.finditer(pattern, text)] if values else []


@given(st.lists(_FEW_LETTERS, max_size=9), st.text("甲乙丙丁", max_size=60), st.sampled_from([0, 200]))
def test_the_same_places_as_an_alternation(values, text, few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retold, "FEW", few)
        assert list(apart(places_of(values, text))) == alternation(set(values), text)


@given(st.lists(_FEW_LETTERS, max_size=9), st.text("甲乙丙丁", max_size=60), st.sampled_from([0, 200]))
def test_every_place_of_every_value(values, text, few):
    every = [(at, -len(v)) for v in set(values) for at in range(len(text)) if text.startswith(v, at)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retold, "FEW", few)
        assert [(span.start, -len(span)) for span in places_of(values, text)] == sorted(every)


def test_thousands_of_values_take_no_longer_than_the_text():
    names = ["".join(map(chr, (0x4E00 + n % 89, 0x5E00 + n % 97, 0x6E00 + n % 101))) for n in range(6000)]
    text = "，".join(names)
    start = perf_counter()
    assert len(places_of(names, text)) == len(names)
    assert perf_counter() - start < 0.5
