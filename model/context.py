"""What the spotter adds to tables and detectors: facts told in words, names that were missed, whether a name stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.people import Person
from gongkai.model.spotter import WORDS, Spotted

#: Least probability of a stretch that goes, of one so short that it tells little alone (女; the 第二 of a school), and
#: of a name that nothing else saw.
TOLD, TOLD_SHORT, MISSED = 0.4, 0.5, 0.6
#: Least probability of what hangs on to such a stretch within its clause, and of what leads into the next clause.
NEAR, ACROSS = 0.06, 0.2
CLAUSE = frozenset(",。;:!?\n|\t、()")
EDGES = " \n\t,。;:、|│()《》"
SHORT = {"MINOR": 2, "EDU": 2}
TITLES = ("女士", "先生", "小姐")
OPEN = 2.5
LONGEST_NAME, SHORTEST_LATIN = 12, 3


def places(people: Iterable[Person], found: Iterable[Finding]) -> list[Span]:
    """Where reading is worth its time: around everything private, and names whose stay is not beyond doubt."""
    names = [person.span for person in people if person.stay < OPEN]
    return names + [f.span for f in found if f.action == Action.mask]


def weighed(people: Sequence[Person], spotted: Spotted) -> list[Person]:
    """People with what the spotter says of their stay, the same for all mentions of a name."""
    said: dict[str, list[float]] = defaultdict(list)
    for person in people:
        odds = spotted.stay(person.span)
        if odds is not None:
            said[person.bare].append(odds)
    mean = {bare: sum(values) / len(values) for bare, values in said.items()}
    return [replace(p, stay=p.stay + mean[p.bare]) if p.bare in mean else p for p in people]


def _without_title(span: Span, text: str) -> Span | None:
    """A stretch that doesn't reach into 女士 or 先生, which tell nothing of a family."""
    end = span.end - 1 if text[span.end - 1 : span.end + 1] in TITLES else span.end
    return Span(span.start, end) if end > span.start else None


def _grown(spotted: Spotted, chances: NDArray[np.float32], text: str, span: Span) -> Span:
    """A stretch with what hangs on to it: a fact is told in more words than those that give it away."""
    places = spotted.places
    first, last = np.searchsorted(places[:, 0], [span.start, span.end - 1], side="right") - 1

    def joins(row: int) -> bool:
        if not 0 <= row < len(places):
            return False
        start, end = places[row].tolist()
        return bool(chances[row] >= (NEAR if CLAUSE.isdisjoint(text[start:end]) else ACROSS))

    while joins(first - 1):
        first -= 1
    while joins(last + 1):
        last += 1
    piece = text[places[first, 0] : places[last, 1]]
    start, end = (int(places[first, 0]) + len(piece) - len(piece.lstrip(EDGES)), len(piece.rstrip(EDGES)))
    return Span(min(start, span.start), max(int(places[first, 0]) + end, span.end))


def told(spotted: Spotted, text: str, people: Iterable[Person]) -> Iterator[Finding]:
    """Facts about private people, and names that no other detector saw."""
    chances = spotted.chances[:, WORDS].sum(axis=1)
    for run, kind, chance in spotted.runs(text, TOLD):
        span = _without_title(_grown(spotted, chances, text, run), text)
        if span and (len(span) > SHORT.get(kind, 1) or chance >= TOLD_SHORT):
            yield Finding(span, kind, chance, "spotter:" + kind)
    known = bytearray(len(text))
    for person in people:
        known[person.span.start : person.span.end] = b"\1" * len(person.span)
    for span, chance in spotted.names(text, MISSED):
        written = len(span) > SHORTEST_LATIN or not span.of(text).isascii()
        if written and len(span) <= LONGEST_NAME and not any(known[span.start : span.end]):
            yield Finding(span, "NAME", chance, "spotter:NAME")
