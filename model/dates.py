"""Dates as documents write them, in digits or in Chinese numerals (GB/T 9704 section 7.3.5)."""

from __future__ import annotations

import re
from datetime import date

DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2}|[一二][〇○零OＯ0九][〇○零OＯ0一二三四五六七八九]{2}) *[年./-] *"
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3}) *[月./-] *(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3}) *(?:日|曰|$|(?=\D))"
)
_DIGITS = {"〇": 0, "○": 0, "零": 0, "O": 0, "0": 0, **{char: n for n, char in enumerate("一二三四五六七八九", 1)}}


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in text))


def as_date(match: re.Match[str]) -> date | None:
    """The day a match of DATE names; None where the calendar has no such day."""
    try:
        return date(_number(match["y"]), _number(match["m"]), _number(match["d"]))
    except (KeyError, ValueError):
        return None


def last_date(folded: str) -> tuple[date, int, int] | None:
    """The last whole date in a folded text with its offsets."""
    found = None
    for match in DATE.finditer(folded):
        day = as_date(match)
        if day:
            found = (day, match.start(), match.end())
    return found
