"""The rows of one table file as pieces of its text: find, change, add, remove one; all else stays byte for byte."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gongkai.model.errors import RequestError
from gongkai.service.rules.lexing import Statement, statements
from gongkai.service.rules.writing import assignment

KEYS = ("code", "id", "name", "mark")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, its text, the line of its header, and what TOML reads in it."""

    key: str
    place: int
    line: int
    start: int
    end: int
    text: str
    values: Values

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.values.get("title") or self.values.get("name") or self.values.get("why") or self.key)[:80]


def key_of(values: Mapping[str, Any]) -> str:
    """What a row is known by."""
    return str(next((values[key] for key in KEYS if values.get(key)), ""))


@lru_cache(maxsize=64)
def rows(text: str, table: str) -> tuple[Row, ...]:
    """The rows of `[[table]]` in a text that is valid TOML; kept, since pages ask for the same again and again."""
    return tuple(_rows(text, table))


def _rows(text: str, table: str) -> Iterator[Row]:
    blocks: list[list[Statement]] = []
    for found in statements(text):
        if found.kind == "[[" and found.path == (table,):
            blocks.append([])
        if blocks:
            blocks[-1].append(found)
    for place, block in enumerate(blocks, 1):
        start, end = block[0].start, block[-1].end
        values = tomllib.loads(text[start:end])[table][0]
        yield Row(key_of(values), place, block[0].line, start, end, text[start:end], values)


def row_of(text: str, table: str, key: str) -> Row | None:
    """The row with a key."""
    return next((row for row in rows(text, table) if row.key == key), None)


def line_of(row: Row, column: str) -> int:
    """The line of a column in its file; the row's own where it does not stand."""
    found = (s for s in statements(row.text) if s.kind == "=" and column in (s.path[0], s.path[-1]))
    return row.line + next((s.line - 1 for s in found), 0)


def changed(text: str, row: Row, changes: Mapping[tuple[str, ...], Any]) -> str:
    """The file with some columns of a row written anew; None as a value takes the column away."""
    block = row.text
    for path, value in changes.items():
        block = _set(block, path, value)
    return text[: row.start] + block + text[row.end :]


def _set(block: str, path: tuple[str, ...], value: Any) -> str:  # noqa: ANN401 - a cell of any type
    written = "" if value is None else assignment(path[-1], value)
    for under, found in _pairs(block):
        if (*under, *found.path) == path:
            return block[: found.start] + written + block[found.end :]
    end = max((found.end for under, found in _pairs(block) if under == path[:-1]), default=None)
    if end is None:
        end = next(statements(block)).end if len(path) == 1 else len(block)
    gap = "" if block[:end].endswith("\n") else "\n"
    return block[:end] + gap + written + block[end:]


def _pairs(block: str) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """The assignments of a row with the sub-table that each stands in."""
    under: tuple[str, ...] = ()
    for found in statements(block):
        if found.kind == "=":
            yield under, found
        else:
            under = found.path[1:]


def added(text: str, table: str, values: Mapping[str, Any]) -> str:
    """The file with a further row at its end."""
    body = "".join(assignment(key, value) for key, value in values.items())
    return f"{text.rstrip()}\n\n[[{table}]]\n{body}"


def removed(text: str, row: Row) -> str:
    """The file without a row, and without the comment that stands right above it."""
    above = text[: row.start].splitlines(keepends=True)
    while row.place > 1 and above and above[-1].lstrip().startswith("#"):
        above.pop()
    return "".join(above).rstrip("\n") + "\n\n" + text[row.end :].lstrip("\n")


def check_key(text: str, table: str, key: str) -> None:
    """A new row needs a key of its own. Raises RequestError."""
    if not key:
        raise RequestError("新的一行要有代码，请填写。")
    if key in {row.key for row in rows(text, table)}:
        raise RequestError(f"代码 {key} 已经有了，请换一个，或者修改原来的一行。")
