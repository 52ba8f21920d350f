"""Which patterns can't match a text, told from the short runs of characters in it, without being run.

Most cues of the tables stand in no given document; a look at a set spares their search. Never wrong towards silence:
a pattern of which nothing is known is searched.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from gongkai.model.patterns import needles

_WIDE, _BITS = 21, 17  # bits of a character; bits of a short hash
_DIGIT = re.compile(r"\d")
_DIGITS = 0x20000  # the planes that hold all digits


def grams(text: str) -> frozenset[str]:
    """The characters of a text, and the runs of two and three of them; every digit is a 0."""
    text = _DIGIT.sub("0", text)
    pairs = list(map(operator.add, text, text[1:]))
    return frozenset(map(operator.add, pairs, text[2:])).union(pairs, text)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a sieve says of one text: which patterns were asked, and which of them may match, by their `id`."""

    asked: frozenset[int] = frozenset()
    left: frozenset[int] = frozenset()


class Sieve:
    """Many patterns asked at once: the runs of characters in a text are looked up as numbers, all together."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)  # kept, so that no other object gets the id of one of them
        self.asked = frozenset(map(id, self._patterns))
        ways = [(id(p), way) for p in self._patterns for way in needles(p.pattern, p.flags)]
        sets = [(place, _codes(needle)) for place, (_, way) in enumerate(ways) for needle in way]
        self._ids = np.array([owner for owner, _ in ways], dtype=np.int64)
        self._sizes = np.array([len(way) for _, way in ways], dtype=np.int64)
        self._way = np.array([place for place, _ in sets], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(codes for _, codes in sets), np.int64)
        order = np.argsort(flat, kind="stable")
        self._set = np.repeat(np.arange(len(sets)), [len(codes) for _, codes in sets])[order]
        self._needles, self._counts = np.unique(flat, return_counts=True)
        self._starts = np.cumsum(self._counts) - self._counts
        self._slots = np.zeros(1 << _BITS, dtype=bool)
        self._slots[_slot(self._needles)] = True
        self._always = self.asked.difference(owner for owner, _ in ways)

    def __call__(self, text: str) -> Sifted:
        """What the runs of one, two and three characters of a text leave possible."""
        if not text or not len(self._needles):
            return Sifted(self.asked, self._always)
        one = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
        decimal = _decimal()
        one[decimal[np.minimum(one, len(decimal) - 1)]] = ord("0")
        two = one[:-1] << _WIDE | one[1:]
        runs = np.concatenate([one, two, two[:-1] << _WIDE | one[2:]])
        runs = runs[self._slots[_slot(runs)]]
        places = np.minimum(np.searchsorted(self._needles, runs), len(self._needles) - 1)
        there = np.zeros(len(self._needles), dtype=bool)
        there[places[self._needles[places] == runs]] = True
        return Sifted(self.asked, self._always.union(self._ids[self._met(np.flatnonzero(there))].tolist()))

    def __reduce__(self) -> tuple[type[Sieve], tuple[tuple[re.Pattern[str], ...]]]:
        """Built anew where it is unpickled: an `id` holds in its own process only."""
        return Sieve, (self._patterns,)

    def _met(self, there: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which ways have a needle of each of their sets among those that are there."""
        counts = self._counts[there]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        met = np.zeros(len(self._way), dtype=bool)
        met[self._set[np.repeat(self._starts[there], counts) + within]] = True
        return np.asarray(np.bincount(self._way[met], minlength=len(self._sizes)) == self._sizes)


@cache
def _decimal() -> NDArray[np.bool_]:
    """Which characters are digits, by code point; those behind the last one are none."""
    return np.array([chr(code).isdecimal() for code in range(_DIGITS)])


def _codes(grams: Iterable[str]) -> list[int]:
    """One number a run of at most three characters."""
    return [sum(ord(char) << _WIDE * place for place, char in enumerate(reversed(gram))) for gram in grams]


def _slot(codes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A short hash of each number, by which most runs that no pattern asks for are dropped."""
    return codes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _BITS)


def may_match(pattern: re.Pattern[str], known: frozenset[str] | Sifted) -> bool:
    """Whether a pattern may match a text whose `grams` are known, or that was sifted; only a no is certain."""
    if isinstance(known, Sifted):
        return id(pattern) in known.left or id(pattern) not in known.asked
    ways = needles(pattern.pattern, pattern.flags)
    for way in ways:
        for needle in way:
            if known.isdisjoint(needle):
                break
        else:
            return True
    return not ways


def possible(patterns: Iterable[re.Pattern[str]], known: frozenset[str] | Sifted) -> list[re.Pattern[str]]:
    """Those of some patterns that may match."""
    if isinstance(known, Sifted):
        left, asked = known.left, known.asked
        return [pattern for pattern in patterns if id(pattern) in left or id(pattern) not in asked]
    return [pattern for pattern in patterns if may_match(pattern, known)]
