"""What people decided of documents, without what they took back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Text, and_, cast, select
from sqlalchemy.orm import Session, aliased

from gongkai.service.access.actors import Actor
from gongkai.service.errors import NotAllowed
from gongkai.service.store.tables import Decided, Kept, User

#: Parameters that both databases take in one statement.
_MOST = 5000
_BLIND = "这一件由您复核，作出决定之前看不到建议和别人的决定，请在存量清单的页面上复核。"


def second_key(user: str) -> str:
    """How `place` says who reads a document a second time."""
    return f"s:{user}"


def effective(decisions: Iterable[Decided]) -> list[Decided]:
    """Those that were not taken back, oldest first."""
    ordered = sorted(decisions, key=lambda decision: decision.at)
    gone = {decision.undoes for decision in ordered if decision.undoes}
    return [decision for decision in ordered if not decision.undoes and decision.id not in gone]


def of(session: Session, documents: Sequence[str]) -> dict[str, list[Decided]]:
    """The decisions that hold of each of these documents, oldest first."""
    found: dict[str, list[Decided]] = defaultdict(list)
    for start in range(0, len(documents), _MOST):
        some = documents[start : start + _MOST]
        for decision in session.scalars(select(Decided).where(Decided.document.in_(some))):
            found[decision.document].append(decision)
    return {document: effective(decisions) for document, decisions in found.items()}


def last_by(decisions: Iterable[Decided]) -> dict[str, Decided]:
    """What each person decided last."""
    return {decision.by: decision for decision in decisions}


def names(session: Session, users: Iterable[str]) -> dict[str, str]:
    """The names of people."""
    wanted = set(users)
    if not wanted:
        return {}
    return {user: name for user, name in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


def blind(kept: Kept, actor: Actor, decisions: Iterable[Decided]) -> bool:
    """Whether an actor reads a document a second time and has not decided it: then they see no opinion, neither the
    machine's nor the first reader's."""
    assigned = kept.place.get("second") == second_key(actor.user)
    return assigned and all(decision.by != actor.user for decision in decisions)


def unread(actor: Actor) -> ColumnElement[bool]:
    """The same as SQL, of the documents of a list."""
    later = aliased(Decided)
    taken = select(later.id).where(later.document == Decided.document, later.undoes == Decided.id).exists()
    own = and_(Decided.document == Kept.id, Decided.by == actor.user, Decided.undoes == "", ~taken)
    return and_(keyed(second_key(actor.user)), ~select(Decided.id).where(own).exists())


def keyed(key: str) -> ColumnElement[bool]:
    """A key as a whole string of the JSON: a search in text is many times faster than taking the JSON apart."""
    return cast(Kept.place, Text).contains(f'"{key}"', autoescape=True)


def unbiased(session: Session, actor: Actor, kept: Kept) -> None:
    """Raises NotAllowed for a second reader who must not know what others think of a document yet."""
    if blind(kept, actor, of(session, [kept.id]).get(kept.id, ())):
        raise NotAllowed(_BLIND)
