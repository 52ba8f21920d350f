"""Requests that ask for the same, put together so that a person can see why: shared pairs of characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.model.folding import fold

_MARKS = re.compile(r"[^\u4e00-\u9fffa-z0-9]+")
_LEAST = 2
#: A pair of characters that stands in more clusters than this says nothing.
_COMMON = 200
#: Of longer texts so many pairs find the likeliest groups, which are then compared whole.
_TELLING, _LIKELY = 30, 20


@dataclass(frozen=True, slots=True)
class Topic:
    """Requests alike: their places in the given order, and the words that all of them share."""

    members: tuple[int, ...]
    words: str


def topics(texts: Sequence[str], idle: Iterable[str], alike: float) -> tuple[Topic, ...]:
    """Texts in groups, the largest first: each joins the group whose first text shares the most pairs of characters
    with it, when that is at least `alike` of both (Dice), words that say nothing left out."""
    plain = [core(text, idle) for text in texts]
    leaders: list[frozenset[str]] = []
    groups: list[list[int]] = []
    index: dict[str, list[int]] = {}
    for place, words in enumerate(plain):
        pairs = _pairs(words)
        at = _nearest(pairs, leaders, index, alike)
        if at is None:
            at = len(groups)
            groups.append([])
            leaders.append(pairs)
            for pair in pairs:
                index.setdefault(pair, []).append(at)
        groups[at].append(place)
    made = (Topic(tuple(group), _shared([plain[place] for place in group])) for group in groups)
    return tuple(sorted(made, key=lambda topic: (-len(topic.members), topic.members)))


def core(text: str, idle: Iterable[str]) -> str:
    """What a request asks for: folded, marks and idle words gone, pieces parted by a blank."""
    plain = _MARKS.sub(" ", fold(text).lower())
    for word in sorted(idle, key=len, reverse=True):
        plain = plain.replace(fold(word), " ")
    return " ".join(plain.split())


def _pairs(words: str) -> frozenset[str]:
    pairs = {piece[at : at + 2] for piece in words.split() for at in range(max(1, len(piece) - 1))}
    return frozenset(pairs)


def _nearest(
    pairs: frozenset[str], leaders: list[frozenset[str]], index: dict[str, list[int]], alike: float
) -> int | None:
    if len(pairs) < _LEAST:
        return None
    shared: Counter[int] = Counter()
    for pair in _telling(pairs, index):
        shared.update(index[pair])
    if len(pairs) > _TELLING:
        shared = Counter({at: len(pairs & leaders[at]) for at, _ in shared.most_common(_LIKELY)})
    scores = ((2 * count / (len(pairs) + len(leaders[at])), -at) for at, count in shared.items())
    best = max(scores, default=(0.0, 0))
    return -best[1] if best[0] >= alike and best[0] > 0 else None


def _telling(pairs: frozenset[str], index: dict[str, list[int]]) -> list[str]:
    """The pairs that say something; of a long text the rarest alone, so that it costs no more than a short one."""
    known = [pair for pair in pairs if len(index.get(pair, ())) <= _COMMON and pair in index]
    if len(pairs) <= _TELLING:
        return known
    return sorted(known, key=lambda pair: (len(index[pair]), pair))[:_TELLING]


def _shared(texts: Sequence[str]) -> str:
    """The longest run of characters that stands in every one, else the first text."""
    first = texts[0]
    if len(texts) == 1:
        return first
    for length in range(min(len(first), 40), 1, -1):
        for at in range(len(first) - length + 1):
            run = first[at : at + length]
            if run == run.strip() and all(run in other for other in texts[1:]):
                return run
    return first
