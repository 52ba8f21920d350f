"""From scores to honest probabilities, and to the set of labels that can't be ruled out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DOUBT = 0.01


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Shares of logits of shape (labels,) or (rows, labels), scaled by a temperature."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)


def probabilities(logits: Floats, temperature: float) -> Floats:
    """Softmax with a hundredth spread evenly: no paper is so clear that a reviewer could not be surprised."""
    return np.asarray((1 - DOUBT) * softmax(logits, temperature) + DOUBT / logits.shape[-1], dtype=np.float64)


def prediction_set(probabilities: Floats, threshold: float) -> list[int]:
    """Label indexes, likeliest first: the best one and all with at least `threshold` (split conformal, LAC score)."""
    order = np.argsort(-probabilities)
    return [int(i) for place, i in enumerate(order) if place == 0 or probabilities[i] >= threshold]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The smallest probability that keeps a label in the set, for each coverage that was calibrated."""

    at: dict[str, float]

    def for_coverage(self, coverage: float) -> float:
        """The threshold calibrated for at least this coverage; the most careful one beyond the table."""
        fits = [value for key, value in self.at.items() if float(key) >= coverage - 1e-9]
        return max(fits) if fits else min(self.at.values())
