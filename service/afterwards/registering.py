"""Applications into the database: once by number and unit, topics swept, what can't be taken told by its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.outcomes import codes, recognised
from gongkai.service.afterwards.register import Line, UnknownHeadings, columns, day, laid_out, read_lines
from gongkai.service.afterwards.sweeping import swept
from gongkai.service.columnchoice import Chosen, Layout
from gongkai.service.crew.orders import Crew
from gongkai.service.store import trail
from gongkai.service.store.duties import Application
from gongkai.service.store.tables import new_id

_LAWSUITS = ("reviews", "direct", "after")
_SAID = ("extended", "in_time")
#: What of `Application.extra` the register says; the rest was noted here.
FROM_REGISTER = (*_LAWSUITS, *_SAID, "paused", "disputed")
_LONGEST = 1000
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
    extra: dict[str, Any]
    row: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be taken over, with one sentence."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file would bring; `layout` is there where its columns have to be chosen, or were."""

    rows: tuple[Read, ...]
    wrong: tuple[Wrong, ...]
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Swept:
    """Rows as they are kept, and those whose number can't be."""

    rows: tuple[Read, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a register: rows new, changed and as they were, and those that are wrong."""

    added: int
    changed: int
    same: int
    wrong: tuple[Wrong, ...]


def offered(name: str, data: bytes, chosen: Chosen | None = None) -> Offer:
    """A register's rows, or the table to choose its columns in where no row has the headings. Raises RequestError."""
    try:
        rows, wrong = read(name, data, chosen)
    except UnknownHeadings:
        if (found := laid_out(name, data)) is None:
            raise
        return Offer((), (), found)
    table = laid_out(name, data) if chosen else None
    return Offer(tuple(rows), tuple(wrong), replace(table, chosen=chosen) if table and chosen else None)


def read(name: str, data: bytes, chosen: Chosen | None = None) -> tuple[list[Read], list[Wrong]]:
    """A register's rows as applications, and those that are none. Raises RequestError."""
    found: dict[str, Read] = {}
    wrong: list[Wrong] = []
    for line in read_lines(name, data, chosen):
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
    extra = _extra(line)
    if isinstance(extra, str):
        return extra
    return Read(line["number"][:_MOST_NUMBER], received, closed, applicant, line["topic"], outcome, extra, line.row)


def _extra(line: Line) -> dict[str, Any] | str:
    """What the register says of terms, reviews and lawsuits, or why it can't be taken."""
    results = codes().results
    lawsuits = {key: recognised(line[key], results) for key in _LAWSUITS if line[key]}
    if not all(lawsuits.values()):
        return f"复议、诉讼的结果应当是{_names(results)}之一，这一行没有导入。"
    said = {column.code: column for column in columns() if column.code in _SAID and line[column.code]}
    told: dict[str, Any] = {code: column.told(line[code]) for code, column in said.items()}
    if code := next((code for code, value in told.items() if value is None), ""):
        return f"“{said[code].name}”一列应当写“是”或者“否”，这一行没有导入。"
    paused, disputed = line["paused"].removesuffix("天").removesuffix("日").strip(), day(line["disputed"])
    if paused and not (paused.isascii() and paused.isdecimal() and int(paused[:5]) <= _LONGEST):
        return "扣除天数应当是 0 到 1000 的整数，这一行没有导入。"
    if line["disputed"] and not disputed:
        return "复议诉讼日期应当写成 2026-03-05 这样，这一行没有导入。"
    told |= {"paused": int(paused)} if paused else {}
    return told | ({"disputed": disputed} if disputed else {}) | {key: [code] for key, code in lawsuits.items()}


def _names(rows: dict[str, Any]) -> str:
    return "、".join(dict.fromkeys(row.name for row in rows.values()))


def sweep(crew: Crew, rows: Sequence[Read]) -> Swept:
    """What is kept of each row, its topic with personal data hidden; a number that is somebody's (an identity card, a
    telephone) keeps its row out. Slow, so it is done before the database is written."""
    topics = swept(crew, [row.topic for row in rows])
    numbers = swept(crew, [row.number for row in rows])
    kept: list[Read] = []
    wrong: list[Wrong] = []
    for row, topic, number in zip(rows, topics, numbers, strict=True):
        if number == " ".join(row.number.split()):
            kept.append(replace(row, topic=topic))
        else:
            wrong.append(Wrong(row.row, "编号里像是有个人信息（姓名、证件号、电话），这一行没有导入，请改用登记编号。"))
    return Swept(tuple(kept), tuple(wrong))


def taken(session: Session, actor: Actor, swept: Swept, wrong: Iterable[Wrong], *, at: datetime) -> Taken:
    """Keep them for the actor's unit: a known number is brought up to date, its assessment stays."""
    rows = swept.rows
    query = select(Application).where(Application.unit == actor.unit_id)
    numbers = [row.number for row in rows]
    known = {row.number: row for row in session.scalars(query.where(Application.number.in_(numbers)))}
    added = changed = 0
    for row in rows:
        held = known.get(row.number)
        if held is None:
            added += 1
            session.add(_new(actor, row, at))
        else:
            changed += _renewed(held, row)
    told = {"added": added, "changed": changed}
    trail.append(session, actor.user, "applications.import", "application", "", at=at, **told)
    return Taken(added, changed, len(rows) - added - changed, (*wrong, *swept.wrong))


def _new(actor: Actor, row: Read, at: datetime) -> Application:
    return Application(
        id=new_id(), unit=actor.unit_id, number=row.number, received=row.received, closed=row.closed,
        applicant=row.applicant, topic=row.topic, outcome=row.outcome, extra=dict(row.extra), by=actor.user, at=at,
    )  # fmt: skip


def _renewed(held: Application, row: Read) -> bool:
    before = (held.received, held.closed, held.applicant, held.topic, held.outcome, held.extra)
    held.received, held.closed, held.applicant = row.received, row.closed, row.applicant
    held.topic, held.outcome = row.topic, row.outcome
    held.extra = {**{key: value for key, value in held.extra.items() if key not in FROM_REGISTER}, **row.extra}
    return before != (held.received, held.closed, held.applicant, held.topic, held.outcome, held.extra)
