"""Characters taken out of the text objects of an OFD, with a box and the replacement in their place."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml.etree import _Element as Element

from gongkai.service.rewriting.ofdreduce import local, made, named

#: Start and end in the text of a code, and what stands there instead.
Cut = tuple[int, int, str]
#: How far above and below its base line a character reaches, in sizes, and how far a replacement may be spread.
_ABOVE, _BELOW, _SPREAD = 0.88, 0.12, 2.0
_PALE, _DARK = "217 217 217", "51 51 51"
_TOKENS = re.compile(r"g\s+(\d+)\s+(\S+)|(\S+)")


@dataclass
class Fresh:
    """Numbers for new objects, and the font that every reader has."""

    last: int
    font: str

    def number(self) -> str:
        """A number that no object has."""
        self.last += 1
        return str(self.last)


def merged(cuts: Iterable[Cut]) -> list[Cut]:
    """Cuts of one code in order, those that overlap joined."""
    found: list[Cut] = []
    for start, end, text in sorted(set(cuts), key=lambda cut: (cut[0], -cut[1], -len(cut[2]))):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2])
        else:
            found.append((start, end, text))
    return found


def take_out(cuts: Mapping[int, Iterable[Cut]], every: Sequence[Element], fresh: Fresh) -> None:
    """Carry out cuts, given by the numbers of their text codes."""
    objects: dict[Element, dict[int, list[Cut]]] = defaultdict(dict)
    for number, changes in cuts.items():
        code = every[number]
        holder = code.getparent()
        if holder is not None:
            objects[holder][list(named(holder, "TextCode")).index(code)] = merged(changes)
    for holder, mine in objects.items():
        _rebuild(holder, mine, fresh)


@dataclass(frozen=True, slots=True)
class Code:
    """A text code with the place of each character and of its end, measured in its object."""

    text: str
    across: tuple[float, ...]
    down: tuple[float, ...]


def _rebuild(holder: Element, cuts: Mapping[int, Sequence[Cut]], fresh: Fresh) -> None:
    old = list(named(holder, "TextCode"))
    measured = list(measured_codes(old, measure(holder.get("Size"), 3.0)))
    _shift_glyphs(holder, measured, cuts)
    parent = holder.getparent()
    for index, (element, code) in enumerate(zip(old, measured, strict=True)):
        mine = cuts.get(index, ())
        for start, end in _stays(len(code.text), mine):
            element.addprevious(_piece(code, start, end))
        holder.remove(element)
        for start, end, text in mine:
            if parent is not None:
                _mark(holder, code, (start, end, text), fresh)
    if parent is not None and not any(code.text for code in named(holder, "TextCode")):
        parent.remove(holder)


def measured_codes(codes: Sequence[Element], size: float) -> Iterator[Code]:
    """Text codes of an object of this size, each with where its characters begin, in its own measure."""
    x = y = 0.0
    for code in codes:
        text = code.text or ""
        x, y = measure(code.get("X"), x), measure(code.get("Y"), y)
        rights, downs = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
        steps = [_step(rights, index, char, size, bool(downs)) for index, char in enumerate(text)]
        falls = [downs[index] if index < len(downs) else (size if downs else 0.0) for index in range(len(text))]
        yield Code(text, tuple(accumulate(steps, initial=x)), tuple(accumulate(falls, initial=y)))


def _step(deltas: Sequence[float], index: int, char: str, size: float, vertical: bool) -> float:
    if index < len(deltas):
        return deltas[index]
    return 0.0 if vertical else _wide(char) * size


def _wide(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in ("W", "F") else 0.5


def _deltas(value: str | None, limit: int) -> list[float]:
    """Steps between characters, with `g count step` written out."""
    steps: list[float] = []
    for count, step, single in _TOKENS.findall(value or ""):
        steps += [measure(step or single, 0.0)] * (min(int(count), limit - len(steps)) if count else 1)
        if len(steps) >= limit:
            break
    return steps[:limit]


def measure(value: str | None, default: float) -> float:
    """A number as OFD writes it; the default where there is none."""
    try:
        return float(value) if value is not None else default
    except ValueError:
        return default


def _stays(length: int, cuts: Sequence[Cut]) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end, _ in [*cuts, (length, length, "")]:
        if start > at:
            yield at, start
        at = max(at, end)


def _piece(code: Code, start: int, end: int) -> Element:
    piece = made("TextCode", code.text[start:end], X=_exact(code.across[start]), Y=_exact(code.down[start]))
    for name, places in (("DeltaX", code.across), ("DeltaY", code.down)):
        steps = [places[index + 1] - places[index] for index in range(start, end - 1)]
        if any(steps):
            piece.set(name, " ".join(map(_exact, steps)))
    return piece


def _shift_glyphs(holder: Element, codes: Sequence[Code], cuts: Mapping[int, Sequence[Cut]]) -> None:
    """Glyph numbers of hidden characters go, those behind them count from their new places."""
    starts = list(accumulate((len(code.text) for code in codes), initial=0))
    gone = {starts[index] + at for index, mine in cuts.items() for start, end, _ in mine for at in range(start, end)}
    for transform in [below for below in holder if local(below) == "CGTransform"]:
        first, count = int(measure(transform.get("CodePosition"), 0)), int(measure(transform.get("CodeCount"), 1))
        count = max(0, min(count, starts[-1]))
        kept = [index for index in range(count) if first + index not in gone]
        transform.set("CodePosition", str(first - sum(at < first for at in gone)))
        if len(kept) == count:
            continue
        glyphs = [glyph for below in named(transform, "Glyphs") for glyph in (below.text or "").split()]
        holder.remove(transform)
        if kept and len(glyphs) == count:
            again = made("CGTransform", CodePosition=transform.get("CodePosition") or "0")
            again.set("CodeCount", str(len(kept)))
            again.set("GlyphCount", str(len(kept)))
            again.append(made("Glyphs", " ".join(glyphs[index] for index in kept)))
            holder.insert(0, again)


def _mark(holder: Element, code: Code, cut: Cut, fresh: Fresh) -> None:
    """A box over the place, and the replacement in it."""
    start, end, text = cut
    size = measure(holder.get("Size"), 3.0)
    x, y = code.across[start], code.down[start]
    wide, high = abs(code.across[end] - x), abs(code.down[end] - y)
    shared = {name: holder.get(name, "") for name in ("Boundary", "CTM") if holder.get(name)}
    low = min(x, code.across[end])
    frame = (low, y - _ABOVE * size, max(wide, size), max(high, size))
    box = made("PathObject", ID=fresh.number(), Stroke="false", Fill="true", **shared)
    box.append(made("FillColor", Value=_PALE if text else _DARK))
    box.append(made("AbbreviatedData", _rectangle(*frame)))
    holder.addprevious(box)
    if text:
        holder.addprevious(_saying(text, (x, y), (wide, high), size, fresh, shared))


def _rectangle(left: float, top: float, wide: float, high: float) -> str:
    corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    points = [f"{_exact(x)} {_exact(y)}" for x, y in corners]
    return f"M {points[0]} L {points[1]} L {points[2]} L {points[3]} C"


def _saying(
    text: str, at: tuple[float, float], room: tuple[float, float], size: float, fresh: Fresh, shared: dict[str, str]
) -> Element:
    vertical = room[1] > room[0]
    widths = [1.0 if vertical else _wide(char) for char in text]
    factor = min(_SPREAD, max(room) / (sum(widths) * size)) if max(room) > 0 else 1.0
    saying = made("TextObject", ID=fresh.number(), Font=fresh.font, Size=_exact(size), **shared)
    if factor < 1 and not vertical:
        saying.set("HScale", _exact(factor))
    code = made("TextCode", text, X=_exact(at[0]), Y=_exact(at[1]))
    steps = " ".join(_exact(width * size * factor) for width in widths[:-1])
    if steps:
        code.set("DeltaY" if vertical else "DeltaX", steps)
    saying.append(code)
    return saying


def _exact(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
