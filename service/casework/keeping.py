"""Keep what was screened: one row a document, unit and owner; a screening anew where the engine differs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, false, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from gongkai.service.access.actors import Actor, Reach
from gongkai.service.crew.orders import Suggested
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.store import trail
from gongkai.service.store.tables import Kept, Screened, Unit, Vector, new_id
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

#: The kind of blob that a document's text is.
TEXT = "text"
#: Asked and written with every suggestion: built once, and written without the session's bookkeeping.
_SAME = (
    select(Kept.id)
    .where(Kept.digest == bindparam("digest"), Kept.owner == bindparam("owner"), Kept.unit == bindparam("unit"))
    .where(Kept.backlog == "").order_by(Kept.created).limit(1)
)  # fmt: skip
_SCREENED, _VECTOR = insert(Screened), insert(Vector)
_NEW = {
    "sqlite": sqlite.insert(Kept).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Kept).on_conflict_do_nothing(),
}


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
    session.flush()  # what the row names may have been added just now
    digest = said.kept["digest"]
    row = {"id": new_id(), "unit": actor.unit_id, "owner": actor.user, "origin": origin, "digest": digest}
    row |= _described(said.kept) | {"created": at, "changed": at, "version": 1, "decided": "", "decisions": 0}
    row |= {"disputed": False, "backlog": "", "pile": "", "rank": 0, "group": "", "place": {}}
    statement, told = _NEW[session.get_bind().dialect.name], {"preserve_rowcount": True}
    for _ in range(2):  # the row that stands there may be swept away before it is read
        if session.connection().execute(statement, row, execution_options=told).rowcount:
            return _standing(session, row), True
        if found := _found(session, actor, digest):
            return found, False
    raise Conflicting("这件公文正在被删除，请稍后重新提交。", after=1)


def _standing(session: Session, row: dict[str, Any]) -> Kept:
    """The row that was just written, as the session would have read it."""
    document = Kept(**row)
    make_transient_to_detached(document)
    session.add(document)
    return document


def _found(session: Session, actor: Actor, digest: str) -> Kept | None:
    whose = {"digest": digest, "owner": actor.user, "unit": actor.unit_id}
    id = session.connection().execute(_SAME, whose).scalar()
    return session.get(Kept, id) if id else None


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
        for name, value in _described(kept).items():
            setattr(document, name, value)
        if session.is_modified(document):
            document.version += 1
    quotes = [list(quote) for quote in said.quotes]
    screened = {"document": document.id, "at": at, "engine": kept["engine"], "result": kept, "quotes": quotes}
    session.connection().execute(_SCREENED, {"id": new_id(), **screened})
    if said.vector:
        vector = {"document": document.id, "model": kept["engine"]["model"][:40], "values": said.vector}
        session.connection().execute(_VECTOR, vector) if new else session.merge(Vector(**vector))


def _described(kept: Json) -> dict[str, Any]:
    """The elements and the last suggestion as columns of a row, shortened to what they hold."""
    elements, attribute = kept["elements"], kept["attribute"]
    return {
        "title": kept["title"],
        "number": elements["number"][:200],
        "issuer": elements["issuer"][:300],
        "issued": elements["issued"][:20],
        "genre": elements["genre"][:50],
        "attribute": attribute["label"],
        "confidence": attribute["confidence"],
        "handling": kept["handling"],
        "needs_review": kept["needs_review"],
    }


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
