"""A redaction in work as its page shows it: lines of both texts side by side, and findings grouped by their value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.model.deid.proof import PERSONS, normal
from gongkai.service.crew.orders import Ruling
from gongkai.service.masking.works import Ruled, Shown, State
from gongkai.service.wire import Json

DOUBT = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the original: what the copy does there (`action`, empty where it has no finding), and the ruling
    that was given for it, if any; `pending` when the copy does not know it yet."""

    start: int
    end: int
    type: str
    action: str
    why: str
    replacement: str = field(repr=False)
    confidence: float = 1.0
    line: int = 0
    ruling: int = 0
    wanted: str = ""
    pending: bool = False

    @property
    def shown(self) -> str:
        """What will stand: the ruling's action, or the copy's."""
        return self.wanted or self.action

    @property
    def doubtful(self) -> bool:
        """Whether the machine is not sure and nobody has ruled."""
        return not self.ruling and self.confidence < DOUBT


@dataclass(frozen=True, slots=True)
class Group:
    """The places of one value of one type."""

    type: str
    value: str = field(repr=False)
    places: tuple[Place, ...]

    @property
    def first(self) -> Place:
        """The place that stands for all."""
        return self.places[0]

    @property
    def mixed(self) -> bool:
        """Whether the value is hidden at one place and stays at another."""
        return len({place.shown for place in self.places}) > 1

    @property
    def state(self) -> str:
        """For the filters: pending, ruled, doubt or plain."""
        if any(place.pending for place in self.places):
            return "pending"
        if all(place.ruling for place in self.places):
            return "ruled"
        return "doubt" if any(place.doubtful for place in self.places) else "plain"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line: text, and the place that it is part of."""

    text: str = field(repr=False)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the original and the same line of the copy."""

    number: int
    start: int
    left: tuple[Piece, ...] = field(repr=False)
    right: tuple[Piece, ...] = field(repr=False)


def places(shown: Shown, state: State) -> list[Place]:
    """Every finding of the copy with what was ruled about it, and the places of rulings that have none yet."""
    board = _Board((_place(row) for row in shown.personal), shown.text)
    for ruled in sorted(state.rulings, key=lambda one: not one.back):
        board.rule(ruled, pending=ruled.back or ruled.number not in state.proven)
    starts, found = _line_starts(shown.text), board.held
    if state.rulings:
        found = sorted(found, key=lambda place: (place.start, place.end))
    return [replace(place, line=bisect_right(starts, place.start)) for place in found]


def _place(row: Json) -> Place:
    return Place(
        row["start"], row["end"], row["type"], row["action"], row["why"], row["replacement"], row["confidence"]
    )


class _Board:
    """Places as rulings find them, by where they stand and by their value: lists have thousands of both."""

    def __init__(self, found: Iterable[Place], text: str) -> None:
        self.held: list[Place] = []
        self._text, self._longest = text, 0
        self._starts: list[tuple[int, int]] = []
        self._same: defaultdict[tuple[bool, str], set[int]] = defaultdict(set)
        for place in found:
            self._add(place)

    def _add(self, place: Place) -> None:
        insort(self._starts, (place.start, len(self.held)))
        self._longest = max(self._longest, place.end - place.start)
        self._same[self._value(place)].add(len(self.held))
        self.held.append(place)

    def _value(self, place: Place | Ruling) -> tuple[bool, str]:
        return place.type in PERSONS, normal(place.type, self._text[place.start : place.end])

    def _there(self, ruling: Ruling) -> set[int]:
        first = bisect_left(self._starts, (ruling.start - self._longest, 0))
        last = bisect_left(self._starts, (ruling.end, 0))
        return {at for _, at in self._starts[first:last] if self.held[at].end > ruling.start}

    def rule(self, ruled: Ruled, *, pending: bool) -> None:
        """One more ruling; a new place stands where it rules about none."""
        ruling, there = ruled.ruling, self._there(ruled.ruling)
        exact = any((self.held[at].start, self.held[at].end) == (ruling.start, ruling.end) for at in there)
        wide = ruling.everywhere or ruling.action == "mask"
        same = self._same[self._value(ruling)] - there if wide else set()
        kept = {at for at in same if self.held[at].wanted == "keep" and not ruling.everywhere}
        for at in there | same - kept:
            was, self.held[at] = self.held[at], _with(self.held[at], ruled, pending)
            if was.type != self.held[at].type:
                self._same[self._value(was)].discard(at)
                self._same[self._value(self.held[at])].add(at)
        if not exact and pending and not ruled.back:
            new = Place(ruling.start, ruling.end, ruling.type, "", ruling.why, ruling.replacement)
            self._add(_with(new, ruled, pending))


def _with(place: Place, ruled: Ruled, pending: bool) -> Place:
    ruling = ruled.ruling
    if ruled.back:
        return replace(place, pending=True)
    told = replace(place, ruling=ruled.number, wanted=ruling.action, pending=pending)
    return replace(told, type=ruling.type, why=ruling.why or place.why) if pending else told


def groups(found: Iterable[Place], text: str) -> list[Group]:
    """Places by type and value, in the order of their first place; what is hidden first."""
    by_value: dict[tuple[str, str], list[Place]] = {}
    for place in found:
        value = text[place.start : place.end]
        by_value.setdefault((place.type, normal(place.type, value) or value), []).append(place)
    made = [Group(kind, text[some[0].start : some[0].end], tuple(some)) for (kind, _), some in by_value.items()]
    return sorted(made, key=lambda group: (group.first.shown != "mask", group.type))


def lines(found: Sequence[Place], text: str) -> Iterator[Line]:
    """The text line by line, in order. Of places that overlap the earlier is marked."""
    rest = _apart(found)
    start = index = 0
    for number, line in enumerate(text.split("\n"), 1):
        end = start + len(line)
        while index < len(rest) and rest[index].end <= start:
            index += 1
        here: list[Place] = []
        while index + len(here) < len(rest) and rest[index + len(here)].start < max(end, start + 1):
            here.append(rest[index + len(here)])
        yield Line(number, start, *_sides(here, text, start, end))
        start = end + 1


def _sides(here: Sequence[Place], text: str, start: int, end: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left, right, at = [], [], start
    for place in here:
        first, last = max(place.start, start), min(place.end, end)
        if first >= last:
            continue
        before, words = Piece(text[at:first]), text[first:last]
        gone = (place.replacement if place.start >= start else "") if place.action == "mask" else words
        left += [before, Piece(words, place)]
        right += [before, Piece(gone, place)]
        at = last
    rest = Piece(text[at:end])
    return tuple(p for p in (*left, rest) if p.text), tuple(p for p in (*right, rest) if p.text)


def _apart(found: Sequence[Place]) -> list[Place]:
    apart: list[Place] = []
    for place in found:
        if not apart or place.start >= apart[-1].end:
            apart.append(place)
    return apart


def _line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
