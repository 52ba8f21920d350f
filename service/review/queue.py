"""The queue of a backlog: filters, and pages that cost the same wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.errors import NotFound
from gongkai.service.review import opinions
from gongkai.service.store.tables import Decided, Kept

STATES = {
    "open": "未决定",
    "decided": "已决定",
    "changed": "与建议不同",
    "disputed": "意见不一致",
    "second": "待我复核",
    "never": "从未认定过属性",
}
#: States that only an opinion brings about.
_TELLING = ("changed", "disputed")
_BAD_CURSOR = "续页标记不对，请从第一页重新查看。"
_NO_DOCUMENT = "这份清单里没有这一件，可能已经移走，请刷新页面。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: empty fields don't narrow. `keys` are those of `place` (unit, year, category, clause); `since` is a
    start year: papers without a day stay in."""

    pile: str = ""
    attribute: str = ""
    state: str = ""
    words: str = ""
    group: str = ""
    keys: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A document with what people decided; `blind` when the actor may see no opinion of it."""

    kept: Kept
    decisions: tuple[Decided, ...]
    blind: bool

    @property
    def standing(self) -> Decided | None:
        """The last decision that agrees with what stands, where one does."""
        agreeing = [one for one in self.decisions if one.attribute == self.kept.decided]
        return agreeing[-1] if agreeing else None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; nothing at the end."""

    rows: tuple[Row, ...]
    next: str


def conditions(backlog: str, actor: Actor, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """A filter as SQL."""
    yield Kept.backlog == backlog
    yield Kept.pile == wanted.pile if wanted.pile else Kept.pile != ""
    if wanted.attribute:
        yield Kept.attribute == wanted.attribute
    if wanted.attribute or wanted.state in _TELLING or any(key.startswith(("c:", "n:")) for key in wanted.keys):
        yield ~opinions.unread(actor)  # being found would tell what is kept from them
    if wanted.group:
        yield Kept.group == wanted.group
    yield from _state(actor, wanted.state)
    for words in wanted.words.split():
        said = (column.contains(words, autoescape=True) for column in (Kept.title, Kept.number))
        yield or_(*said)
    yield from (opinions.keyed(key) for key in wanted.keys)
    if wanted.since:
        yield or_(Kept.issued >= wanted.since, Kept.issued == "")


def _state(actor: Actor, state: str) -> Iterator[ColumnElement[bool]]:
    if state == "open":
        yield and_(Kept.decided == "", Kept.disputed.is_(False))
    elif state == "decided":
        yield Kept.decided != ""
    elif state == "changed":
        yield and_(Kept.decided != "", Kept.decided != Kept.attribute)
    elif state == "disputed":
        yield Kept.disputed.is_(True)
    elif state == "never":
        recorded = Kept.place["recorded"].as_string()
        yield and_(Kept.decided == "", Kept.disputed.is_(False), func.coalesce(recorded, "") == "")
    elif state == "second":
        yield opinions.unread(actor)


def page(session: Session, backlog: str, actor: Actor, wanted: Wanted, after: str = "", limit: int = 50) -> Page:
    """The rows after a place, in the order of pile and rank. Raises RequestError for a cursor that is none."""
    query = select(Kept).where(*conditions(backlog, actor, wanted))
    if after:
        pile, rank, document = _place(after)
        query = query.where(tuple_(Kept.pile, Kept.rank, Kept.id) > tuple_(pile, rank, document))
        if wanted.pile == pile:
            query = query.where(Kept.rank >= rank)  # SQLite enters an index by a comparison of one column only
    found = session.scalars(query.order_by(Kept.pile, Kept.rank, Kept.id).limit(limit + 1)).all()
    rows = shown(session, actor, list(found[:limit]))
    return Page(rows, _cursor(found[limit - 1]) if len(found) > limit else "")


def shown(session: Session, actor: Actor, found: list[Kept]) -> tuple[Row, ...]:
    """Documents with their decisions, in two statements whatever their number."""
    made = opinions.of(session, [kept.id for kept in found])
    told = ((kept, tuple(made.get(kept.id, ()))) for kept in found)
    return tuple(Row(kept, decisions, opinions.blind(kept, actor, decisions)) for kept, decisions in told)


def one(session: Session, backlog: str, actor: Actor, document: str) -> Row:
    """One document of a backlog. Raises NotFound."""
    kept = session.get(Kept, document)
    if kept is None or kept.backlog != backlog:
        raise NotFound(_NO_DOCUMENT)
    return shown(session, actor, [kept])[0]


def several(session: Session, backlog: str, actor: Actor, documents: Sequence[str]) -> tuple[Row, ...]:
    """Documents of a backlog by their ids, in the order of the queue."""
    some = Kept.id.in_(documents)
    found = session.scalars(select(Kept).where(some, Kept.backlog == backlog).order_by(Kept.pile, Kept.rank))
    return shown(session, actor, list(found))


def _cursor(kept: Kept) -> str:
    return f"{kept.pile}.{kept.rank}.{kept.id}"


def _place(cursor: str) -> tuple[str, int, str]:
    pile, _, rest = cursor.partition(".")
    rank, _, document = rest.partition(".")
    if not rank.isdecimal() or len(rank) > 9:
        raise RequestError(_BAD_CURSOR)
    return pile, int(rank), document
