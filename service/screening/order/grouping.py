"""Which records are reviewed together: near duplicates, and series of one template; which of them stand out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from gongkai.service.screening.order.outlines import Backlog, Outline, Prints

Keys = NDArray[np.uint64]
Fits = Callable[[int, int], bool]
Odd = Callable[[Sequence[Outline]], list[bool]]
SAME, SERIES = 0.85, 0.7
#: Slots in a band of the index: two texts as alike as the threshold meet in some band 994 and 998 times in 1,000.
_SAME_BAND, _SERIES_BAND = 8, 5
#: Leaders that a place of the index holds: where more share a stretch of text, that stretch tells nothing.
_CROWD = 16
#: Leaders that a record is compared with: those that it shares most stretches with.
_NEAR = 32
#: A clause that at most this share of a series has stands out.
RARE = 0.2


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a record belongs to, by the digests that name group and series; nothing where it stands alone.

    `exception`: it is judged otherwise than its group or its series (`odd_twins`, `odd_members`).
    """

    group: str = ""
    series: str = ""
    exception: bool = False


def grouped(backlog: Backlog) -> list[Grouped]:
    """Groups and series of all records, each built around its first member and as like to it as the threshold asks.

    A series holds whole groups; one that is no more than a group is none.
    """
    outlines = backlog.outlines
    identities = [_identity(outline) for outline in outlines]
    groups = stars(backlog.signatures, SAME, _SAME_BAND, identities, lambda i, j: _compatible(outlines[i], outlines[j]))
    series = _whole(stars(backlog.moulds, SERIES, _SERIES_BAND), groups)
    group_names, odd = _named(groups, outlines, odd_twins)
    series_names, odd_in_series = _named(series, outlines, odd_members)
    sizes = Counter(zip(series, groups, strict=True))
    members = Counter(series)
    return [
        Grouped(
            group_names.get(groups[i], ""),
            series_names.get(series[i], "") if sizes[series[i], groups[i]] < members[series[i]] else "",
            i in odd or i in odd_in_series,
        )
        for i in range(len(outlines))
    ]


def stars(
    prints: Prints,
    threshold: float,
    band: int,
    identities: Sequence[str] = (),
    fits: Fits = lambda _one, _other: True,
) -> list[int]:
    """For each record its leader: the likest earlier leader at or above a similarity that `fits`, else itself.

    Leaders are not joined by chains, so that the last member of a group is as like to the first as the threshold asks.
    Records of one identity (a number) meet even where an index place is crowded.
    """
    keys = _bands(prints, band)
    if identities:
        keys = np.hstack([keys, _marked(keys, identities)])
    shared = np.logical_and(_shared(keys), np.any(prints, axis=1, keepdims=True))
    leaders = list(range(len(prints)))
    places: dict[int, list[int]] = defaultdict(list)
    for i in np.flatnonzero(shared.any(axis=1)).tolist():
        row: list[int] = keys[i][shared[i]].tolist()
        near = _nearest(j for key in row for j in places.get(key, ()))
        leader = _likest(prints, i, near, threshold, fits)
        leaders[i] = i if leader is None else leader
        if leader is None:
            for key in row:
                if len(places[key]) < _CROWD:
                    places[key].append(i)
    return leaders


def _bands(prints: Prints, width: int) -> Keys:
    """A key for each stretch of `width` slots, different from band to band."""
    keys = np.zeros((len(prints), prints.shape[1] // width), dtype=np.uint64)
    for place in range(width):
        keys = keys * np.uint64(0x9E3779B97F4A7C15) + prints[:, place : keys.shape[1] * width : width]
        keys ^= keys >> np.uint64(29)
    return keys * np.uint64(64) + np.arange(keys.shape[1], dtype=np.uint64)


def _marked(keys: Keys, identities: Sequence[str]) -> Keys:
    """The same keys, apart for each identity."""
    known: dict[str, int] = {}
    marks = np.array([known.setdefault(identity, len(known) + 1) for identity in identities], dtype=np.uint64)
    return keys ^ (marks * np.uint64(0x9E3779B97F4A7C15))[:, None]


def _shared(keys: Keys) -> NDArray[np.bool_]:
    """Which keys another record has as well: the others lead nowhere and are not kept."""
    found = np.zeros(keys.shape, dtype=bool)
    for place, column in enumerate(keys.T):
        _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
        found[:, place] = counts[inverse] > 1
    return found


def _nearest(met: Iterable[int]) -> list[int]:
    """Those that were met most often, in order."""
    counts = Counter(met)
    return sorted(counts if len(counts) <= _NEAR else nsmallest(_NEAR, counts, key=lambda j: (-counts[j], j)))


def _likest(prints: Prints, i: int, near: list[int], threshold: float, fits: Fits) -> int | None:
    if not near:
        return None
    similar = (np.count_nonzero(prints[near] == prints[i], axis=1) / prints.shape[1]).tolist()
    likest_first = sorted(zip(similar, near, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return next((j for share, j in likest_first if share >= threshold and fits(i, j)), None)


def _identity(outline: Outline) -> str:
    return outline.number_key or outline.title_key


def _compatible(one: Outline, other: Outline) -> bool:
    """Whether two like texts can be one paper: not under two numbers, nor with other figures in their titles."""
    numbers = {key for key in (one.number_key, other.number_key) if key}
    return len(numbers) < 2 and _figures(one.title_key) == _figures(other.title_key)


def _figures(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _whole(series: list[int], groups: list[int]) -> list[int]:
    """Series in which the members of a group follow their leader."""
    return [series[group] for group in groups]


def _named(leaders: list[int], outlines: Sequence[Outline], odd: Odd) -> tuple[dict[int, str], set[int]]:
    """Names of the groups of two and more by leader (their first member that is as most are), and who is odd."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, leader in enumerate(leaders):
        members[leader].append(i)
    names: dict[int, str] = {}
    apart: set[int] = set()
    for leader, found in members.items():
        if len(found) > 1:
            strange = odd([outlines[i] for i in found])
            names[leader] = next(outlines[i].digest for i, is_odd in zip(found, strange, strict=True) if not is_odd)
            apart.update(i for i, is_odd in zip(found, strange, strict=True) if is_odd)
    return names, apart


def odd_twins(twins: Sequence[Outline]) -> list[bool]:
    """Which near duplicates are judged otherwise than most, in attribute or in any clause."""
    verdicts = [(_judged(outline), outline.clauses) for outline in twins]
    usual = Counter(verdicts).most_common(1)[0][0]
    return [verdict != usual for verdict in verdicts]


def odd_members(members: Sequence[Outline]) -> list[bool]:
    """Which members of a series have another attribute than most, or a clause that few of those have.

    Facts change within a series, so that clauses come and go; a rare one is what a decision for all would miss.
    """
    usual = Counter(map(_judged, members)).most_common(1)[0][0]
    same = [outline for outline in members if _judged(outline) == usual]
    hits = Counter(clause for outline in same for clause in outline.clauses)
    common = {clause for clause, count in hits.items() if count > RARE * len(same)}
    plain = Counter(outline.clauses <= common for outline in same)[True] > 0
    return [_judged(outline) != usual or (plain and not outline.clauses <= common) for outline in members]


def _judged(outline: Outline) -> tuple[str, bool]:
    return outline.attribute, outline.stopped
