"""Documents as a loaded model sees them: features, and the scores that adaptation and active learning start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongkai.model.attribute import listed
from gongkai.model.document import Document
from gongkai.model.finding import Attribute
from gongkai.model.law import weighed
from gongkai.model.screener import Screener
from gongkai.training.fit import ATTRIBUTES
from gongkai.training.progress import Progress
from gongkai.training.vectors import Vector

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Described:
    """Vectors and the scores of shape (documents, labels) by head; the attribute's hold law and encoder as well."""

    vectors: Sequence[Vector]
    scores: dict[str, Floats]

    def rows(self, chosen: Sequence[int]) -> Described:
        """Some of the documents."""
        places = list(chosen)
        return Described([self.vectors[i] for i in places], {head: s[places] for head, s in self.scores.items()})


def describe_all(screener: Screener, documents: Sequence[Document]) -> Described:
    """Read every document once."""
    vectors: list[Vector] = []
    scores: dict[str, list[Floats]] = {head: [] for head in ("attribute", "category", "clause")}
    for _, document in Progress(documents, "读文件"):
        case, _ = screener.case(screener.reading(document))
        vectors.append(case.vector)
        law, held = weighed(case.grounds), {Attribute.withheld: listed(screener.odds(case, case.hits))}
        scores["attribute"].append(
            np.array([case.judged[a] + law.get(a.value, 0.0) + held.get(a, 0.0) for a in case.judged])
        )
        for head in ("category", "clause"):
            scores[head].append(case.logits[head])
    order = [list(screener.model.labels("attribute")).index(name) for name in ATTRIBUTES]
    stacked = {head: np.stack(rows) for head, rows in scores.items()}
    stacked["attribute"] = stacked["attribute"][:, order]
    return Described(vectors, stacked)
