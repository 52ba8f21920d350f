"""What a report consists of, whatever it is written as: parts with words, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `above` is the heading that neighbouring columns share, `number` aligns to the right."""

    name: str
    number: bool = True
    above: str = ""
    wide: int = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name indented by `level`, then a cell for each column; `strong` for sums."""

    name: str
    cells: tuple[Cell, ...]
    level: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column (`first`) names the rows."""

    title: str
    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.title} has more or fewer cells than there are columns")

    @property
    def heads(self) -> tuple[tuple[str, int], ...]:
        """The upper headings with how many columns each spans; nothing where no column has one."""
        if not any(column.above for column in self.columns):
            return ()
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and column.above and spans[-1][0] == column.above:
                spans[-1] = (column.above, spans[-1][1] + 1)
            else:
                spans.append((column.above, 1))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers of one kind, one for each label of a chart; `kind` is the class that colours them."""

    name: str
    kind: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns."""

    title: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One chapter."""

    heading: str
    words: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: `faults` are what its figures contradict, to be put right before it is published."""

    title: str
    unit: str
    period: str
    day: date
    parts: tuple[Part, ...]
    faults: tuple[str, ...] = ()
    basis: str = ""


def plain(title: str, first: str, names: Sequence[str], rows: Sequence[Sequence[Cell]], note: str = "") -> Table:
    """A table without a second heading, whose rows begin with their names; columns of words align to the left."""
    told = tuple(Row(str(row[0]), tuple(row[1:])) for row in rows)
    numbers = (all(_number(row.cells[place]) for row in told) for place in range(len(names)))
    return Table(
        title, first, tuple(Column(name, number) for name, number in zip(names, numbers, strict=True)), told, note
    )


def _number(cell: Cell) -> bool:
    """Whether a cell reads as a number: shares and intervals too."""
    return not isinstance(cell, str) or not cell.strip("0123456789.,%–—／")


def share(part: float, whole: float) -> str:
    """A share in percent, a dash of nothing."""
    return f"{part / whole:.1%}" if whole else "—"
