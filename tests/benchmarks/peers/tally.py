"""What a set of masks leaves in clear and what it hides for nothing, by type, and how cases come out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from documents import Paper
from leaks import NUMBERS
from measure import Row

from peers.cases import Case

#: A group of types, as the columns have it.
GROUPS = {
    **dict.fromkeys(NUMBERS, "numbers"),
    "NAME": "names",
    "ADDR_HOME": "addresses",
    **dict.fromkeys(("HEALTH", "RELIGION", "BIOMETRIC", "TRACK", "FIN", "SPECIAL", "MINOR"), "sensitive"),
}
COLUMNS = ("numbers", "names", "addresses", "sensitive")
CASES = ("numbers", "names", "addresses", "births", "sensitive")
Spans = Sequence[tuple[int, int, str]]
#: What a system's own kinds are, for what is hidden in vain; one without a kind (cloakpii) finds numbers alone.
_NUMBER = r"^$|phone|card|bank|id_number|email|passport|plate|account|ssn|social|mil_id|military|wechat|qq|edu"
_FOUND = (
    ("numbers", re.compile(_NUMBER, re.IGNORECASE)),
    ("names", re.compile(r"^(?:name|reporter|person)$", re.IGNORECASE)),
    ("places", re.compile(r"addr|location", re.IGNORECASE)),
    ("others", re.compile("")),
)
FOUND = tuple(name for name, _ in _FOUND)


def covered(length: int, spans: Spans) -> bytearray:
    """One byte a character: 1 where something covers it."""
    mask = bytearray(length)
    for start, end, _ in spans:
        mask[start:end] = b"\1" * (end - start)
    return mask


def tally(papers: Sequence[Paper], found: Sequence[Spans]) -> Counter[str]:
    """Characters to hide and left open, in all and by type; pieces that stay; characters hidden for nothing."""
    count: Counter[str] = Counter()
    for paper, spans in zip(papers, found, strict=True):
        mask, open_here, to_hide = covered(len(paper.text), spans), 0, False
        count["characters"] += len(mask)
        for mark in paper.marks:
            piece = mask[mark.start : mark.end]
            if mark.keep:
                count.update({"kept": 1, "kept hidden": int(any(piece))})
                continue
            open_here, to_hide = open_here + piece.count(0), True
            for key in ("all", GROUPS.get(mark.type, ""), mark.type):
                count.update({f"hide {key}": len(piece), f"open {key}": piece.count(0)})
        count.update({"documents": int(to_hide), "whole": int(to_hide and not open_here)})
        count += _stray(paper, spans, mask)
    return count


def _stray(paper: Paper, spans: Spans, mask: bytearray) -> Counter[str]:
    """Characters hidden for nothing, by what they were taken for; of two kinds the first counts."""
    for mark in paper.marks:
        mask[mark.start : mark.end] = bytes(mark.end - mark.start)
    count = Counter({"stray": sum(mask)})
    for start, end, kind in spans:
        count[f"stray {_found(kind)}"] += sum(mask[start:end])
        mask[start:end] = bytes(end - start)
    return count


def _found(kind: str) -> str:
    return next(name for name, pattern in _FOUND if pattern.search(kind))


def figures(count: Counter[str]) -> Row:
    """The columns of one system."""
    return {
        "leaked": share(count, "open all", "hide all"),
        **{f"leaked {name}": share(count, f"open {name}", f"hide {name}") for name in COLUMNS},
        "fully masked": share(count, "whole", "documents"),
        "keep violations": share(count, "kept hidden", "kept"),
        "stray": share(count, "stray", "characters"),
    }


def share(count: Counter[str], part: str, whole: str) -> float | None:
    """A share; None of nothing."""
    return count[part] / count[whole] if count[whole] else None


def judged(cases: Sequence[Case], found: Sequence[Spans]) -> Row:
    """Shares of pieces found whole, of cases without any personal data in which something is found, of stray."""
    count: Counter[str] = Counter()
    for case, spans in zip(cases, found, strict=True):
        mask = covered(len(case.text), spans)
        for start, end, group in case.spans:
            count.update({f"all {group}": 1, f"whole {group}": int(all(mask[start:end]))})
            mask[start:end] = bytes(end - start)
        if case.clean:
            count.update({"clean": 1, "alarms": int(any(mask))})
        count.update({"stay": len(case.stay), "hidden": sum(any(mask[start:end]) for start, end in case.stay)})
    return {
        **{f"{name} whole": share(count, f"whole {name}", f"all {name}") for name in CASES},
        "false alarms": share(count, "alarms", "clean"),
        "must stay, hidden": share(count, "hidden", "stay"),
    }
