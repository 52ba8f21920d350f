"""Which rules a person cites as a basis: whether any, and which articles of the 政府信息公开条例."""

from __future__ import annotations

import re
from collections.abc import Iterator

_RULE = re.compile(r"《[^《》]{2,}》|〔\d{4}〕|第[一二三四五六七八九十百零\d]+条")
#: The 条例 by its name, or by the bare word; other 条例 (…登记暂行条例) are named in full.
_REGULATION = re.compile(r"政府信息公开条例|(?<![\u4e00-\u9fff])条例|(?:依据|根据|按照|依照|本|符合|属于|和|及)《?条例")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零\d]+)条(?:至第([一二三四五六七八九十百零\d]+)条)?")
_OTHER = re.compile(r"[\u4e00-\u9fff]法|《|条例|规定|办法|细则")
_DIGITS = "零一二三四五六七八九"
_LAST = 56


def cites(words: str) -> bool:
    """Whether a law, a numbered paper or an article is named."""
    return _RULE.search(words) is not None


def articles(words: str) -> tuple[str, ...]:
    """The articles of the 条例 that are cited, as 第十四条, each once; a range with all between."""
    return tuple(dict.fromkeys(article for article, _, _ in places(words)))


def places(words: str) -> Iterator[tuple[str, int, int]]:
    """Each cited article of the 条例 with where its citation stands."""
    for match in _REGULATION.finditer(words):
        other = _OTHER.search(words, match.end())
        end = min(other.start() if other else len(words), *(_found(words, mark, match.end()) for mark in "；;。"))
        for article in _ARTICLE.finditer(words, match.end(), end):
            first = _number(article[1])
            last = _number(article[2]) if article[2] else first
            for number in range(max(first, 1), min(last, _LAST) + 1):
                yield f"第{_written(number)}条", article.start(), article.end()


def _found(words: str, mark: str, start: int) -> int:
    at = words.find(mark, start)
    return len(words) if at < 0 else at


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if "百" in written:
        return _LAST + 1
    tens, ten, ones = written.rpartition("十")
    return (_DIGITS.find(tens[-1:]) if tens else 1) * 10 * bool(ten) + max(_DIGITS.find(ones[-1:]) if ones else 0, 0)


def _written(number: int) -> str:
    tens, ones = divmod(number, 10)
    front = {0: "", 1: "十"}.get(tens, f"{_DIGITS[tens % 10]}十")
    return front + (_DIGITS[ones] if ones or not tens else "")
