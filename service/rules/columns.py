"""What the columns of each table are called on pages, and how one is filled in."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from gongkai.service.rules.memory import ROWS


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` is text, choice, number, check, pattern, lines (one a line), pairs (`key = value` lines) or
    rows (with `columns` of its own); `choices` are code and name, `items` those of the values of pairs."""

    key: str
    name: str
    kind: str
    optional: bool
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table file as people know it."""

    file: str
    table: str
    name: str
    about: str


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((resources.files("gongkai.service.rules") / "columns.toml").read_text("utf-8"))


@cache
def tables() -> dict[str, Table]:
    """All tables by file, in the order in which people need them."""
    told = _words()["table"]
    return {file: Table(file, ROWS[file][0], row["name"], row["about"]) for file, row in told.items()}


def column_name(file: str, key: str) -> str:
    """What a column is called."""
    words = _words()
    return str(words["other"].get(file, {}).get(key) or words["column"].get(key, key))


@cache
def columns(file: str) -> tuple[Column, ...]:
    """The columns of a table, in the order of its rows."""
    return _columns(file, ROWS[file][1])


def _columns(file: str, kind: type) -> tuple[Column, ...]:
    hints = typing.get_type_hints(kind)
    return tuple(_column(file, field, hints[field.name]) for field in dataclasses.fields(kind))


def _column(file: str, field: dataclasses.Field[Any], hint: Any) -> Column:  # noqa: ANN401 - a type hint
    key = {"group": "class"}.get(field.name, field.name)
    optional = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not types.NoneType)
    inner = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else None
    nested = _columns(file, inner) if isinstance(inner, type) and dataclasses.is_dataclass(inner) else ()
    choices = tuple(_words()["choice"].get(key, {}).items())
    kind = "choice" if choices else _kind(hint, inner, bool(nested))
    items = tuple(_words()["item"].get(key, {}).items())
    return Column(key, column_name(file, key), kind, optional, choices, nested, items)


_KINDS = {bool: "check", int: "number", float: "number", str: "text"}


def _kind(hint: Any, inner: Any, nested: bool) -> str:  # noqa: ANN401 - type hints
    if inner is not None:
        return "rows" if nested else "lines"
    origin = typing.get_origin(hint)
    if re.Pattern in (hint, origin):
        return "pattern"
    return "pairs" if origin is dict else _KINDS[hint]
