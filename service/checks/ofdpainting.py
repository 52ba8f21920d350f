"""What an OFD page paints, in order: places, colours and shapes of its objects, measured in mm of the page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from gongkai.service.rewriting.ofdreduce import local
from gongkai.service.rewriting.ofdtext import measure, measured_codes

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEPTH, _CURVE = 32, 6
#: More points than any box has: what is drawn with more hides nothing on purpose.
_MOST_POINTS, _LONGEST = 1000, 20_000
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
#: Where the letter's middle lies above its base line, in sizes.
_MIDDLE = 0.38


@dataclass(frozen=True, slots=True)
class Letter:
    """A character with its middle on the page, its height in mm, its colour (empty: not known)."""

    char: str
    at: Point
    size: float
    colour: str
    opaque: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The characters of one text object."""

    letters: tuple[Letter, ...] = field(repr=False)
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Cover:
    """A filled path, a thick line or a picture; `colour` is empty where it can't be said, `picture` the one drawn."""

    outlines: tuple[tuple[Point, ...], ...]
    colour: str = ""
    picture: str = ""
    even: bool = False
    wide: float = 0.0

    def over(self, at: Point, size: float) -> bool:
        """Whether a letter of this height lies under it."""
        if self.wide:
            return self.wide >= 0.6 * size and any(
                _distance(at, *pair) <= self.wide / 2
                for line in self.outlines
                for pair in zip(line, line[1:], strict=False)
            )
        turns = sum(_turns(line, at) for line in self.outlines)
        return turns % 2 == 1 if self.even else turns != 0


def moved(matrix: Matrix, at: Point) -> Point:
    """A point through a matrix."""
    a, b, c, d, e, f = matrix
    return a * at[0] + c * at[1] + e, b * at[0] + d * at[1] + f


def joined(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that does the inner one first."""
    a, b, c, d, e, f = inner
    (ox, oy), (ax, ay), (cx, cy) = moved(outer, (e, f)), moved(outer, (a + e, b + f)), moved(outer, (c + e, d + f))
    return ax - ox, ay - oy, cx - ox, cy - oy, ox, oy


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """The first numbers of a list; None where there are fewer or one is none."""
    found = [measure(part, math.nan) for part in (text or "").replace(",", " ").split()[:count]]
    return tuple(found) if len(found) == count and all(map(math.isfinite, found)) else None


def placed(element: Element) -> Matrix:
    """From the space of an object to the one that it stands in."""
    left, top, _, _ = numbers(element.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = numbers(element.get("CTM"), 6) or IDENTITY
    return a, b, c, d, e + left, f + top


@dataclass(frozen=True)
class Resources:
    """What pages draw with, by number: composite units, drawing parameters, pictures."""

    units: Mapping[str, Element]
    settings: Mapping[str, Element]
    pictures: Mapping[str, str]


@dataclass(frozen=True)
class _State:
    """Where a walk through a page stands."""

    matrix: Matrix = IDENTITY
    shown: bool = True
    alpha: float = 1.0
    depth: int = 0


def painted(content: Iterable[Element], resources: Resources, start: Matrix = IDENTITY) -> Iterator[Words | Cover]:
    """Texts and covers in the order in which they are drawn."""
    yield from _walked(content, resources, _State(start))


def _walked(content: Iterable[Element], resources: Resources, state: _State) -> Iterator[Words | Cover]:
    for element in content:
        name = local(element)
        shown = state.shown and (element.get("Visible") or "").strip().lower() != "false"
        alpha = state.alpha * _share(element.get("Alpha"))
        now = replace(state, shown=shown, alpha=alpha)
        if name == "TextObject":
            yield _words(element, resources, now)
        elif name == "PathObject" and shown:
            yield from _paths(element, resources, now)
        elif name == "ImageObject" and shown and alpha > 0.9 and not element.get("ImageMask"):
            corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
            matrix = joined(now.matrix, placed(element))
            outline = tuple(moved(matrix, corner) for corner in corners)
            yield Cover((outline,), "", resources.pictures.get((element.get("ResourceID") or "").strip(), ""))
        elif state.depth < _DEPTH:
            yield from _inside(element, resources, replace(now, depth=state.depth + 1))


def _inside(element: Element, resources: Resources, state: _State) -> Iterator[Words | Cover]:
    name = local(element)
    if name == "PageBlock":
        yield from _walked(element, resources, state)
    elif name == "CompositeObject":
        unit = resources.units.get((element.get("ResourceID") or "").strip())
        content = next((below for below in unit if local(below) == "Content"), ()) if unit is not None else ()
        yield from _walked(content, resources, replace(state, matrix=joined(state.matrix, placed(element))))


def _share(value: str | None) -> float:
    return min(255.0, max(0.0, measure(value, 255.0))) / 255.0


def _setting(element: Element, resources: Resources, name: str) -> tuple[str | None, Element | None]:
    """An attribute and an element of this name, of the object or of the drawing parameters that it names."""
    seen, holder = 0, element
    while seen < _DEPTH:
        below = next((child for child in holder if local(child) == name), None)
        if holder.get(name) is not None or below is not None:
            return holder.get(name), below
        link = holder.get("DrawParam") if local(holder) != "DrawParam" else holder.get("Relative")
        known = resources.settings.get((link or "").strip())
        if known is None:
            break
        seen, holder = seen + 1, known
    return None, None


def _colour(element: Element | None) -> tuple[str, float]:
    """RRGGBB and how opaque; an empty colour where it can't be said."""
    if element is None:
        return "000000", 1.0
    parts = (element.get("Value") or "").split()
    try:
        told = [int(part[1:], 16) if part.startswith("#") else round(float(part)) for part in parts]
    except (ValueError, OverflowError):
        told = []
    if len(told) == 4:
        told = [round((255 - min(255, max(0, ink))) * (255 - min(255, max(0, told[3]))) / 255) for ink in told[:3]]
    told = told * 3 if len(told) == 1 else told
    known = len(told) == 3 and element.get("Index") is None and not len(element)
    return "".join(f"{min(255, max(0, part)):02X}" for part in told) if known else "", _share(element.get("Alpha"))


def _words(element: Element, resources: Resources, state: _State) -> Words:
    matrix = joined(state.matrix, placed(element))
    scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or 1.0
    size = measure(element.get("Size"), 3.0)
    colour, share = _colour(_setting(element, resources, "FillColor")[1])
    filled = (element.get("Fill") or "").strip().lower() != "false"
    opaque = (filled or (element.get("Stroke") or "").strip().lower() == "true") and state.alpha * share > 0.05
    narrow = abs(measure(element.get("HScale"), 1.0))
    letters = []
    for code in measured_codes([below for below in element if local(below) == "TextCode"], size):
        for index, char in enumerate(code.text):
            step = code.across[index + 1] - code.across[index]
            lies = step == 0 and code.down[index + 1] != code.down[index]
            half = (size if lies else min(abs(step), size) or size) / 2
            at = moved(matrix, (code.across[index] + half * narrow, code.down[index] - _MIDDLE * size))
            letters.append(Letter(char, at, abs(size) * scale * min(1.0, narrow), colour if filled else "", opaque))
    return Words(tuple(letters), state.shown)


def _paths(element: Element, resources: Resources, state: _State) -> Iterator[Cover]:
    matrix = joined(state.matrix, placed(element))
    colour, share = _colour(fill := _setting(element, resources, "FillColor")[1])
    filled = (element.get("Fill") or "").strip().lower() == "true" and fill is not None and state.alpha * share > 0.9
    ink, strength = _colour(_setting(element, resources, "StrokeColor")[1])
    scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])) or 1.0
    wide = measure(_setting(element, resources, "LineWidth")[0], 0.353) * scale
    thick = (element.get("Stroke") or "").strip().lower() != "false" and wide > 1 and state.alpha * strength > 0.9
    if filled or thick:
        data = next((below.text for below in element if local(below) == "AbbreviatedData"), None)
        lines = tuple(tuple(moved(matrix, at) for at in line) for line in _outlines(data))
        if lines and filled:
            yield Cover(lines, colour, even=element.get("Rule") == "Even-Odd")
        if lines and thick:
            yield Cover(lines, ink, wide=wide)


