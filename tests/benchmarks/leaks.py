"""How much personal data a set of masks leaves in clear, in the terms of the annotation standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from documents import Paper

NUMBERS = (
    "ID_CARD", "PHONE_MOBILE", "PHONE_FIX", "BANK", "PASSPORT", "PLATE", "EMAIL", "SSN", "MIL_ID", "WECHAT",
)  # fmt: skip
Masks = Iterable[tuple[int, int]]


def figures(papers: Sequence[Paper], masks: Sequence[Masks]) -> dict[str, float | None]:
    """Shares of characters left in clear, of kept pieces masked all the same, of characters masked for nothing."""
    count: Counter[str] = Counter()
    for paper, spans in zip(papers, masks, strict=True):
        count += _counted(paper, spans)
    return {
        "leaked": _share(count, "open", "hide"),
        "leaked numbers": _share(count, "open numbers", "hide numbers"),
        "leaked names": _share(count, "open NAME", "hide NAME"),
        "leaked addresses": _share(count, "open ADDR_HOME", "hide ADDR_HOME"),
        "keep violations": _share(count, "kept masked", "kept"),
        "stray": _share(count, "stray", "characters"),
    }


def _share(count: Counter[str], part: str, whole: str) -> float | None:
    return count[part] / count[whole] if count[whole] else None


def _counted(paper: Paper, spans: Masks) -> Counter[str]:
    masked, marked = bytearray(len(paper.text)), bytearray(len(paper.text))
    for start, end in spans:
        masked[start:end] = b"\1" * (end - start)
    count = Counter({"characters": len(masked)})
    for mark in paper.marks:
        marked[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
        piece = masked[mark.start : mark.end]
        if mark.keep:
            count.update({"kept": 1, "kept masked": int(any(piece))})
            continue
        for key in ("", " numbers" if mark.type in NUMBERS else f" {mark.type}"):
            count.update({f"hide{key}": len(piece), f"open{key}": piece.count(0)})
    count["stray"] = sum(m and not g for m, g in zip(masked, marked, strict=True))
    return count
