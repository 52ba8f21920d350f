"""Filled worklists become decisions: every row is checked, one decision may settle its group, nothing is kept twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.service.screening.decisions.filled import Filled, Wrong, read_filled
from gongkai.service.screening.decisions.rowchecks import LABELS, Circumstances, category_code, checked
from gongkai.service.screening.records import Decision
from gongkai.service.screening.results.entries import joined
from gongkai.service.screening.results.worklist import YES, chosen
from gongkai.service.screening.store import Store

#: In the source of a decision that was made for a record by way of its group.
APPLIED = "（适用整组）"
#: The sheet on which differing opinions are settled: a decision that comes from it overrules those before it.
SETTLING = "意见不一致"
#: What makes two decisions one and the same.
Content = tuple[str, str, str, str]
#: Record, reviewer, audit sample.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """A row that can be a decision; `whole` applies it to the other records of its group."""

    filled: Filled
    decision: Decision
    whole: bool

    @property
    def key(self) -> Key:
        """What only one row may decide."""
        return key(self.decision)


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: new decisions, those of them by way of a group, rows known already, rows refused."""

    new: int
    applied: int
    known: int
    wrong: tuple[Wrong, ...]


def key(decision: Decision) -> Key:
    """Record, reviewer and sample of a decision."""
    return decision.digest, decision.by, decision.sample


def applied(decision: Decision) -> bool:
    """Whether it was made by way of a group."""
    return APPLIED in decision.source


def settles(decision: Decision) -> bool:
    """Whether it was made on the sheet where conflicts are settled."""
    return f" {SETTLING}!" in decision.source


def content(decision: Decision) -> Content:
    """What a decision says."""
    return decision.attribute, decision.reason, decision.category, decision.note


def import_decisions(files: Sequence[Path], at: Circumstances) -> Imported:
    """Keep what the valid rows of some files decide. Raises RequestError for a file that is no list of decisions."""
    given: list[Given] = []
    wrong: list[Wrong] = []
    for path in files:
        for row in read_filled(path):
            found = row if isinstance(row, Wrong) else _given(row, at)
            if isinstance(found, Wrong):
                wrong.append(found)
            else:
                given.append(found)
    single, twice = _single(given)
    history = _History(at.store)
    changed = [row.decision for row in single if history.news(row.decision)]
    whole, refused = _applied(single, at.store, history)
    new = at.store.add_decisions(map(history.told_apart, [*changed, *whole]))
    return Imported(new, len(whole), len(single) - len(changed), (*wrong, *twice, *refused))


class _History:
    """What was decided before."""

    def __init__(self, store: Store) -> None:
        self.latest: dict[Key, Decision] = {}
        self.sources: set[tuple[Key, Content, str]] = set()
        for decision in store.decisions():
            self.latest[key(decision)] = decision
            # an audit's decision stands in the worklist too once that is written anew
            self.latest[decision.digest, decision.by, ""] = decision
            self.sources.add((key(decision), content(decision), decision.source))

    def news(self, decision: Decision) -> bool:
        """Whether it says anything else than the reviewer's last one of the record."""
        known = self.latest.get(key(decision))
        return known is None or content(known) != content(decision) or (settles(decision) and not settles(known))

    def alone(self, decision: Decision) -> bool:
        """Whether the reviewer decided this record by itself before."""
        known = self.latest.get(key(decision))
        return known is not None and not applied(known)

    def told_apart(self, decision: Decision) -> Decision:
        """A reviewer may return to an earlier opinion in the same row, which the store would take for that one."""
        while (key(decision), content(decision), decision.source) in self.sources:
            decision = replace(decision, source=decision.source + "（改回）")
        return decision


def _given(row: Filled, at: Circumstances) -> Given | Wrong:
    record = at.store.record(row["digest"])
    if record is None:
        return row.wrong("digest", "记录编号不在这批筛查结果里，可能被改过，请从原工作表重新填这一行。")
    if wrong := checked(row, record, at):
        return wrong
    attribute = LABELS[row["decision"]].value
    category = category_code(row["category"], at.rules)
    day = row.day("at")
    stamp = day.isoformat() if day else at.now.isoformat(timespec="seconds")
    decision = Decision(
        record.digest, attribute, row["by"] or at.by, stamp, chosen(row["reason"]), category, row["note"],
        row.source, row["sample"],
    )  # fmt: skip
    return Given(row, decision, row["whole"] == YES)


def _single(given: Iterable[Given]) -> tuple[list[Given], list[Wrong]]:
    """Rows that decide a record alone or alike; those that contradict each other are all refused."""
    rows: dict[Key, list[Given]] = defaultdict(list)
    for row in given:
        rows[row.key].append(row)
    single, wrong = [], []
    for same in rows.values():
        if len({content(row.decision) for row in same}) == 1:
            single.append(next((row for row in same if row.whole), same[0]))
        else:
            wrong += [_contradicted(row, same) for row in same]
    return single, wrong


def _contradicted(row: Given, same: Sequence[Given]) -> Wrong:
    other = next(o for o in same if content(o.decision) != content(row.decision))
    where = other.filled.at("decision")
    where = where if other.filled.file == row.filled.file else f"{other.filled.file} {where}"
    return row.filled.wrong("decision", f"和 {where} 是同一件、同一个审查人，决定却不一样，两行都没有导入，请留一行。")


def _applied(rows: Sequence[Given], store: Store, history: _History) -> tuple[list[Decision], list[Wrong]]:
    """What 适用整组 decides for other members: not for exceptions, nor where the reviewer decided one by itself."""
    whole = [row for row in rows if row.whole]
    if not whole:
        return [], []
    groups, own = _Groups(store), {row.key for row in rows if history.news(row.decision)}
    found: dict[Key, Decision] = {}
    wrong: list[Wrong] = []
    for row in whole:
        if refused := groups.refused(row.decision.digest):
            wrong.append(row.filled.wrong("whole", refused))
            continue
        for decision in groups.spread(row.decision):
            if key(decision) not in own and not history.alone(decision) and history.news(decision):
                found[key(decision)] = decision
    return list(found.values()), wrong


class _Groups:
    """Which records are judged together."""

    def __init__(self, store: Store) -> None:
        self.members: dict[str, list[str]] = defaultdict(list)
        self.group: dict[str, str] = {}
        self.exceptions: set[str] = set()
        for place in store.places():
            if group := joined(place):
                self.group[place.digest] = group
                self.members[group].append(place.digest)
            if place.exception:
                self.exceptions.add(place.digest)

    def refused(self, digest: str) -> str:
        """Why a record's decision can't be applied to a group, or nothing."""
        if len(self.members.get(self.group.get(digest, ""), ())) < 2:
            return "这一件不在任何组里，不能适用整组；决定已按单件导入。"
        return "这一件是组里的例外，不能适用整组；决定已按单件导入。" if digest in self.exceptions else ""

    def spread(self, decision: Decision) -> Iterator[Decision]:
        """The same decision for the other members."""
        for digest in self.members[self.group[decision.digest]]:
            if digest != decision.digest and digest not in self.exceptions:
                yield replace(decision, digest=digest, source=decision.source + APPLIED)
