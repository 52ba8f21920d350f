"""What a forwarding paper follows: its source in the archive by number, else by title; or in a list of known papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gongkai.model.references import core_key, number_key, title_key
from gongkai.service.screening.order.outlines import Outline
from gongkai.service.screening.order.published import LEAST_TITLE, Entry, Listing
from gongkai.service.screening.records import Cited

#: A title that more papers bear names none of them.
_CROWD = 64


@dataclass(frozen=True, slots=True)
class Source:
    """What a paper forwards. `digest` is empty where only a list knows it; `decided`: by a person, not the engine."""

    digest: str
    attribute: str
    decided: bool


@dataclass(frozen=True, slots=True)
class _Index:
    numbers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    cores: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def sources(outlines: Sequence[Outline], decided: Mapping[str, str], known: Listing) -> dict[int, Source]:
    """The source of every record that forwards one which is known, by place.

    `decided` holds people's attributes by digest; they go before what the engine says of a source.
    """
    index = _indexed(outlines)
    listed = {core_key(e.title): e for found in known.titles.values() for e in found if e.attribute}
    followed = {}
    for i, outline in enumerate(outlines):
        for cited in outline.forwards:
            if (j := _in_archive(i, cited, outlines, index)) is not None:
                followed[i] = _archived(outlines[j], decided)
            elif entry := _in_list(cited, known, listed):
                followed[i] = Source("", entry.attribute, True)
            if i in followed:
                break
    return followed


def _archived(source: Outline, decided: Mapping[str, str]) -> Source:
    by_person = decided.get(source.digest, "")
    return Source(source.digest, by_person or source.attribute, bool(by_person))


def _indexed(outlines: Sequence[Outline]) -> _Index:
    """Where papers that may be sources stand; only what somebody forwards is asked for."""
    index, wanted = _Index(), _wanted(outlines)
    if not wanted:
        return index
    for i, outline in enumerate(outlines):
        if outline.stopped:
            continue
        if (key := outline.number_key) in wanted:
            index.numbers[key].append(i)
        if (key := outline.title_key) in wanted:
            index.titles[key].append(i)
        if (key := core_key(outline.title)) in wanted:
            index.cores[key].append(i)
    return index


def _wanted(outlines: Iterable[Outline]) -> set[str]:
    cited = [cited for outline in outlines for cited in outline.forwards]
    keys = [(number_key(c.number), title_key(c.title), core_key(c.title)) for c in cited]
    return {key for row in keys for key in row if len(key) >= 8 or key.endswith("号")} - {""}


def _in_archive(i: int, cited: Cited, outlines: Sequence[Outline], index: _Index) -> int | None:
    """The place of the source: by number, by its whole title, by what stands from 关于 on where only one has it."""
    own = outlines[i]
    for places in (index.numbers.get(number_key(cited.number), ()), index.titles.get(_titled(cited), ())):
        if fitting := _fitting(own, cited, places, outlines):
            return fitting[0]
    fitting = _fitting(own, cited, index.cores.get(core_key(cited.title), ()), outlines)
    return fitting[0] if len({outlines[j].title_key for j in fitting}) == 1 else None


def _titled(cited: Cited) -> str:
    key = title_key(cited.title)
    return key if len(key) >= LEAST_TITLE else ""


def _numbers_differ(cited: Cited, other: Outline) -> bool:
    named, own = number_key(cited.number), other.number_key
    return bool(named and own) and named != own


def _fitting(own: Outline, cited: Cited, places: Sequence[int], outlines: Sequence[Outline]) -> list[int]:
    """Those that are other papers, of no later day and under no other number than the one cited; none of a crowd."""
    return [
        j
        for j in (places if len(places) <= _CROWD else ())
        if outlines[j].title_key != own.title_key
        and not (own.issued and outlines[j].issued > own.issued)
        and not _numbers_differ(cited, outlines[j])
    ]


def _in_list(cited: Cited, known: Listing, cores: Mapping[str, Entry]) -> Entry | None:
    """What a list says of a source, where it says its attribute."""
    found = [known.numbers.get(number_key(cited.number)), *known.titles.get(title_key(cited.title), ())]
    if core := core_key(cited.title):
        found.append(cores.get(core))
    return next((entry for entry in found if entry and entry.attribute), None)
