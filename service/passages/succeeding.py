"""换用新稿: a text that was mended is another document; its passage goes on from that of the one before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.passages.filling import DRAFTING
from gongkai.service.passages.sheet import FLAGS, FORM, REASON
from gongkai.service.passages.stepping import passage_of, step
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

#: Where a passage says which document came before, and one that was replaced which came after.
BEFORE = "before"


def earlier(session: Session, actor: Actor, document: Kept) -> list[Kept]:
    """Earlier drafts of a document that nobody began with yet: the owner's, of the same title or number."""
    begun = session.get(Passage, document.id)
    if begun is not None and begun.bundle:
        return []
    same = [Kept.title == document.title] if document.title else []
    same += [Kept.number == document.number] if document.number else []
    if not same:
        return []
    query = within_reach(actor).join(Passage, Passage.document == Kept.id)
    query = query.where(Kept.owner == document.owner, Kept.id != document.id, Passage.state.in_(DRAFTING), or_(*same))
    return list(session.scalars(query.order_by(Kept.created.desc()).limit(5)))


def succeed(session: Session, rules: Rulebook, actor: Actor, document: Kept, before: str, at: datetime) -> Passage:
    """Let a document take the place of an earlier draft: the form comes along, no review does.

    Raises NotFound, Conflicting.
    """
    if all(one.id != before for one in earlier(session, actor, document)):
        raise NotFound("没有这份前稿，或者它已经在办，不能换用新稿。")
    old = session.scalars(select(Kept).where(Kept.id == before)).one()
    passage = passage_of(session, document, at)
    if passage.state not in DRAFTING:
        raise Conflicting("这件公文已经在办，不能再接着前稿办。")
    left = session.get_one(Passage, old.id)
    kept = {key: left.bundle[key] for key in (FORM, REASON, FLAGS) if key in left.bundle}
    passage.bundle, passage.mode = {**kept, BEFORE: old.id}, left.mode
    passage.version, passage.changed = passage.version + 1, at
    session.flush()
    step(session, rules, actor, old, "replace", {"note": document.id}, at)
    return passage
