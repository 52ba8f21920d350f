"""Negative-list clauses: table-driven signals with their counter-signals, each hit with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.model.clauserow import Clause, Signal
from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.law import HEAD, place_title
from gongkai.model.needles import may_match
from gongkai.model.reading import Reading

MOST = 3
COUNTER = 100  # the place of the first counter-signal among those of the signals
_SENTENCE = re.compile(r"[^\n。;]*")


@dataclass(frozen=True, slots=True)
class Hit:
    """One clause as the table sees it: a score from 0 to 1, and where its signals stand (strongest first)."""

    clause: Clause
    score: float
    spans: tuple[Span, ...]
    fired: tuple[int, ...] = ()


def _near(signal: Signal, text: str, match: re.Match[str]) -> bool:
    if signal.near is None:
        return True
    start = max(text.rfind("\n", 0, match.start()), text.rfind("。", 0, match.start())) + 1
    end = _SENTENCE.match(text, match.end())
    return bool(signal.near.search(text, start, end.end() if end else len(text)))


def _places(signal: Signal, reading: Reading, personal: Mapping[str, Span]) -> list[Span]:
    if signal.where == "personal":
        return [span for kind, span in personal.items() if signal.pattern.fullmatch(kind)][:MOST]
    if not may_match(signal.pattern, reading.sifted_title if signal.where == "title" else reading.sifted):
        return []
    if signal.where == "title":
        match = signal.pattern.search(reading.title)
        return [place_title(reading, match)] if match else []
    text = reading.text
    limit = HEAD if signal.where == "head" else len(text)
    spans = []
    for match in signal.pattern.finditer(text, 0, limit):
        if match.group() and _near(signal, text, match):
            spans.append(Span(match.start(), min(match.end(), match.start() + 40)))
            if len(spans) == MOST:
                break
    return spans


def _possible(signals: Sequence[Signal], reading: Reading) -> list[tuple[int, Signal]]:
    """The signals that may speak, with their place in the row: most have no cue anywhere."""
    cues = reading.cues
    return [pair for pair in enumerate(signals) if id(pair[1].pattern) in cues or pair[1].where == "personal"]


def _score(clause: Clause, reading: Reading, personal: Mapping[str, Span]) -> Hit:
    if clause.id not in reading.speaking:
        return Hit(clause, 0.0, ())
    words, person, spans, fired = 1.0, 1.0, [], []
    for place, signal in _possible(clause.signals, reading):
        found = _places(signal, reading, personal)
        if found:
            left = (1 - signal.weight) * 0.9 ** (len(found) - 1)
            words, person = (words, person * left) if signal.where == "personal" else (words * left, person)
            spans.append((signal.weight, found))
            fired.append(place)
    told = 1 - words
    if spans:
        for place, counter in _possible(clause.counters, reading):
            if _places(counter, reading, personal):
                told *= 1 - counter.weight
                fired.append(COUNTER + place)
    score = 1 - (1 - told) * person
    ordered = [span for _, group in sorted(spans, key=lambda pair: -pair[0]) for span in group]
    return Hit(clause, score, tuple(_distinct(ordered)[:MOST]), tuple(fired))


def _distinct(spans: Iterable[Span]) -> list[Span]:
    """The same in their order, without those that another one holds."""
    once = list(dict.fromkeys(spans))
    return [span for span in once if not any(other.covers(span) for other in once if other != span)]


def table_hits(reading: Reading, personal: Mapping[str, Span]) -> dict[str, Hit]:
    """Every clause's score; `personal` maps each type of personal data to be masked to its first place."""
    return {clause.id: _score(clause, reading, personal) for clause in reading.rules.clauses}


def with_personal(hits: Mapping[str, Hit], reading: Reading, personal: Mapping[str, Span]) -> dict[str, Hit]:
    """The same hits, with the clauses that look at personal data scored anew."""
    again = {name for name in reading.rules.looking_at_people if name in hits and _concerned(hits[name], personal)}
    return {name: _score(hit.clause, reading, personal) if name in again else hit for name, hit in hits.items()}


def _concerned(hit: Hit, personal: Iterable[str]) -> bool:
    """Whether a signal that looks at personal data has spoken, or would now."""
    rows = [*enumerate(hit.clause.signals), *enumerate(hit.clause.counters, COUNTER)]
    looking = [(place, row.pattern) for place, row in rows if row.where == "personal"]
    return any(place in hit.fired or any(map(pattern.fullmatch, personal)) for place, pattern in looking)


def findings(hits: Iterable[tuple[Hit, float]], threshold: float) -> Iterator[Finding]:
    """Hits at or over the threshold as findings, one for each piece of evidence."""
    for hit, score in hits:
        if score < threshold:
            continue
        for span in hit.spans:
            yield Finding(
                span,
                hit.clause.id,
                min(score, 0.99),
                "negative:" + hit.clause.id,
                hit.clause.basis,
                why=hit.clause.title,
            )
