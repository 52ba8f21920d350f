"""Masks of several files that together reveal what each of them hides: one number or person masked in two ways."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, islice

from gongkai.service.checks.combining import ALIKE, SHARED, TYPES, WAYS, Mask, hidden_names, line_of, numbers

#: The characters of a number that tell people apart; those before them are shared by a county, a network, a bank.
_TELLING = {size: range(start, size) for size, start in ((11, 3), (16, 6), (18, 8), (19, 6))}
_SURE = 4
#: How many known characters two numbers must share at least to be compared: many files hold people of one county.
_SHARED = SHARED | {18: 8}
#: How many numbers of one look are compared; how many findings are told in one run.
_LIKE, _MOST = 20, 1000
_NUMBER = "看来是同一个号码，遮的位置不同，合起来就能看出被遮的数字"
_NAME = "看来是同一个号码，旁边的姓名一处已遮蔽，另一处却是全名"


@dataclass(frozen=True, slots=True)
class Mark:
    """A masked number of a file, and the name in its line: masked with `*`, whole, or empty."""

    mask: Mask
    place: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Across:
    """What two files reveal together: the index and the mark of each."""

    type: str
    ends: tuple[tuple[int, Mark], tuple[int, Mark]]
    why: str
    advice: str = ALIKE


def marked(text: str, names: Iterable[tuple[int, str]]) -> Iterator[tuple[Mask, str]]:
    """Masked numbers of a text with the names beside them; `names` are offsets and values of people in clear."""
    people = sorted({**dict(names), **dict(hidden_names(text))}.items())
    starts = [at for at, _ in people]
    for mask in numbers(text):
        line = line_of(text, mask)
        beside = people[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
        before = [name for at, name in beside if at < mask.start]
        yield mask, before[-1] if before else beside[0][1] if beside else ""


def across(files: Sequence[Sequence[Mark]]) -> Iterator[Across]:
    """What files reveal together, once for each pair of files and sort of thing."""
    told: set[tuple[int, int, str, str]] = set()
    for one, other in _alike(files):
        kind = TYPES[len(one[1].mask.form)]
        for sort, why in _revealed(one[1], other[1]):
            key = (one[0], other[0], sort, kind)
            if key not in told and len(told) < _MOST:
                told.add(key)
                yield Across(sort or kind, (one, other), why)


_End = tuple[int, Mark]
#: Marks of one way by their file, form and name; the first of each.
_Marks = dict[tuple[int, str, str], Mark]


def _alike(files: Sequence[Sequence[Mark]]) -> Iterator[tuple[_End, _End]]:
    """Marks of two files that may be one number: by telling digits, by the name beside, or because no other fits."""
    ways: dict[tuple[int, tuple[int, ...]], _Marks] = defaultdict(dict)
    for index, marks in enumerate(files):
        for mark in marks:
            form = mark.mask.form
            ways[len(form), mark.mask.known].setdefault((index, form, mark.name), mark)
    for (size, one), (other_size, other) in combinations_with_replacement(islice(ways, WAYS), 2):
        both = sorted(set(one) & set(other))
        if size == other_size and len(both) >= _SHARED[size]:
            sure = len(set(both) & set(_TELLING[size])) >= _SURE
            yield from _partners(ways[size, one], ways[size, other], both, sure)


def _partners(ones: _Marks, others: _Marks, both: Sequence[int], sure: bool) -> Iterator[tuple[_End, _End]]:
    looks: dict[str, list[_End]] = defaultdict(list)
    for (index, form, _), mark in ones.items():
        looks["".join(form[at] for at in both)].append((index, mark))
    seen: dict[str, int] = defaultdict(int)
    for _, form, _ in others:
        seen["".join(form[at] for at in both)] += 1
    for (index, form, name), mark in others.items():
        look = "".join(form[at] for at in both)
        alone = len(looks[look]) == seen[look] == 1
        for there, partner in looks[look][:_LIKE]:
            named = bool(name and partner.name)
            fits = _same(name, partner.name) if named else sure or alone
            if there != index and fits:
                yield ((there, partner), (index, mark)) if there < index else ((index, mark), (there, partner))


def _same(one: str, other: str) -> bool:
    """Whether two names, masked or not, can be one."""
    return all(a == b or "*" in (a, b) for a, b in zip(one, other, strict=False))


def _revealed(one: Mark, other: Mark) -> Iterator[tuple[str, str]]:
    """What two marks of one number tell: the type (empty for the number's own) and why."""
    known = set(one.mask.known) | set(other.mask.known)
    if len(one.mask.form) - len(known) < min(one.mask.hidden, other.mask.hidden):
        yield "", _NUMBER
    telling = set(one.mask.known) & set(other.mask.known) & set(_TELLING[len(one.mask.form)])
    if len(telling) >= _SURE and one.name and other.name and ("*" in one.name) != ("*" in other.name):
        yield "NAME", _NAME
