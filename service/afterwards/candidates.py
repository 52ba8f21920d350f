"""Documents that a request may be about, or that a paper names: by number, by title, by words of the title."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from gongkai.model.references import core_key, number_key, title_key
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.review.opinions import unread
from gongkai.service.store.tables import Kept

MOST = 8
_LOOKED = 200


def candidates(session: Session, actor: Actor, words: str, first: Iterable[str] = ()) -> list[Kept]:
    """Documents within reach whose title shares most with some words; those of `first` (ids) come first."""
    reach = within_reach(actor).where(~unread(actor))
    known = list(session.scalars(reach.where(Kept.id.in_(list(first)))))
    pairs = _pieces(words)
    if not pairs:
        return known[:MOST]
    alike = or_(*(Kept.title.contains(pair, autoescape=True) for pair in pairs))
    found = session.scalars(reach.where(alike).order_by(Kept.created.desc()).limit(_LOOKED))
    have = {row.id for row in known}
    ranked = sorted((row for row in found if row.id not in have), key=lambda row: -_shared(row.title, pairs))
    return [*known, *(row for row in ranked if _shared(row.title, pairs) * 2 >= len(pairs))][:MOST]


def _pieces(words: str) -> list[str]:
    """Runs of four characters, so that 建设 alone finds nothing."""
    found = [
        piece[at : at + 4] for piece in words.split() if len(piece) > 1 for at in range(0, max(1, len(piece) - 3), 2)
    ]
    return list(dict.fromkeys(found))[:12]


def _shared(title: str, pieces: list[str]) -> int:
    return sum(piece in title for piece in pieces)


def named(session: Session, actor: Actor, number: str, title: str) -> Kept | None:
    """The document within reach that a number or a title means: the latest where several do."""
    wanted: list[ColumnElement[bool]] = []
    if number_key(number):
        wanted.append(Kept.number == number)
        wanted.append(Kept.number.contains(number[:4], autoescape=True))
    if len(title) >= 4:
        wanted.append(Kept.title.contains(title[-12:], autoescape=True))
    if not wanted:
        return None
    rows = session.scalars(
        select(Kept)
        .where(Kept.id.in_(within_reach(actor).with_only_columns(Kept.id)), or_(*wanted))
        .order_by(Kept.created.desc())
        .limit(_LOOKED)
    )
    found = list(rows)
    by_number = (row for row in found if number_key(number) and number_key(row.number) == number_key(number))
    by_title = (row for row in found if title and title_key(row.title) == title_key(title))
    core = core_key(title)
    by_core = (row for row in found if core and core_key(row.title) == core)
    return next(by_number, None) or next(by_title, None) or next(by_core, None)
