"""A person's decision: checked, appended, chained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import latest_id, within_reach
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.store import trail
from gongkai.service.store.tables import Decided, Kept, new_id


@dataclass(frozen=True, slots=True)
class Given:
    """A decision as somebody gives it. `reason` is a code of reasons.toml, needed for what is not 主动公开;
    `version` is that of the row the person saw (ETag), 0 for don't mind."""

    attribute: str
    reason: str = ""
    basis: str = ""
    category: str = ""
    note: str = ""
    second: bool = False
    version: int = 0
    source: str = ""


def decide(session: Session, rules: Rulebook, actor: Actor, document: Kept, given: Given, *, at: datetime) -> Decided:
    """Append a decision and its entry in the trail; `document.decided`, `disputed`, `version` follow.

    Raises RequestError (unknown attribute, reason or category; missing reason), Outdated, Conflicting (a second
    reader must be somebody else than the first).
    """
    _check(rules, given)
    session.refresh(document, with_for_update=True)
    if given.version and given.version != document.version:
        raise Outdated("这件公文在您打开之后有了变动，请刷新后再决定。")
    before = decisions_of(session, document.id)
    if any(one.by == actor.user and one.second != given.second for one in _valid(before)):
        raise Conflicting("复核应当由另一个人作出：您已经作过这件公文的另一次审查。")
    decision = Decided(
        id=new_id(),
        document=document.id,
        screening=latest_id(session, document.id),
        attribute=given.attribute,
        reason=given.reason,
        basis=given.basis,
        category=given.category,
        note=given.note,
        second=given.second,
        undoes="",
        by=actor.user,
        at=_after(before, at),
        source=given.source,
    )
    return _appended(session, document, before, decision, "decide", at)


def undo(session: Session, actor: Actor, decision: str, *, at: datetime) -> Decided:
    """Take an own decision back by a further one that names it. Raises NotFound, Conflicting."""
    taken = session.get(Decided, decision)
    document = session.scalar(within_reach(actor).where(Kept.id == taken.document)) if taken else None
    if taken is None or document is None:
        raise NotFound("没有这个决定，或者不在您能看的范围内。")
    session.refresh(document, with_for_update=True)
    before = decisions_of(session, document.id)
    if taken.by != actor.user:
        raise Conflicting("只能撤销自己作出的决定。")
    if taken.undoes or all(one.id != taken.id for one in _valid(before)):
        raise Conflicting("这个决定已经撤销了。")
    undone = Decided(
        id=new_id(),
        document=document.id,
        screening=taken.screening,
        attribute=taken.attribute,
        second=taken.second,
        reason="",
        basis="",
        category="",
        note="",
        undoes=taken.id,
        by=actor.user,
        at=_after(before, at),
        source="",
    )
    return _appended(session, document, before, undone, "undo", at)


def decisions_of(session: Session, document: str) -> list[Decided]:
    """All decisions of a document, oldest first."""
    return list(session.scalars(select(Decided).where(Decided.document == document).order_by(Decided.at)))


def standing(decisions: list[Decided]) -> tuple[str, bool]:
    """The attribute that stands after these decisions (oldest first), and whether readers disagree.

    The first reader's stands; one given after the second reading settles what was disputed.
    """
    first: Decided | None = None
    second: Decided | None = None
    for one in _valid(decisions):
        if one.second:
            second = one
        else:
            first, second = one, None if first else second
    stands = first or second
    disputed = first is not None and second is not None and first.attribute != second.attribute
    return stands.attribute if stands else "", disputed


def _valid(decisions: Sequence[Decided]) -> list[Decided]:
    undone = {one.undoes for one in decisions}
    return [one for one in decisions if not one.undoes and one.id not in undone]


def _check(rules: Rulebook, given: Given) -> None:
    if given.attribute not in [*Attribute]:
        raise RequestError("公开属性应当是 proactive、on_request 或 withheld 之一，请改正。")
    if given.attribute != Attribute.proactive and not given.reason:
        raise RequestError("不是主动公开的，应当选定理由，请补上。")
    if given.reason and given.reason not in rules.reason:
        raise RequestError("没有这个理由代码，请从规则表的理由中选。")
    if given.category and given.category not in rules.category:
        raise RequestError("没有这个目录代码，请从规则表的目录中选。")


def _after(before: list[Decided], at: datetime) -> datetime:
    # their order is told by their times: a clock that was set back must not turn it round
    return max(at, before[-1].at + timedelta(microseconds=1)) if before else at


def _appended(
    session: Session, document: Kept, before: list[Decided], decision: Decided, action: str, at: datetime
) -> Decided:
    session.add(decision)
    document.decided, document.disputed = standing([*before, decision])
    document.decisions, document.version, document.changed = len(before) + 1, document.version + 1, at
    told = {"attribute": decision.attribute, "reason": decision.reason, "second": decision.second}
    trail.append(
        session,
        decision.by,
        action,
        "document",
        document.id,
        at=at,
        decision=decision.id,
        digest=trail.digest(decision),
        **told,
    )
    return decision
