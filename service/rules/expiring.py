"""Clauses that come into force or end by their own dates: on that day documents are judged anew, as after an edit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.clauserow import Clause
from gongkai.service.access import roles
from gongkai.service.access.actors import Actor
from gongkai.service.casework.statistics import ZONE
from gongkai.service.house import House
from gongkai.service.rules.rescreening import submit
from gongkai.service.rules.versions import KIND
from gongkai.service.store import trail
from gongkai.service.store.tables import Job, Trail, Unit, User

#: What the trail notes when dates passed; after it, and after a change of version, later dates count.
TURNED = "dates-passed"


def turned(clauses: Iterable[Clause], before: date, today: date) -> tuple[str, ...]:
    """The ids of clauses that are in force on one of two days and not on the other."""
    return tuple(row.id for row in clauses if row.holds(before) != row.holds(today))


def mind(house: House) -> Job | None:
    """Put the job into the queue when dates passed since the last time; once, whichever process comes first."""
    clauses = [row for row in house.rules().clauses if row.since or row.until]
    if not clauses:
        return None
    today = _day(house.clock())
    with house.database.reading() as session:
        if not _passed(session, clauses, today):
            return None
    with house.database.writing() as session:
        passed, actor = _passed(session, clauses, today), _actor(session)
        if not passed or actor is None:
            return None
        trail.append(session, trail.SYSTEM, TURNED, KIND, "", at=house.clock(), clauses=list(passed))
        return submit(session, house, actor, passed)


def _passed(session: Session, clauses: Iterable[Clause], today: date) -> tuple[str, ...]:
    since = _since(session)
    return turned(clauses, since, today) if since and since < today else ()


def _since(session: Session) -> date | None:
    """The day by whose clauses documents were judged last: that of the last change, or of the first entry."""
    changes = select(Trail.at).where(Trail.kind == KIND, Trail.action.in_(("activate", TURNED)))
    last = session.scalar(changes.order_by(Trail.seq.desc()).limit(1))
    first = last or session.scalar(select(Trail.at).order_by(Trail.seq).limit(1))
    return _day(first) if first else None


def _actor(session: Session) -> Actor | None:
    """Whose job it is: of who put the list into force while they are here, else of the first who may."""
    changed = select(Trail.actor).where(Trail.kind == KIND, Trail.action == "activate").order_by(Trail.seq.desc())
    by = session.scalar(changed.limit(1)) or ""
    query = select(User, Unit).join(Unit, Unit.id == User.unit).where(User.disabled.is_(False))
    found = [roles.actor(user, unit) for user, unit in session.execute(query.order_by(User.id)).all()]
    able = [actor for actor in found if actor.may("rules")]
    return next((actor for actor in able if actor.user == by), next(iter(able), None))


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()
