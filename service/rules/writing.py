"""Values as TOML writes them, in the manner of the shipped tables: patterns in single quotes, one row on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_WIDE = 100


def assignment(key: str, value: Any) -> str:  # noqa: ANN401 - a cell of any type
    """`key = value` on lines of its own."""
    name = key if _BARE.fullmatch(key) else text(key)
    return f"{name} = {written(value)}\n"


def written(value: Any) -> str:  # noqa: ANN401 - a cell of any type
    """One value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(assignment(str(key), item).rstrip("\n") for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return text(value) if isinstance(value, str) else _list(value)


def _list(values: Sequence[Any]) -> str:
    items = [written(value) for value in values]
    short = f"[{', '.join(items)}]"
    if len(short) <= _WIDE and not any(isinstance(value, Mapping) for value in values):
        return short
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def text(value: str) -> str:
    """A string: single quotes where a backslash would have to be doubled, double quotes otherwise."""
    if ("\\" in value or '"' in value) and "'" not in value and not _CONTROL.search(value):
        return f"'{value}'"
    escaped = "".join(_ESCAPES.get(char, char) for char in value)
    return '"' + _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'
