"""How likely a suggestion harms when nobody looks: something goes out wrongly, or is wrongly kept from the public."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.model.finding import Attribute

#: Log-odds of an error that each doubt adds: it doubles the odds. Chosen, not measured: held-out papers have too few.
DOUBT = math.log(2)


@dataclass(frozen=True, slots=True)
class Risk:
    """Probabilities: 主动公开 is wrong; the paper should be 主动公开 and is not. At most one is above nought."""

    wrong_proactive: float
    wrongly_withheld: float

    @property
    def total(self) -> float:
        """The probability of either."""
        return self.wrong_proactive + self.wrongly_withheld

    def harm(self, caution: float) -> float:
        """What is expected to go wrong: a wrong release weighs `exp(caution)`, as in `attribute.carefully`."""
        return math.exp(caution) * self.wrong_proactive + self.wrongly_withheld


def risk(label: Attribute, scores: Mapping[Attribute, float], doubts: int = 0) -> Risk:
    """The risk of a suggestion from its calibrated probabilities and the number of doubts that they don't know of.

    Such doubts are: another attribute is written in the paper, a twin is judged otherwise, its source is, its parts
    are.
    """
    if label == Attribute.proactive:
        return Risk(_doubted(1 - scores[label], doubts), 0.0)
    return Risk(0.0, _doubted(scores[Attribute.proactive], doubts))


def _doubted(probability: float, doubts: int) -> float:
    """The probability with its odds raised by the doubts."""
    odds = max(probability, 0.0) * math.exp(DOUBT * doubts)
    return odds / (odds + max(1 - probability, 1e-9))
