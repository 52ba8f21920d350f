"""Names of features as numbers: those of thousands of runs of a text are made at once, without a string for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gongkai.model.linear import Logistic

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
_BASE = 0x9E3779B97F4A7C15  # odd, so that there is an inverse
_BACK = pow(_BASE, -1, 1 << 64)


class Runs:
    """A text of which any run of characters can be hashed: the sum of its characters times powers of a base.

    A hash has 64 bits: that two names share one is not to be feared.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
        self._sums = _from_zero(np.cumsum((codes + np.uint64(1)) * _powers(_BASE, len(codes))[:-1]))
        self._back = _powers(_BACK, len(codes))

    def hashes(self, prefix: str, starts: Ints, ends: Ints) -> Hashes:
        """The hash of a prefix followed by each run."""
        head, power = _head(prefix)
        return np.asarray((self._sums[ends] - self._sums[starts]) * self._back[starts] * power + head)


def strung(strings: Sequence[str]) -> tuple[Runs, Ints, Ints]:
    """Strings as runs of one text."""
    sizes = np.fromiter(map(len, strings), np.int64, len(strings))
    ends = np.cumsum(sizes)
    return Runs("".join(strings)), ends - sizes, ends


def _powers(base: int, count: int) -> Hashes:
    """The powers of a base, from the one of 0 to that of `count`."""
    factors = np.full(count + 1, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _from_zero(sums: Hashes) -> Hashes:
    return np.concatenate([np.zeros(1, dtype=np.uint64), sums])


@cache
def _head(prefix: str) -> tuple[np.uint64, np.uint64]:
    """The hash of what stands before a run, and the power with which the run goes on."""
    whole = sum((ord(char) + 1) * pow(_BASE, place, 1 << 64) for place, char in enumerate(prefix))
    return np.uint64(whole % (1 << 64)), np.uint64(pow(_BASE, len(prefix), 1 << 64))


class Weights:
    """What the features of a model weigh, by the hashes of their names; unknown ones weigh nothing."""

    def __init__(self, model: Logistic) -> None:
        runs, starts, ends = strung(list(model.weights))
        hashes = runs.hashes("", starts, ends)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._values = np.fromiter(model.weights.values(), np.float64, len(order))[order]

    def of(self, hashes: Hashes) -> NDArray[np.float64]:
        """The weight of each, in the same shape."""
        if not len(self._hashes):
            return np.zeros(hashes.shape)
        near = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[near] == hashes, self._values[near], 0.0)


def table(model: Logistic, form: str, *choices: Iterable[object]) -> NDArray[np.float64]:
    """What a feature whose name has gaps weighs, by the place of what fills each of them."""
    lists = [list(choice) for choice in choices]
    names = [form.format(*_picked(lists, place)) for place in np.ndindex(*map(len, lists))]
    weights = [model.weights.get(name, 0.0) for name in names]
    return np.array(weights, dtype=np.float64).reshape([len(choice) for choice in lists])


def _picked(lists: Sequence[Sequence[object]], place: Sequence[int]) -> list[object]:
    return [choice[at] for choice, at in zip(lists, place, strict=True)]
