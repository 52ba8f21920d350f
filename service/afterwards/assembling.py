"""What belongs to a document, found: papers that its text names, what it repeals, papers of the same matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import cast

from sqlalchemy import or_
from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.duties.dossier import Role, role_of, subject, together
from gongkai.model.duties.repealing import EXPIRED, REPEALED, commenced, repeals, term
from gongkai.model.reading import Reading
from gongkai.model.references import references
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.model.words import Segmenter
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.candidates import named
from gongkai.service.afterwards.sweeping import swept
from gongkai.service.casework.keeping import within_reach
from gongkai.service.crew.orders import Crew
from gongkai.service.review.opinions import unread
from gongkai.service.store.tables import Kept

#: So much of a long text is looked through: what a paper rests on stands at its beginning and its end.
MOST = 60_000
_KEPT = 200
_ROLES = {"forwards": "source", "answers": "request", "attaches": "attachment"}
_EFFECTS = {REPEALED: "repeals", EXPIRED: "voids"}


@dataclass(frozen=True, slots=True)
class Found:
    """A paper to put into a dossier; `target` is its id where the service has it.

    `issued` is its day; of one that is repealed the day of that, of 有效期 the last day.
    """

    role: str
    number: str = ""
    title: str = ""
    issued: str = ""
    target: str = ""


@cache
def roles() -> tuple[Role, ...]:
    """The rows of relations.toml, in their order."""
    return read_rows(resources.files("gongkai.service.afterwards"), "relations.toml", "role", Role)


def process_roles() -> tuple[str, ...]:
    """Of papers that were made before the decision."""
    return tuple(role.code for role in roles() if role.process)


def mentioned(crew: Crew, rules: Rulebook, text: str) -> list[Found]:
    """What a text names, its titles swept of personal data; slow, so it is done before the database is written."""
    found = list(_said(text, rules))
    titles = swept(crew, [one.title for one in found])
    return [replace(one, title=title) for one, title in zip(found, titles, strict=True)]


def _said(text: str, rules: Rulebook) -> Iterator[Found]:
    reading = Reading(Document("", _ends(text)), rules, cast("Segmenter", None))  # references cut no words
    for one in references(reading):
        yield Found(_ROLES[one.relation], one.number, one.title)
    day = reading.elements.issued
    since = commenced(reading.document.text) or day
    for repeal in repeals(reading.document.text):
        role = _EFFECTS.get(repeal.effect, "keeps")
        yield Found(role, repeal.number, repeal.title, since.isoformat() if since else "")
    if held := term(reading.document.text, day):
        yield Found("term", issued=held.last.isoformat(), title=f"有效期至{held.last.isoformat()}")


def _ends(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST // 2]}\n{text[-MOST // 2 :]}"


def located(session: Session, actor: Actor, kept: Kept, found: Found) -> Found:
    """The same with the document that it means, where the service has it; its own words give way to that one's."""
    target = named(session, actor, found.number, found.title) if found.number or found.title else None
    if target is None or target.id == kept.id:
        return found
    return replace(
        found,
        target=target.id,
        title=target.title or found.title,
        number=target.number or found.number,
        issued=found.issued if found.role in _EFFECTS.values() else found.issued or target.issued,
    )


def alike(session: Session, actor: Actor, kept: Kept) -> list[Found]:
    """Papers of the same matter by their titles: the draft, its explanation, the interpretation …"""
    words = subject(kept.title)
    if not words:
        return []
    pieces = {words[:6], words[-6:]}
    query = within_reach(actor).where(~unread(actor), Kept.id != kept.id)
    query = query.where(or_(*(Kept.title.contains(piece, autoescape=True) for piece in pieces)))
    rows = session.scalars(query.order_by(Kept.created.desc()).limit(_KEPT))
    return [
        Found(_role(kept.title, row.title), row.number, row.title, row.issued, row.id)
        for row in rows
        if together(kept.title, row.title)
    ]


def _role(title: str, other: str) -> str:
    """What another paper is to this one: to a draft, the paper without any mark of one is the result."""
    found = role_of(other, roles())
    return "result" if found == "related" and role_of(title, roles()) in process_roles() else found
