"""Decide one document, a selection or a group, and take it back as it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.deciding import Given, decide, undo
from gongkai.service.errors import Conflicting, ServiceError
from gongkai.service.review import opinions
from gongkai.service.review.bringing import batches
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Decided, Kept, new_id

#: Documents that one request decides: nobody looks at more at once.
MOST = 500
#: Documents that one transaction decides.
TOGETHER = 25
SUGGESTED = "suggested"
_BATCH, _PAGE = "batch:", "review"
_TOO_MANY = f"一次最多决定 {MOST} 件，请分几次处理。"
_NONE = "没有选中任何一件，请先选择。"
_NO_GROUP = "这一件不在任何组里，请单独决定。"
_NO_UNDO = "没有可以撤销的决定。"
_BLIND = "这一件由您复核，看不到建议，请自己选定公开属性。"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided: an attribute, or `suggested` for each document's own; without a reason the first suggested one
    that fits is taken. `version` is that of a single document as it was seen."""

    attribute: str
    reason: str = ""
    category: str = ""
    note: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was not decided, and why; `lacks` names the missing field, if one is."""

    document: str
    title: str
    why: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request."""

    decided: tuple[str, ...]
    refused: tuple[Refused, ...]


def decide_all(
    database: Database,
    rules: Rulebook,
    actor: Actor,
    documents: Sequence[str],
    verdict: Verdict,
    clock: Callable[[], datetime],
) -> Done:
    """Decide each; what can't be decided is told and stops nothing. Several are taken back together, and are written
    some at a time, so that other writers get their turn. Raises RequestError for none or too many."""
    if not documents:
        raise RequestError(_NONE)
    if len(documents) > MOST:
        raise RequestError(_TOO_MANY)
    source = f"{_BATCH}{new_id()}" if len(documents) > 1 else _PAGE
    decided: list[str] = []
    refused: list[Refused] = []
    for some in batches(documents, TOGETHER):
        with database.writing() as session:
            done = decide_some(session, rules, actor, some, verdict, source, at=clock())
        decided += done.decided
        refused += done.refused
    return Done(tuple(decided), tuple(refused))


def decide_some(
    session: Session,
    rules: Rulebook,
    actor: Actor,
    documents: Sequence[str],
    verdict: Verdict,
    source: str,
    *,
    at: datetime,
) -> Done:
    """The same in one transaction."""
    found = {kept.id: kept for kept in session.scalars(select(Kept).where(Kept.id.in_(documents)))}
    made = opinions.of(session, list(found))
    decided, refused = [], []
    for kept in (found[document] for document in documents if document in found):
        before = made.get(kept.id, [])
        if verdict.attribute == SUGGESTED and opinions.blind(kept, actor, before):
            refused.append(Refused(kept.id, kept.title, _BLIND, "attribute"))
            continue
        given = _given(rules, kept, verdict, source, _second(kept, actor, before))
        try:
            _check(rules, given)
            decide(session, rules, actor, kept, given, at=at)
        except (RequestError, ServiceError) as error:
            refused.append(Refused(kept.id, kept.title, error.message, _lacking(given)))
        else:
            decided.append(kept.id)
    return Done(tuple(decided), tuple(refused))


def _given(rules: Rulebook, kept: Kept, verdict: Verdict, source: str, second: bool) -> Given:
    attribute = kept.attribute if verdict.attribute == SUGGESTED else verdict.attribute
    reason = verdict.reason or ("" if second else fitting(rules, kept, attribute))
    category = verdict.category or ("" if second else suggested_category(rules, kept, attribute))
    return Given(
        attribute,
        reason=reason,
        basis=rules.reason[reason].basis if reason in rules.reason else "",
        category=category,
        note=verdict.note,
        second=second,
        version=verdict.version,
        source=source,
    )


def _check(rules: Rulebook, given: Given) -> None:
    reason = rules.reason.get(given.reason)
    if reason and given.attribute in {*Attribute} and reason.attribute != given.attribute:
        raise RequestError(f"这条理由不是{Attribute(given.attribute).label}的理由，请改理由或者改决定。")


def _lacking(given: Given) -> str:
    return "" if given.reason or given.attribute == Attribute.proactive else "reason"


def fitting(rules: Rulebook, kept: Kept, attribute: str) -> str:
    """The first suggested reason that is one for this attribute, or nothing."""
    codes = kept.place.get("reasons", ())
    return next((code for code in codes if code in rules.reason and rules.reason[code].attribute == attribute), "")


def suggested_category(rules: Rulebook, kept: Kept, attribute: str) -> str:
    """The suggested category of what is published."""
    code = kept.place.get("category", "")
    return code if attribute == Attribute.proactive and code in rules.category else ""


def _second(kept: Kept, actor: Actor, before: Iterable[Decided]) -> bool:
    """Whether an actor decides as the second reader that they were asked to be."""
    assigned = kept.place.get("second") == opinions.second_key(actor.user)
    return assigned and any(decision.by != actor.user for decision in before)


def members(session: Session, kept: Kept) -> list[Kept]:
    """A document and the undecided members of its group that one decision may settle, at most `MOST`; no exceptions.

    Raises RequestError for a document that stands alone or is an exception itself.
    """
    if not kept.group or kept.place.get("exception"):
        raise RequestError(_NO_GROUP)
    found = session.scalars(
        select(Kept).where(Kept.backlog == kept.backlog, Kept.group == kept.group, Kept.pile != "").order_by(Kept.rank)
    )
    return [kept, *(one for one in found if one.id != kept.id and _free(one))][:MOST]


def _free(kept: Kept) -> bool:
    """Whether a group's decision may settle it."""
    return not (kept.place.get("exception") or kept.place.get("second") or kept.decided or kept.disputed)


def last_own(session: Session, actor: Actor, backlog: str) -> list[str]:
    """What the actor decided last in a backlog, by the ids of decisions: one, or a selection as a whole.

    Raises Conflicting when there is nothing.
    """
    last = session.scalars(_own(actor, backlog).order_by(Decided.at.desc(), Decided.id).limit(1)).first()
    if last is None:
        raise Conflicting(_NO_UNDO)
    if not last.source.startswith(_BATCH):
        return [last.id]
    return [one.id for one in session.scalars(_own(actor, backlog).where(Decided.source == last.source))]


def undo_last(database: Database, actor: Actor, backlog: str, clock: Callable[[], datetime]) -> list[str]:
    """Take it back; the documents. Raises Conflicting when there is nothing."""
    with database.reading() as session:
        own = last_own(session, actor, backlog)
    documents = []
    for some in batches(own, TOGETHER):
        with database.writing() as session:
            at = clock()
            documents += [undo(session, actor, decision, at=at).document for decision in some]
    return documents


def _own(actor: Actor, backlog: str) -> Select[Decided]:
    """An actor's decisions in a backlog that were not taken back."""
    later = aliased(Decided)
    taken = select(later.id).where(later.document == Decided.document, later.undoes == Decided.id).exists()
    mine = select(Decided).join(Kept, Kept.id == Decided.document).where(Kept.backlog == backlog)
    return mine.where(Decided.by == actor.user, Decided.undoes == "", ~taken)
