"""Numbers that a narrow cell of a picture breaks into lines: pieces below each other, read as one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gongkai.model.folding import fold
from gongkai.service.rewriting.recogniser import Pixels, Reading

#: What a piece of a number looks like, and what the pieces make: identity card, mobile, bank card.
_PIECE = re.compile(r"[\dXx*]{2,}")
_NUMBER = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]|1[3-9]\d{9}|[36]\d{15,18}")
#: Pieces of one number at most; the gap between two of them, in heights of the upper one.
_MOST, _GAP = 5, 0.9


def wrapped(lines: Sequence[Reading]) -> list[Reading]:
    """The lines of a picture, those that are pieces of one number as one, at the place of the first."""
    pieces = [line for line in lines if _PIECE.fullmatch(_said(line))]
    pieces.sort(key=lambda line: whole(line)[1])
    whole_numbers: dict[int, list[Reading]] = {}
    taken: set[int] = set()
    for first in pieces:
        chain = list(_chain(first, pieces)) if id(first) not in taken else []
        for count in range(len(chain), 1, -1):
            if _NUMBER.fullmatch("".join(map(_said, chain[:count]))) and taken.isdisjoint(map(id, chain[:count])):
                whole_numbers[id(first)] = chain[:count]
                taken.update(map(id, chain[:count]))
                break
    return [
        _joined(whole_numbers.get(id(line), [line]))
        for line in lines
        if id(line) in whole_numbers or id(line) not in taken
    ]


def whole(line: Reading) -> Pixels:
    """What a line takes of its picture."""
    lefts, tops, rights, bottoms = zip(*line.boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _said(line: Reading) -> str:
    return fold(line.text).strip()


def _joined(pieces: Sequence[Reading]) -> Reading:
    if len(pieces) == 1:
        return pieces[0]
    return Reading("".join(piece.text for piece in pieces), tuple(box for piece in pieces for box in piece.boxes))


def _chain(first: Reading, pieces: Sequence[Reading]) -> Iterator[Reading]:
    """A piece and those below it in its column, each right under the one before."""
    yield first
    above = first
    for _ in range(_MOST - 1):
        left, top, right, bottom = whole(above)
        high = bottom - top
        below = [
            piece
            for piece in pieces
            if piece is not above
            and whole(piece)[1] > (top + bottom) / 2
            and whole(piece)[1] - bottom < _GAP * high
            and whole(piece)[0] > left - high
            and whole(piece)[2] < right + high
        ]
        if not below:
            return
        above = min(below, key=lambda piece: whole(piece)[1])
        yield above
