"""Spans and documents can't be built wrong, and a document never changes."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Document, Span
from gongkai.model.errors import EmptyDocument

SPANS = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: Span(pair[0], sum(pair)))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 3)])
def test_a_span_is_never_empty_or_reversed(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(SPANS, SPANS)
def test_spans_compare_as_sets_of_characters(one: Span, other: Span) -> None:
    first, second = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.overlaps(other) == bool(first & second) == other.overlaps(one)
    assert one.covers(other) == (second <= first)
    assert len(one) == len(first)


def test_a_span_gives_its_characters() -> None:
    assert Span(2, 4).of("河湾区民政局") == "区民"


@pytest.mark.parametrize("text", ["", " ", "\n\t　\u00a0"])
def test_a_document_has_text(text: str) -> None:
    with pytest.raises(EmptyDocument, match="扫描件请先做文字识别"):
        Document("t", text)


def test_a_document_never_changes() -> None:
    document = Document("t", "通知")
    with pytest.raises(dataclasses.FrozenInstanceError):
        document.text = "公告"  # type: ignore[misc]


def test_the_digest_depends_on_the_text_alone() -> None:
    assert Document("a", "通知", "甲").digest == Document("b", "通知").digest != Document("a", "通知 ").digest
    assert Document("t", "a\ud800").digest.startswith("sha256:")
    assert Document("t", "abc").digest == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
