"""Where reviewers of the same record differ, how far they agree otherwise, and which decision stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from gongkai.model.estimates import Estimate, kappa, wilson
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.deciding import SETTLING, applied, settles
from gongkai.service.screening.decisions.forms import FormRow, chosen_entries, write_form
from gongkai.service.screening.records import Decision
from gongkai.service.screening.results.entries import label
from gongkai.service.screening.results.worklist import BY_KEY, Column, choice, values
from gongkai.service.screening.store import Store

#: What two reviewers may differ in, with its Chinese name.
FIELDS = {"attribute": "公开属性", "reason": "理由", "category": "目录"}
_KEYS = ("rank", "title", "number", "decision", "reason", "category", "by", "at", "note", "files", "digest")
_NOTES = (
    ("意见不一致的文件", ""),
    ("怎么填", "每行是一件几位审查人意见不同的文件，点标题打开。商定后填决定、理由、目录、审查人，其他列不要改。"),
    ("同组的文件", "各件都要填；商定的结果一样的，填好一行以后往下复制。"),
    ("交回", "保存后运行 gongkai decisions import 结果目录 这个文件。从这张表导入的决定优先于各人先前的决定。"),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record on which reviewers differ: what each decided last, and the fields in which they do."""

    digest: str
    opinions: tuple[Decision, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree in one field, over the records that both decided by themselves."""

    first: str
    second: str
    field: str
    cases: int
    same: Estimate
    kappa: float


def by_record(store: Store) -> dict[str, list[Decision]]:
    """All decisions of each record in the order in which they were made."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in store.decisions():
        found[decision.digest].append(decision)
    return found


def opinions(decisions: Iterable[Decision]) -> list[Decision]:
    """What each reviewer decided last; a decision that settled a conflict takes the place of all before it."""
    last: dict[str, Decision] = {}
    for decision in decisions:
        if settles(decision):
            last.clear()
        last.pop(decision.by, None)
        last[decision.by] = decision
    return list(last.values())


def standing(decisions: Iterable[Decision]) -> Decision | None:
    """The decision that holds for a record: the last one; None while reviewers differ on the attribute."""
    last = opinions(decisions)
    return last[-1] if len({decision.attribute for decision in last}) == 1 else None


def conflicts(store: Store) -> list[Conflict]:
    """Records on which reviewers differ in any field that both filled, in the order of their digests."""
    found = []
    for digest, decisions in sorted(by_record(store).items()):
        last = opinions(decisions)
        fields = tuple(name for name in FIELDS if len({told for d in last if (told := getattr(d, name))}) > 1)
        if fields:
            found.append(Conflict(digest, tuple(last), fields))
    return found


def agreements(store: Store) -> list[Agreement]:
    """Kappa of every two reviewers by field; decisions by way of a group are no opinion of their own."""
    pairs: dict[tuple[str, str], list[tuple[Decision, Decision]]] = defaultdict(list)
    for decisions in by_record(store).values():
        own = [d for d in decisions if not applied(d) and not settles(d)]
        for one, other in combinations(sorted(opinions(own), key=lambda d: d.by), 2):
            pairs[one.by, other.by].append((one, other))
    return [found for names in sorted(pairs) for found in _by_field(names, pairs[names])]


def _by_field(names: tuple[str, str], pairs: list[tuple[Decision, Decision]]) -> Iterator[Agreement]:
    for field in FIELDS:
        told = [(getattr(a, field), getattr(b, field)) for a, b in pairs]
        both = [(a, b) for a, b in told if a and b]
        if both:
            same = wilson(sum(a == b for a, b in both), len(both))
            yield Agreement(*names, field, len(both), same, kappa([a for a, _ in both], [b for _, b in both]))


def write_conflicts(store: Store, found: Iterable[Conflict], path: Path, rules: Rulebook) -> None:
    """The workbook on which conflicts are settled. Raises OutputError."""
    known = {conflict.digest: conflict for conflict in found}
    rows = []
    for number, entry in enumerate(chosen_entries(store, known), 1):
        told = {key: cell for key, cell in values(entry, rules).items() if key in _KEYS}
        rows.append(FormRow(told | {"rank": number, "opinions": _said(known[entry.record.digest], rules)}, entry))
    write_form(path, rules, _columns(), {SETTLING: rows}, _NOTES)


def _columns() -> tuple[Column, ...]:
    columns = [BY_KEY[key] for key in _KEYS]
    columns.insert(3, Column("opinions", "各人意见", 40))
    return tuple(columns)


def _said(conflict: Conflict, rules: Rulebook) -> str:
    return "\n".join(f"{d.by}：{'；'.join(filter(None, _words(d, rules)))}" for d in conflict.opinions)


def _words(decision: Decision, rules: Rulebook) -> tuple[str, ...]:
    """What somebody decided, with the names of the codes."""
    reason, category = rules.reason.get(decision.reason), rules.category.get(decision.category)
    return (
        label(decision.attribute),
        choice(reason.code, reason.name) if reason else decision.reason,
        choice(category.code, category.name) if category else decision.category,
        decision.note,
    )
