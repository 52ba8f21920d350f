"""A row as a form and back: only what somebody changed is written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gongkai.service.rules.columns import Column, columns

#: Empty lines that a form offers below the rows of a cell, so that it needs no script to grow.
SPARE = 2
Path = tuple[str, ...]


def shown(column: Column, value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    """A cell as the form's field has it; rows become a list of mappings with spare ones at the end."""
    if column.kind == "rows":
        rows = [{c.key: shown(c, row.get(c.key)) for c in column.columns} for row in value or []]
        return rows + [{c.key: "" for c in column.columns} for _ in range(SPARE)]
    if column.kind == "lines":
        return "\n".join(map(str, value or []))
    if column.kind == "pairs":
        names = dict(column.items)
        return "\n".join(f"{key} = {names.get(item, item)}" for key, item in (value or {}).items())
    if column.kind == "check":
        return bool(value)
    return "" if value is None else str(value)


def words(values: Mapping[str, Any]) -> dict[str, str]:
    """The word lists of a row, one word a line; a string of characters stays one line."""
    return {
        name: found if isinstance(found, str) else "\n".join(map(str, found))
        for name, found in values.get("words", {}).items()
    }


def given(file: str, form: Mapping[str, str], before: Mapping[str, Any]) -> dict[Path, Any]:
    """What a form changes in a row: path -> value, None for a column that goes. `before` is empty for a new row."""
    return {path: value for path, value in _given(file, form, before) if value != _at(before, path)}


def _at(values: Mapping[str, Any], path: Path) -> Any:  # noqa: ANN401 - a cell of any type
    found: Any = values
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _given(file: str, form: Mapping[str, str], before: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for column in columns(file):
        present = column.key in form or any(name.startswith(f"{column.key}.") for name in form)
        if present or column.kind == "check":
            yield (column.key,), _cell(column, form, column.key, before.get(column.key))
    for name, found in before.get("words", {}).items():
        told = form.get(f"words.{name}")
        if told is not None:
            yield ("words", name), told.strip() if isinstance(found, str) else _lines(told)


def _cell(column: Column, form: Mapping[str, str], name: str, before: Any) -> Any:  # noqa: ANN401 - any type
    """One cell; empty ones of optional columns are None, unless they stood there empty."""
    told = form.get(name, "").replace("\r\n", "\n")
    if column.kind == "check":
        return name in form if name in form or before is not None or not column.optional else None
    found = _FILLED[column.kind](column, form, name, told)
    empty = found in ("", [], {})
    return (before if before in ("", [], {}) else None) if empty and column.optional else found


def _number(column: Column, form: Mapping[str, str], name: str, told: str) -> Any:  # noqa: ANN401 - int, float or text
    """A number where it is one; other words stay as they are and the check says so."""
    told = told.strip()
    for read in (int, float):
        try:
            return read(told)
        except ValueError:
            continue
    return told


def _pairs(column: Column, form: Mapping[str, str], name: str, told: str) -> dict[str, str]:
    codes = {name: code for code, name in column.items}
    parts = [line.replace("＝", "=", 1).partition("=") for line in _lines(told)]
    # whoever copies a code from the list beside the field copies its name with it
    return {key.strip().partition(" ")[0]: codes.get(value.strip(), value.strip()) for key, _, value in parts}


def _rows(column: Column, form: Mapping[str, str], name: str, told: str) -> list[dict[str, Any]]:
    found = []
    for place in _places(form, name):
        row = {c.key: _cell(c, form, f"{name}.{place}.{c.key}", None) for c in column.columns}
        filled = {key: value for key, value in row.items() if value is not None}
        if any(form.get(f"{name}.{place}.{c.key}", "").strip() for c in column.columns if c.kind != "choice"):
            found.append(filled)
    return found


def _places(form: Mapping[str, str], name: str) -> list[int]:
    parts = (key[len(name) + 1 :].partition(".")[0] for key in form if key.startswith(f"{name}."))
    return sorted({int(part) for part in parts if part.isdecimal() and len(part) < 4})


def _lines(told: str) -> list[str]:
    return [line.strip() for line in told.replace("\r\n", "\n").split("\n") if line.strip()]


_FILLED: dict[str, Any] = {
    "text": lambda column, form, name, told: told.strip(),
    "choice": lambda column, form, name, told: told.strip(),
    "pattern": lambda column, form, name, told: told.strip("\n"),
    "number": _number,
    "lines": lambda column, form, name, told: _lines(told),
    "pairs": _pairs,
    "rows": _rows,
}
