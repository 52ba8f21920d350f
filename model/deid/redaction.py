"""Write the text without its personal data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding


def union(spans: Iterable[Span], touching: bool = True) -> list[Span]:
    """Spans joined where they overlap, or touch; no character of any is lost."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end + touching:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def uncovered(span: Span, taken: Sequence[Span]) -> list[Span]:
    """The pieces of a span that none of some others covers; these are in reading order and don't overlap."""
    pieces, at = [], span.start
    first = max(bisect_right(taken, span.start, key=lambda s: s.start) - 1, 0)
    for other in taken[first:]:
        if other.start >= span.end:
            break
        if other.start > at:
            pieces.append(Span(at, other.start))
        at = max(at, other.end)
    return [*pieces, Span(at, span.end)] if at < span.end else pieces


def redact(text: str, findings: Iterable[Finding]) -> str:
    """The text with every masked finding replaced; what stays is left as it is."""
    masked = [f for f in findings if f.action == Action.mask]
    by_span = {f.span: f for f in masked}
    pieces, at = [], 0
    for span in union(by_span, touching=False):
        exact = by_span.get(span)
        pieces.append(text[at : span.start])
        pieces.append(exact.replacement if exact and exact.replacement else "*" * min(len(span), 8))
        at = span.end
    pieces.append(text[at:])
    return "".join(pieces)
