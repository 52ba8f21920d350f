"""The dossier of a document: its papers, what a decision item still lacks, papers added and taken out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gongkai.model.duties.dossier import Role, missing
from gongkai.model.errors import RequestError
from gongkai.model.references import number_key, title_key
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.assembling import Found, alike, located, process_roles, roles
from gongkai.service.afterwards.standing import known
from gongkai.service.casework.keeping import within_reach
from gongkai.service.errors import NotFound
from gongkai.service.store import trail
from gongkai.service.store.duties import Relation
from gongkai.service.store.tables import Kept, new_id

#: Catalog items that are decisions to be prepared in public.
DECISIONS = ("G15",)
#: Roles that say that a document is such a decision, whatever its category.
_TELLING = ("draft", "consultation", "explanation")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a dossier with what it is called there, and how the service has it, if it does."""

    relation: Relation
    role: Role
    target: Kept | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All papers of a document, those whose dossier it belongs to itself, and what is lacking (nothing asked of what
    is no decision item)."""

    papers: tuple[Paper, ...]
    within: tuple[Paper, ...]
    decision: bool
    missing: tuple[Role, ...]
    reopened: tuple[Paper, ...]


def dossier(session: Session, actor: Actor, kept: Kept, category: str = "") -> Dossier:
    """What an actor may know of it; `category` is the catalog item that stands."""
    papers = _papers(session, actor, select(Relation).where(Relation.document == kept.id), "target")
    around = _papers(session, actor, select(Relation).where(Relation.target == kept.id), "document")
    within = tuple(paper for paper in around if paper.target is not None)
    held = {paper.role.code for paper in papers}
    decision = category.startswith(DECISIONS) or bool(held & set(_TELLING))
    lacks = missing({*held, "result"}, roles()) if decision else ()
    reopened = tuple(
        paper
        for paper in papers
        if paper.role.code in process_roles() and paper.target is not None and paper.target.decided == "withheld"
    )
    return Dossier(papers, within, decision, lacks, reopened)


def _papers(session: Session, actor: Actor, query: Select[Any], other: str) -> tuple[Paper, ...]:
    rows: list[Relation] = list(session.scalars(query))
    known_roles = {role.code: role for role in roles()}
    ids = {getattr(row, other) for row in rows}
    have = {kept.id: kept for kept in session.scalars(within_reach(actor).where(Kept.id.in_(ids)))}
    order = list(known_roles)
    rows.sort(key=lambda row: (order.index(row.role) if row.role in order else len(order), row.at))
    last = roles()[-1]
    return tuple(Paper(row, known_roles.get(row.role, last), have.get(getattr(row, other))) for row in rows)


def assemble(session: Session, actor: Actor, document: str, found: Iterable[Found], *, at: datetime) -> int:
    """Put what was found into a dossier, nothing twice; how many papers are new. Raises NotFound, NotAllowed."""
    kept = known(session, actor, document)
    known_papers = [_key(row.role, row.target, row.number, row.title) for row in _of(session, kept.id)]
    have = set(known_papers)
    targets = {target for _, target, _, _ in known_papers if target}
    added = 0
    for one in [*(located(session, actor, kept, each) for each in found), *alike(session, actor, kept)]:
        key = _key(one.role, one.target, one.number, one.title)
        if key in have or (one.target and one.target in targets):
            continue
        have.add(key)
        targets |= {one.target} if one.target else set()
        session.add(_row(kept.id, one, actor, at))
        added += 1
    trail.append(session, actor.user, "dossier", "document", kept.id, at=at, added=added)
    return added


def _of(session: Session, document: str) -> list[Relation]:
    return list(session.scalars(select(Relation).where(Relation.document == document)))


def _key(role: str, target: str, number: str, title: str) -> tuple[str, str, str, str]:
    return role, target, number_key(number) or number, "" if target else title_key(title)


def _row(document: str, one: Found, actor: Actor, at: datetime) -> Relation:
    return Relation(
        id=new_id(), document=document, role=one.role, number=one.number[:200], title=one.title, target=one.target,
        issued=one.issued[:20], by=actor.user, at=at,
    )  # fmt: skip


def add(session: Session, actor: Actor, document: str, one: Found, *, at: datetime) -> Relation:
    """A paper that somebody names; its title is to be swept before. Raises RequestError, NotFound, NotAllowed."""
    kept = known(session, actor, document)
    if one.role not in {role.code for role in roles()}:
        raise RequestError("没有这种文件关系，请从列出的里面选。")
    if not (one.number.strip() or one.title.strip()):
        raise RequestError("请写明文号或者标题。")
    row = _row(kept.id, located(session, actor, kept, one), actor, at)
    session.add(row)
    trail.append(session, actor.user, "dossier", "document", kept.id, at=at, added=1, role=row.role)
    return row


def remove(session: Session, actor: Actor, document: str, relation: str, *, at: datetime) -> None:
    """Take a paper out. Raises NotFound, NotAllowed."""
    kept = known(session, actor, document)
    row = session.get(Relation, relation)
    if row is None or row.document != kept.id:
        raise NotFound("卷宗里没有这份文件，请刷新页面。")
    session.delete(row)
    trail.append(session, actor.user, "dossier.remove", "document", kept.id, at=at, role=row.role)
