"""Text of a content stream, glyph by glyph: where each stands, and a show operation without the hidden ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Name, Operator, String

from gongkai.service.rewriting.pdffonts import Code, Face, Value
from gongkai.service.rewriting.pdfmarks import Mark, Operation, Spot, natural, writing

#: a, b, c, d, e, f: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: A glyph: its origin, the middle of its body, its size, all as the page measures.
Place = tuple[float, float, float, float, float]
#: How far an origin may be off, in glyph sizes, and how much of a character's edges may be another glyph's.
_OFF, _EDGE = 0.12, 0.15
#: The same where the line is slanted: it crosses others.
_SLANTED = 0.02
#: How much wider the letters of a replacement may be made to fill their place, and how far apart, in sizes.
_WIDEST, _SPREAD = 1.6, 1.0


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point in the outer coordinates of a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def matrix_of(value: Value) -> Matrix:
    """Six numbers as a matrix; the identity when there are none."""
    if isinstance(value, (pikepdf.Array, list)) and len(value) == 6:
        a, b, c, d, e, f = (float(number) for number in value)
        return a, b, c, d, e, f
    return IDENTITY


@dataclass(slots=True)
class TextState:
    """The graphics state as far as text needs it."""

    ctm: Matrix
    matrix: Matrix = IDENTITY
    line: Matrix = IDENTITY
    font: Name | None = None
    source: Value = None
    face: Face | None = None
    size: float = 0.0
    char: float = 0.0
    word: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def move(self, x: float, y: float) -> None:
        """To a new line, measured from the last one's start."""
        self.matrix = self.line = times((1, 0, 0, 1, x, y), self.line)

    def advance(self, distance: float) -> None:
        """On by a distance that is not stretched yet."""
        along = (0.0, distance) if self.face and self.face.vertical else (distance * self.stretch, 0.0)
        self.matrix = times((1, 0, 0, 1, *along), self.matrix)

    def place(self, code: Code) -> Place:
        """Where a glyph stands that is shown now."""
        whole = times(self.matrix, self.ctm)
        size, width = self.size, code.width * self.size
        if self.face and self.face.vertical:
            origin, middle = (-code.across * size, self.rise - 0.88 * size), (0.0, self.rise - 0.5 * size)
        else:
            origin, middle = (0.0, self.rise), (width / 2 * self.stretch, self.rise + 0.35 * size)
        return *moved(whole, *origin), *moved(whole, *middle), abs(size) * math.hypot(whole[2], whole[3])


class Cover:
    """The hidden spots of a page: which one, if any, does a glyph stand on?"""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self._spots = spots
        self.told: set[int] = set()

    def __call__(self, place: Place) -> Spot | None:
        """The spot whose origin it shares, or in whose box its middle lies."""
        x, y, across, up, size = place
        for spot in self._spots:
            near = (_SLANTED if spot.mark.turn else _OFF) * size
            if abs(spot.x - x) <= near and abs(spot.y - y) <= near:
                return spot
        return next((spot for spot in self._spots if _inside(spot, across, up)), None)


def _inside(spot: Spot, x: float, y: float) -> bool:
    left, bottom, right, top = spot.box
    edge = _EDGE * (right - left)
    return left + edge <= x <= right - edge and bottom <= y <= top


class Shown:
    """One show operation, rebuilt: what stays, equal gaps for what goes, and the replacement in the first gap."""

    def __init__(self, state: TextState, cover: Callable[[Place], Spot | None] | None, told: set[int]) -> None:
        self._state, self._cover, self._told = state, cover, told
        self._items: list[Any] = []
        self._run = bytearray()
        self._gap = 0.0
        self._out: list[Operation] = []
        self.hidden = False
        self.fonts: set[Name] = set()
        self.lost: set[tuple[bytes, int]] = set()

    def operations(self) -> list[Operation]:
        """What stands in place of the operation."""
        self._flush()
        return self._out

    def number(self, value: float) -> None:
        """An adjustment between strings."""
        self._close_gap()
        self._close_run()
        self._items.append(_exact(value))
        self._state.advance(-value / 1000 * self._state.size)

    def string(self, raw: bytes) -> None:
        """A shown string; hidden everywhere when there is nothing to ask where."""
        state = self._state
        for code in state.face.codes(raw) if state.face else ():
            advance = code.width * state.size + state.char + (state.word if code.raw == b" " else 0.0)
            spot = self._cover(state.place(code)) if self._cover else None
            if spot or not self._cover:
                self.lost.add((code.raw, code.cid))
                self._drop(advance, spot)
            else:
                self._close_gap()
                self._run += code.raw
            state.advance(advance)

    def _drop(self, advance: float, spot: Spot | None) -> None:
        self.hidden = True
        self._close_run()
        if spot and spot.first and id(spot.mark) not in self._told:
            self._told.add(id(spot.mark))
            self._say(spot.mark)
        self._gap += advance

    def _close_run(self) -> None:
        if self._run:
            self._items.append(String(bytes(self._run)))
            self._run.clear()

    def _close_gap(self) -> None:
        if self._gap and self._state.size:
            self._items.append(_exact(-self._gap * 1000 / self._state.size))
        self._gap = 0.0

    def _flush(self) -> None:
        self._close_run()
        self._close_gap()
        if self._items:
            self._out.append(([pikepdf.Array(self._items)], Operator("TJ")))
        self._items = []

    def _say(self, mark: Mark) -> None:
        """Write the replacement where the hidden text begins, then go back to there."""
        state = self._state
        whole = times(state.matrix, state.ctm)
        unit = math.hypot(whole[0], whole[1]) * state.stretch
        if not mark.text or not state.font or not unit or not state.size or (state.face and state.face.vertical):
            return
        self._flush()
        left, bottom, right, top = mark.box
        along = mark.turn or abs(whole[0]) >= abs(whole[1])
        room = (right - left if along else top - bottom) / unit
        wide = natural(mark.text) * abs(state.size)
        factor = min(_WIDEST, room / wide)
        apart = min(_SPREAD * abs(state.size), max(0.0, room / factor - wide) / len(mark.text))
        spread = math.copysign(apart, state.size)
        name, codes = writing(mark.text)
        self.fonts.add(name)
        self._do("Tf", name, _exact(state.size))
        self._settings(spread, 0.0, state.stretch * factor)
        self._do("Tj", codes)
        self._do("Tf", state.font, _exact(state.size))
        self._settings(state.char, state.word, state.stretch)
        self._gap = -(natural(mark.text) * state.size + spread * len(mark.text)) * factor

    def _settings(self, char: float, word: float, stretch: float) -> None:
        for operator, value in (("Tc", char), ("Tw", word), ("Tz", stretch * 100)):
            self._do(operator, _exact(value))

    def _do(self, operator: str, *operands: Value) -> None:
        self._out.append((list(operands), Operator(operator)))


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")
