"""Where the linear model looked: the places of the words that spoke loudest for a label."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import nlargest

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.reading import Reading


def loudest(
    reading: Reading, model: ModelFolder, head: str, label: str, vector: Mapping[str, float], most: int = 3
) -> tuple[Finding, ...]:
    """Up to `most` words of the text with the largest contribution to `label`, at their first places."""
    if label not in model.labels(head):
        return ()
    counted = list(reading.counted)
    words = list(zip(model.contributions(head, label, vector, list(map("W:".__add__, counted))), counted, strict=True))
    found: list[Finding] = []
    for weight, word in nlargest(most * 2, words):
        at = reading.text.find(word)
        if weight > 0 and at >= 0 and len(found) < most:
            found.append(Finding(Span(at, at + len(word)), label, 0.5, "model:" + head, why="模型判断的主要依据用词"))
    return tuple(sorted(found, key=lambda f: f.span))
