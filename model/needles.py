"""Which patterns can't match a text, told from the short runs of characters in it, without being run.

Most cues of the tables stand in no given document; a look at a set spares their search. Never wrong towards silence:
a pattern of which nothing is known is searched.
"""

from __future__ import annotations

import importlib
import operator
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PARSER: Any = importlib.import_module("re._parser")  # sre_parse until Python 3.10; typeshed has no stub for it
_MOST = 120
_SETS = 3
_WIDE, _BITS = 21, 17  # bits of a character; bits of a short hash
_COMMON = {1: 30.0, 2: 1.0, 3: 0.1}  # how common a gram of a length is, roughly


def grams(text: str) -> frozenset[str]:
    """The characters of a text, and the runs of two and three of them."""
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
        ways = [(id(p), way) for p in self._patterns for way in _needles(p.pattern, p.flags)]
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
        self.asked = frozenset(owner for owner, _ in ways)

    def __call__(self, text: str) -> Sifted:
        """What the runs of one, two and three characters of a text leave possible."""
        if not self.asked or not text:
            return Sifted()
        one = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
        two = one[:-1] << _WIDE | one[1:]
        runs = np.concatenate([one, two, two[:-1] << _WIDE | one[2:]])
        runs = runs[self._slots[_slot(runs)]]
        places = np.minimum(np.searchsorted(self._needles, runs), len(self._needles) - 1)
        there = np.zeros(len(self._needles), dtype=bool)
        there[places[self._needles[places] == runs]] = True
        return Sifted(self.asked, frozenset(self._ids[self._met(np.flatnonzero(there))].tolist()))

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
    ways = _needles(pattern.pattern, pattern.flags)
    for way in ways:
        for needle in way:
            if known.isdisjoint(needle):
                break
        else:
            return True
    return not ways


@cache
def _needles(pattern: str, flags: int) -> tuple[tuple[frozenset[str], ...], ...]:
    """The ways to match: for each, sets of grams of which a match holds at least one each, the rarest first.

    Nothing where no gram can be named for one of the ways.
    """
    if flags & re.IGNORECASE:
        return ()
    ways = [set(filter(None, _options(way, frozenset()))) for way in _ways(_PARSER.parse(pattern, flags))]
    return tuple(tuple(sorted(way, key=_commonness)[:_SETS]) for way in ways) if all(ways) else ()


def _ways(items: Any) -> Iterator[list[tuple[str, Any]]]:  # noqa: ANN401 - the parser has no types
    """The alternatives that a pattern is made of; itself where it is no choice between some."""
    flat = list(_flat(items))
    if len(flat) == 1 and flat[0][0] == "BRANCH":
        for branch in flat[0][1][1]:
            yield from _ways(branch)
    else:
        yield flat


def _commonness(option: frozenset[str]) -> float:
    return sum(_COMMON[len(gram)] for gram in option)


def _best(options: Iterable[frozenset[str]]) -> frozenset[str]:
    """Of sets that each match must meet, the one that chance meets least; an empty one is no option."""
    return min(filter(None, options), key=_commonness, default=frozenset())


def _options(items: Any, before: frozenset[str]) -> Iterator[frozenset[str]]:  # noqa: ANN401 - the parser has no types
    """Sets of grams that a match of a sequence, standing behind one of some grams, holds one each of."""
    for name, value in _flat(items):
        if name == "BRANCH":
            branches = [_best(_options(branch, before)) for branch in value[1]]
            yield frozenset().union(*branches) if all(branches) else frozenset()
        elif name.endswith("_REPEAT") and value[0] > 0:
            yield from _options(value[2], before)
        if name.startswith(("ASSERT", "AT")):  # takes no room: what stands before it and behind it are neighbours
            continue
        chars = _chars(name, value)
        longer = frozenset(gram[-2:] + char for gram in before for char in chars)
        before = longer if 0 < len(longer) <= _MOST else chars
        yield before


def _flat(items: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for name, value in items:
        if str(name) == "SUBPATTERN" and not value[1] & re.IGNORECASE:
            yield from _flat(value[3])
        elif str(name) == "ATOMIC_GROUP":
            yield from _flat(value)
        else:
            yield str(name), value


def _chars(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401
    """The characters that an item of one character can be; empty when they are many."""
    if name == "LITERAL":
        return frozenset(chr(value))
    if name != "IN" or any(str(kind) not in ("LITERAL", "RANGE") for kind, _ in value):
        return frozenset()
    spans = [(code, code) if str(kind) == "LITERAL" else code for kind, code in value]
    if sum(last - first + 1 for first, last in spans) > _MOST:
        return frozenset()
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))
