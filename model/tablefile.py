"""Read the TOML tables row by row into frozen dataclasses, with errors that name file and row."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import types
import typing
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from gongkai.model.errors import RulebookError
from gongkai.model.folding import fold
from gongkai.model.profilerow import inherited

Row = TypeVar("Row")
Folder = Traversable | Path


def _where(file: str, place: int, raw: dict[str, Any]) -> str:
    name = raw.get("code") or raw.get("id") or raw.get("name") or raw.get("mark") or ""
    return f"规则表 {file} 第 {place} 行" + (f"（{name}）" if name else "")


def as_folded(pattern: str) -> str:
    """A pattern as it must read to match folded text: an officer writes （） as documents do, folding makes them ()."""
    return "".join(char if char.isascii() or fold(char) == char else re.escape(fold(char)) for char in pattern)


#: More than all patterns of two rulebooks: one that differs from another in a row compiles that row's patterns only.
_KNOWN = 8192


@lru_cache(_KNOWN)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(as_folded(pattern), re.MULTILINE)


def _pattern(value: object, where: str, key: str) -> re.Pattern[str]:
    try:
        return _compiled(str(value))
    except re.error as error:
        raise RulebookError(f"{where}的 {key} 不是有效的正则表达式：{error}，请改正。") from error


def _value(hint: Any, value: Any, where: str, key: str) -> Any:  # noqa: ANN401 - a table cell of any type
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not type(None))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is re.Pattern or origin is re.Pattern:
        return _pattern(value, where, key)
    if origin is tuple:
        if not isinstance(value, list):
            raise RulebookError(f"{where}的 {key} 应当是列表，请改正。")
        return tuple(_value(arguments[0], item, where, key) for item in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise RulebookError(f"{where}的 {key} 应当是键值表，请改正。")
        return value
    if dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _row(typing.cast("type[Any]", hint), value, where)
    wanted = (int, float) if hint is float else hint
    if not isinstance(value, wanted) or (isinstance(value, bool) and hint is not bool):
        raise RulebookError(f"{where}的 {key} 类型不对，应当是{_NAMES.get(hint, hint)}，请改正。")
    return value


_NAMES = {str: "文字", int: "整数", float: "数字", bool: "true 或 false"}


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    """A row whose pattern names word lists of its own (`{病名}`), with the lists put in."""
    cells = {key: value for key, value in raw.items() if key != "words"}
    for name, words in raw.get("words", {}).items():
        filling = words if isinstance(words, str) else "|".join(map(str, words))
        cells["pattern"] = str(cells.get("pattern", "")).replace("{" + name + "}", filling)
    return cells


@cache
def _hints(row_type: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(row_type)


def _row(row_type: type[Row], raw: dict[str, Any], where: str) -> Row:
    fields = {f.name: f for f in dataclasses.fields(row_type)}  # type: ignore[arg-type]
    hints = _hints(row_type)  # type: ignore[arg-type]  # a class is hashable
    renamed = {"class": "group"}
    cells = {renamed.get(key, key): value for key, value in _filled(raw).items()}
    for key in cells:
        if key not in fields:
            raise RulebookError(f"{where}有不认识的列 {key}，可用的列：{'、'.join(fields)}。")
    for name, spec in fields.items():
        if name not in cells and spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
            raise RulebookError(f"{where}缺少 {name}，请补上。")
    values = {key: _value(hints[key], value, where, key) for key, value in cells.items()}
    try:
        return row_type(**values)
    except ValueError as error:
        raise RulebookError(f"{where}{error}") from error


def read_rows(folder: Folder, file: str, table: str, row_type: type[Row]) -> tuple[Row, ...]:
    """The rows of `[[table]]` in `folder/file`. Raises RulebookError with file and row."""
    try:
        content = tomllib.loads((folder / file).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"规则表 {file} 读不出来，请确认文件存在并且是 UTF-8 编码。") from error
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"规则表 {file} 不是有效的 TOML：{error}，请改正。") from error
    rows = content.get(table, [])
    if set(content) - {table} or not isinstance(rows, list) or not rows:
        raise RulebookError(f"规则表 {file} 应当只有 [[{table}]] 的行，并且至少一行。")
    return tuple(_rows(file, rows, row_type))


def _rows(file: str, rows: list[dict[str, Any]], row_type: type[Row]) -> Iterator[Row]:
    seen: set[str] = set()
    for place, raw in enumerate(inherited(rows), 1):
        where = _where(file, place, raw)
        key = str(raw.get("code") or raw.get("id") or raw.get("name") or raw.get("mark"))
        if key in seen:
            raise RulebookError(f"{where}重复了：同一个代码只能有一行。")
        seen.add(key)
        yield _row(row_type, raw, where)
