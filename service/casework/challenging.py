"""Ask of a withholding what it rests on: where it is decided, and of all that were withheld outside the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.duties.presumption import Challenge, challenge
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import latest_id, within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.review.opinions import of, unread
from gongkai.service.store.tables import Decided, Kept, Screened, Unit

#: As many withholdings are looked through, the newest first, and as many are listed.
LOOKED, LISTED = 2000, 100
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Challenged:
    """A document that stands withheld though the list does not carry it; `note` is what was written for it."""

    document: str
    title: str
    unit: str
    reason: str
    note: str
    at: datetime
    challenge: Challenge


def asked(
    session: Session, rules: Rulebook, document: str, attribute: str, reason: str, *, at: datetime, screening: str = ""
) -> Challenge | None:
    """What to ask of a decision, by the clauses in force on its day and the document's last (or that) screening."""
    said = session.get(Screened, screening or latest_id(session, document))
    hit = [one["clause"] for one in said.result["negative"]] if said else []
    return challenge(attribute, reason, hit, on_day(rules, at))


def asked_of(session: Session, rules: Rulebook, decision: Decided) -> Challenge | None:
    """The same of a decision that was recorded; nothing of one that only takes another back."""
    if decision.undoes:
        return None
    given = (decision.document, decision.attribute, decision.reason)
    return asked(session, rules, *given, at=decision.at, screening=decision.screening)


def on_day(rules: Rulebook, at: datetime) -> Rulebook:
    """The rulebook with the clauses in force at a time where the agency is."""
    return rules.on(at.astimezone(ZONE).date())


def outside(
    session: Session, actor: Actor, rules: Rulebook, since: datetime | None, until: datetime | None
) -> tuple[Challenged, ...]:
    """Withheld documents within reach that the list does not carry, the newest first."""
    query = within_reach(actor).join(Unit, Unit.id == Kept.unit).where(Kept.decided == "withheld", ~unread(actor))
    if since:
        query = query.where(Kept.created >= since)
    if until:
        query = query.where(Kept.created < until)
    rows = query.with_only_columns(Kept.id, Kept.title, Unit.name).order_by(Kept.changed.desc(), Kept.id).limit(LOOKED)
    papers = session.execute(rows).all()
    made = of(session, [id_ for id_, _, _ in papers])
    hits = _hits(session, [one for decisions in made.values() for one in decisions])
    found = (_challenged(rules, title, unit, made.get(id_, ()), hits) for id_, title, unit in papers)
    return tuple(one for one in found if one)[:LISTED]


def _hits(session: Session, decisions: Iterable[Decided]) -> dict[str, list[str]]:
    """The clauses hit in what each decision's reader was shown, by screening; results are long, so only this part."""
    ids = sorted({one.screening for one in decisions if one.attribute == "withheld"})
    found: dict[str, list[str]] = {}
    for start in range(0, len(ids), _TOGETHER):
        some = Screened.id.in_(ids[start : start + _TOGETHER])
        for id_, negative in session.execute(select(Screened.id, Screened.result["negative"]).where(some)):
            found[id_] = [hit["clause"] for hit in negative or ()]
    return found


def _challenged(
    rules: Rulebook, title: str, unit: str, decisions: Sequence[Decided], hits: Mapping[str, list[str]]
) -> Challenged | None:
    """The last withholding, unless one of those in force rests on the list."""
    held = [one for one in decisions if one.attribute == "withheld"]
    told = [
        (one, challenge(one.attribute, one.reason, hits.get(one.screening, ()), on_day(rules, one.at))) for one in held
    ]
    if not told or any(said is None for _, said in told):
        return None
    last, said = told[-1]
    return Challenged(last.document, title, unit, last.reason, last.note, last.at, said) if said else None
