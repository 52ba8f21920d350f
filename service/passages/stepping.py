"""One step of a document on its way: who may, from where, with what behind it; kept for good and noted in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.access.roles import table as roles
from gongkai.service.errors import Conflicting, NotAllowed, Outdated
from gongkai.service.passages.case import Case
from gongkai.service.passages.effects import EFFECTS, Doing
from gongkai.service.passages.needs import NEEDS
from gongkai.service.passages.passing import Act, act, acts, states
from gongkai.service.passages.records import recorded
from gongkai.service.passages.sheet import FLAGS, answer_of, values_of
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, new_id

#: The state of a document that was dealt with before it came here, by what was decided of it.
_SETTLED = {Attribute.withheld: "withheld", Attribute.on_request: "on_request", Attribute.proactive: "signed"}


def step(
    session: Session,
    rules: Rulebook,
    actor: Actor,
    document: Kept,
    kind: str,
    record: Mapping[str, object],
    at: datetime,
    *,
    version: int = 0,
) -> Step:
    """Take a step; `version` is that of the passage that the person saw, 0 for don't mind.

    Raises RequestError (unknown step, record incomplete), NotAllowed, Outdated, Conflicting (the state, or something
    that the step needs, is not there). A document without a passage gets one.
    """
    row = act(kind)
    if not actor.may(row.may):
        raise NotAllowed(f"您没有“{roles().actions[row.may].name}”的权限，不能办“{row.name}”。")
    session.flush()  # reading anew must not lose what was just decided
    session.refresh(document, with_for_update=True)
    passage = passage_of(session, document, at)
    session.refresh(passage, with_for_update=True)
    if version and version != passage.version:
        raise Outdated("这件公文在您打开之后有了新的办理，请刷新后再办。")
    case = case_of(session, rules, actor, document, passage, recorded(row, record))
    if why := hindrances(row, case):
        raise Conflicting(why[0])
    return _taken(session, row, case, at)


def passage_of(session: Session, document: Kept, at: datetime) -> Passage:
    """The passage of a document; a new one where it has none, in the state that is known of it."""
    passage = seen_of(session, document, at)
    if passage in session:
        return passage
    try:
        with session.begin_nested():
            session.add(passage)
    except IntegrityError:  # somebody else opened it at the same moment
        return session.get_one(Passage, document.id)
    return passage


def seen_of(session: Session, document: Kept, at: datetime) -> Passage:
    """The passage of a document to look at; one that is not kept where it has none."""
    found = session.get(Passage, document.id)
    if found:
        return found
    passage = Passage(document=document.id, unit=document.unit, state=_known(document), created=at, changed=at)
    passage.bundle, passage.codes, passage.version, passage.mode = {}, [], 0, "own"
    passage.important, passage.published = False, None
    passage.category = passage.start = passage.due = passage.channel = passage.validity = ""
    passage.revisit = passage.awaiting = passage.validity_since = ""
    return passage


def _known(document: Kept) -> str:
    if not document.backlog:
        return "drafted"
    if document.place.get("published"):
        return "published"
    return _SETTLED.get(Attribute(document.decided), "drafted") if document.decided else "drafted"


def steps_of(session: Session, document: str) -> list[Step]:
    """All steps of a document, oldest first."""
    return list(session.scalars(select(Step).where(Step.document == document).order_by(Step.at, Step.id)))


def case_of(
    session: Session,
    rules: Rulebook,
    actor: Actor,
    document: Kept,
    passage: Passage,
    record: Mapping[str, str] | None = None,
) -> Case:
    """All that a next step depends on."""
    steps = steps_of(session, document.id)
    values = values_of(session, document, passage, steps, rules)
    answer = answer_of(session, document, passage, values, rules)
    flags = frozenset(map(str, passage.bundle.get(FLAGS, ())))
    return Case(actor, document, passage, steps, rules, values, answer, flags, record or {})


def hindrances(row: Act, case: Case) -> tuple[str, ...]:
    """Everything that stands in the way of a step, in sentences."""
    if case.passage.state not in row.states:
        here, allowed = states()[case.passage.state].name, "、".join(states()[code].name for code in row.states)
        return (f"这件公文现在是“{here}”，只有“{allowed}”的才能办“{row.name}”，请刷新页面。",)
    return tuple(why for need in row.needs if (why := NEEDS[need](case)))


def open_to(case: Case) -> Sequence[tuple[Act, tuple[str, ...]]]:
    """The steps that somebody may take from here, each with what still stands in its way."""
    mine = case.document.owner == case.actor.user
    here = (row for row in acts().values() if case.passage.state in row.states and case.actor.may(row.may))
    return [(row, hindrances(row, case)) for row in here if mine or "own" not in row.needs]


def _taken(session: Session, row: Act, case: Case, at: datetime) -> Step:
    passage, before = case.passage, case.passage.state
    doing = Doing(session, case, dict(case.record), at)
    if effect := EFFECTS.get(row.code):
        effect(doing)
    passage.state = row.to or before
    passage.version, passage.changed = passage.version + 1, at
    # their order is told by their times: two within a moment, or a clock that was set back, must not turn it round
    moment = max(at, case.steps[-1].at + timedelta(microseconds=1)) if case.steps else at
    taken = Step(
        id=new_id(), document=case.document.id, kind=row.code, before=before, after=passage.state,
        record=doing.record, by=case.actor.user, at=moment,
    )  # fmt: skip
    session.add(taken)
    told = {"step": row.code, "before": before, "after": passage.state, "entry": taken.id}
    trail.append(session, case.actor.user, "pass", "document", case.document.id, at=at, **told)
    session.flush()
    return taken
