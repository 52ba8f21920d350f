"""Dates as documents write them, in digits or in Chinese numerals (GB/T 9704-2012, 7.3.5.4)."""

from __future__ import annotations

import re
from datetime import date

FIRST, LAST = 1949, 2035
_YEAR = r"[12一二][0Oo〇○零9九][0-9OoIl〇○零一二三四五六七八九]{2}"
_SPACED = r"[12] [0Oo9] [0-9OoIl] [0-9OoIl]"
_PART = r"(?:[0-9OoIl] ?[0-9OoIl]?|[一二三四五六七八九十廿卅]{1,3})"
_SHAPE = r"(?<![0-9A-Za-z./])(?P<y>%s) {0,3}%s {0,3}(?P<m>%s) {0,3}%s {0,3}(?P<d>%s)%s"
DATE = re.compile(
    _SHAPE % (_YEAR + "|" + _SPACED, "年", _PART, "月", _PART, r" {0,3}[日曰]")
    + "|"
    + (_SHAPE % (_YEAR, r"(?P<s>[./-])", "[0-9OoIl]{1,2}", "(?P=s)", "[0-9OoIl]{1,2}", r"(?![0-9./-])"))
    .replace("<y>", "<y2>")
    .replace("<m>", "<m2>")
    .replace("<d>", "<d2>")
)
_DIGITS = {char: str(n) for n, char in enumerate("〇一二三四五六七八九")}
_LOOKS = str.maketrans({**_DIGITS, "○": "0", "零": "0", "O": "0", "o": "0", "I": "1", "l": "1", " ": None})


def _number(text: str) -> int:
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        text = (tens or "一") + (ones or "〇")
    return int(text.translate(_LOOKS))


def as_date(match: re.Match[str]) -> date | None:
    """The day a match of DATE names; None where the calendar has no such day or the year is not FIRST to LAST."""
    try:
        day = date(*(_number(match[name] or match[name + "2"]) for name in ("y", "m", "d")))
    except ValueError:
        return None
    return day if FIRST <= day.year <= LAST else None


def last_date(folded: str) -> tuple[date, int, int] | None:
    """The last whole date in a folded text with its offsets."""
    found = None
    for match in DATE.finditer(folded):
        day = as_date(match)
        if day:
            found = (day, match.start(), match.end())
    return found
