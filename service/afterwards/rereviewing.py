"""A re-review: kept with its reason, turned into disclosure, or put off again; each is a step and goes to the trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from gongkai.model.duties.conversion import Held, awaited
from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.awaiting import awaiting, later
from gongkai.service.afterwards.standing import known, taken_up, today
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.statistics import ZONE
from gongkai.service.passages.stepping import step
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

WAYS = {"retain": "维持", "convert": "转为公开", "defer": "暂缓公开", "resume": "恢复公开"}
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody settles in a re-review: `way` is a code of WAYS; `attribute` and `code` (a reason of reasons.toml)
    are what it is turned into; `until` an ISO date, empty for the usual one; `awaiting` a code of awaiting.toml."""

    way: str
    reason: str
    until: str = ""
    awaiting: str = ""
    filing: str = ""
    attribute: str = ""
    code: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    session: Session
    rules: Rulebook
    actor: Actor
    kept: Kept
    ruling: Ruling
    at: datetime

    def step(self, kind: str, **record: str) -> None:
        step(self.session, self.rules, self.actor, self.kept, kind, record, self.at)

    def decided(self) -> None:
        ruling = self.ruling
        basis = ruling.basis.strip() or "条例第十八条"
        given = Given(ruling.attribute, ruling.code, basis, note=ruling.reason.strip(), source="定期重评")
        decide(self.session, self.rules, self.actor, self.kept, given, at=self.at)
        self.session.flush()  # a step reads the document anew


def rereview(
    session: Session, rules: Rulebook, actor: Actor, document: str, ruling: Ruling, *, at: datetime
) -> Passage:
    """Settle it. Raises RequestError (no reason, wrong day), Conflicting, NotFound, NotAllowed."""
    kept = known(session, actor, document)
    _check(ruling, at)
    passage = taken_up(session, actor, kept, at)
    _WAYS[ruling.way](_Work(session, rules, actor, kept, ruling, at))
    return passage


def _check(ruling: Ruling, at: datetime) -> None:
    if ruling.way not in WAYS:
        raise RequestError(f"重评的结果应当是{'、'.join(WAYS.values())}之一，请改正。")
    if not ruling.reason.strip():
        raise RequestError("重评要写明理由（条例第十八条），请补上。")
    if ruling.way == "defer" and not ruling.until:
        raise RequestError("暂缓公开要定下重评的日子，请补上。")
    if ruling.until and not today(at) < ruling.until <= later(_day(at), _LONGEST).isoformat():
        raise RequestError("下次重评的日子应当在今天以后、一年以内（每年至少重评一次），请改正。")


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _retain(at_work: _Work) -> None:
    ruling = at_work.ruling
    held = Held(at_work.kept.title, at_work.kept.decided, reason=ruling.code, awaiting=ruling.awaiting)
    row = awaited(held, awaiting(at_work.session))
    until = ruling.until or later(_day(at_work.at), row.months).isoformat()
    at_work.step("retain", reason=ruling.reason, until=until, awaiting=ruling.awaiting or row.code)


def _convert(at_work: _Work) -> None:
    ruling = at_work.ruling
    if ruling.attribute not in (Attribute.proactive, Attribute.on_request) or ruling.attribute == at_work.kept.decided:
        raise RequestError("转为公开，应当选主动公开或者依申请公开，并且与现在的不同，请改正。")
    at_work.decided()
    at_work.step("convert", reason=ruling.reason)


def _defer(at_work: _Work) -> None:
    ruling = at_work.ruling
    at_work.step("defer", reason=ruling.reason, until=ruling.until, filing=ruling.filing, awaiting=ruling.awaiting)


def _resume(at_work: _Work) -> None:
    if at_work.ruling.attribute not in ("", at_work.kept.decided):
        at_work.decided()
    at_work.step("resume", note=at_work.ruling.reason)


_WAYS: dict[str, Callable[[_Work], None]] = {
    "retain": _retain,
    "convert": _convert,
    "defer": _defer,
    "resume": _resume,
}
