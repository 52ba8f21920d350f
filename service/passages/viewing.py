"""A passage as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongkai.model.duties.submission import Answer
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Reason
from gongkai.service.access.actors import Actor
from gongkai.service.casework.hinting import of_document
from gongkai.service.duties.returning import Notice
from gongkai.service.house import House
from gongkai.service.office.records import names
from gongkai.service.opinion.form import given
from gongkai.service.passages.case import Case
from gongkai.service.passages.filling import editable
from gongkai.service.passages.importance import flags, suggested
from gongkai.service.passages.needs import NEEDS
from gongkai.service.passages.noticing import last_return, notice_of
from gongkai.service.passages.passing import Act, acts
from gongkai.service.passages.queues import Row, clock_of
from gongkai.service.passages.sheet import FLAGS, FORM, REASON, answer_of, proposed, settled, values_of
from gongkai.service.passages.stepping import case_of, open_to, seen_of, steps_of
from gongkai.service.passages.succeeding import earlier
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, Unit, User


@dataclass(frozen=True)
class View:
    """What the page of a passage shows; `steps` come with names, newest first, `open` with what stands in the
    way and whether they come next; `before` are earlier drafts that it may take the place of."""

    document: Kept
    passage: Passage
    unit: str
    values: Mapping[str, str]
    editable: bool
    reason: str
    reasons: Sequence[Reason]
    flags: frozenset[str]
    answer: Answer
    open: Sequence[tuple[Act, tuple[str, ...], bool]]
    steps: Sequence[tuple[Step, Act | None, str, list[tuple[str, str]]]]
    notice: Notice | None
    counted: Sequence[str]
    before: Sequence[Kept]


def hinted(house: House, actor: Actor, id: str) -> frozenset[str]:
    """What the text of a document asks for that nobody filled the form of yet; call it with no session open."""
    with house.database.reading() as session:
        passage = session.get(Passage, id)
    if passage and FLAGS in passage.bundle:
        return frozenset()
    known = {row.code for row in flags()}
    return frozenset(flag.kind for flag, _ in of_document(house, actor, id).flags if flag.kind in known)


def ticked(house: House, actor: Actor, id: str, form: Mapping[str, object]) -> list[str] | None:
    """What a form begins with where its sender says nothing of it; None where somebody has ticked before. Raises
    NotFound; call it with no session open."""
    hints, rules = hinted(house, actor, id), house.rules()
    with house.database.reading() as session:
        document, passage = session.get(Kept, id), session.get(Passage, id)
        if document is None or (passage and FLAGS in passage.bundle):
            return None
        values = proposed(session, document, rules) | {key: str(value) for key, value in form.items()}
        return sorted(suggested(values, rules) | hints)


def view(session: Session, house: House, actor: Actor, document: Kept, hints: frozenset[str] = frozenset()) -> View:
    """Everything about a document on its way; nothing is changed. `hints` are flags that its text speaks for."""
    rules, at = house.rules(), house.clock()
    passage = seen_of(session, document, at)
    case = case_of(session, rules, actor, document, passage)
    begun = FORM in passage.bundle
    values = case.values if begun else _filled_in(session, case)
    unit = session.get(Unit, document.unit)
    returned = last_return(session, document) if passage.state == "returned" else None
    name = unit.name if unit else ""
    return View(
        document=document,
        passage=passage,
        unit=name,
        values=values,
        editable=actor.may("handle") and editable(actor, passage),
        reason=str(passage.bundle.get(REASON, "")),
        reasons=[row for row in rules.reasons if row.attribute in ("proactive", "on_request", "withheld")],
        flags=case.flags if FLAGS in passage.bundle else suggested(values, rules) | hints,
        answer=case.answer if begun else missing(session, house, document, values),
        open=offered(case),
        steps=_told(session, document),
        notice=notice_of(session, document, returned) if returned else None,
        counted=[one.told for one in clock_of(Row(document, passage, name), rules).counted],
        before=earlier(session, actor, document),
    )


def _filled_in(session: Session, case: Case) -> dict[str, str]:
    values = proposed(session, case.document, case.rules)
    return values | settled(case.steps, values)


def offered(case: Case) -> list[tuple[Act, tuple[str, ...], bool]]:
    """What may be taken from here, what leads on first; what ends another attribute's way isn't offered."""
    rows = [(row, stops, _leads(row, case)) for row, stops in open_to(case) if _fits(row, case)]
    return sorted(rows, key=lambda one: (not one[2], one[2] and bool(one[1])))


def _fits(row: Act, case: Case) -> bool:
    ends = [need for need in row.needs if need in set(Attribute)]
    decided = "" if case.document.disputed else case.document.decided
    return not ends or not decided or decided in ends


def _leads(row: Act, case: Case) -> bool:
    """Whether a step is what comes next: it goes on to another state, or settles what still stands in the way."""
    if row.meets:
        return case.last(row.code, ever=False) is None and all(NEEDS[need](case) for need in row.meets)
    return bool(row.to) and not row.aside


def missing(session: Session, house: House, document: Kept, sent: Mapping[str, object]) -> Answer:
    """What a form lacks that somebody has on the page."""
    rules: Rulebook = house.rules()
    passage = seen_of(session, document, house.clock())
    written = {FORM: given(sent), REASON: str(sent.get("reason_code", ""))}
    trial = Passage(document=document.id, state=passage.state, bundle=written)
    values = values_of(session, document, trial, steps_of(session, document.id), rules)
    return answer_of(session, document, trial, values, rules)


def _told(session: Session, document: Kept) -> list[tuple[Step, Act | None, str, list[tuple[str, str]]]]:
    steps = steps_of(session, document.id)
    people = names(session, User, {one.by for one in steps})
    told = []
    for one in reversed(steps):
        row = acts().get(one.kind)
        fields = [field for field in row.fields if field.key in one.record] if row else []
        cells = [(field.name, str(one.record[field.key])) for field in fields]
        told.append((one, row, people.get(one.by, ""), cells))
    return told
