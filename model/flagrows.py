"""What a row holds of the tables from which hints are made: flags, regulations, citations that are stale, audiences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gongkai.model.finding import Attribute

PLACES = ("title", "head", "body")
FLAGS = ("consult", "approval", "source", "scope", "part")
#: What the program looks at by itself: nothing (signs alone), every paper, several issuers, Party issuers, a paper
#: that carries another one, the signs of such a paper alone.
LOOKS = ("", "every", "joint", "joint_party", "party", "forwards", "carried")
REACHES = ("public", "area", "group", "inside", "query")


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern and where it is looked for; its group `who` names an agency that is not the issuer, `own` the
    issuer."""

    place: str
    pattern: re.Pattern[str]

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise ValueError(f"的 place 应当是 {'、'.join(PLACES)} 之一，请改正。")


@dataclass(frozen=True, slots=True)
class FlagRow:
    """须协商、须报批、随来源、不属条例调整: any of `signs` raises it, any of `unless` puts it down;
    `attributes` are those it is said of, all when none is given."""

    id: str
    flag: str
    says: str
    do: str
    basis: str
    look: str = ""
    attributes: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    unless: tuple[Sign, ...] = ()

    def __post_init__(self) -> None:
        if self.flag not in FLAGS:
            raise ValueError(f"的 flag 应当是 {'、'.join(FLAGS)} 之一，请改正。")
        if self.look not in LOOKS:
            raise ValueError(f"的 look 应当是 {'、'.join(filter(None, LOOKS))} 之一，或者不写，请改正。")
        if any(attribute not in tuple(Attribute) for attribute in self.attributes):
            raise ValueError(f"的 attributes 应当是 {'、'.join(Attribute)} 之一，请改正。")
        if not (self.look or self.signs):
            raise ValueError("至少要有 look 或者一条 signs，请补上。")


@dataclass(frozen=True, slots=True)
class Regime:
    """条例的一个文本: in force from `since`; `lacked` is what it had not and the one in force has."""

    code: str
    name: str
    basis: str
    since: str
    lacked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _day(self.since)

    @property
    def begins(self) -> date:
        """The day from which it is in force."""
        return date.fromisoformat(self.since)


@dataclass(frozen=True, slots=True)
class Citation:
    """失效的引用: a citation that held until `until`, the article now, and the words that show the old meaning.

    `old` is an article of the 条例 before 2019; `pattern` has to stand in the same sentence. Without `old` the pattern
    alone is the citation. `now` are articles of the 条例 in force.
    """

    id: str
    says: str
    basis: str
    until: str
    pattern: re.Pattern[str]
    old: str = ""
    now: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _day(self.until)

    @property
    def ended(self) -> date:
        """The day from which it holds no more."""
        return date.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """公开对象和方式: to whom, how and where; of a list of people which fields stay and which are hidden.

    `exception` is the row of exceptions.toml under which personal data stays.
    """

    id: str
    name: str
    reach: str
    how: str
    basis: str
    exception: str = ""
    keep: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    unless: tuple[Sign, ...] = ()

    def __post_init__(self) -> None:
        if self.reach not in REACHES:
            raise ValueError(f"的 reach 应当是 {'、'.join(REACHES)} 之一，请改正。")


def _day(written: str) -> None:
    try:
        date.fromisoformat(written)
    except ValueError:
        raise ValueError("的日期应当写成 2019-05-15 这样，请改正。") from None
