"""Which clocks run for a document: by its catalog category, otherwise the general term, from the day of its start."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.model.duties.clocks import Due, due, prevailing
from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.store.duties import Passage


@dataclass(frozen=True, slots=True)
class Terms:
    """Clocks of deadlines.toml with the day they run from; `due` is the last day for publishing (ISO), or empty.

    `counted` says of each clock that runs already how it was counted: one that counts how long a notice is shown runs
    from its publication.
    """

    codes: tuple[str, ...] = ()
    start: str = ""
    due: str = ""
    counted: tuple[Due, ...] = ()


def terms_of(
    category: str,
    start: date | datetime | str,
    rules: Rulebook,
    *,
    attribute: str = Attribute.proactive,
    codes: Iterable[str] = (),
) -> Terms:
    """The clocks of a document in a category; what isn't made public has none. `codes` are set by hand and go first.

    Raises RequestError for a code that no table has.
    """
    if attribute != Attribute.proactive:
        return Terms()
    chosen = tuple(codes) or _of_category(category, rules)
    running = tuple(row.code for row in prevailing(chosen, rules))
    day = moment(start) if isinstance(start, str) else start
    if day is None:
        return Terms(running)
    counted = tuple(due(code, day, rules) for code in running if rules.clock[code].clock != "lasting")
    last = min((one.last for one in counted if one.last), default=None)
    return Terms(running, day.isoformat()[:16], last.isoformat() if last else "", counted)


def settle(passage: Passage, rules: Rulebook, *, start: date | datetime | str = "", attribute: str) -> Terms:
    """Put the clocks of a passage's category into it, from `start`, otherwise from the day that it has."""
    found = terms_of(passage.category, start or passage.start, rules, attribute=attribute)
    passage.codes, passage.start, passage.due = list(found.codes), found.start, found.due
    return found


#: Years in which days can be counted: what is to be added to them stays a date.
YEARS = range(1900, 2200)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|$)")


def moment(text: str) -> date | datetime | None:
    """A day (2026-03-31) or a time (2026-03-31T08:30) as the store has it; None for anything else."""
    bare = text.strip().replace(" ", "T")
    if not _DAY.match(bare):  # the standard also has weeks and days without marks, which no list is sorted by
        return None
    with suppress(ValueError):
        found = date.fromisoformat(bare) if len(bare) <= 10 else datetime.fromisoformat(bare).replace(tzinfo=None)
        return found if found.year in YEARS else None
    return None


def asked(text: str) -> date | datetime:
    """A day or time that somebody typed. Raises RequestError."""
    found = moment(text)
    if found is None:
        raise RequestError("日期应当写成 2026-03-31，有几时几分的写成 2026-03-31 08:30，请改正。")
    return found


def _of_category(category: str, rules: Rulebook) -> tuple[str, ...]:
    """The term of a catalog item or of the one above it; a notice that is shown for days is published in general
    time."""
    general = tuple(row.code for row in rules.deadlines if row.general)
    rows = (rules.category.get(code) for code in (category, category[:3]))
    own = next((row.deadline for row in rows if row and row.deadline), "")
    return (own, *general) if own and rules.clock[own].clock == "lasting" else (own,) if own else general
