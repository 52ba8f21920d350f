"""What is left in clear of marked personal data, what is hidden for nothing: figures in the benchmark's terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from gongkai.model.document import Span
from gongkai.training.authored import Example

#: Parts of the figures: the benchmark's names for groups of types.
PARTS = {
    "numbers": (
        "ID_CARD", "PHONE_MOBILE", "PHONE_FIX", "BANK", "PASSPORT", "PLATE", "EMAIL", "SSN", "MIL_ID", "WECHAT",
    ),
    "names": ("NAME",),
    "addresses": ("ADDR_HOME",),
    "sensitive": (
        "HEALTH", "FIN", "FAMILY", "SPECIAL", "MINOR", "EDU", "TRACK", "RELIGION", "BIOMETRIC", "REPORTER", "BIRTH",
    ),
}  # fmt: skip


def hidden_places(size: int, spans: Iterable[Span]) -> bytearray:
    """One byte a character of a text of `size`, 1 where it is hidden."""
    found = bytearray(size)
    for span in spans:
        found[span.start : span.end] = b"\1" * len(span)
    return found


def leak_figures(pairs: Sequence[tuple[Example, Sequence[Span]]]) -> dict[str, float | None]:
    """Shares of characters left in clear, of documents fully masked, of kept pieces hidden, of characters hidden for
    nothing; each document with the places that would be hidden. Documents whose data nobody marked are left out."""
    open_, wanted, kept = Counter[str](), Counter[str](), Counter[bool]()
    whole, stray, length = [], 0, 0
    for example, spans in ((e, s) for e, s in pairs if e.personal_known):
        text = example.document.text
        hidden, left, marked = hidden_places(len(text), spans), 0, hidden_places(len(text), ())
        for mark in example.marked:
            covered = hidden[mark.span.start : mark.span.end]
            marked[mark.span.start : mark.span.end] = b"\1" * len(mark.span)
            if mark.keep:
                kept[any(covered)] += 1
            else:
                wanted[mark.type] += len(mark.span)
                open_[mark.type] += covered.count(0)
                left += covered.count(0)
        if any(not mark.keep for mark in example.marked):
            whole.append(left == 0)
        stray += sum(h and not m and not c.isspace() for h, m, c in zip(hidden, marked, text, strict=True))
        length += len(text)
    return {
        "leaked": _share(open_.total(), wanted.total()),
        **{f"leaked_{part}": _share(_sum(open_, types), _sum(wanted, types)) for part, types in PARTS.items()},
        "fully_masked": _share(sum(whole), len(whole)),
        "keep_violations": _share(kept[True], kept.total()),
        "stray_masking": _share(stray, length),
    }


def _sum(counts: Counter[str], types: Iterable[str]) -> int:
    return sum(counts[kind] for kind in types)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
