"""Which documents belong on an agency's lists (规范性文件, 制度文件, 规划), by title and category."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.model.folding import fold

_PERIOD = re.compile(r"(?P<first>(?:19|20)\d\d)年?[-—~至到](?P<last>(?:19|20)\d\d)年?")
_PLAN = re.compile(r"[“\"]?十([一二三四五六七])五[”\"]?")
#: The first year of 十一五.
_FIRST = 2006
_NUMERALS = "一二三四五六七"
_UNDER = re.compile(r"\((?:试行|暂行|修订|\d{4}年?修订|第[^()]{1,6}号)\)$")


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: what a title must look like (`title`) and must not (`unless`); where `numbers` are
    given, the document's number must look like one as well; `categories` are catalog codes that are enough."""

    code: str
    name: str
    basis: str
    title: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()
    categories: tuple[str, ...] = ()
    numbers: tuple[re.Pattern[str], ...] = ()


def kind_of(title: str, category: str, kinds: Iterable[Kind], number: str = "") -> str:
    """The list that a document belongs to, by its first row that fits; empty for none."""
    plain = _UNDER.sub("", fold("".join(title.split())))
    for kind in kinds:
        if any(cue.search(plain) for cue in kind.unless):
            continue
        if (category and category in kind.categories) or (_looks(plain, kind.title) and _numbered(number, kind)):
            return kind.code
    return ""


def _looks(words: str, cues: Iterable[re.Pattern[str]]) -> bool:
    return any(cue.search(words) for cue in cues)


def _numbered(number: str, kind: Kind) -> bool:
    return not kind.numbers or _looks(fold(number.strip()), kind.numbers)


def period(title: str) -> tuple[int, int] | None:
    """The years that a plan is for, as its title says: 2021—2025, 十四五."""
    plain = fold(title)
    if match := _PERIOD.search(plain):
        return int(match["first"]), int(match["last"])
    if match := _PLAN.search(plain):
        first = _FIRST + 5 * (_NUMERALS.index(match[1]))
        return first, first + 4
    return None


def historical(title: str, today: date) -> bool:
    """Whether a plan's time is over (历史规划)."""
    years = period(title)
    return years is not None and years[1] < today.year
