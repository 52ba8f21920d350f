"""Where each record stands in the worklist: its pile, its rank, its group, and what a reviewer should know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gongkai.model.finding import Attribute
from gongkai.model.risk import Risk, risk
from gongkai.service.screening.order.forwards import sources
from gongkai.service.screening.order.grouping import grouped
from gongkai.service.screening.order.outlines import Outline, read
from gongkai.service.screening.order.published import listing, match
from gongkai.service.screening.order.remarks import Known, doubts, remarks
from gongkai.service.screening.records import Pile, Place
from gongkai.service.screening.store import Store


@dataclass(frozen=True, slots=True)
class Options:
    """What the order depends on beside the records.

    `today` is the day from which archive limits count; `confirm_over` the confidence (0 to 1) under which nothing is
    confirmed quickly (`ModelFolder.confirm_over`; the engine's own doubts count in any case); `caution` the profile's;
    `published` a list of what is public already and `known` one of forwarded papers with their attributes (CSV, XLSX,
    TXT, JSONL); `run` the run from which files count as being there, the last whole one where it is None.
    """

    today: date
    confirm_over: float = 0.0
    caution: float = 0.5
    published: Path | None = None
    known: Path | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True)
class _Seat:
    """One record on its way to a place."""

    outline: Outline
    known: Known
    pile: Pile
    risk: Risk
    harm: float

    @property
    def block(self) -> str:
        """What it is reviewed together with."""
        return self.known.grouped.series or self.set

    @property
    def set(self) -> str:
        """Its group of near duplicates, or itself."""
        return self.known.grouped.group or self.outline.digest


def place(store: Store, options: Options) -> None:
    """Give every record with a file its place anew. Raises RequestError for a list that can't be read, OutputError."""
    published, listed = listing(options.published), listing(options.known)
    backlog = read(store, options.run)
    decided = {d.digest: d.attribute for d in store.decisions() if d.attribute in set(Attribute)}
    followed = sources(backlog.outlines, decided, listed)
    joined = grouped(backlog)
    known = [Known(followed.get(i), match(published, outline), joined[i]) for i, outline in enumerate(backlog.outlines)]
    store.replace_places(places(backlog.outlines, known, options))


def places(outlines: Sequence[Outline], known: Sequence[Known], options: Options) -> Iterator[Place]:
    """Places of all records, pile by pile in the order of their ranks."""
    seats = _together([_seat(outline, told, options) for outline, told in zip(outlines, known, strict=True)])
    for pile in Pile:
        for rank, seat in enumerate(ranked(seat for seat in seats if seat.pile == pile), start=1):
            yield _placed(seat, rank, options.today)


def _seat(outline: Outline, known: Known, options: Options) -> _Seat:
    against = doubts(outline, known)
    scores = dict(zip(Attribute, outline.scores, strict=True))
    expected = Risk(0.0, 0.0) if outline.stopped else risk(Attribute(outline.attribute), scores, sum(against))
    pile = _pile(outline, any(against), options.confirm_over)
    return _Seat(outline, known, pile, expected, expected.harm(options.caution))


def _pile(outline: Outline, doubted: bool, confirm_over: float) -> Pile:
    if outline.stopped:
        return Pile.stop
    asked = outline.needs_review or doubted or outline.confidence < confirm_over
    return Pile.decide if asked else Pile.confirm


def _together(seats: Iterable[_Seat]) -> list[_Seat]:
    """Near duplicates in one pile: where one has to be decided, so are its twins, at no further cost."""
    found = list(seats)
    asked = {seat.set for seat in found if seat.pile == Pile.decide}
    return [
        replace(seat, pile=Pile.decide) if seat.pile == Pile.confirm and seat.set in asked else seat for seat in found
    ]


def ranked(seats: Iterable[_Seat]) -> Iterator[_Seat]:
    """What one decision settles stands together; first what saves most harm for each decision that it takes.

    A block takes one decision and one more for each exception. Papers with a secrecy mark go before all. Within a
    block the member that it is named after comes first, twins stay side by side, exceptions come last.
    """
    blocks: dict[str, list[_Seat]] = defaultdict(list)
    for seat in seats:
        blocks[seat.block].append(seat)
    for _, block in sorted(blocks.items(), key=lambda item: _urgency(*item)):
        yield from _within(block)


def _urgency(name: str, block: Sequence[_Seat]) -> tuple[bool, float, str]:
    decisions = sum(seat.known.grouped.exception for seat in block)
    decisions += any(not seat.known.grouped.exception for seat in block)
    harm = sum(seat.harm for seat in block) / decisions
    return not any(seat.outline.classified for seat in block), -round(harm, 9), name


def _within(block: Sequence[_Seat]) -> Iterator[_Seat]:
    sets: dict[str, list[_Seat]] = defaultdict(list)
    for seat in sorted(block, key=_standing):
        sets[seat.set].append(seat)
    yield from (seat for found in sets.values() for seat in found)


def _standing(seat: _Seat) -> tuple[bool, bool, float, str]:
    grouping = seat.known.grouped
    names_block = seat.outline.digest == (grouping.series or grouping.group)
    return grouping.exception, not names_block, -seat.harm, seat.outline.digest


def _placed(seat: _Seat, rank: int, today: date) -> Place:
    known = seat.known
    return Place(
        digest=seat.outline.digest,
        pile=seat.pile,
        rank=rank,
        risk=round(seat.risk.total, 4),
        group=known.grouped.group,
        series=known.grouped.series,
        exception=known.grouped.exception,
        follows=known.source.digest if known.source else "",
        published=known.published,
        remarks=remarks(seat.outline, known, today),
    )
