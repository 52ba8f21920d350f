"""Judge documents anew after the negative list changed, as a job (实施意见十七: 及时进行调整更新).

Affected are documents in which a changed clause was hit, and all whose text can be read again: what a new or wider
clause would hit is only known by judging them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import judged_again, latest_screening, within_reach
from gongkai.service.casework.statistics import clause_hits, last_screenings, within
from gongkai.service.crew.orders import Suggest, Suggested
from gongkai.service.house import House
from gongkai.service.jobs import queue
from gongkai.service.jobs.work import Work
from gongkai.service.review.opinions import unread
from gongkai.service.rules.comparing import changes
from gongkai.service.rules.memory import Files
from gongkai.service.rules.previewing import sample, text_again
from gongkai.service.store.tables import Job, Kept
from gongkai.service.wire import Json

FILE = "negative.toml"
#: As many documents are judged anew, the newest first, and as many are listed one by one.
MOST, LISTED = 2000, 500


def changed_clauses(old: Files, new: Files) -> tuple[str, ...]:
    """The ids of clauses that differ between two versions."""
    return tuple(dict.fromkeys(one.key for one in changes(old, new) if one.file == FILE and one.key))


def submit(session: Session, house: House, actor: Actor, clauses: Iterable[str]) -> Job:
    """Put the job into the queue, which the trail notes."""
    order = {"clauses": sorted(set(clauses))}
    return queue.submit(session, house.vault, actor, "rescreen", order=order, at=house.clock())


def rescreen(work: Work) -> Json:
    """The job: `order` has the changed clauses. Its result lists what differs now, and what nobody could read."""
    actor, clauses = work.actor(), frozenset(work.order["clauses"])
    hit = work.read(lambda session: hit_in(session, actor, clauses))
    known = dict.fromkeys((*hit, *work.read(lambda session: sample(session, actor, MOST))))
    documents, found = list(known)[:MOST], Found()
    for place, document in enumerate(documents):
        work.check()
        said = _said(work, document)
        _take(work, document, said, found, document in hit)
        work.write(done=place + 1, total=len(documents))
    return found.shown()


def hit_in(session: Session, actor: Actor, clauses: frozenset[str]) -> dict[str, None]:
    """Documents within reach in whose last screening one of these clauses was hit, the newest first."""
    hits = clause_hits(session, last_screenings(within(actor, None, None))).subquery()
    query = select(Kept.id).where(Kept.id.in_(select(hits.c.document).where(hits.c.clause.in_(sorted(clauses)))))
    return dict.fromkeys(session.scalars(query.order_by(Kept.created.desc(), Kept.id).limit(MOST)))


@dataclass
class Found:
    """What the job found, filled one document at a time; `unread` hit a changed clause and can't be judged anew."""

    judged: int = 0
    changed: int = 0
    listed: list[Json] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def shown(self) -> Json:
        """The result of the job: ids, codes and counts, no text."""
        return {
            "judged": self.judged, "changed": self.changed, "listed": self.listed, "unread": self.unread[:LISTED],
            "unreadable": len(self.unread),
        }  # fmt: skip


def _said(work: Work, document: str) -> Suggested | None:
    text = text_again(work, document)
    if text is None:
        return None
    try:
        said: Suggested = work.ask(Suggest(Document(document, text)))
    except DocumentError:
        return None
    return said if said.kept else None


def _take(work: Work, document: str, said: Suggested | None, found: Found, hit: bool) -> None:
    if said is None:
        found.unread += [document] if hit else []
        return
    found.judged += 1
    before = work.read(lambda session: _before(session, document))
    if before is None or not (told := differing(before, said.kept)):
        return
    work.write(lambda session: _renew(session, work, document, said))
    found.changed += 1
    if len(found.listed) < LISTED:
        found.listed.append({"document": document, **told})


def _before(session: Session, document: str) -> Json | None:
    last = latest_screening(session, document)
    return last.result if last else None


def differing(before: Json, after: Json) -> Json:
    """What another list makes of a document: the clauses that came (+) and went (-), the attribute if it changed."""
    old, new = ({hit["clause"] for hit in said["negative"]} for said in (before, after))
    labels = [said["attribute"]["label"] for said in (before, after)]
    told: Json = {"clauses": [f"+{code}" for code in sorted(new - old)] + [f"-{code}" for code in sorted(old - new)]}
    if labels[0] != labels[1]:
        told["attribute"] = labels
    return told if told["clauses"] or "attribute" in told else {}


def _renew(session: Session, work: Work, document: str, said: Suggested) -> None:
    kept = session.scalar(within_reach(work.actor()).where(Kept.id == document))
    if kept is not None:
        judged_again(session, kept, said, at=work.house.clock())


def standing_against(session: Session, actor: Actor, result: Json) -> tuple[tuple[Kept, Json], ...]:
    """The queue for people: what differs now, those first whose standing decision is another than the suggestion."""
    told = {row["document"]: row for row in result.get("listed", ())}
    told |= {document: {"clauses": []} for document in result.get("unread", ())}
    theirs = within_reach(actor).where(Kept.id.in_(list(told)), ~unread(actor))
    found = [(kept, told[kept.id]) for kept in session.scalars(theirs.order_by(Kept.created.desc(), Kept.id))]
    return tuple(sorted(found, key=lambda pair: not pair[0].decided or pair[0].decided == pair[0].attribute))
