"""All personal data of a document, each piece with its action, why, and what replaces it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gongkai.model.addresses import addresses
from gongkai.model.disclosure import decide, decide_name, replacement
from gongkai.model.document import Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.people import Person
from gongkai.model.reading import Reading
from gongkai.model.sensitive import sensitive

_STRONG = {"ID_CARD": 5, "BANK": 4, "PASSPORT": 4, "PHONE_MOBILE": 4, "EMAIL": 4, "REPORTER": 3, "NAME": 3, "ADDR_HOME": 2}


def joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order without overlaps: the strongest is shown, and what is hidden covers the union.

    A masked finding grows over every masked finding that overlaps it, so no last character is left in clear; a kept
    one gives way to a masked one.
    """
    order = sorted(findings, key=lambda f: (f.action == Action.keep, -_STRONG.get(f.kind, 1), -f.score, -len(f.span)))
    kept: list[Finding] = []
    for finding in order:
        rivals = [place for place, other in enumerate(kept) if finding.span.overlaps(other.span)]
        if not rivals:
            kept.append(finding)
        elif finding.action == Action.mask and all(kept[p].action == Action.mask for p in rivals):
            first = rivals[0]
            whole = Span(
                min(finding.span.start, *(kept[p].span.start for p in rivals)) if rivals else finding.span.start,
                max(finding.span.end, *(kept[p].span.end for p in rivals)) if rivals else finding.span.end,
            )
            kept[first] = replace(kept[first], span=whole)
            kept = [f for place, f in enumerate(kept) if place == first or place not in rivals]
    return tuple(sorted(kept, key=lambda f: f.span))


def _sane(finding: Finding, names: Sequence[Finding]) -> bool:
    """A number never swallows a name; an address label may."""
    return finding.kind == "ADDR_HOME" or not any(finding.span.covers(n.span) and n.score > 0.9 and len(finding.span) > 3 * len(n.span) for n in names)


def personal(reading: Reading, numbers: Iterable[Finding], people: Iterable[Person], label: Attribute) -> tuple[Finding, ...]:
    """Personal data found in a document that will carry `label`, in reading order, without overlaps."""
    names = [decide_name(person, reading, label) for person in people]
    found = [decide(finding, reading, label) for finding in numbers]
    found += [decide(finding, reading, label) for finding in addresses(reading)]
    places = [f.span for f in names + found if f.action == Action.mask and f.kind in ("NAME", "REPORTER", "ID_CARD")]
    found += [decide(finding, reading, label) for finding in sensitive(reading, places) if _sane(finding, names)]
    return tuple(_replaced(finding, reading) for finding in joined(names + found))


def _replaced(finding: Finding, reading: Reading) -> Finding:
    if finding.action == Action.keep:
        return finding
    kind = reading.rules.type[finding.kind]
    return replace(finding, replacement=replacement(finding, reading.document.text, kind.mask, kind.head, kind.tail))
