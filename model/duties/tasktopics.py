"""Which catalog item a task of a work plan is about, by the cues of the catalog's rows."""

from __future__ import annotations

from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow

#: A cue of the title says as much as two of the body; fewer points are chance.
_TITLE, _LEAST = 2, 2


def topic(words: str, rules: Rulebook) -> str:
    """The code of the item whose cues speak loudest, the narrower one of equals; nothing where none speaks."""
    text = fold(words)
    scored = [(_score(row, text), len(row.code), row.code) for row in rules.categories]
    score, _, code = max(scored, key=lambda one: one[:2], default=(0, 0, ""))
    return code if score >= _LEAST else ""


def _score(row: CategoryRow, text: str) -> int:
    title = sum(bool(pattern.search(text)) for pattern in row.title)
    return _TITLE * title + sum(bool(pattern.search(text)) for pattern in row.body)
