"""Apply the rules of law.toml: which speak for which attribute, on what evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.needles import may_match
from gongkai.model.reading import Reading
from gongkai.model.tablerows import LawRule

HEAD = 400
LAW = 0.6
DUTY = 1.5


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule that holds for a document, with the places that show it."""

    rule: LawRule
    evidence: tuple[Finding, ...]


def place_title(reading: Reading, match: re.Match[str]) -> Span:
    """Where the matched piece of the title stands in the text; the text's beginning when it doesn't."""
    at = reading.text.find(match.group(), 0, 2000) if match.group() else -1
    if at >= 0:
        return Span(at, at + len(match.group()))
    start = len(reading.text) - len(reading.text.lstrip())
    return Span(start, min(start + 12, len(reading.text)))


def _finding(rule: LawRule, span: Span) -> Finding:
    return Finding(span, rule.id, min(0.95, 0.5 + rule.weight / 8), "law:" + rule.id, basis=rule.basis, why=rule.why)


def _ruled_out(rule: LawRule, reading: Reading) -> bool:
    """Whether the kind of document, a cue against the rule, or the lack of one for it (by its grams) rules it out."""
    if rule.kinds and reading.elements.kind not in rule.kinds:
        return True
    known, titled = reading.sifted, reading.sifted_title
    if rule.title and not may_match(rule.title, titled):
        return True
    if any(cue and not may_match(cue, known) for cue in (rule.head, rule.body)):
        return True
    if rule.no_title and may_match(rule.no_title, titled) and rule.no_title.search(reading.title):
        return True
    return bool(rule.no_body and may_match(rule.no_body, known) and rule.no_body.search(reading.text))


def _evidence(rule: LawRule, reading: Reading) -> tuple[Finding, ...] | None:
    """The places where the rule's cues stand; None when the rule does not hold."""
    if _ruled_out(rule, reading):
        return None
    title = reading.title
    spans = []
    for pattern, where, limit in (
        (rule.title, title, 0),
        (rule.head, reading.text, HEAD),
        (rule.body, reading.text, len(reading.text)),
    ):
        if pattern is None:
            continue
        match = pattern.search(where) if where is title else pattern.search(where, 0, limit)
        if not match:
            return None
        if match.group():
            whole = Span(*match.span()) if where is not title else place_title(reading, match)
            spans.append(Span(whole.start, min(whole.end, whole.start + 60)))
    return tuple(_finding(rule, span) for span in spans)


def weighed(held: Iterable[Ground]) -> dict[str, float]:
    """The decision order as log-odds by attribute, on top of what the model learned from the same rules.

    A duty to disclose (条例 19-21) sets the may-clauses of article 16 aside (法律、法规、规章规定应当公开的，从其规定),
    but no must-clause. A rule added to the table counts at once, before any training.
    """
    found = tuple(held)
    duty = any(g.rule.step == "duty" and g.rule.weight >= DUTY for g in found)
    must = any(g.rule.step == "must" for g in found)
    sums: dict[str, float] = {}
    for ground in found:
        rule = ground.rule
        if not (rule.step == "may" and duty and not must):
            sums[rule.attribute] = sums.get(rule.attribute, 0.0) + LAW * rule.weight
    return sums


def grounds(reading: Reading) -> Iterator[Ground]:
    """The rules that hold, in the table's order."""
    for rule in reading.rules.laws:
        evidence = _evidence(rule, reading) if rule.id in reading.speaking else None
        if evidence is not None:
            yield Ground(rule, evidence)
