"""Applications into the database: once by number and unit, topics swept, what can't be taken told by its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.outcomes import codes, recognised
from gongkai.service.afterwards.register import Line, day, read_lines
from gongkai.service.afterwards.sweeping import swept
from gongkai.service.crew.orders import Crew
from gongkai.service.store import trail
from gongkai.service.store.duties import Application
from gongkai.service.store.tables import new_id

_LAWSUITS = ("reviews", "direct", "after")
_MOST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Read:
    """One application as it will be kept; `topic` is as it was written until `taken` has swept it."""

    number: str
    received: str
    closed: str
    applicant: str
    topic: str
    outcome: str
    lawsuits: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be taken over, with one sentence."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a register: rows new, changed and as they were, and those that are wrong."""

    added: int
    changed: int
    same: int
    wrong: tuple[Wrong, ...]


def read(name: str, data: bytes) -> tuple[list[Read], list[Wrong]]:
    """A register's rows as applications, and those that are none. Raises RequestError."""
    found: dict[str, Read] = {}
    wrong: list[Wrong] = []
    for line in read_lines(name, data):
        one = _application(line)
        if isinstance(one, str):
            wrong.append(Wrong(line.row, one))
        elif one.number in found:
            wrong.append(Wrong(line.row, "编号和前面的一行重复了，这一行没有导入。"))
        else:
            found[one.number] = one
    return list(found.values()), wrong


def _application(line: Line) -> Read | str:
    known = codes()
    received, closed = day(line["received"]), day(line["closed"])
    applicant = recognised(line["applicant"], known.applicants) if line["applicant"] else "natural"
    outcome = recognised(line["outcome"], known.outcomes)
    if not line["number"] or not line["topic"]:
        return "没有编号或者申请内容，这一行没有导入。"
    if not received or (line["closed"] and not closed) or (closed and closed < received):
        return "收到日期或者答复日期不对（应当写成 2026-03-05 这样，答复不早于收到），这一行没有导入。"
    if not applicant:
        return f"申请人类型应当是{_names(known.applicants)}之一，这一行没有导入。"
    if line["outcome"] and not outcome:
        return f"办理结果认不出来，应当用年度报告的名称（{_names(known.outcomes)}），这一行没有导入。"
    lawsuits = {key: recognised(line[key], known.results) for key in _LAWSUITS if line[key]}
    if not all(lawsuits.values()):
        return f"复议、诉讼的结果应当是{_names(known.results)}之一，这一行没有导入。"
    told = {key: [code] for key, code in lawsuits.items()}
    return Read(line["number"][:_MOST_NUMBER], received, closed, applicant, line["topic"], outcome, told)


def _names(rows: dict[str, Any]) -> str:
    return "、".join(dict.fromkeys(row.name for row in rows.values()))


def sweep(crew: Crew, rows: Sequence[Read]) -> list[str]:
    """The topics with personal data hidden; slow, so it is done before the database is written."""
    return swept(crew, [row.topic for row in rows])


def taken(
    session: Session, actor: Actor, rows: Sequence[Read], topics: Sequence[str], wrong: Iterable[Wrong], *, at: datetime
) -> Taken:
    """Keep them for the actor's unit: a known number is brought up to date, its assessment stays."""
    query = select(Application).where(Application.unit == actor.unit_id)
    numbers = [row.number for row in rows]
    known = {row.number: row for row in session.scalars(query.where(Application.number.in_(numbers)))}
    added = changed = 0
    for row, topic in zip(rows, topics, strict=True):
        held = known.get(row.number)
        if held is None:
            added += 1
            session.add(_new(actor, row, topic, at))
        else:
            changed += _renewed(held, row, topic)
    told = {"added": added, "changed": changed}
    trail.append(session, actor.user, "applications.import", "application", "", at=at, **told)
    return Taken(added, changed, len(rows) - added - changed, tuple(wrong))


def _new(actor: Actor, row: Read, topic: str, at: datetime) -> Application:
    return Application(
        id=new_id(), unit=actor.unit_id, number=row.number, received=row.received, closed=row.closed,
        applicant=row.applicant, topic=topic, outcome=row.outcome, extra=dict(row.lawsuits), by=actor.user, at=at,
    )  # fmt: skip


def _renewed(held: Application, row: Read, topic: str) -> bool:
    before = (held.received, held.closed, held.applicant, held.topic, held.outcome, held.extra)
    held.received, held.closed, held.applicant = row.received, row.closed, row.applicant
    held.topic, held.outcome = topic, row.outcome
    held.extra = {**{key: value for key, value in held.extra.items() if key not in _LAWSUITS}, **row.lawsuits}
    return before != (held.received, held.closed, held.applicant, held.topic, held.outcome, held.extra)
