"""Two versions of the tables, row by row."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.service.rules.memory import ROWS, Files
from gongkai.service.rules.rows import rows
from gongkai.service.rules.writing import written


@dataclass(frozen=True, slots=True)
class Cell:
    """A column whose value differs, as TOML writes it; nothing where it does not stand."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came (`added`), went (`removed`), or reads otherwise (`changed`)."""

    file: str
    key: str
    name: str
    kind: str
    cells: tuple[Cell, ...]


def changes(old: Files, new: Files) -> tuple[Change, ...]:
    """What differs, by file and in the order of the new rows; removed ones last. Comments and layout don't count."""
    return tuple(change for file in sorted(ROWS) for change in _of_file(file, old.get(file, ""), new.get(file, "")))


def _of_file(file: str, old: str, new: str) -> Iterator[Change]:
    if old == new:
        return
    before, after = ({row.key: row for row in rows(text, ROWS[file][0])} for text in (old, new))
    for key, row in after.items():
        cells = tuple(_cells(before[key].values if key in before else {}, row.values))
        if cells:
            yield Change(file, key, row.name, "changed" if key in before else "added", cells)
    for key, row in before.items():
        if key not in after:
            yield Change(file, key, row.name, "removed", tuple(_cells(row.values, {})))
    if list(before) != list(after) and not set(before) ^ set(after):
        yield Change(file, "", "", "order", ())


def _cells(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Cell]:
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name) or (name in old) != (name in new):
            yield Cell(name, *(written(values[name]) if name in values else "" for values in (old, new)))


def readable(files: Files) -> bool:
    """Whether every table is TOML at all, which rows and comparison need."""
    try:
        for text in files.values():
            tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def only_layout(old: Files, new: Files) -> tuple[str, ...]:
    """The files in which only comments or layout differ."""
    told = {change.file for change in changes(old, new)}
    return tuple(file for file in sorted(ROWS) if old.get(file, "") != new.get(file, "") and file not in told)


def lines(cell: Cell) -> tuple[tuple[str, str], ...]:
    """A cell as lines with what became of them: `-` went, `+` came; of long ones what stayed is left out."""
    found = difflib.ndiff(cell.before.splitlines(), cell.after.splitlines())
    told = [(line[0].strip(), line[2:]) for line in found if line[0] != "?"]
    return tuple((sign, line) for sign, line in told if sign or len(told) <= 6)


def touched(found: tuple[Change, ...], file: str) -> frozenset[str]:
    """The keys of a file's rows that differ."""
    return frozenset(change.key for change in found if change.file == file and change.key)
