"""Features in parts that many rows share, so that what a part weighs is summed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from gongkai.model.linear import Logistic

#: Features that stand together, at least one.
Part = tuple[str, ...]


class PartedLogistic:
    """A logistic regression over rows of parts."""

    def __init__(self, model: Logistic) -> None:
        self._bias, self._sums = model.bias, replace(model, bias=0.0)

    def logits(self, rows: Sequence[Sequence[Part]]) -> list[float]:
        """The log-odds of each row."""
        parts = list(dict.fromkeys(chain.from_iterable(rows)))
        sums = dict(zip(parts, self._sums.logits(parts), strict=True))
        return [self._bias + sum(map(sums.__getitem__, row)) for row in rows]
