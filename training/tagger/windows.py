"""Samples as arrays: one long text, cut into windows of characters, pairs, word edges and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from gongkai.model.mentions.tagger import Alphabet, word_edges
from gongkai.model.words import Segmenter
from gongkai.training.tagger.samples import Sample

IGNORED = -100
EDGE = 6
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Windows:
    """Arrays of shape (windows, size); `pairs` has one column more."""

    ids: Ints
    pairs: Ints
    edges: Ints
    labels: Ints

    def __len__(self) -> int:
        return len(self.ids)


def labels_of(sample: Sample) -> Ints:
    """0 outside, 1 where a person begins, 2 inside, IGNORED where nobody knows."""
    found = np.zeros(len(sample.text), dtype=np.int32)
    for span in sample.unsure:
        found[span.start : span.end] = IGNORED
    for span in sample.people:
        found[span.start], found[span.start + 1 : span.end] = 1, 2
    return found


def edges_of(text: str, segmenter: Segmenter) -> NDArray[np.int64]:
    """What each character of a folded text is in its word."""
    return word_edges(list(accumulate(map(len, segmenter.cut(text)), initial=0)))


def windows(samples: Sequence[Sample], alphabet: Alphabet, segmenter: Segmenter, size: int) -> Windows:
    """All samples in a row, cut into windows; of the edges, which see half their surroundings, nothing is learned."""
    text = "\n".join(sample.text for sample in samples) + "\n"
    ids = alphabet.ids(text)
    edges = edges_of(text, segmenter)
    labels = np.concatenate([np.append(labels_of(sample), 0) for sample in samples])
    count = len(text) // size
    cut = [part[: count * size].reshape(count, size).astype(np.int32) for part in (ids, edges, labels)]
    cut[2][:, :EDGE] = cut[2][:, -EDGE:] = IGNORED
    pairs = np.stack([alphabet.pairs(row.astype(np.int64)) for row in cut[0]])
    return Windows(cut[0], pairs.astype(np.int32), cut[1], cut[2])
