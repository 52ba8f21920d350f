"""Near duplicates: MinHash LSH finds the candidates, the exact Jaccard similarity of character shingles decides."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from gongkai.model.folding import fold

Shingles = NDArray[np.uint32]
THRESHOLD = 0.7
_WIDTH = 5
_PERMUTATIONS = 128
#: Candidates are looked for this far below the threshold, so that LSH misses next to none.
_SLACK = 0.25
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*|[〇零一二三四五六七八九十百千万亿两]{2,}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Places of two texts, and their Jaccard similarity (0 to 1)."""

    first: int
    second: int
    similarity: float


def shingles(text: str) -> Shingles:
    """Sorted 32-bit hashes of the distinct runs of five characters, folded, without blanks, every number alike."""
    plain = _BLANKS.sub("", _NUMBERS.sub("0", fold(text))).lower()
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    width = min(_WIDTH, len(points))
    hashed = np.full(max(len(points) - width + 1, 0) if width else 0, width, dtype=np.uint64)
    for place in range(width):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + points[place : len(points) - width + place + 1]
    return np.unique(
        ((hashed ^ (hashed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(32)).astype(np.uint32)
    )


def similarity(one: Shingles, other: Shingles) -> float:
    """Exact Jaccard similarity; nothing resembles an empty set."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both) if both else 0.0


def pairs(texts: Sequence[str], threshold: float = THRESHOLD) -> list[Pair]:
    """Every two texts at or above a similarity, in order. Raises ValueError for a threshold outside (0, 1]."""
    sets = [shingles(text) for text in texts]
    index, prints = _index(sets, threshold)
    found = (
        Pair(place, other, similarity(sets[place], sets[other]))
        for place, sketch in prints.items()
        for other in index.query(sketch)
        if place < other
    )
    return sorted(pair for pair in found if pair.similarity >= threshold)


def clusters(texts: Sequence[str], threshold: float = THRESHOLD) -> list[list[int]]:
    """Places of texts joined by near duplicates, over any number of steps; every text is in exactly one cluster."""
    return joined(len(texts), ((pair.first, pair.second) for pair in pairs(texts, threshold)))


def nearest(texts: Sequence[str], among: Sequence[str], threshold: float = THRESHOLD) -> list[Pair]:
    """For each of `texts` that has one, its most similar text of `among` at or above a similarity."""
    sets, others = [shingles(text) for text in texts], [shingles(text) for text in among]
    index, _ = _index(others, threshold)
    best: list[Pair] = []
    for place, one in enumerate(sets):
        found = [Pair(place, other, similarity(one, others[other])) for other in _candidates(index, one)]
        if found and (top := max(found, key=lambda pair: (pair.similarity, -pair.second))).similarity >= threshold:
            best.append(top)
    return best


def joined(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Places 0 to `count` - 1 in groups connected by links, each sorted, ordered by their first (union-find)."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    groups: dict[int, list[int]] = {}
    for place in range(count):
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())


def same(keys: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Links between places with equal keys."""
    first: dict[Hashable, int] = {}
    for place, key in enumerate(keys):
        if first.setdefault(key, place) != place:
            yield first[key], place


def _sketch(one: Shingles) -> MinHash:
    sketch = MinHash(_PERMUTATIONS, seed=1, hashfunc=int)
    sketch.update_batch(one)
    return sketch


def _index(sets: Sequence[Shingles], threshold: float) -> tuple[MinHashLSH, dict[int, MinHash]]:
    if not 0 < threshold <= 1:
        raise ValueError(f"no similarity: {threshold}")
    index = MinHashLSH(max(0.1, threshold - _SLACK), _PERMUTATIONS)
    prints = {place: _sketch(one) for place, one in enumerate(sets) if len(one)}
    for place, sketch in prints.items():
        index.insert(place, sketch)
    return index, prints


def _candidates(index: MinHashLSH, one: Shingles) -> list[int]:
    return index.query(_sketch(one)) if len(one) else []
