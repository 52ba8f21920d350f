"""Write the text without its personal data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from gongkai.model.deid.hiding import township
from gongkai.model.deid.proof import PERSONS
from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.folding import fold
from gongkai.model.mentions.surnames import surname_of

#: A name as somebody hid it (欧阳某某, 张某1), a pseudonym or an age as a band, and the end of an address.
_SOMEBODY = re.compile(r"(?P<family>[\u3400-\u9fff]{1,2})某{1,2}\d{0,3}")
_INSTEAD, _LONGEST = re.compile(r"〔[\u3400-\u9fff]{2,8}[A-Z\d]{1,16}〕|\d{2}[—-]\d{2}周?岁"), 24
_STARS = re.compile(r"\*+$")


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


def already(finding: Finding, text: str) -> bool:
    """Whether somebody has hidden this: it lies in what stands for a value, or is all that an address may tell."""
    start, end = finding.span.start, finding.span.end
    spans = [Span(*match.span()) for match in _INSTEAD.finditer(text, max(0, start - _LONGEST), end + _LONGEST)]
    if finding.kind in PERSONS:
        spans += map(_family, _SOMEBODY.finditer(text, max(0, start - 1), end + 4))
    if any(span.covers(finding.span) for span in spans):
        return True
    value = "".join(fold(finding.span.of(text)).split()) if finding.kind == "ADDR_HOME" else ""
    told = _STARS.sub("", value)
    return bool(value) and (told != value or text[end : end + 1] == "*") and township(told) == told


def _family(match: re.Match[str]) -> Span:
    """Where a hidden name begins and ends: of two characters before 某 both are a surname only if it is a compound."""
    family = match["family"]
    size = 2 if surname_of(family + "某") == family else 1
    return Span(match.end("family") - min(size, len(family)), match.end())


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
