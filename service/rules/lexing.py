"""Where the statements of a TOML text stand, so that one can be changed and all else stays as its author wrote it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]|\n', re.DOTALL
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"[ \t]*(\[\[?)([^\[\]\n]+)\]\]?[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_KEY = re.compile(r'[ \t]*((?:"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|[A-Za-z0-9_\-. \t])+?)[ \t]*=')


@dataclass(frozen=True, slots=True)
class Statement:
    """`[[name]]`, `[name]` (`kind` is the opening brackets) or `key = value` (`kind` is `=`), in whole lines."""

    kind: str
    path: tuple[str, ...]
    start: int
    end: int
    line: int


def statements(text: str) -> Iterator[Statement]:
    """The statements of a valid TOML text in order; comments and empty lines lie between them."""
    at = 0
    line = 1
    while at < len(text):
        found = _statement(text, at, line)
        end = found.end if found else _line_end(text, at)
        if found:
            yield found
        line += text.count("\n", at, end)
        at = end


def _statement(text: str, at: int, line: int) -> Statement | None:
    header = _HEADER.match(text, at)
    if header:
        return Statement(header[1], _path(header[2]), at, header.end(), line)
    key = _KEY.match(text, at)
    return Statement("=", _path(key[1]), at, _value_end(text, key.end()), line) if key else None


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _value_end(text: str, at: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.end()
    return len(text)


def _path(written: str) -> tuple[str, ...]:
    """The parts of a dotted key as TOML reads them."""
    if _BARE.fullmatch(written.strip()):
        return (written.strip(),)
    parts, inner = [], tomllib.loads(f"{written.strip()} = 0")
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        parts.append(name)
    return tuple(parts)
