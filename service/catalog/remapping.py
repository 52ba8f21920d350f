"""What a changed catalog means for documents that were put under its items before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.catalog.coverage import items_of
from gongkai.service.review.opinions import unread
from gongkai.service.rules.comparing import Change, changes
from gongkai.service.rules.memory import Files
from gongkai.service.store.tables import Kept

CATALOG = "catalog.toml"
LISTED = 100


@dataclass(frozen=True, slots=True)
class Remapped:
    """A changed item and its documents: `listed` are those to put under another item, as it is gone."""

    change: Change
    documents: int
    listed: tuple[tuple[str, str], ...]


def remapped(session: Session, actor: Actor, old: Files, new: Files) -> tuple[Remapped, ...]:
    """The items that differ between two versions, with the documents within reach that belong to them."""
    found = tuple(one for one in changes(old, new) if one.file == CATALOG and one.key)
    reach: Any = within_reach(actor).with_only_columns(Kept.id).cte("reach")
    told = items_of(session, reach)
    query = select(told.c.code, func.count()).where(told.c.code.in_([one.key for one in found])).group_by(told.c.code)
    counts: dict[str, int] = {code: count for code, count in session.execute(query).all()}
    return tuple(
        Remapped(one, counts.get(one.key, 0), _listed(session, actor, told, one) if one.kind == "removed" else ())
        for one in found
    )


def _listed(session: Session, actor: Actor, told: Any, change: Change) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    query = select(Kept.id, Kept.title).join(told, told.c.document == Kept.id)
    query = query.where(told.c.code == change.key, ~unread(actor)).order_by(Kept.created.desc()).limit(LISTED)
    return tuple((id, title) for id, title in session.execute(query).all())
