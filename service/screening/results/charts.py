"""Charts as inline SVG: no script, no style of their own; colours come from the page's classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

#: As wide as half the page, so that its words are as large as the page's.
WIDTH, HEIGHT = 540, 250
LEFT, RIGHT, TOP, BOTTOM = 60, 22, 22, 44
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind, one for each label of a chart; `kind` is the class that colours them."""

    name: str
    kind: str
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Line:
    """Points from left to right, both coordinates between 0 and 1; `kind` is the class that colours it."""

    name: str
    kind: str
    points: Sequence[Point]


def bar(pieces: Iterable[tuple[float, str]]) -> str:
    """One bar of a table, cut into shares of the whole width (0 to 1) with their classes."""
    drawn, at = [], 0.0
    for share, kind in pieces:
        if share > 0:
            drawn.append(f'<rect class="{kind}" x="{at:.2%}" y="0" width="{share:.2%}" height="12"/>')
            at += share
    return f'<svg class="bar" width="100%" height="12" aria-hidden="true">{"".join(drawn)}</svg>'


def columns(labels: Sequence[str], series: Sequence[Series], title: str) -> str:
    """Stacked columns over labels, with the total above each."""
    totals = [sum(s.counts[i] for s in series) for i in range(len(labels))]
    ticks = scale(max(totals, default=0))
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    wide = min(step * 0.7, 56)
    skip, sparse = (_skip(words, step) for words in (labels, [f"{total:,}" for total in totals]))
    drawn = [_grid([(tick / ticks[-1], f"{tick:,}") for tick in ticks])]
    for i, label in enumerate(labels):
        x = LEFT + step * i + (step - wide) / 2
        drawn += _column(x, wide, [(s.kind, s.counts[i]) for s in series], ticks[-1])
        back = len(labels) - 1 - i
        if totals[i] and back % sparse == 0:
            drawn.append(_text(x + wide / 2, _y(totals[i] / ticks[-1]) - 5, f"{totals[i]:,}"))
        if back % skip == 0:
            drawn.append(_text(x + wide / 2, HEIGHT - BOTTOM + 19, label))
    return _svg(drawn, title)


def curve(lines: Sequence[Line], title: str, across: str) -> str:
    """Lines over shares from 0 to 1; the vertical axis ends at the first fitting share."""
    top = ceiling(max((y for line in lines for _, y in line.points), default=0.0))
    ticks = [(i / 4, f"{top * i / 4:.3g}%") for i in range(5)]
    drawn = [_grid(ticks)]
    for i in range(0, 11, 2):
        drawn.append(_text(_x(i / 10), HEIGHT - BOTTOM + 19, f"{i * 10}%"))
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, across))
    for line in lines:
        path = " ".join(f"{_x(x):.1f},{_y(y * 100 / top):.1f}" for x, y in line.points)
        drawn.append(f'<polyline class="line {line.kind}" points="{path}"/>')
    return _svg(drawn, title)


def scale(most: int) -> list[int]:
    """Whole ticks from 0 that reach at least `most`, at most seven of them."""
    rough = max(most, 1) / 5
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = int(next(power * f for f in (1, 2, 5, 10) if power * f >= rough))
    return list(range(0, max(most, 1) + step, step))


def ceiling(most: float) -> float:
    """The end of an axis in percent for a share: 1, 2, 4, 8, 12, 20, 40 or 100."""
    return next((end for end in (1, 2, 4, 8, 12, 20, 40) if most * 100 <= end), 100)


def _skip(words: Sequence[str], step: float) -> int:
    """Every how many columns one of these words has room."""
    return max(1, ceil(max(map(len, words), default=0) * 7.6 / step))


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _column(x: float, wide: float, pieces: Sequence[tuple[str, int]], top: int) -> list[str]:
    drawn, below = [], 0
    for kind, count in pieces:
        if count:
            y = _y((below + count) / top)
            tall = _y(below / top) - y
            drawn.append(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>')
            below += count
    return drawn


def _grid(ticks: Iterable[tuple[float, str]]) -> str:
    drawn = []
    for share, label in ticks:
        y = _y(share)
        drawn.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(_text(LEFT - 7, y + 4, label, "end"))
    return "".join(drawn)


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>' if words else ""


def _svg(drawn: Iterable[str], title: str) -> str:
    shown = f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return f"{shown}{''.join(drawn)}</svg>"
