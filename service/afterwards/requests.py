"""依申请公开: the register within reach, requests put together by what they ask for, and whether each can be public.

Sources: 条例 article 44; S1-45, S1-46, S3-16, S3-99.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from gongkai.model.duties.conversion import Assessed, assessment
from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor, Reach
from gongkai.service.afterwards.awaiting import later
from gongkai.service.afterwards.grouping import together
from gongkai.service.afterwards.outcomes import codes
from gongkai.service.afterwards.standing import known, taken_up
from gongkai.service.afterwards.topicrules import rules as topic_rules
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import NotFound
from gongkai.service.passages.stepping import step
from gongkai.service.store import trail
from gongkai.service.store.duties import Application
from gongkai.service.store.tables import Kept, Unit

VERDICTS = {"convert": "转为主动公开", "stay": "不转", "public": "已经主动公开"}
P44 = "P-44"
PAGE = 50
_MOST = 5000


@dataclass(frozen=True, slots=True)
class Cluster:
    """Requests for the same: `words` is what all of them share."""

    words: str
    requests: tuple[Application, ...]
    granted: int

    @property
    def open(self) -> tuple[Application, ...]:
        """Those that nobody assessed yet."""
        return tuple(one for one in self.requests if not one.assessed)

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that they were answered with."""
        return tuple(dict.fromkeys(one.document for one in self.requests if one.document))


def within_reach(actor: Actor) -> Select[Any]:
    """The applications that an actor sees: those of their unit and of the ones below it, or all."""
    found = select(Application)
    if actor.reach == Reach.all:
        return found
    if actor.reach != Reach.unit:
        return found.where(false())
    below = Unit.path.startswith(f"{actor.unit}/", autoescape=True)
    units = select(Unit.id).where(or_(Unit.path == actor.unit, below))
    return found.where(Application.unit.in_(units))


def known_request(session: Session, actor: Actor, id: str) -> Application:
    """One of them. Raises NotFound."""
    found: Application | None = session.scalar(within_reach(actor).where(Application.id == id))
    if found is None:
        raise NotFound("没有这件申请，或者不在您能看的范围内。")
    return found


def listed(session: Session, actor: Actor, *, words: str = "", state: str = "", page: int = 1) -> list[Application]:
    """A page of the register and one more where there is another page, the latest first."""
    query = _filtered(actor, words, state)
    return list(session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)))


def everything(session: Session, actor: Actor, *, words: str = "", state: str = "") -> list[Application]:
    """The same as a whole, up to what a workbook is good for."""
    return list(session.scalars(_filtered(actor, words, state).limit(_MOST * 10)))


def _filtered(actor: Actor, words: str, state: str) -> Select[Any]:
    query = within_reach(actor)
    for word in words.split():
        alike = (column.contains(word, autoescape=True) for column in (Application.topic, Application.number))
        query = query.where(or_(*alike))
    if state in ("open", "done"):
        query = query.where(Application.assessed == "" if state == "open" else Application.assessed != "")
    return query.order_by(Application.received.desc(), Application.number.desc(), Application.id)


def clusters(session: Session, actor: Actor, at: datetime, *, least: int = 0) -> tuple[Cluster, ...]:
    """Requests of the last months for the same, the most frequent first; `least` requests each, else as many as count
    as many (topics.toml)."""
    table = topic_rules(session)
    since = later(at.astimezone(ZONE).date(), -table.months).isoformat()
    query = within_reach(actor).where(Application.received >= since).order_by(Application.received, Application.number)
    rows: Sequence[Application] = list(session.scalars(query.limit(_MOST)))
    found = together(tuple(row.topic for row in rows), table.idle, table.alike)
    return tuple(
        _cluster(topic.words, [rows[place] for place in topic.members])
        for topic in found
        if len(topic.members) >= (least or table.many)
    )


def _cluster(words: str, rows: Sequence[Application]) -> Cluster:
    return Cluster(words, tuple(rows), sum(_granted(row) for row in rows))


def _granted(row: Application) -> bool:
    outcome = codes().outcomes.get(row.outcome)
    return outcome is not None and outcome.group in ("granted", "partial")


def assessed(session: Session, request: Application, same: int) -> Assessed:
    """What the system thinks of turning one request into disclosure, with its basis."""
    document = session.get(Kept, request.document) if request.document else None
    outcome = codes().outcomes.get(request.outcome)
    return assessment(
        group=outcome.group if outcome else "",
        same=same,
        many=topic_rules(session).many,
        machine=document.attribute if document else "",
        stands=document.decided if document else "",
    )


def assess(
    session: Session,
    rules: Rulebook,
    actor: Actor,
    requests: Sequence[Application],
    verdict: str,
    why: str,
    document: str = "",
    *,
    at: datetime,
) -> None:
    """研判: note it on each request; what becomes 主动公开 is decided for the document that answers them. Raises
    RequestError, NotFound."""
    if verdict not in VERDICTS:
        raise RequestError(f"研判结果应当是{'、'.join(VERDICTS.values())}之一，请改正。")
    if not why.strip():
        raise RequestError("研判要写明理由（条例第四十四条），请补上。")
    kept = known(session, actor, document) if document else None
    for request in requests:
        request.assessed = verdict
        request.document = kept.id if kept else request.document
        request.extra = {**request.extra, "why": why.strip(), "assessor": actor.user, "assessed": at.isoformat()}
        trail.append(session, actor.user, "assess", "application", request.id, at=at, assessed=verdict)
    if verdict == "convert" and kept is not None and kept.decided != Attribute.proactive:
        _converted(session, rules, actor, kept, why.strip(), at)


def _converted(session: Session, rules: Rulebook, actor: Actor, kept: Kept, why: str, at: datetime) -> None:
    stood = kept.decided
    if stood:
        taken_up(session, actor, kept, at)
    given = Given(Attribute.proactive, P44, "条例第四十四条", note=why, source="依申请公开研判")
    decide(session, rules, actor, kept, given, at=at)
    session.flush()
    if stood:
        step(session, rules, actor, kept, "convert", {"reason": why}, at)
