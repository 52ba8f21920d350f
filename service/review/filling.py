"""Filled worklists become decisions of whoever brings them in: every row is checked, nothing is decided twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.errors import ServiceError
from gongkai.service.review import opinions
from gongkai.service.review.bringing import batches
from gongkai.service.review.judging import TOGETHER, fitting, members, suggested_category
from gongkai.service.review.seconds import readers
from gongkai.service.screening.decisions.filled import Filled, Wrong
from gongkai.service.screening.decisions.rowchecks import LABELS, Circumstances, category_code, checked
from gongkai.service.screening.records import Record
from gongkai.service.screening.results.worklist import YES, chosen
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Backlog, Decided, Kept

_FOREIGN = "记录编号不在这份存量清单里：可能被改过，或者疑似涉密没有存入服务，请核对。"
_OTHERS = "这一行的审查人是{}，请由本人登录后导入。"
_TWICE = "同一件在清单里有两行，决定不一样，都没有导入，请留一行。"
_BLIND = "这一件由您复核，请在页面上复核，不要用清单导入。"
_WORDS = "理由请从下拉框里选一条；自己写的话请写在备注里。"
_MOST_TOLD = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: new decisions, those of them by way of a group, rows known already, rows refused."""

    new: int
    applied: int
    known: int
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class _At:
    """What rows are checked against."""

    session: Session
    rules: Rulebook
    actor: Actor
    backlog: Backlog
    now: datetime
    others: frozenset[str]


class _NoSamples(Circumstances):
    """Samples belong to the folder of the screening, not to the service."""

    samples: dict[str, set[str]] = {}


def take_in(
    database: Database,
    rules: Rulebook,
    actor: Actor,
    backlog: Backlog,
    rows: Sequence[Filled | Wrong],
    clock: Callable[[], datetime],
    told: Callable[[int, int], object] = lambda *_: None,
) -> Imported:
    """Decide what valid rows say, some at a time; the others are told one by one. `told` hears how many rows are done,
    and of how many."""
    with database.reading() as session:
        others = frozenset(user.name for user in readers(session, backlog) if user.id != actor.user) - {actor.name}
    single, wrong = _single([row for row in rows if isinstance(row, Filled)])
    wrong = [*(row for row in rows if isinstance(row, Wrong)), *wrong]
    counts = [0, 0, 0]
    for number, some in enumerate(batches(single, TOGETHER)):
        with database.writing() as session:
            here = _At(session, rules, actor, backlog, clock(), others)
            for found in _some(some, here):
                if isinstance(found, Wrong):
                    wrong.append(found)
                else:
                    counts = [a + b for a, b in zip(counts, found, strict=True)]
        told(number * TOGETHER + len(some), len(single))
    return Imported(counts[0], counts[1], counts[2], tuple(wrong[:_MOST_TOLD]))


def _some(rows: Sequence[Filled], at: _At) -> Iterator[tuple[int, int, int] | Wrong]:
    known = _known(at.session, at.backlog, [row["digest"] for row in rows])
    for row in rows:
        kept = known.get(row["digest"])
        try:
            yield row.wrong("digest", _FOREIGN) if kept is None else _taken(row, kept, at)
        except (RequestError, ServiceError) as error:
            yield row.wrong("decision", error.message)


def _single(rows: Sequence[Filled]) -> tuple[list[Filled], list[Wrong]]:
    """One row of each record; rows that contradict each other are all refused."""
    same: dict[str, list[Filled]] = defaultdict(list)
    for row in rows:
        same[row["digest"]].append(row)
    told = ("decision", "reason", "category", "note")
    single, wrong = [], []
    for found in same.values():
        if len({tuple(row[key] for key in told) for row in found}) == 1:
            single.append(next((row for row in found if row["whole"] == YES), found[0]))
        else:
            wrong += [row.wrong("decision", _TWICE) for row in found]
    return single, wrong


def _known(session: Session, backlog: Backlog, digests: Sequence[str]) -> dict[str, Kept]:
    found = session.scalars(select(Kept).where(Kept.digest.in_(digests), Kept.backlog == backlog.id))
    return {kept.digest: kept for kept in found}


def _taken(row: Filled, kept: Kept, at: _At) -> tuple[int, int, int] | Wrong:
    """Numbers of new decisions, of those by way of the group, and of rows known already."""
    if wrong := checked(row, _record(kept), _NoSamples(None, at.rules, at.actor.name, at.now)):  # type: ignore[arg-type]
        return wrong
    made = opinions.of(at.session, [kept.id]).get(kept.id, [])
    if opinions.blind(kept, at.actor, made):
        return row.wrong("decision", _BLIND)
    given = _given(row, kept, at)
    if isinstance(given, Wrong):
        return given
    if _stands(row, kept, given, made, at):
        return 0, 0, 1
    if row["by"] in at.others:
        return row.wrong("by", _OTHERS.format(row["by"]))
    others = [one for one in members(at.session, kept) if one.id != kept.id] if row["whole"] == YES else []
    for one in (kept, *others):
        decide(at.session, at.rules, at.actor, one, given, at=at.now)
    return 1 + len(others), len(others), 0


def _given(row: Filled, kept: Kept, at: _At) -> Given | Wrong:
    attribute, reason = LABELS[row["decision"]].value, chosen(row["reason"])
    note = row["note"]
    if reason and reason not in at.rules.reason:
        note = "；".join(filter(None, (reason, note)))
        reason = ""
    reason = reason or fitting(at.rules, kept, attribute)
    if not reason and attribute != LABELS["主动公开"].value:
        return row.wrong("reason", _WORDS)
    category = category_code(row["category"], at.rules) if row["category"] else ""
    category = category or suggested_category(at.rules, kept, attribute)
    basis = at.rules.reason[reason].basis if reason else ""
    return Given(attribute, reason=reason, basis=basis, category=category, note=note, source=row.source[:200])


def _stands(row: Filled, kept: Kept, given: Given, made: Sequence[Decided], at: _At) -> bool:
    """Whether this is what its reviewer, or the importing one, decided last: an export brought back unchanged."""
    last = opinions.last_by(made)
    by = opinions.names(at.session, last)
    content = (given.attribute, given.note)
    return any(
        (one.attribute, one.note) == content and _same(row, one) and row["by"] in ("", by.get(one.by, ""))
        for one in last.values()
    )


def _same(row: Filled, one: Decided) -> bool:
    reason, category = chosen(row["reason"]), chosen(row["category"])
    return reason in ("", one.reason) and category in ("", one.category)


def _record(kept: Kept) -> Record:
    """What the checks compare a row with."""
    return Record(
        kept.digest, kept.title, kept.number, kept.issuer, kept.issued, kept.genre, kept.attribute, kept.confidence,
        kept.handling, kept.needs_review, {},
    )  # fmt: skip
