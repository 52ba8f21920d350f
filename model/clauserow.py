"""A clause of the negative list with its signals, and when it is in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

WHERE = ("title", "head", "body", "personal")
#: The clause of papers with a secrecy mark, which stops everything and so is always in force.
MARKED = "NL-01"


@dataclass(frozen=True, slots=True)
class Signal:
    """A cue: where it is looked for, how much it says on its own, what must stand near."""

    where: str
    weight: float
    pattern: re.Pattern[str]
    near: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if self.where not in WHERE:
            raise ValueError(f"的 where 应当是 {'、'.join(WHERE)} 之一，请改正。")
        if not 0 < self.weight < 1:
            raise ValueError("的 weight 应当在 0 和 1 之间，请改正。")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the negative list (负面清单), in force from `since` to `until`, both included; without, always."""

    id: str
    title: str
    basis: str
    force: str
    reason: str
    examples: str
    counter_examples: str
    signals: tuple[Signal, ...] = ()
    counters: tuple[Signal, ...] = ()
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        for key, told in (("since", self.since), ("until", self.until)):
            if told and not _is_day(told):
                raise ValueError(f"的 {key} 应当写成 2026-01-31 这样的日期，请改正。")
        if self.since and self.until and self.until < self.since:
            raise ValueError("的 until 早于 since，请改正。")
        if self.id == MARKED and (self.since or self.until):
            raise ValueError("的 since 和 until 应当空着：有密级标志的文件一律停止处理，这一条总是有效。")

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        told = day.isoformat()
        return (not self.since or self.since <= told) and (not self.until or told <= self.until)


def _is_day(told: str) -> bool:
    try:
        return date.fromisoformat(told).isoformat() == told
    except ValueError:
        return False
