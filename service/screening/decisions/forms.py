"""Workbooks of chosen records to fill in: audit samples and conflicts, with the columns that each may show."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Role
from gongkai.service.screening.results import links
from gongkai.service.screening.results.entries import Entry
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Sheet, Value
from gongkai.service.screening.results.worklist import CHOICES_SHEET, NOTES_SHEET, Column, choices
from gongkai.service.screening.store import Store

#: A heading (alone) or a heading with its line.
Notes = Iterable[tuple[str, str]]
_INPUT = "FFFFF8E1"
#: Characters; without the worklist's many columns a title has room on one line.
_TITLE = 64
_ALLOWED = {"autoFilter": True, "sort": True, "formatColumns": True, "formatRows": True}


@dataclass(frozen=True, slots=True)
class FormRow:
    """The cells of one record by the keys of their columns."""

    cells: dict[str, Value]
    entry: Entry


def write_form(
    path: Path, rules: Rulebook, columns: Sequence[Column], sheets: Mapping[str, Iterable[FormRow]], notes: Notes
) -> None:
    """Write a workbook with a sheet of records for each title, and how to fill it in. Raises OutputError."""
    form = _Form(path, rules, columns)
    try:
        for title, rows in sheets.items():
            form.sheet(title, rows)
        form.finish(notes)
    finally:
        form.book.drop()


class _Form:
    """A workbook under way: sheets of records, then `finish`."""

    def __init__(self, path: Path, rules: Rulebook, columns: Sequence[Column]) -> None:
        self.book, self.offered = Book(path), choices(rules)
        self.columns = [replace(c, width=_TITLE) if c.key == "title" else c for c in columns]
        self.notes = self.book.sheet(NOTES_SHEET, (Head("", 22), Head("", 100)))

    def sheet(self, title: str, rows: Iterable[FormRow]) -> None:
        """A sheet of records; only the reviewer's columns may be written to."""
        heads = [Head(c.header, c.width, _look(c), c.hidden) for c in self.columns]
        sheet = self.book.sheet(title, heads, frozen="C2")
        for row in rows:
            sheet.add(self._cell(column, row) for column in self.columns)
        for place, column in enumerate(self.columns, 1):
            self._offer(sheet, column, get_column_letter(place))
        sheet.protect(_ALLOWED)
        sheet.close()

    def _cell(self, column: Column, row: FormRow) -> Cell | None:
        value = row.cells.get(column.key)
        if value is None:
            return Cell(None, _look(column))
        linked = column.key == "title" and row.entry.files and not row.entry.stopped
        return Cell(value, _look(column), links.to(row.entry.files[0].path, self.book.path.parent) if linked else "")

    def _offer(self, sheet: Sheet, column: Column, letter: str) -> None:
        if column.ours or sheet.rows < 2:
            return
        area = f"{letter}2:{letter}{sheet.rows}"
        if listed := self._listed(column):
            rule = DataValidation(type="list", formula1=listed, allow_blank=True)
            rule.showErrorMessage, rule.errorTitle = not column.choices, column.header
            rule.error = f"只能填：{'、'.join(column.values)}"
            rule.add(area)
            sheet.made.data_validations.append(rule)

    def _listed(self, column: Column) -> str:
        if not column.choices:
            return f'"{",".join(column.values)}"' if column.values else ""
        letter = get_column_letter(list(self.offered).index(column.choices) + 1)
        return f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(self.offered[column.choices])}"

    def finish(self, notes: Notes) -> None:
        """How it is filled in, and what the drop-downs offer; then the workbook takes its place."""
        for head, line in notes:
            self.notes.add(
                [Cell(head, Look(bold=True)), Cell(line)] if line else [Cell(head, Look(bold=True, size=14))]
            )
        self.notes.protect({})
        sheet = self.book.sheet(CHOICES_SHEET, [Head("", 60)] * len(self.offered))
        sheet.made.sheet_state = "hidden"
        for place in range(max(map(len, self.offered.values()))):
            sheet.add(Cell(offered[place]) if place < len(offered) else None for offered in self.offered.values())
        self.book.save()


def chosen_entries(store: Store, digests: Container[str]) -> Iterator[Entry]:
    """Some records with their files, in the order of the worklist; nothing of their groups and decisions."""
    for place in store.places():
        record = store.record(place.digest) if place.digest in digests else None
        if record is not None:
            files = sorted(store.files(record=place.digest), key=lambda row: (row.role != Role.main, row.path))
            yield Entry(place, record, tuple(files))


def _look(column: Column) -> Look:
    return Look(column.format, column.align, open=not column.ours, fill="" if column.ours else _INPUT, lined=True)
