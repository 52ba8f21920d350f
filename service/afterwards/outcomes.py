"""The codes of the register of applications and their places in the national yearly report (applications.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Applicant:
    """A kind of applicant: a column of the national table; `words` are other ways to write it."""

    code: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the results, （一） to （六）."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application ended: a row of the national table; `reasons` are codes of reasons.toml that lead to it."""

    code: str
    group: str
    name: str
    basis: str
    words: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How a review or a lawsuit ended; those not `counted` have no place in the national table."""

    code: str
    name: str
    words: tuple[str, ...]
    counted: bool


@dataclass(frozen=True, slots=True)
class Codes:
    """All of them, in the order of the national tables."""

    applicants: dict[str, Applicant]
    groups: dict[str, Group]
    outcomes: dict[str, Outcome]
    results: dict[str, Result]

    def within(self, group: str) -> tuple[Outcome, ...]:
        """The outcomes of one heading."""
        return tuple(outcome for outcome in self.outcomes.values() if outcome.group == group)


_NUMBERED = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*")
Row = TypeVar("Row", Applicant, Group, Outcome, Result)


@cache
def codes() -> Codes:
    """The table as it ships."""
    text = (resources.files("gongkai.service.afterwards") / "applications.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return Codes(
        _rows(Applicant, told["applicant"]),
        _rows(Group, told["group"]),
        _rows(Outcome, told["outcome"]),
        _rows(Result, told["result"]),
    )


def _rows(kind: type[Row], rows: list[dict[str, Any]]) -> dict[str, Row]:
    return {row["code"]: kind(**{key: _frozen(value) for key, value in row.items()}) for row in rows}


def _frozen(value: Any) -> Any:  # noqa: ANN401 - TOML
    return tuple(value) if isinstance(value, list) else value


def recognised(written: str, rows: dict[str, Row]) -> str:
    """The code that a register's words mean: a code, a name or one of the other ways to write it; empty for none."""
    plain = _NUMBERED.sub("", written.strip())
    for code, row in rows.items():
        if plain in (code, row.name) or plain in getattr(row, "words", ()):
            return code
    return ""
