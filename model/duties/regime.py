"""适用的条例: which regulation a paper was made under, what that one lacked, and citations that hold no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gongkai.model.document import Document, Span
from gongkai.model.duties.citing import places
from gongkai.model.duties.flagging import BODY, MOST, Flag
from gongkai.model.elements import Elements
from gongkai.model.flagrows import Citation, Regime
from gongkai.model.rulebook import Rulebook

_STOP = re.compile(r"[。；;\n]")


def regime_of(day: date, rules: Rulebook) -> Regime:
    """The regulation in force on a day."""
    begun = [row for row in rules.regimes if row.begins <= day]
    return max(begun or rules.regimes[:1], key=lambda row: row.begins)


def in_force(rules: Rulebook) -> Regime:
    """The regulation in force now."""
    return max(rules.regimes, key=lambda row: row.begins)


def regime(document: Document, elements: Elements, rules: Rulebook) -> tuple[Flag, ...]:
    """What a paper's age asks for: which regulation it was made under, and which citations to mend or to translate."""
    return (*_made_under(document, elements, rules), *stale(document.folded[:BODY], elements.issued, rules))


def _made_under(document: Document, elements: Elements, rules: Rulebook) -> Iterator[Flag]:
    day, now = elements.issued, in_force(rules)
    if day is None or (then := regime_of(day, rules)) == now:
        return
    lacked = f"；那时没有{'、没有'.join(then.lacked)}" if then.lacked else ""
    mapped = "；".join(translated(document.folded[:BODY], rules, then))
    do = f"重新认定时用{now.name}。" + (f"原来的依据这样换算：{mapped}。" if mapped else "")
    made = f"成文于{day.year}年{day.month}月{day.day}日，" + (
        f"适用{then.name}" if then.code != rules.regimes[0].code else f"在{then.name}"
    )
    spans = tuple(filter(None, (elements.parts.get("成文日期"),)))
    yield Flag("regime", then.code, f"{made}{lacked}。", do, now.basis, then.name, spans)


def translated(words: str, rules: Rulebook, then: Regime) -> tuple[str, ...]:
    """The old articles that words cite, each with what it is now; none for words made under the one in force."""
    if then == in_force(rules):
        return ()
    known = {row.old: row for row in rules.citations if row.old}
    cited = dict.fromkeys(article for article, _, _ in places(words) if article in known)
    return tuple(f"原{article}对应现行{'、'.join(known[article].now)}" for article in cited)


def stale(words: str, day: date | None, rules: Rulebook) -> tuple[Flag, ...]:
    """Citations that held no more on a day (None: today, after every change of the table), with their places."""
    over = [row for row in rules.citations if day is None or day >= row.ended]
    flags = []
    for row in over:
        spans = tuple(_found(row, words))[:MOST]
        if spans:
            do = f"改引现行条例{'、'.join(row.now)}。" if row.now else "改引现行的规定。"
            flags.append(Flag("citation", row.id, f"引用的规定已经变了：{row.says}", do, row.basis, row.old, spans))
    return tuple(flags)


def _found(row: Citation, words: str) -> Iterator[Span]:
    if not row.old:
        yield from (Span(*match.span()) for match in row.pattern.finditer(words) if match.group())
        return
    for article, start, end in places(words):
        if article == row.old and _meant(row, words[slice(*_sentence(words, start, end))]):
            yield Span(start, end)


def _meant(row: Citation, sentence: str) -> bool:
    """Whether a sentence speaks of what the old article said, and does not cite the new ones beside it."""
    beside = {*row.now} - {row.old}
    return row.pattern.search(sentence) is not None and not any(article in sentence for article in beside)


def _sentence(words: str, start: int, end: int) -> tuple[int, int]:
    before = max((match.end() for match in _STOP.finditer(words, max(0, start - 200), start)), default=start - 200)
    after = _STOP.search(words, end)
    return max(0, before), after.start() if after else len(words)
