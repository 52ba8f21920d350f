"""Document -> named features with values: the one description that training fits and serving applies.

Blocks: character n-grams of the title (T), jieba words of the body (W), character n-grams of the beginning (H) and
the end (E), facts from elements, law and tables (F). Each block is scaled to length one, so that long documents
weigh no more than short ones.
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from gongkai.model.formulas import FORMULAS
from gongkai.model.law import Ground
from gongkai.model.needles import may_match
from gongkai.model.negative import Hit
from gongkai.model.reading import BODY, Reading
from gongkai.model.vector import Floats, Ints, Vector, coded

WEIGHTS = {"T": 1.0, "W": 1.0, "C": 0.6, "H": 0.6, "E": 0.6, "F": 1.6}
_DIGITS = re.compile(r"\d+")


def _grams(text: str, longest: int) -> Counter[str]:
    """How often each run of two to `longest` characters stands in a text."""
    counts: Counter[str] = Counter()
    runs: Iterable[str] = text
    for size in range(2, longest + 1):
        runs = list(map(operator.add, runs, text[size - 1 :]))
        counts.update(runs)
    return counts


def _scaled(mark: str, counts: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """A block of the vector: damped counts under marked names, of the block's length."""
    damped = {count: 1 + math.log(count) if count > 1 else 1.0 for count in set(counts.values())}
    values = list(map(damped.__getitem__, counts.values()))
    length, weight = math.sqrt(sum(map(operator.mul, values, values))) or 1.0, WEIGHTS[mark]
    scaled = {count: weight * value / length for count, value in damped.items()}
    return zip(map((mark + ":").__add__, counts), map(scaled.__getitem__, counts.values()), strict=True)


def _runs(mark: str, text: str) -> tuple[Ints, Floats]:
    """The same of runs of two and three characters, as numbers."""
    codes, counts = np.unique(coded(text), return_counts=True)
    values = 1 + np.log(counts)
    return codes, WEIGHTS[mark] * values / (math.sqrt(values @ values) or 1.0)


def facts(
    reading: Reading, grounds: Iterable[Ground], hits: Mapping[str, Hit], numbers: Mapping[str, int]
) -> dict[str, float]:
    """Facts that rules and elements know about a document; values near one."""
    elements, text = reading.elements, reading.text
    found = {f"F:genre={elements.genre}": 1.0, f"F:kind={elements.kind}": 1.0}
    found[f"F:draft={elements.draft}{'+' if elements.draft_open else ''}"] = float(bool(elements.draft))
    found[f"F:marked={elements.marked}"] = float(bool(elements.marked))
    for ground in grounds:
        found["F:law=" + ground.rule.id] = ground.rule.weight / 2
        found["F:step=" + ground.rule.step + "-" + ground.rule.attribute] = 0.7
    for clause, hit in hits.items():
        if hit.score > 0.25:
            found["F:clause=" + clause] = hit.score
    for kind, count in numbers.items():
        found["F:number=" + kind] = min(1.0, 0.5 + count / 10)
    for name, pattern in FORMULAS.items():
        count = sum(1 for _ in pattern.finditer(text, 0, BODY)) if may_match(pattern, reading.sifted) else 0
        if count:
            found["F:phrase=" + name] = min(1.0, 0.4 + 300 * count / (len(text) + 300))
    found["F:part=" + "+".join(sorted(set(elements.parts) & {"发文字号", "主送机关"}))] = 0.5
    found["F:long"] = min(1.0, len(text) / 8000)
    return {name: value for name, value in found.items() if value}


def features(
    reading: Reading, grounds: Iterable[Ground], hits: Mapping[str, Hit], numbers: Mapping[str, int]
) -> Vector:
    """The whole feature vector of a document, by name."""
    title = _DIGITS.sub("0", reading.title)[:80]
    text = reading.text
    body = _DIGITS.sub("0", reading.tight if len(text) <= BODY else "".join(text[:BODY].split()))
    named = dict(_scaled("T", _grams(title, 4)))
    named.update(_scaled("W", reading.counted))
    known = facts(reading, grounds, hits, numbers)
    length = math.sqrt(sum(value * value for value in known.values())) or 1.0
    named |= {name: WEIGHTS["F"] * value / length for name, value in known.items()}
    return Vector(named, {"C": _runs("C", body[:4000]), "H": _runs("H", body[:160]), "E": _runs("E", body[-160:])})
