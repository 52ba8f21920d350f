"""Short texts that a pattern matches, built from the pattern itself: what a cue would catch, without any corpus."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from typing import Any

_PARSER: Any = importlib.import_module("re._parser")  # see needles.py
_MOST = 24
#: What stands for `.` and for classes that exclude: no cue asks for it.
_ANY = "某"
_KINDS = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "甲"}


@cache
def specimens(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """At most 24 different texts that the pattern matches as a whole search; none where that can't be told."""
    made = dict.fromkeys(islice(_sequence(_PARSER.parse(pattern.pattern, pattern.flags)), _MOST * 4))
    return tuple([text for text in made if text.strip() and pattern.search(text)][:_MOST])


def _sequence(parsed: Any) -> Iterator[str]:  # noqa: ANN401 - the parser's own tree
    parts = [list(islice(_part(*item), _MOST)) or [""] for item in parsed]
    widest = max(map(len, parts), default=1)
    # every alternative of each part once, beside the first ones of all others: a full product would be cut off
    for place in range(widest):
        yield "".join(part[place % len(part)] for part in parts)
    yield from islice(("".join(row) for row in product(*parts)), _MOST)


def _part(operator: Any, value: Any) -> Iterator[str]:  # noqa: ANN401 - the parser's own tree
    name = str(operator)
    if name == "LITERAL":
        yield chr(value)
    elif name in ("ANY", "NOT_LITERAL"):
        yield _ANY
    elif name == "IN":
        yield from _class(value)
    elif name == "BRANCH":
        yield from _branches(value[1])
    elif name == "SUBPATTERN":
        yield from _sequence(value[-1])
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, inner = value
        yield from (text * least for text in _sequence(inner)) if least else ("",)
    elif name == "ATOMIC_GROUP":
        yield from _sequence(value)
    else:  # anchors and looks: the search in `specimens` tells whether they hold
        yield ""


def _branches(branches: Any) -> Iterator[str]:  # noqa: ANN401 - the parser's own tree
    """The first text of each branch, then the others."""
    made = [list(islice(_sequence(branch), _MOST)) for branch in branches]
    for place in range(max(map(len, made))):
        yield from (texts[place] for texts in made if place < len(texts))


def _class(items: Any) -> Iterator[str]:  # noqa: ANN401 - the parser's own tree
    for operator, value in items:
        name = str(operator)
        if name == "NEGATE":
            yield _ANY
            return
        if name == "LITERAL":
            yield chr(value)
        elif name == "RANGE":
            yield chr(value[0])
        else:
            yield _KINDS.get(str(value), _ANY)
