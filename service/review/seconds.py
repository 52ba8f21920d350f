"""Second reading: who reads what again without seeing what was said, where readers differ, how far they agree."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.estimates import Estimate, kappa, wilson
from gongkai.service.access.actors import Actor, Reach
from gongkai.service.access.roles import table
from gongkai.service.review import opinions, queue
from gongkai.service.review.queue import Row, Wanted
from gongkai.service.store import trail
from gongkai.service.store.tables import Backlog, Decided, Kept, Unit, User

MOST = 5000
FIELDS = {"attribute": "公开属性", "reason": "理由", "category": "目录"}
_NOBODY = "没有这位复核人，或者他不能办理这份清单，请从列表里选。"
_SHARE = "抽取比例应当在 1 到 100 之间（百分之几），请改正。"


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many documents were given to a second reader, of how many that could have been."""

    given: int
    of: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far first and second readers agree in one field, over the documents that both decided."""

    field: str
    cases: int
    same: Estimate
    kappa: float


def readers(session: Session, backlog: Backlog) -> list[User]:
    """Who may work on a backlog: their unit is the backlog's or one above it, or their reach is everywhere."""
    unit = session.get(Unit, backlog.unit)
    above = set(unit.path.split("/")) if unit else set()
    people = session.scalars(select(User).where(User.disabled.is_(False), User.machine.is_(False)).order_by(User.name))
    return [user for user in people if "review" in table().allowed(user.roles) and _reaches(user, above)]


def _reaches(user: User, above: set[str]) -> bool:
    reach = table().reach(user.roles)
    return reach == Reach.all or (reach == Reach.unit and user.unit in above)


def assign(
    session: Session, actor: Actor, backlog: Backlog, wanted: Wanted, user: str, percent: int, *, at: datetime
) -> Assigned:
    """Draw a share of the documents of a filter that others decided and nobody reads again yet, and give them to a
    second reader. Raises RequestError."""
    if not 1 <= percent <= 100:
        raise RequestError(_SHARE)
    if user not in {reader.id for reader in readers(session, backlog)}:
        raise RequestError(_NOBODY)
    found = session.scalars(
        select(Kept).where(*queue.conditions(backlog.id, actor, wanted), Kept.decided != "").order_by(Kept.id)
    ).all()
    made = opinions.of(session, [kept.id for kept in found])
    free = [kept for kept in found if not kept.place.get("second") and _by_others(made.get(kept.id, ()), user)]
    drawn = random.Random(f"{backlog.id}{at.isoformat()}").sample(free, min(MOST, -(-len(free) * percent // 100)))
    for kept in drawn:
        kept.place = {**kept.place, "second": opinions.second_key(user)}
        kept.version += 1
    trail.append(
        session, actor.user, "backlog.second", "backlog", backlog.id, at=at, reader=user, given=len(drawn), of=len(free)
    )
    return Assigned(len(drawn), len(free))


def _by_others(decisions: Iterable[Decided], user: str) -> bool:
    return all(decision.by != user for decision in decisions)


def waiting(session: Session, backlog: str) -> list[tuple[str, int, int]]:
    """Second readers by name, with how many documents each has decided and how many they were given."""
    second = Kept.place["second"].as_string()
    given = session.execute(
        select(second, func.count()).where(Kept.backlog == backlog, Kept.pile != "", second != "").group_by(second)
    )
    counts = {key.removeprefix("s:"): number for key, number in given}
    read = session.execute(
        select(Decided.by, Decided.document)
        .join(Kept, Kept.id == Decided.document)
        .where(Kept.backlog == backlog, Decided.second.is_(True), Decided.undoes == "")
        .distinct()
    )
    done = Counter(by for by, _ in read)
    names = opinions.names(session, counts)
    return [(names.get(user, user), min(done[user], number), number) for user, number in sorted(counts.items())]


def differing(session: Session, actor: Actor, backlog: str, limit: int = 200) -> tuple[Row, ...]:
    """Documents on which readers differ, in the order of the queue; none that the actor still reads blind."""
    found = session.scalars(
        select(Kept).where(Kept.backlog == backlog, Kept.disputed == true(), Kept.pile != "")
        .order_by(Kept.pile, Kept.rank, Kept.id).limit(limit)
    ).all()  # fmt: skip
    return tuple(row for row in queue.shown(session, actor, list(found)) if not row.blind)


def agreements(session: Session, backlog: str) -> list[Agreement]:
    """Of first and second readers' last decisions, by field."""
    pairs = list(_pairs(session, backlog))
    return [one for field in FIELDS if (one := _agreement(field, pairs))]


def _agreement(field: str, pairs: list[tuple[Decided, Decided]]) -> Agreement | None:
    told = [(getattr(one, field), getattr(other, field)) for one, other in pairs]
    both = [(one, other) for one, other in told if one and other]
    if not both:
        return None
    same = wilson(sum(one == other for one, other in both), len(both))
    return Agreement(field, len(both), same, kappa([one for one, _ in both], [other for _, other in both]))


def _pairs(session: Session, backlog: str) -> Iterator[tuple[Decided, Decided]]:
    """What the first reader said before the second, and the second's words: what settled it later is no reading."""
    read = session.scalars(
        select(Decided.document).join(Kept, Kept.id == Decided.document)
        .where(Kept.backlog == backlog, Decided.second.is_(True)).distinct()
    ).all()  # fmt: skip
    for decisions in opinions.of(session, list(read)).values():
        seconds = [number for number, one in enumerate(decisions) if one.second]
        firsts = [one for one in decisions[: seconds[-1]] if not one.second] if seconds else []
        if firsts:
            yield firsts[-1], decisions[seconds[-1]]
