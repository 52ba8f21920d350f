"""Figures of judgement, in the terms of the benchmark: attribute, category, clauses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gongkai.model.calibration import prediction_set
from gongkai.training.authored import Example
from gongkai.training.fit import ATTRIBUTES

Floats = NDArray[np.float64]


def _share(cases: Sequence[bool]) -> float | None:
    """The share of true ones; None where there is no case to count."""
    return float(np.mean(cases)) if cases else None


def attribute_figures(examples: Sequence[Example], probabilities: Floats, threshold: float) -> dict[str, float | None]:
    """Accuracy, the costly error, over-withholding, set coverage and size, expected calibration error."""
    best = [ATTRIBUTES[int(i)] for i in probabilities.argmax(axis=1)]
    sets = [{ATTRIBUTES[i] for i in prediction_set(row, threshold)} for row in probabilities]
    pairs = list(zip(examples, best, strict=True))
    withheld = [(e, label) for e, label in pairs if e.attribute == "withheld"]
    public = [label for e, label in pairs if e.acceptable == {"proactive"}]
    return {
        "documents": len(pairs),
        "accuracy_strict": float(np.mean([label == e.attribute for e, label in pairs])),
        "accuracy_acceptable": float(np.mean([label in e.acceptable for e, label in pairs])),
        "withheld_recall": _share([label == "withheld" for _, label in withheld]),
        "withheld_called_proactive": _share(
            [label == "proactive" and "proactive" not in e.acceptable for e, label in withheld]
        ),
        "over_withholding": _share([label != "proactive" for label in public]),
        "set_coverage": float(np.mean([e.attribute in s for e, s in zip(examples, sets, strict=True)])),
        "set_size": float(np.mean([len(s) for s in sets])),
        "calibration_error": calibration_error(examples, probabilities),
    }


def calibration_error(examples: Sequence[Example], probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error of the best label's probability over equal-width bins."""
    confidence = probabilities.max(axis=1)
    right = np.array(
        [ATTRIBUTES[int(i)] == e.attribute for i, e in zip(probabilities.argmax(axis=1), examples, strict=True)]
    )
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[places == b].mean() - confidence[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))
