"""The feature vector of a document: some hundred names, and thousands of runs of characters that stay numbers.

A model knows a third of the runs. To look numbers up in order costs a tenth of making a name of each first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gongkai.model.linear import Places

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_WIDE = 21  # bits of a character
_LONGEST = 3
_CHARACTER = (1 << _WIDE) - 1


@dataclass(frozen=True, eq=False)
class Vector(Mapping[str, float]):
    """Features with their values, by name; `runs` holds the codes of each block, in order, with their values."""

    named: Mapping[str, float]
    runs: Mapping[str, tuple[Ints, Floats]]

    @cached_property
    def _whole(self) -> dict[str, float]:
        whole = dict(self.named)
        for mark, (codes, values) in self.runs.items():
            whole.update(zip((f"{mark}:{_run(code)}" for code in codes.tolist()), values.tolist(), strict=True))
        return whole

    def __getitem__(self, name: str) -> float:
        return self.named[name] if name in self.named else self._whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self.named) + sum(len(codes) for codes, _ in self.runs.values())


class Vocabulary:
    """Where the features of a vector stand in a list of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._places = Places(self._names)
        self._runs: dict[str, tuple[Ints, Ints]] = {}

    def of(self, vector: Vector) -> tuple[Ints, Floats]:
        """The places of the features that are in the list, and their values."""
        named, count = vector.named, len(vector.named)
        places, values = [self._places.of(named, count)], [np.fromiter(named.values(), np.float64, count)]
        for mark, (codes, shares) in vector.runs.items():
            places.append(self._of_runs(mark, codes))
            values.append(shares)
        every = np.concatenate(places)
        return every[every >= 0], np.concatenate(values)[every >= 0]

    def places(self, names: Sequence[str]) -> Ints:
        """The places of some features by name; -1 for one that is not in the list."""
        return self._places.of(names, len(names))

    def _of_runs(self, mark: str, codes: Ints) -> Ints:
        if mark not in self._runs:
            self._runs[mark] = self._coded(mark)
        known, places = self._runs[mark]
        near = np.minimum(np.searchsorted(known, codes), len(known) - 1)
        return np.where(known[near] == codes, places[near], -1)

    def _coded(self, mark: str) -> tuple[Ints, Ints]:
        """The codes of a block's names in order, and where each stands; the first is one that no run has."""
        names = [(name, place) for place, name in enumerate(self._names) if name.startswith(mark + ":")]
        found = sorted((_code(name[2:]), place) for name, place in names if len(name) <= _LONGEST + 2)
        codes, places = np.array([(-1, -1), *found], dtype=np.int64).T
        return codes, places


def coded(text: str) -> Ints:
    """One number for each run of two characters and of three in a text: first those of two."""
    one = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64) + 1
    two = one[:-1] << _WIDE | one[1:]
    return np.concatenate([two, two[:-1] << _WIDE | one[2:]])


def _code(run: str) -> int:
    return sum(ord(char) + 1 << _WIDE * place for place, char in enumerate(reversed(run)))


def _run(code: int) -> str:
    return "".join(chr((code >> shift & _CHARACTER) - 1) for shift in (2 * _WIDE, _WIDE, 0) if code >> shift)
