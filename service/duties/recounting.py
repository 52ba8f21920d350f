"""What changed deadlines or holidays do to documents on their way: told in the preview, put in with the version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.duties.terms import terms_of
from gongkai.service.review.opinions import unread
from gongkai.service.rules.memory import Files, loaded
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

#: The tables by which days are counted. A catalog item that names another clock holds for documents that come later.
FILES = ("deadlines.toml", "calendar.toml")
_ENDED = ("withheld", "on_request", "deferred", "withdrawn")


@dataclass(frozen=True, slots=True)
class Moved:
    """A document on its way whose last day is another one; empty for a day that can't be told."""

    passage: Passage
    before: str
    after: str


def concerns(before: Files, after: Files) -> bool:
    """Whether days may be counted otherwise by the other tables."""
    return any(before.get(file) != after.get(file) for file in FILES)


def preview(session: Session, actor: Actor, files: Files, profile: str) -> tuple[tuple[Moved, str], ...]:
    """What would move among the documents that somebody may read, with their titles. Raises RulebookError."""
    reach = within_reach(actor).where(~unread(actor)).with_only_columns(Kept.id, Kept.title)
    titles = {id: title for id, title in session.execute(reach).all()}
    return tuple(
        (one, titles[one.passage.document]) for one in moved(session, loaded(files, profile))
        if one.passage.document in titles
    )  # fmt: skip


def recount(session: Session, actor: Actor, rules: Rulebook, *, at: datetime) -> int:
    """Put the last days by these rules into all passages on their way; how many moved."""
    found = tuple(moved(session, rules))
    for one in found:
        one.passage.due = one.after
        told = {"before": one.before, "due": one.after}
        trail.append(session, actor.user, "recount", "document", one.passage.document, at=at, **told)
    return len(found)


def moved(session: Session, rules: Rulebook) -> Iterator[Moved]:
    """Every document on its way whose clocks, as they were set, give another last day; the earliest first."""
    running = (Passage.published.is_(None), Passage.start != "", Passage.state.not_in(_ENDED))
    for passage in session.scalars(select(Passage).where(*running).order_by(Passage.due, Passage.document)):
        codes = [str(code) for code in passage.codes if code in rules.clock]
        after = terms_of(passage.category, passage.start, rules, codes=codes).due if codes else passage.due
        if after != passage.due:
            yield Moved(passage, passage.due, after)
