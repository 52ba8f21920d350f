"""Named feature vectors to sparse matrices, and back to the arrays that ship."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Vector = Mapping[str, float]


def vocabulary(vectors: Sequence[Vector], least: int, most: int) -> dict[str, int]:
    """Feature names seen in at least `least` documents, the commonest `most` of them, in sorted order."""
    counts = Counter(name for vector in vectors for name in vector)
    frequent = sorted(
        (name for name, count in counts.items() if count >= least), key=lambda name: (-counts[name], name)
    )
    return {name: place for place, name in enumerate(sorted(frequent[:most]))}


def matrix(vectors: Sequence[Vector], names: Mapping[str, int]) -> csr_matrix:
    """Sparse matrix of shape (documents, features)."""
    rows, columns, values = [], [], []
    for row, vector in enumerate(vectors):
        for name, value in vector.items():
            if name in names:
                rows.append(row)
                columns.append(names[name])
                values.append(value)
    return csr_matrix((values, (rows, columns)), shape=(len(vectors), len(names)))


def quantized(weights: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights of shape (features, labels) as int8 with one scale a label; error at most half a step."""
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0.0), 1e-9) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)


def folds(groups: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """(train, test) indexes, leaving one group out at a time."""
    return [
        (
            [i for i, other in enumerate(groups) if other != group],
            [i for i, other in enumerate(groups) if other == group],
        )
        for group in sorted(set(groups))
    ]


def as_json(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Numbers rounded for a model card."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    return value
