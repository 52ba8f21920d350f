"""How far a screened backlog can be trusted, from an audit sample: error rates, and what is still wrong in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass

from gongkai.model.estimates import Estimate, counted, total
from gongkai.model.finding import Attribute
from gongkai.service.screening.decisions.conflicts import by_record, standing
from gongkai.service.screening.decisions.sampling import Sample, frame
from gongkai.service.screening.records import Decision, Pile
from gongkai.service.screening.store import Store

#: The key under which the store keeps the last estimate, for the report.
KEY = "estimate"
#: The attributes whose errors harm: 错作主动公开 (a leak), 错作不予公开 (a right denied).
HARMFUL = (Attribute.proactive, Attribute.withheld)


@dataclass(frozen=True, slots=True)
class PileTrust:
    """One pile: how many records the sample stands for, how many were drawn, audited, found wrong, and may be wrong."""

    pile: Pile
    of: int
    drawn: int
    audited: int
    wrong: int
    number: Estimate

    @property
    def rate(self) -> Estimate:
        """The share of its records with a wrong attribute."""
        return self.number.over(self.of)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a sample says of the records that nobody had decided when it was drawn.

    `rate` is the share with a wrong attribute over the piles that were audited; `left` counts, by the machine's
    attribute, the wrong ones that are still there after all corrections; `since` counts the records decided beside the
    sample, None when the archive changed so that they can't be told apart.
    """

    sample: str
    drawn: str
    confidence: float
    piles: tuple[PileTrust, ...]
    rate: Estimate
    left: dict[str, Estimate]
    since: int | None

    @property
    def audited(self) -> int:
        """How many records of the sample were audited."""
        return sum(pile.audited for pile in self.piles)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What auditors said: records and wrong ones, by pile and the machine's attribute."""

    audited: Counter[tuple[Pile, str]]
    wrong: Counter[tuple[Pile, str]]


def estimate(store: Store, sample: Sample) -> Trust:
    """What the audited records of a sample say of the rest; kept in the store for the report.

    Records not audited yet count as missing at random. The intervals of the piles are exact; those of sums are
    recovered from them. A decision is taken for right.
    """
    made = by_record(store)
    seen = _seen(store, sample, made)
    piles = tuple(_pile(pile, store, sample, seen) for pile in sample.frame if sum(sample.frame[pile].values()))
    known = [pile for pile in piles if pile.audited]
    rate = total(pile.number for pile in known).over(sum(pile.of for pile in known))
    since, corrected, decided = _since(store, sample, made, {pile.pile for pile in known})
    left = {a.value: _left(a.value, known, sample, seen, corrected[a.value], decided[a.value]) for a in HARMFUL}
    found = Trust(sample.name, sample.drawn, sample.confidence, piles, rate, left, since)
    store.note(KEY, json.dumps(asdict(found)))
    return found


def _seen(store: Store, sample: Sample, made: Mapping[str, list[Decision]]) -> _Seen:
    audited: Counter[tuple[Pile, str]] = Counter()
    wrong: Counter[tuple[Pile, str]] = Counter()
    for digest, pile in store.samples(sample.name):
        decision = standing(d for d in made.get(digest, ()) if d.sample == sample.name)
        if decision:
            machine = sample.machine[digest]
            audited[pile, machine] += 1
            wrong[pile, machine] += decision.attribute != machine
    return _Seen(audited, wrong)


def _pile(pile: Pile, store: Store, sample: Sample, seen: _Seen) -> PileTrust:
    of = sum(sample.frame[pile].values())
    drawn = sum(there == pile for _, there in store.samples(sample.name))
    audited = sum(count for (there, _), count in seen.audited.items() if there == pile)
    wrong = sum(count for (there, _), count in seen.wrong.items() if there == pile)
    return PileTrust(pile, of, drawn, audited, wrong, counted(wrong, audited, of, sample.confidence))


def _left(
    attribute: str, piles: list[PileTrust], sample: Sample, seen: _Seen, corrected: int, decided: int
) -> Estimate:
    """Wrong records of one attribute: estimated within it by pile, less those that were found."""
    parts, found, of, audited = [], corrected, 0, decided
    for pile in piles:
        key, there = (pile.pile, attribute), sample.frame[pile.pile].get(attribute, 0)
        parts.append(_within(seen.wrong[key], seen.audited[key], there, pile, sample.confidence))
        found, of, audited = found + seen.wrong[key], of + there, audited + seen.audited[key]
    return total(parts).less(found, max(0, of - audited))


def _within(wrong: int, audited: int, of: int, pile: PileTrust, confidence: float) -> Estimate:
    """Of an attribute that no auditor met only the pile's rate is known, and every number is possible."""
    if audited or not of:
        return counted(wrong, audited, of, confidence)
    return Estimate(of * pile.rate.value / pile.of, 0, of)


def _since(
    store: Store, sample: Sample, made: Mapping[str, list[Decision]], piles: Container[Pile]
) -> tuple[int | None, Counter[str], Counter[str]]:
    """Decisions beside the sample since it was drawn: how many, and by attribute the corrected and all of them."""
    corrected: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    now = frame(store)
    if now.mark != sample.mark:
        return None, corrected, decided
    before = {d.digest for place, d in enumerate(store.decisions()) if place < sample.decisions}
    for digest, decisions in made.items():
        stands = standing(decisions)
        if stands is None or digest in before or digest in sample.machine or digest not in now.all:
            continue
        pile, machine = now.all[digest]
        if pile in piles:
            decided[machine] += 1
            corrected[machine] += stands.attribute != machine
    return sum(decided.values()), corrected, decided
