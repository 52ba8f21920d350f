"""Known values wherever a text tells them again: one look over the text, however many values there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from gongkai.model.document import Span

#: Up to so many values each is looked for alone: that is faster than one look for all of them.
FEW = 200


def places_of(values: Iterable[str], text: str) -> list[Span]:
    """Every place where one of the values (none is empty) stands, in reading order, at one place the longest first."""
    wanted = set(values)
    found = _each(wanted, text) if len(wanted) <= FEW else _scanned(wanted, text)
    return sorted(found, key=lambda span: (span.start, -span.end))


def _each(values: Iterable[str], text: str) -> Iterator[Span]:
    for value in values:
        at = text.find(value)
        while at >= 0:
            yield Span(at, at + len(value))
            at = text.find(value, at + 1)


def _scanned(values: Collection[str], text: str) -> Iterator[Span]:
    """The same by the beginnings of all values: no more than a few lengths have to be tried where one stands."""
    head = min(map(len, values), default=1)
    lengths: dict[str, set[int]] = defaultdict(set)
    for value in values:
        lengths[value[:head]].add(len(value))
    for at in range(len(text) - head + 1):
        for length in lengths.get(text[at : at + head], ()):
            if at + length <= len(text) and text[at : at + length] in values:
                yield Span(at, at + length)


def apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Of places in reading order those that begin behind the end of the one before."""
    end = 0
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end
