"""What a random sample says of the rest: intervals that hold for small numbers too, and how many to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, exp, hypot, lgamma, sqrt
from statistics import NormalDist

#: A probability below this adds nothing to a sum of tails; one this close to a limit counts as not ruled out.
_NOTHING, _CLOSE = 1e-18, 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that was estimated, with the interval that holds it with the wanted confidence."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError("an estimate lies outside its interval")

    def over(self, whole: float) -> Estimate:
        """The same as a share of a whole; of nothing it is 0."""
        return Estimate(self.value / whole, self.low / whole, self.high / whole) if whole else Estimate(0, 0, 0)

    def less(self, known: float, left: float) -> Estimate:
        """What remains when `known` of the estimated number are taken away, of `left` that could be any."""
        low, value, high = (min(max(number - known, 0), left) for number in (self.low, self.value, self.high))
        return Estimate(value, low, high)


def wilson(hits: int, drawn: int, confidence: float = 0.95) -> Estimate:
    """Wilson's score interval of a share (Wilson 1927), without correction for continuity."""
    _check(hits, drawn, drawn, confidence)
    if not drawn:
        return Estimate(0, 0, 1)
    z, share = _z(confidence), hits / drawn
    middle = (share + z * z / (2 * drawn)) / (1 + z * z / drawn)
    half = z * sqrt(share * (1 - share) / drawn + z * z / (4 * drawn * drawn)) / (1 + z * z / drawn)
    return Estimate(share, min(max(0, middle - half), share), max(min(1, middle + half), share))


def counted(hits: int, drawn: int, of: int, confidence: float = 0.95) -> Estimate:
    """How many of `of` cases are hits when `drawn` of them, at random and without replacement, held `hits`.

    The interval turns the tails of the hypergeometric distribution around (Buonaccorsi 1987): it holds the truth with
    at least the confidence, for every size; for a large `of` it is Clopper and Pearson's.
    """
    _check(hits, drawn, of, confidence)
    if not drawn:
        return Estimate(of / 2, 0, of)
    tail, fewest, most = (1 - confidence) / 2 - _CLOSE, hits, of - drawn + hits
    low = _first(fewest, most, lambda number: 1 - _at_most(hits - 1, drawn, number, of) > tail)
    high = _first(fewest, most + 1, lambda number: _at_most(hits, drawn, number, of) <= tail) - 1
    value = of * hits / drawn
    return Estimate(value, min(low, value), max(high, value))


def total(parts: Iterable[Estimate]) -> Estimate:
    """The sum of independent estimates: limits recovered from those of the parts (MOVER, Zou and Donner 2008)."""
    known = list(parts)
    value = sum(part.value for part in known)
    below = hypot(*(part.value - part.low for part in known))
    above = hypot(*(part.high - part.value for part in known))
    return Estimate(
        value, max(value - below, sum(p.low for p in known)), min(value + above, sum(p.high for p in known))
    )


def cochran(of: int, precision: float, confidence: float = 0.95, rate: float = 0.5) -> int:
    """How many of `of` cases to draw so that a share near `rate` is known within ± `precision` (Cochran 1977, 4.2)."""
    if not (0 < precision < 1 and 0 < rate < 1 and of >= 0):
        raise ValueError("precision and rate lie between 0 and 1")
    if not of:
        return 0
    endless = _z(confidence) ** 2 * rate * (1 - rate) / precision**2
    return min(of, ceil(endless / (1 + (endless - 1) / of) - 1e-9))


def needed(of: int, precision: float, confidence: float = 0.95, rate: float = 0.5) -> int:
    """The same for the interval of `counted`, which is a little wider: no wider than twice the precision at `rate`."""
    drawn = cochran(of, precision, confidence, rate)
    while drawn < of and _width(drawn, of, confidence, rate) > 2 * precision:
        drawn = min(of, drawn + max(1, drawn // 100))
    return drawn


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Cohen's kappa of two readers' labels of the same cases: 1 always agree, 0 as often as by chance.

    Raises ValueError for no cases or lists of different lengths.
    """
    pairs = list(zip(first, second, strict=True))
    if not pairs:
        raise ValueError("kappa of no cases")
    seen = sum(a == b for a, b in pairs) / len(pairs)
    one, other = Counter(first), Counter(second)
    chance = sum(one[label] * other[label] for label in one) / len(pairs) ** 2
    return 1.0 if chance == 1 else (seen - chance) / (1 - chance)


def _width(drawn: int, of: int, confidence: float, rate: float) -> float:
    found = counted(round(rate * drawn), drawn, of, confidence)
    return (found.high - found.low) / of


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _check(hits: int, drawn: int, of: int, confidence: float) -> None:
    if not 0 <= hits <= drawn <= of:
        raise ValueError("more hits than drawn, or more drawn than there are")
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")


def _at_most(hits: int, drawn: int, number: int, of: int) -> float:
    """The probability of at most so many hits among the drawn when `number` of all cases are hits."""
    least, most = max(0, drawn - (of - number)), min(drawn, number)
    if hits < least or hits >= most:
        return float(hits >= most)
    term = exp(_ways(number, hits) + _ways(of - number, drawn - hits) - _ways(of, drawn))
    found, middle = term, (drawn + 1) * (number + 1) / (of + 2)
    for place in range(hits, least, -1):
        term *= place * (of - number - drawn + place) / ((number - place + 1) * (drawn - place + 1))
        found += term
        if term < _NOTHING and place < middle:
            break
    return min(1.0, found)


def _ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from which on something holds; `high` where it doesn't before."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
