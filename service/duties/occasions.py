"""What happens and has to be followed by something in time (occasions.toml), and how hazard warnings go out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.model.duties.hazards import Warned
from gongkai.model.duties.taskterms import AGAIN, TaskTerm, read
from gongkai.model.errors import RequestError
from gongkai.model.tablefile import read_rows


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event whose `clocks` run from its day, or a `term` that comes again; `always`: reminded of without asking;
    `at_once`: on the day itself, whatever the clock leaves."""

    code: str
    name: str
    task: str
    basis: str
    clocks: tuple[str, ...] = ()
    term: str = ""
    category: str = ""
    always: bool = False
    at_once: bool = False

    def __post_init__(self) -> None:
        if bool(self.clocks) == bool(self.term):
            raise ValueError("的 clocks 和 term 应当写一个，只写一个，请改正。")
        if self.term and self.read.kind not in AGAIN:
            raise ValueError("的 term 应当是按周期的，如每年1月31日前、按季度，请改正。")

    @property
    def read(self) -> TaskTerm:
        """Its term as read."""
        return read(self.term)


@dataclass(frozen=True, slots=True)
class Level:
    """预警级别: how a warning of it goes out."""

    code: str
    name: str
    channels: tuple[str, ...]
    basis: str


@cache
def occasions() -> tuple[Occasion, ...]:
    """All rows in their order."""
    return read_rows(resources.files(__package__), "occasions.toml", "occasion", Occasion)


@cache
def levels() -> dict[str, Level]:
    """Levels by code."""
    return {row.code: row for row in read_rows(resources.files(__package__), "hazards.toml", "level", Level)}


def occasion_of(code: str) -> Occasion:
    """One of them. Raises RequestError."""
    found = next((row for row in occasions() if row.code == code), None)
    if found is None:
        raise RequestError("没有这种事项，请从列表里选。")
    return found


def urgent(found: Warned) -> str:
    """What to do with a warning, in one sentence."""
    level = levels()[found.level]
    return f"{found.name}：接到即发，不分工作日和休息日；渠道：{'、'.join(level.channels)}；依据{level.basis}。"
