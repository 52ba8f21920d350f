"""机关口径 for officers: what is in force for a profile and where each value comes from; another one as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.model.demands import Demand
from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.model.profilerow import OWN, lineage, origins
from gongkai.model.rulebook import Rulebook
from gongkai.service.rules.columns import column_name, columns
from gongkai.service.rules.memory import ROWS, Files
from gongkai.service.rules.rows import Row, added, changed, check_key, row_of, rows

FILE = "profile.toml"
TABLE = ROWS[FILE][0]
#: Columns in the order in which people look for them; the rest are numbers for the machine.
FIRST = ("may", "circular", "otherwise", "demands")
_GRADES = {"return": "退文", "mend": "补正", "remark": "提示", "none": "不要求"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A profile in the list: who it is, what it follows, how many values it settles itself."""

    name: str
    label: str
    basis: str
    inherits: str
    own: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value in force: `what` it settles, the value in words, the profile that settles it, why, and the base's."""

    group: str
    what: str
    shown: str
    origin: str
    inherited: bool
    why: str
    base: str


def entries(files: Files, rules: Rulebook) -> tuple[Entry, ...]:
    """All profiles of these tables; the one in force is `rules`'s."""
    found = rows(files[FILE], TABLE)
    return tuple(_entry(row.values, rules.profile.name) for row in found)


def _entry(values: dict[str, Any], chosen: str) -> Entry:
    own = sum(len(value) if isinstance(value, dict) else 1 for key, value in values.items() if key not in (*OWN, "why"))
    name = str(values.get("name", ""))
    label = str(values.get("title") or name)
    return Entry(name, label, str(values.get("basis", "")), str(values.get("inherits", "")), own, name == chosen)


def effective(files: Files, rules: Rulebook, name: str) -> tuple[Value, ...]:
    """Every value in force for a profile, with where it comes from."""
    raws = [row.values for row in rows(files[FILE], TABLE)]
    settled = [one for one in origins(raws, name) if one[0] != "why"]
    why = {key: str(said) for column, key, said, _ in origins(raws, name) if column == "why"}
    line = lineage(raws, name)
    base = {(column, key): cell for column, key, cell, _ in origins(raws, str(line[-1]["name"]))} if line else {}
    labels = {str(raw["name"]): str(raw.get("title") or raw["name"]) for raw in raws}
    order = [*FIRST, *(column.key for column in columns(FILE) if column.key not in FIRST)]
    settled.sort(key=lambda one: (order.index(one[0]), one[1]))
    return tuple(
        Value(
            _column(column), _what(rules, column, key), _shown(column, cell), labels.get(origin, origin),
            origin != name, why.get(key or column, ""), _shown(column, base.get((column, key), "")),
        )
        for column, key, cell, origin in settled
    )  # fmt: skip


def _what(rules: Rulebook, column: str, key: str) -> str:
    if column == "may" and key in rules.clause:
        return f"{key} {rules.clause[key].title}"
    if column == "demands":
        return next((_demand(row) for row in rules.demands if row.code == key), key)
    return key or _column(column)


def _demand(row: Demand) -> str:
    """What a demand is about: its test, and the attributes that it is made of."""
    tests = next(dict(column.choices) for column in columns("submission.toml") if column.key == "test")
    labels = [Attribute(attribute).label for attribute in row.attributes]
    return tests.get(row.test, row.code) + (f"（{'、'.join(labels)}）" if labels else "")


def _column(column: str) -> str:
    return column_name(FILE, column).partition("（")[0]


def _shown(column: str, cell: Any) -> str:  # noqa: ANN401 - a cell of any type
    if column in ("may", "circular", "otherwise"):
        return Attribute(cell).label if cell in tuple(Attribute) else "不另定"
    if column == "demands":
        return _GRADES.get(cell, "照退文检查表")
    return "、".join(map(str, cell)) or "没有" if isinstance(cell, list) else str(cell)


def chosen(files: Files, name: str) -> Files:
    """The tables with this profile as the one in force. Raises RequestError for one that is not there."""
    _row(files, name)
    text = files[FILE]
    for key in [row.key for row in rows(text, TABLE)]:
        row = row_of(text, TABLE, key)
        wanted = True if key == name and name != "default" else None
        if row and row.values.get("chosen") != wanted:
            text = changed(text, row, {("chosen",): wanted})
    return files | {FILE: text}


def derived(files: Files, parent: str, name: str, title: str, basis: str) -> Files:
    """The tables with a new profile that follows another. Raises RequestError for a name that is taken."""
    _row(files, parent)
    check_key(files[FILE], TABLE, name)
    values = {"name": name, "title": title, "inherits": parent, "basis": basis}
    return files | {FILE: added(files[FILE], TABLE, {key: value for key, value in values.items() if value})}


def _row(files: Files, name: str) -> Row:
    row = row_of(files[FILE], TABLE, name)
    if row is None:
        raise RequestError("没有这个机关画像，可能已经删去，请重新打开机关口径页面。")
    return row


def following(files: Files, name: str) -> Iterator[str]:
    """The names that a profile follows, nearest first."""
    raws = [row.values for row in rows(files[FILE], TABLE)]
    return (str(raw.get("title") or raw["name"]) for raw in lineage(raws, name)[1:])
