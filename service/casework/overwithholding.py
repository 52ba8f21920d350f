"""不予公开偏多: units beside each other by their withheld documents, weak reasons, and what of it is an alarm."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from gongkai.model.estimates import Estimate, wilson
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.clausefigures import outside_list
from gongkai.service.casework.statistics import within
from gongkai.service.office.periods import EARLIEST
from gongkai.service.store.tables import Decided, Unit


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why a unit should be looked at: one Chinese sentence, what to do, and the articles."""

    code: str
    says: str
    mend: str
    basis: str


@dataclass(frozen=True, slots=True)
class Withholding:
    """One unit in a period: decided documents, those withheld, those of them outside the negative list or weakly
    reasoned; `others` are withheld and decided of all other units within reach, `before` its own a period earlier."""

    unit: str
    name: str
    decided: int
    withheld: int
    outside: int = 0
    weak: int = 0
    others: tuple[int, int] = (0, 0)
    before: tuple[int, int] = (0, 0)
    alarms: tuple[Alarm, ...] = ()

    @property
    def share(self) -> Estimate:
        """Its share of withheld documents, with Wilson's interval."""
        return wilson(self.withheld, self.decided)

    @property
    def elsewhere(self) -> Estimate:
        """The others' share."""
        return wilson(*self.others)


@cache
def thresholds() -> dict[str, Any]:
    """overwithholding.toml, read once."""
    return tomllib.loads((resources.files(__package__) / "overwithholding.toml").read_text("utf-8"))


def by_unit(
    session: Session, actor: Actor, rules: Rulebook, since: datetime | None, until: datetime | None
) -> tuple[Withholding, ...]:
    """Units with decisions, those with alarms first; without `since` no earlier period is compared."""
    rows = _counted(session, actor, since, until)
    outside = {one.unit: one.outside for one in outside_list(session, actor, rules, since, until)}
    weak = _weak(session, actor, since, until)
    before = {one.unit: (one.withheld, one.decided) for one in _earlier(session, actor, since, until)}
    all_ = sum(one.withheld for one in rows), sum(one.decided for one in rows)
    told = [
        replace(
            one,
            outside=outside.get(one.unit, 0),
            weak=weak.get(one.unit, 0),
            others=(all_[0] - one.withheld, all_[1] - one.decided),
            before=before.get(one.unit, (0, 0)),
        )
        for one in rows
    ]
    judged = [replace(one, alarms=tuple(_alarms(one))) for one in told]
    return tuple(sorted(judged, key=lambda one: (-len(one.alarms), -one.share.low, one.name)))


def alarms(session: Session, actor: Actor, rules: Rulebook, at: datetime) -> tuple[Withholding, ...]:
    """The units to look at now, over the days of the table: for a daily digest."""
    since = at - timedelta(days=thresholds()["period"]["days"])
    return tuple(one for one in by_unit(session, actor, rules, since, None) if one.alarms)


def _counted(session: Session, actor: Actor, since: datetime | None, until: datetime | None) -> tuple[Withholding, ...]:
    reach = within(actor, since, until)
    held = func.sum(case((reach.c.decided == "withheld", 1), else_=0))
    query = (
        select(reach.c.unit, Unit.name, func.count(), held)
        .join(Unit, Unit.id == reach.c.unit)
        .where(reach.c.decided != "")
        .group_by(reach.c.unit, Unit.name)
    )
    return tuple(Withholding(unit, name, int(n), int(withheld)) for unit, name, n, withheld in session.execute(query))


def _earlier(session: Session, actor: Actor, since: datetime | None, until: datetime | None) -> tuple[Withholding, ...]:
    if since is None:
        return ()
    long = (until - since) if until else timedelta(days=thresholds()["period"]["days"])
    if not timedelta(0) < long <= since - EARLIEST:
        return ()
    return _counted(session, actor, since - long, since)


def _weak(session: Session, actor: Actor, since: datetime | None, until: datetime | None) -> dict[str, int]:
    """Withheld documents none of whose decisions in force gives a basis and a reason that stands alone, by unit."""
    reach = within(actor, since, until)
    undone = select(Decided.undoes).where(Decided.undoes != "")
    valid = (Decided.undoes == "", Decided.attribute == "withheld", Decided.id.not_in(undone))
    lacking = or_(Decided.basis == "", Decided.reason.in_(thresholds()["alarm"]["weak"]["alone"]))
    well = select(Decided.document).where(*valid, ~lacking)
    query = (
        select(reach.c.unit, func.count())
        .where(reach.c.decided == "withheld", reach.c.id.not_in(well))
        .group_by(reach.c.unit)
    )
    return {unit: int(count) for unit, count in session.execute(query)}


def _alarms(one: Withholding) -> Iterator[Alarm]:
    table = thresholds()
    fewest, rows = table["period"]["fewest"], table["alarm"]
    words = {"share": f"{one.share.value:.0%}", "withheld": one.withheld, "outside": one.outside, "weak": one.weak}
    if min(one.decided, one.others[1]) >= fewest and one.share.low > one.elsewhere.high:
        yield _alarm("rate", words | {"others": f"{one.elsewhere.value:.0%}"})
    for code, count in (("outside", one.outside), ("weak", one.weak)):
        if count >= rows[code]["fewest"] and wilson(count, one.withheld).low > rows[code]["most"]:
            yield _alarm(code, words)
    was = wilson(*one.before)
    if min(one.decided, one.before[1]) >= fewest and one.share.low > was.high:
        yield _alarm("trend", words | {"before": f"{was.value:.0%}"})


def _alarm(code: str, words: dict[str, object]) -> Alarm:
    row = thresholds()["alarm"][code]
    return Alarm(code, row["says"].format(**words), row["mend"], row["basis"])
