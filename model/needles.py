"""Which patterns can't match a text, told from the short runs of characters in it, without being run.

Most cues of the tables stand in no given document; a look at a set spares their search. Never wrong towards silence:
a pattern of which nothing is known is searched.
"""

from __future__ import annotations

import importlib
import operator
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

_PARSER: Any = importlib.import_module("re._parser")  # sre_parse until Python 3.10; typeshed has no stub for it
_MOST = 120
_SETS = 3
_COMMON = {1: 30.0, 2: 1.0, 3: 0.1}  # how common a gram of a length is, roughly


def grams(text: str) -> frozenset[str]:
    """The characters of a text, and the runs of two and three of them."""
    pairs = list(map(operator.add, text, text[1:]))
    return frozenset(map(operator.add, pairs, text[2:])).union(pairs, text)


def may_match(pattern: re.Pattern[str], known: frozenset[str]) -> bool:
    """Whether a pattern may match a text whose `grams` are known; only a no is certain."""
    return not any(map(known.isdisjoint, _needles(pattern.pattern, pattern.flags)))


@cache
def _needles(pattern: str, flags: int) -> tuple[frozenset[str], ...]:
    """Sets of grams of which each match holds at least one each, the rarest first; none where none can be named."""
    if flags & re.IGNORECASE:
        return ()
    options = set(filter(None, _options(_PARSER.parse(pattern, flags), frozenset())))
    return tuple(sorted(options, key=_commonness)[:_SETS])


def _commonness(option: frozenset[str]) -> float:
    return sum(_COMMON[len(gram)] for gram in option)


def _best(options: Iterable[frozenset[str]]) -> frozenset[str]:
    """Of sets that each match must meet, the one that chance meets least; an empty one is no option."""
    return min(filter(None, options), key=_commonness, default=frozenset())


def _options(items: Any, before: frozenset[str]) -> Iterator[frozenset[str]]:  # noqa: ANN401 - the parser has no types
    """Sets of grams that a match of a sequence, standing behind one of some grams, holds one each of."""
    for name, value in _flat(items):
        if name == "BRANCH":
            branches = [_best(_options(branch, before)) for branch in value[1]]
            yield frozenset().union(*branches) if all(branches) else frozenset()
        elif name.endswith("_REPEAT") and value[0] > 0:
            yield from _options(value[2], before)
        if name.startswith(("ASSERT", "AT")):  # takes no room: what stands before it and behind it are neighbours
            continue
        chars = _chars(name, value)
        longer = frozenset(gram[-2:] + char for gram in before for char in chars)
        before = longer if 0 < len(longer) <= _MOST else chars
        yield before


def _flat(items: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for name, value in items:
        if str(name) == "SUBPATTERN" and not value[1] & re.IGNORECASE:
            yield from _flat(value[3])
        elif str(name) == "ATOMIC_GROUP":
            yield from _flat(value)
        else:
            yield str(name), value


def _chars(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401
    """The characters that an item of one character can be; empty when they are many."""
    if name == "LITERAL":
        return frozenset(chr(value))
    if name != "IN" or any(str(kind) not in ("LITERAL", "RANGE") for kind, _ in value):
        return frozenset()
    spans = [(code, code) if str(kind) == "LITERAL" else code for kind, code in value]
    if sum(last - first + 1 for first, last in spans) > _MOST:
        return frozenset()
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))
