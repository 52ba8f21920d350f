"""A text cut into pieces with what each is evidence of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gongkai.model.finding import Action
from gongkai.service.wire import Json


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that carry the same marks: `codes` of reasons and clauses, `masked` for personal data; `first` names the
    codes whose evidence begins here."""

    words: str = field(repr=False)
    codes: tuple[str, ...] = ()
    masked: bool = False
    first: tuple[str, ...] = ()


Mark = tuple[int, int, str]


def marks(result: Json) -> Iterator[Mark]:
    """Where a screening's evidence and its personal data stand; personal data has no code."""
    for reason in result.get("reasons", ()):
        yield from ((span["start"], span["end"], reason["code"]) for span in reason["evidence"])
    yield from ((hit["start"], hit["end"], hit["clause"]) for hit in result.get("negative", ()))
    yield from ((one["start"], one["end"], "") for one in result.get("personal", ()) if one["action"] == Action.mask)


def cut(text: str, found: Iterable[Mark]) -> list[Piece]:
    """The whole text in pieces; marks beyond its end are left out."""
    inside = sorted(mark for mark in found if 0 <= mark[0] < mark[1] <= len(text))
    ends = sorted({0, len(text), *(mark[0] for mark in inside), *(mark[1] for mark in inside)})
    pieces, waiting, active = [], iter(inside), list[Mark]()
    coming = next(waiting, None)
    for start, end in zip(ends, ends[1:], strict=False):
        active = [mark for mark in active if mark[1] > start]
        while coming and coming[0] == start:
            active.append(coming)
            coming = next(waiting, None)
        codes = tuple(dict.fromkeys(code for _, _, code in active if code))
        first = tuple(dict.fromkeys(code for begin, _, code in active if code and begin == start))
        pieces.append(Piece(text[start:end], codes, any(not code for _, _, code in active), first))
    return pieces
