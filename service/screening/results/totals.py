"""What is counted over a backlog while its records pass by once: numbers only."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gongkai.model.finding import Attribute
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results.entries import Entry
from gongkai.service.screening.results.failures import advice, reason
from gongkai.service.screening.results.worklist import personal
from gongkai.service.screening.store import FileRow

#: Lower ends of the classes of confidence, in percent.
CLASSES = (0, 50, 60, 70, 80, 90, 95)
#: Fewer decisions say nothing about a rate.
ENOUGH = 50
#: Stands for a year or a unit that nothing tells.
UNKNOWN = "不详"
_POINTS = 100
Split = dict[str, Counter[str]]


@dataclass(slots=True)
class Totals:
    """Counts of records; those by year, unit and confidence are split by attribute, and leave out stopped records."""

    piles: Counter[Pile] = field(default_factory=Counter)
    decided: Counter[Pile] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    years: Split = field(default_factory=dict)
    units: Split = field(default_factory=dict)
    confidence: Split = field(default_factory=dict)
    categories: Counter[str] = field(default_factory=Counter)
    clauses: Counter[str] = field(default_factory=Counter)
    special: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    advice: dict[str, str] = field(default_factory=dict)
    files: int = 0
    sure: array[float] = field(default_factory=lambda: array("d"))
    judged: list[tuple[float, bool]] = field(default_factory=list)
    _groups: set[int] = field(default_factory=set)

    @property
    def records(self) -> int:
        """All records."""
        return sum(self.piles.values())

    @property
    def groups(self) -> int:
        """How many groups there are that one decision may settle."""
        return len(self._groups)

    def add(self, entry: Entry) -> None:
        """One record."""
        self.piles[entry.place.pile] += 1
        self.files += len(entry.files)
        self.decided[entry.place.pile] += entry.decision is not None
        if entry.stopped:
            self.special["secret"] += 1
            return
        self._split(entry)
        self._listed(entry)
        self._special(entry)
        if entry.place.pile == Pile.stop:
            self.special["out_of_scope"] += 1
            return
        self.sure.append(entry.record.confidence)
        if entry.decision:
            self.judged.append((entry.record.confidence, entry.decision.attribute != entry.record.attribute))

    def _split(self, entry: Entry) -> None:
        record, attribute = entry.record, entry.record.attribute
        self.attributes[attribute] += 1
        for split, key in (
            (self.years, record.year or UNKNOWN),
            (self.units, entry.unit or UNKNOWN),
            (self.confidence, str(max(low for low in CLASSES if low <= record.confidence * 100 + 1e-9))),
        ):
            split.setdefault(key, Counter())[attribute] += 1

    def _listed(self, entry: Entry) -> None:
        result = entry.record.result
        if entry.record.attribute == Attribute.proactive:
            self.categories.update(row["code"] for row in result.get("categories", ())[:1])
        self.clauses.update({hit["clause"] for hit in result.get("negative", ())})
        engine = result.get("engine", {})
        names = {"version": "gongkai", "model": "模型", "rulebook": "规则表", "profile": "画像"}
        self.engines["，".join(f"{name} {engine.get(key, '')}" for key, name in names.items())] += 1

    def _special(self, entry: Entry) -> None:
        place = entry.place
        self.special["fast"] += entry.fast
        self.special["disputed"] += entry.disputed
        self.special["published"] += bool(place.published)
        self.special["follows"] += bool(place.follows)
        self.special["masked"] += personal(entry) > 0 and entry.record.attribute != Attribute.withheld
        if entry.joint:
            self._groups.add(entry.joint.number)
            self.special["grouped"] += 1
            self.special["exceptions"] += place.exception

    def failed(self, rows: Iterable[FileRow]) -> Iterator[FileRow]:
        """Count files that gave nothing while they pass by."""
        for row in rows:
            if row.failure:
                self.failures[reason(row)] += 1
                self.advice.setdefault(reason(row), advice(row))
                self.files += not row.record
            yield row

    @property
    def judgements(self) -> int:
        """How many decisions are left when each group takes one, and each exception its own."""
        judged = self.piles[Pile.decide] + self.piles[Pile.confirm]
        return judged - (self.special["grouped"] - self.special["exceptions"] - self.groups)

    def expected(self) -> list[tuple[float, float]]:
        """Coverage and expected share of wrong attributes, when the surest records are taken over unread."""
        ordered = sorted(self.sure, reverse=True)
        return _running([1 - sure for sure in ordered])

    def observed(self) -> list[tuple[float, float]]:
        """The same as decisions have shown it; nothing under `ENOUGH` decisions."""
        if len(self.judged) < ENOUGH:
            return []
        ordered = sorted(self.judged, key=lambda pair: -pair[0])
        return _running([float(wrong) for _, wrong in ordered])


def _running(wrong: list[float]) -> list[tuple[float, float]]:
    """The mean of the first share of values, at a hundred shares."""
    count, total, points = len(wrong), 0.0, []
    marks = {-(-count * i // _POINTS) for i in range(1, _POINTS + 1)} - {0}
    for index, value in enumerate(wrong, 1):
        total += value
        if index in marks:
            points.append((index / count, total / index))
    return points


def at(points: list[tuple[float, float]], share: float) -> float:
    """The height of a curve at the first point that reaches a share."""
    return next((y for x, y in points if x >= share - 1e-9), 0.0)
