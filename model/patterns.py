"""What each match of a pattern has to hold: short runs of characters, and with what it ends; told by its parse tree.

In a run every digit is a 0, so that `\\d` is one character and not hundreds.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any, TypeVar

T = TypeVar("T")
_PARSER: Any = importlib.import_module("re._parser")  # sre_parse until Python 3.10; typeshed has no stub for it
_MOST = 120
_SETS = 3
_DIGIT = re.compile(r"\d")
_ZERO = ("ASSERT", "AT")  # items that take no room: what stands before them and behind them are neighbours
_GAP = ("GAP", None)
_OPEN, _EMPTY = frozenset([""]), frozenset[str]()


@cache
def needles(pattern: str, flags: int) -> tuple[tuple[frozenset[str], ...], ...]:
    """The ways to match: for each, sets of grams of which a match holds at least one each, the rarest first.

    Nothing where no gram can be named for one of the ways.
    """
    if flags & re.IGNORECASE:
        return ()
    ways = [set(filter(None, _options(way))) for way in _ways(_PARSER.parse(pattern, flags))]
    return tuple(tuple(sorted(way, key=_commonness)[:_SETS]) for way in ways) if all(ways) else ()


def _ways(items: Any) -> Iterator[list[tuple[str, Any]]]:  # noqa: ANN401 - the parser has no types
    """The alternatives that a pattern is made of; itself where it is no choice between some."""
    flat = list(_flat(items))
    if len(flat) == 1 and flat[0][0] == "BRANCH":
        for branch in flat[0][1][1]:
            yield from _ways(branch)
    else:
        yield flat


def _commonness(option: frozenset[str]) -> float:
    """Roughly how often chance meets one of some grams: a character more makes it rarer, a digit less so."""
    return sum(math.pow(20, 0.7 * gram.count("0") - len(gram)) for gram in option)


def _best(options: Iterable[frozenset[str]]) -> frozenset[str]:
    """Of sets that each match must meet, the one that chance meets least; an empty one is no option."""
    return min(filter(None, options), key=_commonness, default=_EMPTY)


def _options(items: Any) -> Iterator[frozenset[str]]:  # noqa: ANN401 - the parser has no types
    """Sets of grams that a match of a sequence holds one each of: of what stands side by side, the best one."""
    before, found = _OPEN, [_EMPTY]
    for name, value in _drawn(items):
        if name.startswith(_ZERO):
            continue
        if between := _between(name, value):
            before = before | between
            continue
        spelled = _spellings(name, value)
        if not spelled:
            yield from (_best(found), *_within(name, value))
            before, found = _OPEN, [_EMPTY]
            continue
        longer = _joined(before, spelled) or spelled
        found.append(_EMPTY if "" in longer else frozenset(run[-3:] for run in longer))
        before = frozenset(run[-2:] for run in longer)
    yield _best(found)


def _between(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401
    """How what may stand any number of times, or not at all, ends."""
    often = name.endswith("_REPEAT") and value[0] == 0 and value[1] > 1
    return frozenset(run[-2:] for run in _spelled(value[2])) if often else _EMPTY


def _within(name: str, value: Any) -> Iterator[frozenset[str]]:  # noqa: ANN401
    """The same of an item that is a choice between sequences, or one that is repeated."""
    if name == "BRANCH":
        branches = [_best(_options(branch)) for branch in value[1]]
        yield _EMPTY.union(*branches) if all(branches) else _EMPTY
    elif name.endswith("_REPEAT") and value[0] > 0:
        yield from _options(value[2])


def _joined(before: Iterable[str], behind: frozenset[str]) -> frozenset[str]:
    """Each run followed by each other one; nothing when they are too many."""
    found = frozenset(one + other for one in before for other in behind)
    return found if len(found) <= _MOST else _EMPTY


def _spellings(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401
    """All that an item can match, where it is little; else nothing."""
    if name == "BRANCH":
        ways = [_spelled(branch) for branch in value[1]]
        found = _EMPTY.union(*ways) if all(ways) else _EMPTY
        return found if len(found) <= _MOST else _EMPTY
    if name.endswith("_REPEAT"):
        once = _spelled(value[2]) if value[1] == 1 else _EMPTY
        return once | _OPEN if once and not value[0] else once
    return _chars(name, value)


def _spelled(items: Any) -> frozenset[str]:  # noqa: ANN401
    """The same of a sequence."""
    found = _OPEN
    for name, value in _flat(items):
        if not name.startswith(_ZERO):
            found = _joined(found, _spellings(name, value))
    return found


def _flat(items: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for name, value in items:
        if str(name) == "SUBPATTERN" and not value[1] & re.IGNORECASE:
            yield from _flat(value[3])
        elif str(name) == "ATOMIC_GROUP":
            yield from _flat(value)
        else:
            yield str(name), value


def _drawn(items: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """The items of a sequence; a repeated one stands in front as often as it has to, and once more behind."""
    for name, value in _flat(items):
        body = list(_flat(value[2])) if name.endswith("_REPEAT") and value[0] > 0 else []
        if len(body) == 1 and _chars(*body[0]):
            yield from (*body * min(value[0], 3), _GAP, *body * min(value[0], 2))
        else:
            yield name, value


def _chars(name: str, value: Any) -> frozenset[str]:  # noqa: ANN401
    """The characters that an item of one character can be, digits as a 0; empty when they are many."""
    kinds: Any = value if name == "IN" else [(name, value)]
    chars: set[str] = set()
    for kind, one in kinds:
        first, last = one if str(kind) == "RANGE" else (one, one)
        if str(one) == "CATEGORY_DIGIT":
            chars.add("0")
        elif str(kind) in ("LITERAL", "RANGE") and last - first < _MOST:
            chars.update(map(chr, range(first, last + 1)))
        else:
            return _EMPTY
    return frozenset(_DIGIT.sub("0", char) for char in chars) if len(chars) <= _MOST else _EMPTY


def by_end(rows: Iterable[tuple[T, re.Pattern[str]]]) -> dict[str, tuple[tuple[T, re.Pattern[str]], ...]]:
    """By the last character of a text without line breaks: the rows whose pattern may match it, in their order.

    Under "" stand those that may match whatever the last character is.
    """
    ends = [(row, endings(row[1])) for row in rows]
    every = {"", *chain.from_iterable(chars for _, chars in ends)}
    return {char: tuple(row for row, chars in ends if not chars or char in chars) for char in every}


def endings(pattern: re.Pattern[str]) -> frozenset[str]:
    """The characters of which one ends each text that a pattern matches; empty where that can't be told."""
    found, empty = _last(_PARSER.parse(pattern.pattern, pattern.flags), False)
    return _EMPTY if empty or "0" in found or pattern.flags & re.IGNORECASE else found


def _last(items: Any, ends: bool) -> tuple[frozenset[str], bool]:  # noqa: ANN401
    """What a sequence can end with, and whether it may be empty; neither where it can't be told or is not the end."""
    found: frozenset[str] = _EMPTY
    for name, value in reversed(list(_flat(items))):
        ends = ends or (name == "AT" and str(value) == "AT_END")
        if name.startswith(_ZERO):
            continue
        within = value[1] if name == "BRANCH" else [value[2]] if name.endswith("_REPEAT") else []
        ways = [_last(way, ends) for way in within] or [(_chars(name, value) if ends else _EMPTY, False)]
        if (_EMPTY, False) in ways:
            return _EMPTY, False
        found = found.union(*(chars for chars, _ in ways))
        if not any(empty for _, empty in ways) and not (name.endswith("_REPEAT") and not value[0]):
            return found, False
    return found, True
