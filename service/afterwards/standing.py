"""The passage of a document that has none: what was decided before, taken up as it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.review.opinions import unbiased
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

#: The state of a document whose decision stands and that never went through a passage of this service.
STATES = {
    Attribute.proactive.value: "published",
    Attribute.on_request.value: "on_request",
    Attribute.withheld.value: "withheld",
}


def known(session: Session, actor: Actor, document: str) -> Kept:
    """A document within reach that the actor does not read blind. Raises NotFound, NotAllowed."""
    found = session.scalar(within_reach(actor).where(Kept.id == document))
    if found is None:
        raise NotFound("没有这件公文，或者不在您能看的范围内。")
    unbiased(session, actor, found)
    return found


def taken_up(session: Session, actor: Actor, kept: Kept, at: datetime) -> Passage:
    """The passage of a document, begun where it stands by its decision. Raises Conflicting for an undecided one."""
    passage = session.get(Passage, kept.id, with_for_update=True)
    if passage is not None:
        return passage
    if kept.decided not in STATES:
        raise Conflicting("这件公文还没有人作出决定，请先在公文记录里决定公开属性。")
    state = STATES[kept.decided]
    passage = Passage(document=kept.id, unit=kept.unit, state=state, created=at, changed=at)
    session.add(passage)
    session.flush()
    trail.append(session, actor.user, "take-up", "document", kept.id, at=at, state=state)
    return passage


def today(at: datetime) -> str:
    """The day where the agency is, as the tables write it."""
    return at.astimezone(ZONE).date().isoformat()


def passages(session: Session, documents: list[str]) -> dict[str, Passage]:
    """The passages that these documents have."""
    rows = session.scalars(select(Passage).where(Passage.document.in_(documents)))
    return {row.document: row for row in rows}
