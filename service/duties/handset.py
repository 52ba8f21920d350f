"""The clocks of one document: what runs, how it was counted, and what somebody sets by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.duties.hazards import Warned, warned
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import text_of
from gongkai.service.duties.occasions import urgent
from gongkai.service.duties.terms import Terms, asked, terms_of
from gongkai.service.errors import Conflicting
from gongkai.service.passages.stepping import passage_of
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept
from gongkai.service.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Clocks:
    """What is known: the passage where one began, its terms, and a warning that goes out at once."""

    passage: Passage | None
    terms: Terms
    warning: Warned | None
    urgent: str


def clocks_of(session: Session, vault: Vault, kept: Kept, rules: Rulebook) -> Clocks:
    """The clocks of a document; before it is passed on, those of its day by the general term."""
    passage = session.get(Passage, kept.id)
    attribute = kept.decided or Attribute.proactive
    if passage and (passage.start or passage.category):
        codes = [str(code) for code in passage.codes if code in rules.clock]
        terms = terms_of(passage.category, passage.start, rules, attribute=attribute, codes=codes)
    else:
        terms = terms_of("", kept.issued, rules, attribute=attribute)
    text = text_of(session, vault, kept) or kept.title
    found = warned(Document(kept.id, text, kept.title)) if text.strip() else None
    return Clocks(passage, terms, found, urgent(found) if found else "")


def settled(
    session: Session, actor: Actor, kept: Kept, rules: Rulebook, start: str, category: str, code: str, *, at: datetime
) -> Passage:
    """Put start, category and clock into a document's passage as somebody typed them. Raises RequestError,
    Conflicting for what isn't made public."""
    if kept.decided not in ("", Attribute.proactive):
        raise Conflicting("这件公文没有定为主动公开，没有公开时限；先改变公开属性。")
    passage = passage_of(session, kept, at)
    passage.category = category if category in rules.category else passage.category
    found = terms_of(passage.category, asked(start), rules, codes=[code] if code else [])
    passage.codes, passage.start, passage.due = list(found.codes), found.start, found.due
    passage.changed, passage.version = at, passage.version + 1
    told = {"codes": list(found.codes), "start": found.start, "due": found.due}
    trail.append(session, actor.user, "clock", "document", kept.id, at=at, **told)
    return passage
