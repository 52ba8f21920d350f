"""Characters of an OFD page that no eye sees: under paths and pictures, in the colour of the ground, off the page."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gongkai.service.checks.ofdpainting import Cover, Letter, Point, Words
from gongkai.service.checks.officetraces import alike
from gongkai.service.checks.unseen import runs

#: In mm: letters of 1.5 points and less, how far off the page a letter's middle may be, cells of the index.
_TINY, _MARGIN, _CELL = 0.53, 1.0, 10.0
#: Below this in red, green and blue a colour is dark; letters further apart than so many sizes and mm stand alone.
_DARK, _APART, _FAR = 90, 2.5, 6.0
#: How much of a picture has to be opaque over a letter, of 255.
_OPAQUE = 200
_MOST_DOTS = 50_000_000
Box = tuple[float, float, float, float]


class TooMuch(Exception):
    """A page draws more on top of each other than is looked through."""


@dataclass
class Budget:
    """How many comparisons of a letter with a cover one file gets."""

    left: int = 3_000_000

    def spend(self, count: int) -> None:
        """Raises TooMuch."""
        self.left -= count
        if self.left < 0:
            raise TooMuch


@dataclass(frozen=True)
class Sight:
    """What one page paints, in order, and how its pictures are fetched."""

    edges: Box
    drawn: Sequence[Words | Cover]
    picture: Callable[[str], bytes] = field(repr=False)
    budget: Budget
    #: The alpha channels of its pictures, each read once.
    _known: dict[str, object | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def unseen(self) -> Iterator[tuple[str, str]]:
        """Runs of unseen letters, each with its cause."""
        told = [
            (letter, self._cause(at, words, letter))
            for at, words in enumerate(self.drawn)
            if isinstance(words, Words)
            for letter in words.letters
        ]
        yield from runs(_parted(told))

    @cached_property
    def _index(self) -> dict[tuple[int, int], list[tuple[int, Cover, Box]]]:
        """Covers by the cells that they reach into."""
        cells: dict[tuple[int, int], list[tuple[int, Cover, Box]]] = defaultdict(list)
        for at, cover in enumerate(self.drawn):
            if isinstance(cover, Cover):
                self.budget.spend(sum(map(len, cover.outlines)))
                box = _around(cover, self.edges)
                reach = [(x, y) for x in _cells(box[0], box[2]) for y in _cells(box[1], box[3])]
                self.budget.spend(len(reach))
                for cell in reach:
                    cells[cell].append((at, cover, box))
        return cells

    def _cause(self, at: int, words: Words, letter: Letter) -> str:
        if letter.char.isspace():
            return ""
        x, y = letter.at
        left, top, wide, high = self.edges
        if not words.shown or not letter.opaque:
            return "invisible"
        if not (left - _MARGIN <= x <= left + wide + _MARGIN and top - _MARGIN <= y <= top + high + _MARGIN):
            return "outside"
        if letter.size < _TINY:
            return "tiny"
        over, under = self._around(at, letter)
        if over is not None:
            return "picture" if over.picture else _look(over.colour)
        ground = "FFFFFF" if under is None else under.colour
        return _look(ground) if ground and letter.colour and alike(ground, letter.colour) else ""

    def _around(self, at: int, letter: Letter) -> tuple[Cover | None, Cover | None]:
        """The cover that hides a letter, or else the one right under it."""
        x, y = letter.at
        for order, cover, box in reversed(self._index.get((int(x // _CELL), int(y // _CELL)), ())):
            self.budget.spend(1)
            if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
                continue
            self.budget.spend(sum(map(len, cover.outlines)) // 8)
            if cover.over(letter.at, letter.size) and self._opaque(cover, letter):
                return (cover, None) if order > at else (None, cover)
        return None, None

    def _opaque(self, cover: Cover, letter: Letter) -> bool:
        """Whether a picture hides what is under it here: a seal lets it through."""
        if not cover.picture:
            return True
        alpha = self._alpha(cover.picture)
        return alpha is None or _alpha_at(alpha, cover.outlines[0], letter) >= _OPAQUE

    def _alpha(self, name: str) -> object | None:
        if name not in self._known:
            self._known[name] = _read_alpha(self.picture(name))
        return self._known[name]


def _look(colour: str) -> str:
    """A cover whose colour is not known hides as a light one does."""
    levels = [int(colour[at : at + 2], 16) for at in range(0, len(colour), 2)]
    return "dark" if levels and sum(levels) / 3 < _DARK else "light"


def _around(cover: Cover, edges: Box) -> Box:
    """The box around a cover, cut at the edges of the page."""
    left, top, wide, high = edges
    across = [x for line in cover.outlines for x, _ in line]
    down = [y for line in cover.outlines for _, y in line]
    more = cover.wide / 2
    low, high_y = max(top - _MARGIN, min(down) - more), min(top + high + _MARGIN, max(down) + more)
    return max(left - _MARGIN, min(across) - more), low, min(left + wide + _MARGIN, max(across) + more), high_y


def _cells(first: float, last: float) -> range:
    return range(int(first // _CELL), int(last // _CELL) + 1) if first <= last else range(0)


def _read_alpha(data: bytes) -> object | None:
    """The alpha channel of a picture; None where it has none or can't be read: then it hides everything."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_DOTS:
                return None
            clear = "A" in picture.getbands() or "transparency" in picture.info
            return picture.convert("RGBA").getchannel("A") if clear else None
    except Exception:  # Pillow answers damage with any exception
        return None


def _alpha_at(alpha: object, corners: Sequence[Point], letter: Letter) -> float:
    """How opaque a picture is over a letter, 0 to 255."""
    from PIL.Image import Image

    assert isinstance(alpha, Image)
    (x, y), (to_x, to_y), _, (down_x, down_y) = corners
    across, down = (to_x - x, to_y - y), (down_x - x, down_y - y)
    whole = across[0] * down[1] - across[1] * down[0]
    if not whole:
        return 0.0
    at = letter.at[0] - x, letter.at[1] - y
    u, v = (at[0] * down[1] - at[1] * down[0]) / whole, (across[0] * at[1] - across[1] * at[0]) / whole
    half = letter.size / 2
    wide = half * alpha.width / max(half, (across[0] ** 2 + across[1] ** 2) ** 0.5)
    high = half * alpha.height / max(half, (down[0] ** 2 + down[1] ** 2) ** 0.5)
    middle = u * alpha.width, v * alpha.height
    box = round(middle[0] - wide), round(middle[1] - high), round(middle[0] + wide) + 1, round(middle[1] + high) + 1
    levels = alpha.crop(box).resize((1, 1), resample=4).tobytes()  # 4: the mean of all dots
    return float(levels[0])


def _parted(told: Iterable[tuple[Letter, str]]) -> Iterator[tuple[str, str | None]]:
    """Letters with their causes; those of another line behind a line end."""
    before: Letter | None = None
    for letter, cause in told:
        if letter.char.isspace():
            yield letter.char, None
            continue
        yield ("\n" if before is not None and _apart(before, letter) else "") + letter.char, cause
        before = letter


def _apart(one: Letter, other: Letter) -> bool:
    size = max(one.size, other.size, 0.1)
    return abs(one.at[1] - other.at[1]) > 0.6 * size or abs(one.at[0] - other.at[0]) > max(_FAR, _APART * size)
