"""机关画像: what one agency settles for itself, and what it takes over from another profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.model.demands import Level
from gongkai.model.finding import Attribute

#: What a profile never takes over from the one it inherits.
OWN = ("name", "title", "basis", "inherits", "chosen")
#: A demand that an agency does not make.
NONE = "none"
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of profile.toml with what it inherits.

    `may`: attribute of a may-clause (条例 16); `circular` and `otherwise`: attribute of papers sent to all, and of the
    rest, where nothing else decides; `demands`: grade of a demand of submission.toml; `why`: a sentence for any key of
    these. `chosen`: the one in force where the settings name none.
    """

    name: str
    basis: str
    title: str = ""
    inherits: str = ""
    chosen: bool = False
    may: dict[str, str] = field(default_factory=dict)
    circular: str = ""
    otherwise: str = ""
    demands: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    coverage: float = 0.95
    review_below: float = 0.8
    wrong_proactive: float = 0.01
    caution: float = 0.5
    negative_threshold: float = 0.5
    phones: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    officials: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        attributes = {attribute.value for attribute in Attribute}
        for column, values in (("may", self.may.values()), ("circular、otherwise", (self.circular, self.otherwise))):
            if any(value not in attributes for value in values if column == "may" or value):
                raise ValueError(f"的 {column} 应当是 {'、'.join(Attribute)} 之一，请改正。")
        grades = (*Level, NONE)
        if any(grade not in grades for grade in self.demands.values()):
            raise ValueError(f"的 demands 应当是 {'、'.join(grades)} 之一，请改正。")
        if self.inherits == self.name:
            raise ValueError("的 inherits 不能是自己，请改正。")

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name


def lineage(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[Mapping[str, Any], ...]:
    """The row of a name, then what it inherits from, and so on; it ends where a name is unknown or comes again."""
    known = {str(row.get("name", "")): row for row in rows}
    found: list[Mapping[str, Any]] = []
    while name in known and known[name] not in found:
        found.append(known[name])
        name = str(known[name].get("inherits", ""))
    return tuple(found)


def inherited(rows: Sequence[Raw]) -> list[Raw]:
    """Rows with the cells that they take over; pairs (`may`, `demands`, `why`) are taken over one by one."""
    if not any("inherits" in row for row in rows):
        return list(rows)
    return [_merged(lineage(rows, str(row.get("name", ""))) or (row,)) for row in rows]


def _merged(line: Sequence[Mapping[str, Any]]) -> Raw:
    cells: Raw = dict(line[0])
    for parent in line[1:]:
        for key, value in parent.items():
            if key in OWN:
                continue
            mine = cells.setdefault(key, value)
            if isinstance(mine, dict) and isinstance(value, dict):
                cells[key] = {**value, **mine}
    return cells


def origins(rows: Sequence[Mapping[str, Any]], name: str) -> Iterator[tuple[str, str, Any, str]]:
    """Column, key (of pairs), value and the profile that settles it, for everything that is settled for `name`."""
    seen: set[tuple[str, str]] = set()
    for row in lineage(rows, name):
        for column, value in row.items():
            cells = value.items() if isinstance(value, dict) else [("", value)]
            for key, cell in cells:
                if column not in OWN and (column, key) not in seen:
                    seen.add((column, key))
                    yield column, key, cell, str(row.get("name", ""))
