"""Keep what was screened: one row a document, unit and owner; a screening anew where the engine differs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, false, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.crew.orders import Suggested
from gongkai.service.errors import NotFound
from gongkai.service.store import trail
from gongkai.service.store.tables import Kept, Screened, Unit, Vector, new_id
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

#: The kind of blob that a document's text is.
TEXT = "text"
#: Asked and written with every suggestion: built once, and written without the session's bookkeeping.
_SAME = (
    select(Kept)
    .where(Kept.digest == bindparam("digest"), Kept.owner == bindparam("owner"), Kept.unit == bindparam("unit"))
    .where(Kept.backlog == "").order_by(Kept.created).limit(1)
)  # fmt: skip
_SCREENED, _VECTOR = insert(Screened), insert(Vector)


def keep(
    session: Session, vault: Vault, actor: Actor, said: Suggested, *, text: str, origin: str, at: datetime
) -> Kept | None:
    """The row of a screened document (found again by digest, unit and owner); None for a stopped one, of which only
    the fact of stopping goes to the trail. The text is sealed where the agency keeps texts."""
    if said.stopped:
        trail.append(session, actor.user, "stop", "document", "", at=at, origin=origin)
        return None
    document, new = _row(session, actor, said, origin, at)
    if new or _other(session, document, said.kept):
        _screened(session, document, said, at, new=new)
    if not new:
        document.changed = at
    if vault.keep_text and (new or not vault.has(session, TEXT, document.id)):
        vault.put(session, TEXT, document.id, text.encode(), at=at)
    told = {"attribute": document.attribute, "handling": document.handling, "new": new}
    trail.append(session, actor.user, "suggest", "document", document.id, at=at, origin=origin, **told)
    return document


def _row(session: Session, actor: Actor, said: Suggested, origin: str, at: datetime) -> tuple[Kept, bool]:
    digest = said.kept["digest"]
    found = _found(session, actor, digest)
    if found:
        return found, False
    document = Kept(id=new_id(), unit=actor.unit_id, owner=actor.user, origin=origin, digest=digest, created=at)
    document.changed = at
    _describe(document, said.kept)
    if session.get_bind().dialect.name == "sqlite":  # its writers come one by one: nobody was between
        session.add(document)
        session.flush()
        return document, True
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError:  # the same text came twice at the same moment, and the other one was first
        found = _found(session, actor, digest)
        if found is None:
            raise
        return found, False
    return document, True


def _found(session: Session, actor: Actor, digest: str) -> Kept | None:
    found: Kept | None = session.scalar(_SAME, {"digest": digest, "owner": actor.user, "unit": actor.unit_id})
    return found


def _other(session: Session, document: Kept, kept: Json) -> bool:
    """Whether another engine speaks, or the same one on a day when other clauses of the negative list are in force."""
    last = latest_screening(session, document.id)
    return last is None or last.engine != kept["engine"] or _clauses(last.result) != _clauses(kept)


def _clauses(result: Json) -> set[str]:
    return {hit["clause"] for hit in result["negative"]}


def judged_again(session: Session, document: Kept, said: Suggested, *, at: datetime) -> None:
    """Put a new screening to a kept document, whoever asked for it; its decisions stay. The place that a document of a
    backlog has says its reasons and category too."""
    _screened(session, document, said, at, new=False)
    document.changed = at
    if document.place:
        reasons = list(dict.fromkeys(row["code"] for row in said.kept["reasons"]))
        category = next((row["code"] for row in said.kept["categories"]), "")
        document.place = {**document.place, "reasons": reasons, "category": category}


def latest_screening(session: Session, document: str) -> Screened | None:
    """What was said of a document last."""
    said: Screened | None = session.scalar(_latest(select(Screened), document))
    return said


def latest_id(session: Session, document: str) -> str:
    """The id of what was said of a document last, nothing where nothing was: results are long, and stay unread."""
    return session.scalar(_latest(select(Screened.id), document)) or ""


def _latest(query: Select[Any], document: str) -> Select[Any]:
    return query.where(Screened.document == document).order_by(Screened.at.desc()).limit(1)


def _screened(session: Session, document: Kept, said: Suggested, at: datetime, *, new: bool) -> None:
    kept = said.kept
    if not new:
        _describe(document, kept)
        if session.is_modified(document):
            document.version += 1
    quotes = [list(quote) for quote in said.quotes]
    screened = {"document": document.id, "at": at, "engine": kept["engine"], "result": kept, "quotes": quotes}
    session.connection().execute(_SCREENED, {"id": new_id(), **screened})
    if said.vector:
        vector = {"document": document.id, "model": kept["engine"]["model"][:40], "values": said.vector}
        session.connection().execute(_VECTOR, vector) if new else session.merge(Vector(**vector))


def _describe(document: Kept, kept: Json) -> None:
    """Put the elements and the last suggestion into a row, shortened to what the columns hold."""
    elements = kept["elements"]
    document.title = kept["title"]
    document.number, document.issuer = elements["number"][:200], elements["issuer"][:300]
    document.issued, document.genre = elements["issued"][:20], elements["genre"][:50]
    document.attribute, document.confidence = kept["attribute"]["label"], kept["attribute"]["confidence"]
    document.handling, document.needs_review = kept["handling"], kept["needs_review"]


def within_reach(actor: Actor) -> Select[Kept]:
    """The documents that an actor sees: own, their unit's and those below it, all, or none."""
    documents = select(Kept)
    if actor.reach == Reach.all:
        return documents
    if actor.reach == Reach.own:
        return documents.where(Kept.owner == actor.user)
    if actor.reach == Reach.unit:
        below = Unit.path.startswith(f"{actor.unit}/", autoescape=True)
        units = select(Unit.id).where(or_(Unit.path == actor.unit, below))
        return documents.where(or_(Kept.owner == actor.user, Kept.unit.in_(units)))
    return documents.where(false())


def seen(session: Session, actor: Actor, document: str, *, at: datetime) -> Kept:
    """A document within reach, noted in the trail as seen. Raises NotFound."""
    found = session.scalar(within_reach(actor).where(Kept.id == document))
    if found is None:
        raise NotFound("没有这件公文，或者不在您能看的范围内。")
    trail.append(session, actor.user, "see", "document", found.id, at=at)
    return found


def text_of(session: Session, vault: Vault, document: Kept) -> str | None:
    """The kept text, or None where texts aren't kept or its time is over."""
    sealed = vault.get(session, TEXT, document.id)
    return None if sealed is None else sealed.decode()
