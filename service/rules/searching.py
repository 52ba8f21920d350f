"""Find rows by what stands in them: code, name, article, cue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.service.rules.columns import column_name, tables
from gongkai.service.rules.memory import Files
from gongkai.service.rules.rows import Row, rows
from gongkai.service.rules.writing import written

#: So many characters of a cell are shown around what was found.
AROUND = 30
MOST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A row, the column in which the words stand, and what stands around them."""

    file: str
    row: Row
    column: str
    before: str
    found: str
    after: str


def search(files: Files, words: str, most: int = MOST) -> tuple[Hit, ...]:
    """Rows that hold all the words (separated by spaces), by table; what was found is shown for the first word."""
    wanted = words.lower().split()
    if not wanted:
        return ()
    found: list[Hit] = []
    for file, table in tables().items():
        for row in rows(files[file], table.table):
            found += _hit(file, row, wanted)
    return tuple(found[:most])


def _hit(file: str, row: Row, wanted: list[str]) -> Iterator[Hit]:
    cells = {key: value if isinstance(value, str) else written(value) for key, value in row.values.items()}
    if not all(any(word in cell.lower() for cell in cells.values()) for word in wanted):
        return
    key, cell = next((key, cell) for key, cell in cells.items() if wanted[0] in cell.lower())
    at = cell.lower().index(wanted[0])
    end = at + len(wanted[0])
    before = ("…" if at > AROUND else "") + cell[max(0, at - AROUND) : at]
    after = cell[end : end + AROUND] + ("…" if len(cell) > end + AROUND else "")
    yield Hit(file, row, column_name(file, key), before, cell[at:end], after)
