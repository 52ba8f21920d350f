"""Chinese names of the codes that a suggestion carries, for scripts of pages and the add-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gongkai.model.duties.gaps import ANNOTATIONS
from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook

#: What a drafter does next, by handling; for `full` by attribute (条例 articles 13, 15, 36 and 37).
ADVICE = {
    "full.proactive": "全文主动公开，不用删改。",
    "full.on_request": "不主动公开；收到申请后，依照条例审查并答复。",
    "full.withheld": "全文不公开，并写明理由和依据。",
    "partial": "先作区分处理：删去或者遮蔽不应当公开的部分，再提供可以公开的部分。",
    "deid": "先遮蔽个人信息，其余内容公开。",
    "limited": "只在特定范围内公开，不上网。",
    "deferred": "现在不公开；暂缓的原因消除后，重新判断。",
    "out_of_scope": "可能不适用政府信息公开条例，按专门规定办理。",
}


class Word(NamedTuple):
    """What the script calls a code, and the article behind it."""

    key: str
    name: str
    basis: str = ""


def words(rules: Rulebook) -> Iterator[Word]:
    """Every Chinese name that a suggestion's codes stand for."""
    yield from (Word(f"attribute.{a.value}", a.label) for a in Attribute)
    yield from (Word(f"annotation.{a.value}", text) for a, text in ANNOTATIONS.items())
    yield from (Word(f"handling.{h.value}", h.label) for h in Handling)
    yield from (Word(f"advice.{key}", text) for key, text in ADVICE.items())
    yield from (Word(f"deadline.{d.code}", d.name, d.basis) for d in rules.deadlines)
    yield from (Word(f"reason.{r.code}", r.name, r.basis) for r in rules.reasons)
    yield from (Word(f"clause.{c.id}", c.title, c.basis) for c in rules.clauses)
    yield from (Word(f"type.{t.id}", t.name, t.basis) for t in rules.personal)
