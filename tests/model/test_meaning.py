"""One vector for a document, from what the encoder made of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gongkai.model.document import Document
from gongkai.model.encoder import Encoder
from gongkai.model.meaning import meaning


def read(*passages):
    return SimpleNamespace(shares=np.array(passages, dtype=np.float32))


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        ([[[3.0, 0.0], [0.0, 4.0]]], [0.6, 0.8]),
        ([[[1.0, 0.0]], [[0.0, 1.0]]], [0.5**0.5, 0.5**0.5]),
        ([[[2.0, 0.0], [0.0, 0.0]]], [1.0, 0.0]),
        ([[[0.0, 0.0]]], [0.0, 0.0]),
    ],
)
def test_the_mean_of_passages_of_unit_length(passages, expected):
    vector = meaning(read(*passages))
    assert len(vector) == 2 * len(expected)
    assert np.frombuffer(vector, "<f2") == pytest.approx(expected, abs=1e-3)


def test_the_encoder_reads_once(screener, monkeypatch):
    calls, call = [], Encoder.__call__
    monkeypatch.setattr(Encoder, "__call__", lambda self, *given: calls.append(1) or call(self, *given))
    reading = screener.reading(Document("a", "关于停水的通告\n\n广大市民：\n停水一天。\n\n青禾县水务局\n"))
    screener.judged(reading)
    first = screener.read(reading)
    assert first is screener.read(reading)
    assert calls == [1]
    assert screener.read(screener.reading(reading.document)) is not first
