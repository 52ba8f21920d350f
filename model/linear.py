"""Linear models as plain tables: feature name -> weights. Applied without scikit-learn, stored without pickle."""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from gongkai.model.errors import ModelFolderError
from gongkai.model.tablefile import Folder

#: What reading a damaged file of a model folder raises.
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error)


class Places:
    """Where names stand in a list, for thousands at a time.

    A dict of tens of thousands of names waits for memory at every look-up; sorted hashes are asked all at once.
    A hash has 64 bits: that two names share one is not to be feared.
    """

    def __init__(self, names: Iterable[str]) -> None:
        hashes = np.fromiter(map(hash, names), np.int64)
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]

    def of(self, names: Iterable[str], count: int) -> NDArray[np.int64]:
        """The place of each name; -1 for one that is not in the list."""
        hashes = np.fromiter(map(hash, names), np.int64, count)
        if not len(self._hashes):
            return np.full(count, -1, dtype=np.int64)
        near = np.searchsorted(self._hashes, hashes)
        near[near == len(self._hashes)] = 0
        return np.where(self._hashes[near] == hashes, self._order[near], -1)


@dataclass(frozen=True)
class Logistic:
    """A binary logistic regression over named features of value 1."""

    weights: Mapping[str, float]
    bias: float

    def logit(self, features: Iterable[str]) -> float:
        """The log-odds; unknown features count nothing."""
        look, total = self.weights.get, self.bias
        for feature in features:
            total += look(feature, 0.0)
        return total

    @cached_property
    def _places(self) -> Places:
        return Places(self.weights)

    @cached_property
    def _values(self) -> NDArray[np.float64]:
        return np.array([*self.weights.values(), 0.0], dtype=np.float64)  # the last one is that of unknown features

    def logits(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """The log-odds of many rows of features at once; a row has at least one feature."""
        if not rows:
            return []
        sizes = np.fromiter(map(len, rows), np.int64, len(rows))
        values = self._values[self._places.of(chain.from_iterable(rows), int(sizes.sum()))]
        sums: list[float] = np.add.reduceat(values, np.cumsum(sizes) - sizes).tolist()
        return [self.bias + total for total in sums]

    def __call__(self, features: Iterable[str]) -> float:
        """The probability."""
        return sigmoid(self.logit(features))


def sigmoid(value: float) -> float:
    """Log-odds to probability, without overflow."""
    return 1 / (1 + math.exp(-max(-35.0, min(35.0, value))))


def read_logistic(folder: Folder, file: str) -> Logistic:
    """A model written by training. Raises ModelFolderError."""
    try:
        content = json.loads((folder / file).read_text("utf-8"))
        return Logistic({str(k): float(v) for k, v in content["weights"].items()}, float(content["bias"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFolderError(f"模型文件 {file} 读不出来，请重新安装或者重新训练。") from error


def read_packed(folder: Folder, file: str) -> Logistic:
    """A model of 8-bit weights: `names` (UTF-8, parted by NUL), `codes`, `scale`, `bias`. Raises ModelFolderError."""
    try:
        with (folder / file).open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            names = stored["names"].tobytes().decode().split("\0")
            weights = stored["codes"].astype(np.float64) * float(stored["scale"])
            return Logistic(dict(zip(names, weights.tolist(), strict=True)), float(stored["bias"]))
    except DAMAGED as error:
        raise ModelFolderError(f"模型文件 {file} 读不出来，请重新安装或者重新训练。") from error
