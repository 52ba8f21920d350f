"""A work plan's tasks against the catalog: items whose term or publisher the plan sets otherwise, as a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gongkai.model.duties.responsible import responsible
from gongkai.model.duties.taskterms import PLAN, TaskTerm
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow, Deadline
from gongkai.service.access.actors import Actor
from gongkai.service.duties.ledger import term_of
from gongkai.service.rules import versions
from gongkai.service.rules.catalogimport import CATALOG, CLOCKS
from gongkai.service.rules.catalogterms import Term, nearest
from gongkai.service.rules.memory import Files
from gongkai.service.rules.rows import added, changed, row_of
from gongkai.service.settings import Settings
from gongkai.service.store.duties import Duty

_CLOCKS = {"prompt": "prompt", "quarter": "quarter"}


@dataclass(frozen=True, slots=True)
class Update:
    """One item: what it would have instead. `clock` is the row of deadlines.toml, `fresh` one that it lacks so far;
    `legal` names the law behind the term in force, which a plan can only shorten."""

    code: str
    name: str
    place: int
    task: str
    deadline: tuple[str, str] | None
    publisher: tuple[str, str] | None
    clock: Deadline | None
    fresh: bool
    legal: str


def updates(duties: Iterable[Duty], rules: Rulebook) -> tuple[Update, ...]:
    """What the tasks would change, by item; the first task of an item sets its term, all of them its publishers."""
    by_item: dict[str, list[Duty]] = {}
    for duty in sorted(duties, key=lambda one: one.place):
        if duty.category in rules.category:
            by_item.setdefault(duty.category, []).append(duty)
    found = (_update(rules.category[code], some, rules) for code, some in by_item.items())
    return tuple(one for one in found if one.deadline or one.publisher)


def _update(item: CategoryRow, some: list[Duty], rules: Rulebook) -> Update:
    told = next(((duty, row) for duty in some for row in _clocks(duty, item, rules)), None)
    before = rules.clock.get(item.deadline)
    clock = told[1] if told and told[1].code != item.deadline else None
    lead = "、".join(dict.fromkeys(unit for duty in some for unit in responsible(duty.responsible).lead))[:200]
    duty = told[0] if told else some[0]
    return Update(
        item.code,
        item.name,
        duty.place,
        duty.requirement or duty.task,
        (before.name if before else "没有", clock.name) if clock else None,
        (item.publisher or "没有", lead) if lead and lead != item.publisher else None,
        clock,
        clock is not None and clock.code not in rules.clock,
        before.basis if before and not before.general else "",
    )


def _clocks(duty: Duty, item: CategoryRow, rules: Rulebook) -> Iterator[Deadline]:
    """The row of deadlines.toml that a task's term means; none for one that is due once, or runs how long a notice is
    shown."""
    term = term_of(duty)
    before = rules.clock.get(item.deadline)
    meant = _meant(term)
    if meant is None or (before and before.clock == "lasting"):
        return
    row = nearest(meant, rules.deadlines, term.start or term.written, item.deadline)
    if row is None and meant.clock == "within":
        row = Deadline(meant.code, term.written[:60], duty.source, meant.count, meant.unit, start="信息形成或者变更")
    if row:
        yield row


def _meant(term: TaskTerm) -> Term | None:
    if PLAN.search(term.start):
        return None  # it is due once, when the plan says, and no term of the catalog
    if term.kind == "within":
        return Term("within", term.count, term.unit)
    if term.kind == "year":
        return Term("year", day=term.day)
    return Term(_CLOCKS[term.kind]) if term.kind in _CLOCKS else None


def drafted(
    session: Session, actor: Actor, settings: Settings, found: Iterable[Update], wanted: Collection[str],
    source: str, *, at: datetime,
) -> int:  # fmt: skip
    """Keep the chosen updates as a draft over the tables in force; its number. Raises RulebookError."""
    files = versions.in_force(session, settings).files
    some = [one for one in found if one.code in wanted]
    for one in some:
        files = _changed(files, one)
    versions.checked(files, settings)
    return versions.draft(session, actor, files, f"按{source[:100]}更新目录：{len(some)} 项", at=at)


def _changed(files: Files, one: Update) -> Files:
    row = row_of(files[CATALOG], "category", one.code)
    if row is None:
        return files
    values: Mapping[tuple[str, ...], Any] = {
        (key,): value
        for key, value in (
            ("deadline", one.clock.code if one.clock else None),
            ("publisher", one.publisher[1] if one.publisher else None),
        )
        if value
    }
    changes = {**files, CATALOG: changed(files[CATALOG], row, values)}
    if one.clock and one.fresh and row_of(files[CLOCKS], "deadline", one.clock.code) is None:
        told = {"code": one.clock.code, "name": one.clock.name, "basis": one.clock.basis, "count": one.clock.count}
        told |= {"unit": one.clock.unit, "start": one.clock.start}
        changes[CLOCKS] = added(files[CLOCKS], "deadline", told)
    return changes
