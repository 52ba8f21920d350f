"""How far a backlog has come: counts for the bar at the top, and charts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.casework.statistics import ZONE
from gongkai.service.review import opinions, queue
from gongkai.service.review.queue import Wanted
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results import charts
from gongkai.service.store.tables import Decided, Kept

_DAYS = 30
ORDER = (Pile.decide, Pile.confirm, Pile.stop)


@dataclass(frozen=True, slots=True)
class Done:
    """Of a pile: all, decided, disputed, and decided otherwise than suggested."""

    pile: Pile
    of: int = 0
    decided: int = 0
    disputed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """What one person did: documents decided as first and as second reader."""

    name: str
    first: int
    second: int


def tally(session: Session, backlog: str) -> dict[Pile, Done]:
    """Counts of each pile, in one pass."""
    columns = (Kept.pile, Kept.decided, Kept.disputed, Kept.attribute)
    query = select(*columns, func.count()).where(Kept.backlog == backlog, Kept.pile != "").group_by(*columns)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pile, decided, disputed, attribute, number in session.execute(query):
        counts[pile]["of"] += number
        counts[pile]["decided"] += number if decided else 0
        counts[pile]["disputed"] += number if disputed else 0
        counts[pile]["changed"] += number if decided and decided != attribute else 0
    return {pile: Done(pile, **counts[pile.value]) for pile in ORDER}


def mine(session: Session, backlog: str, actor: Actor) -> int:
    """How many documents wait for an actor's second reading."""
    waiting = queue.conditions(backlog, actor, Wanted(state="second"))
    return session.scalar(select(func.count()).select_from(Kept).where(*waiting)) or 0


def decisions(session: Session, backlog: str) -> list[Decided]:
    """All that hold, oldest first."""
    query = select(Decided).join(Kept, Kept.id == Decided.document).where(Kept.backlog == backlog)
    return opinions.effective(session.scalars(query))


def people(session: Session, made: list[Decided]) -> list[Person]:
    """Who decided how many documents, the most active first."""
    first, second = ({(d.by, d.document) for d in made if d.second == again} for again in (False, True))
    ones, others = (Counter(user for user, _ in pairs) for pairs in (first, second))
    names = opinions.names(session, {*ones, *others})
    told = [Person(names.get(user, user), ones[user], others[user]) for user in {*ones, *others}]
    return sorted(told, key=lambda person: (-person.first - person.second, person.name))


def days(made: list[Decided]) -> str:
    """Documents decided on each of the last days with decisions, by attribute."""
    split: dict[str, Counter[str]] = defaultdict(Counter)
    for decision in made:
        split[decision.at.astimezone(ZONE).strftime("%m-%d")][decision.attribute] += 1
    labels = list(split)[-_DAYS:]
    series = [charts.Series(a.label, a.value, [split[day][a.value] for day in labels]) for a in Attribute]
    return charts.columns(labels, series, "每日决定件数，按公开属性") if labels else ""


def years(session: Session, backlog: str) -> str:
    """Documents of each year of issue, decided and not."""
    year = func.substr(Kept.issued, 1, 4).label("year")
    query = select(year, Kept.decided, func.count()).where(Kept.backlog == backlog, Kept.pile != "")
    split: dict[str, Counter[bool]] = defaultdict(Counter)
    for label, decided, number in session.execute(query.group_by("year", Kept.decided)):
        split[label][bool(decided)] += number
    labels = sorted(label for label in split if label.isdecimal())[-_DAYS:]
    series = [
        charts.Series("已决定", "one", [split[label][True] for label in labels]),
        charts.Series("未决定", "rest", [split[label][False] for label in labels]),
    ]
    return charts.columns(labels, series, "各年件数，已决定和未决定") if labels else ""


def against(session: Session, backlog: str) -> list[tuple[Attribute, dict[str, int], int]]:
    """What people decided of each suggested attribute: counts by decided attribute, and their sum."""
    query = select(Kept.attribute, Kept.decided, func.count()).where(
        Kept.backlog == backlog, Kept.pile != "", Kept.decided != ""
    )
    split: dict[str, dict[str, int]] = defaultdict(dict)
    for suggested, decided, number in session.execute(query.group_by(Kept.attribute, Kept.decided)):
        split[suggested][decided] = number
    return [(a, split[a.value], sum(split[a.value].values())) for a in Attribute]
