"""报送单: the form of a passage as a person filled it in, and what steps have settled since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from gongkai.model.duties.gaps import check
from gongkai.model.duties.submission import Answer, named
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.keeping import latest_screening
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import filled
from gongkai.service.opinion.submission import machine, submitted
from gongkai.service.passages.case import PROPOSED
from gongkai.service.passages.needs import CLEAN, CLEARED
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, Unit, User

#: What only a person puts forward: the machine's words for it never count as submitted.
_PERSONS = ("attribute", "reason", "basis", "third", "plan", "interpretation", "office", "secrecy")
#: Keys of Passage.bundle: the form's fields, the code of its reason, what the document asks for (flags.toml).
FORM, REASON, FLAGS = "form", "reason", "flags"
Values = Mapping[str, str]


def brief_of(session: Session, document: Kept) -> Brief:
    """A document in short; nothing but its elements where no machine read it."""
    screened = latest_screening(session, document.id)
    if screened is None:
        return Brief(
            title=document.title[:500],
            number=document.number,
            issued=document.issued,
            issuer=document.issuer,
            genre=document.genre,
        )
    return Brief.of(screened.result, document.title, document.decided)


def proposed(session: Session, document: Kept, rules: Rulebook) -> dict[str, str]:
    """The form as far as it can be filled in from what is known, for a person to go through."""
    unit, owner = session.get(Unit, document.unit), session.get(User, document.owner)
    return filled(brief_of(session, document), rules, unit.name if unit else "", owner.name if owner else "")


def values_of(
    session: Session, document: Kept, passage: Passage, steps: Sequence[Step], rules: Rulebook
) -> dict[str, str]:
    """The form as it stands: what a person wrote, over what is known; reviews are as their steps say, and the
    attribute of a signed document as it was decided."""
    known = proposed(session, document, rules) | dict.fromkeys(_PERSONS, "")
    written = passage.bundle.get(FORM, {})
    values = known | {key: str(value) for key, value in written.items() if key in known}
    if passage.state not in PROPOSED and document.decided:
        values["attribute"] = Attribute(document.decided).label
    return values | settled(steps, values)


def settled(steps: Sequence[Step], values: Values) -> dict[str, str]:
    """Who had to be asked and what they said is told by their steps, not by whoever fills in the form."""
    last = {one.kind: str(one.record.get("outcome", "")) for one in steps}
    secrecy = "已审查，不涉密" if last.get("secrecy") in CLEAN else "尚未审查"
    asked = values.get("policy") == "是" and named(values.get("attribute", "")) == Attribute.withheld
    waits = "尚未送审" if asked else "不需要"
    office = {CLEARED: "已审查，同意", "": waits}.get(last.get("clear", ""), "已审查，不同意")
    return {"secrecy": secrecy, "office": office}


def answer_of(session: Session, document: Kept, passage: Passage, values: Values, rules: Rulebook) -> Answer:
    """What the submission lacks, and the machine's remarks."""
    code = str(passage.bundle.get(REASON, ""))
    sent = submitted(values)
    sent = replace(sent, codes=(code,)) if code else sent
    return check(sent, rules, machine(brief_of(session, document)))