def _outlines(data: str | None) -> Iterator[list[Point]]:
    """The lines of a path, curves as some points; nothing of what is drawn with more points than a box has."""
    line: list[Point] = []
    for count, (command, given) in enumerate(_commands((data or "")[:_LONGEST])):
        if command in "SM":
            if len(line) > 1:
                yield line
            line = [given[0]]
        elif command == "C" and line:
            line.append(line[0])
        elif line:
            line += _curve(line[-1], given) if command in "QB" else [given[-1]]
        if count > _MOST_POINTS:
            return
    if len(line) > 1:
        yield line


def _commands(data: str) -> Iterator[tuple[str, list[Point]]]:
    """Commands with their points; of an arc only its end."""
    command, held = "", list[float]()
    for token in _TOKEN.finditer(data):
        if token.group().upper() in _TAKES:
            command, held = token.group().upper(), []
            if command == "C":
                yield command, []
        elif command and not token.group().isalpha():
            held.append(float(token.group()))
            if len(held) == _TAKES[command]:
                points = list(zip(held[::2], held[1::2], strict=False)) if command != "A" else [(held[5], held[6])]
                yield command, points
                held = []


def _curve(start: Point, given: Sequence[Point]) -> list[Point]:
    points = [start, *given]
    found = []
    for step in range(1, _CURVE + 1):
        share, row = step / _CURVE, points
        while len(row) > 1:
            row = [
                (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in zip(row, row[1:], strict=False)
            ]
        found.append(row[0])
    return found


def _turns(line: Sequence[Point], at: Point) -> int:
    """How often a closed line goes around a point."""
    turns = 0
    for (x, y), (to_x, to_y) in zip(line, [*line[1:], line[0]], strict=True):
        side = (to_x - x) * (at[1] - y) - (at[0] - x) * (to_y - y)
        if y <= at[1] < to_y and side > 0:
            turns += 1
        elif to_y <= at[1] < y and side < 0:
            turns -= 1
    return turns


def _distance(at: Point, start: Point, end: Point) -> float:
    wide, high = end[0] - start[0], end[1] - start[1]
    whole = wide * wide + high * high
    share = 0.0 if not whole else min(1.0, max(0.0, ((at[0] - start[0]) * wide + (at[1] - start[1]) * high) / whole))
    return math.hypot(at[0] - start[0] - share * wide, at[1] - start[1] - share * high)
