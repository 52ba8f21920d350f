"""The worklist as a workbook: a sheet for each pile, how to fill it in, files that gave nothing, drop-downs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results import links
from gongkai.service.screening.results.entries import Entry
from gongkai.service.screening.results.failures import advice, reason
from gongkai.service.screening.results.guidance import guidance
from gongkai.service.screening.results.sheets import MOST_ROWS, Book, Cell, Head, Look, Sheet, Value
from gongkai.service.screening.results.worklist import (
    CHOICES_SHEET,
    COLUMNS,
    FAILURES_SHEET,
    NAME,
    NOTES_SHEET,
    PRINTED,
    Column,
    choices,
    values,
)
from gongkai.service.screening.store import FileRow

ORDER = (Pile.decide, Pile.confirm, Pile.stop)
ALLOWED = {"autoFilter": True, "sort": True, "formatColumns": True, "formatRows": True, "formatCells": False}
_LETTER = {column.key: get_column_letter(index) for index, column in enumerate(COLUMNS, 1)}
_FAILURES = (
    Head("序号", 7, Look(align="right")),
    Head("文件", 70),
    Head("打开", 6, Look(align="center")),
    Head("原因", 22),
    Head("怎么办", 70),
)
_HEADING = Look(bold=True, size=14, wrap=False)
#: Below this confidence (a probability) the figure is coloured.
UNSURE = 0.8
_INPUT, _MISSING, _CLOSED, _DONE = "FFFFF8E1", "FFF6C7C1", "FFEDEFF2", "FF7A828E"
_DOUBT, _EXCEPTION, _GROUPED = "FF9A5B00", "FFFDE3C8", "FFDCE8F5"
_ATTRIBUTES = {"proactive": "FF17603A", "on_request": "FF7A4A00", "withheld": "FF8F1D1D"}


class Worklist(Book):
    """The workbook under way: `add` each record in the order of the worklist, then `finish`."""

    def __init__(self, out: Path, rules: Rulebook) -> None:
        super().__init__(out / NAME)
        self.rules = rules
        self.notes = self.sheet(NOTES_SHEET, (Head("", 22), Head("", 100)))
        self.piles = {pile: [self._pile(pile, 1)] for pile in ORDER}
        self.failures = self.sheet(FAILURES_SHEET, _FAILURES, frozen="A2")
        self.offered = choices(rules)

    def _pile(self, pile: Pile, number: int) -> Sheet:
        heads = [Head(c.header, c.width, Look(c.format, c.align, open=_look(c).open), c.hidden) for c in COLUMNS]
        return self.sheet(pile.label + (str(number) if number > 1 else ""), heads, frozen="C2")

    def add(self, entry: Entry) -> None:
        """One record as a row of its pile."""
        sheets = self.piles[entry.place.pile]
        if sheets[-1].rows > MOST_ROWS:
            sheets.append(self._pile(entry.place.pile, len(sheets) + 1))
        told = values(entry, self.rules)
        sheets[-1].add(_cell(column, told.get(column.key), entry, self.path.parent) for column in COLUMNS)

    def finish(self, failed: Iterable[FileRow], told: Callable[[], Sequence[tuple[str, str]]]) -> None:
        """Failures, choices and notes; then the workbook takes its place. Raises OutputError.

        `told` says what the worklist is made of, once all has passed.
        """
        self._failed(failed)
        self._choices()
        for sheets in self.piles.values():
            for sheet in sheets:
                self._finished(sheet)
        for head, line in guidance(told()):
            self.notes.add([Cell(head, Look(bold=True)), Cell(line)] if line else [Cell(head, _HEADING)])
        self.notes.made.page_setup.fitToHeight = 1
        self.notes.protect({})
        self.save()

    def _failed(self, failed: Iterable[FileRow]) -> None:
        for number, row in enumerate(failed, 1):
            told: tuple[Value, ...] = (number, row.path, "打开", reason(row), advice(row))
            link = links.to(row.path, self.path.parent)
            cells = zip(told, _FAILURES, strict=True)
            self.failures.add(Cell(value, head.look, link if value == "打开" else "") for value, head in cells)
        if self.failures.rows == 1:
            self.failures.add([None, Cell("（没有：所有文件都读成了）")])
        self.failures.protect(ALLOWED)
        self.failures.close()

    def _choices(self) -> None:
        sheet = self.sheet(CHOICES_SHEET, [Head("", 60)] * 2)
        sheet.made.sheet_state = "hidden"
        length = max(map(len, self.offered.values()))
        columns = [[*offered, *[None] * (length - len(offered))] for offered in self.offered.values()]
        for row in zip(*columns, strict=True):
            sheet.add(Cell(value) if value else None for value in row)
        sheet.protect({})

    def _finished(self, sheet: Sheet) -> None:
        if sheet.rows == 1:
            sheet.add([None, Cell("（没有这一类文件）")])
        _conditions(sheet)
        for column in COLUMNS:
            self._offer(sheet, column)
        sheet.made.print_area = f"A1:{_LETTER[PRINTED[-1].key]}{sheet.rows}"
        sheet.protect(ALLOWED)
        sheet.close()

    def _offer(self, sheet: Sheet, column: Column) -> None:
        """A reviewer's column gets its drop-down, or what may stand in it."""
        listed = self._listed(column)
        if not listed and column.key != "at":
            return
        rule = DataValidation(type="list", formula1=listed, allow_blank=True)
        if column.key == "at":
            rule = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.showErrorMessage, rule.errorStyle = not column.choices, "stop"
        rule.errorTitle = column.header
        rule.error = f"只能填：{'、'.join(column.values)}" if column.values else "请填日期，例如 2026-03-05"
        rule.add(f"{_LETTER[column.key]}2:{_LETTER[column.key]}{sheet.rows}")
        sheet.made.data_validations.append(rule)

    def _listed(self, column: Column) -> str:
        if column.values:
            return f'"{",".join(column.values)}"'
        if column.choices:
            letter = get_column_letter(list(self.offered).index(column.choices) + 1)
            return f"'{CHOICES_SHEET}'!${letter}$1:${letter}${len(self.offered[column.choices])}"
        return ""


def _look(column: Column) -> Look:
    """How the cells of a column look; only a group's leader may write into 适用整组."""
    if column.ours:
        return Look(column.format, column.align, lined=True)
    closed = column.key == "whole"
    return Look(column.format, column.align, open=not closed, fill=_CLOSED if closed else _INPUT, lined=True)


def _cell(column: Column, value: Value, entry: Entry, out: Path) -> Cell | None:
    look = _look(column)
    if column.key == "whole" and entry.leads:
        return Cell(None, replace(look, open=True, fill=_INPUT))
    if column.key == "open" and value:
        return Cell(value, look, links.to(entry.files[0].path, out))
    if value is None and column not in PRINTED:
        return None
    return Cell(value, _telling(column, look, entry))


def _telling(column: Column, look: Look, entry: Entry) -> Look:
    """Colours that say something: the attribute, little confidence, an exception, a place in a group."""
    if entry.stopped:
        return look
    if column.key == "attribute":
        return replace(look, ink=_ATTRIBUTES.get(entry.record.attribute, look.ink))
    if column.key == "confidence" and entry.record.confidence < UNSURE:
        return replace(look, ink=_DOUBT)
    if column.key == "remarks" and entry.joint and entry.place.exception:
        return replace(look, fill=_EXCEPTION)
    if column.key == "rank" and entry.joint:
        return replace(look, fill=_GROUPED)
    return look


def _conditions(sheet: Sheet) -> None:
    """Colours that change while a reviewer writes: what is missing in red, what is done in grey."""
    decided, why, by = (f"${_LETTER[key]}2" for key in ("decision", "reason", "by"))
    for key, formula in (
        ("reason", f'AND({decided}="{Attribute.withheld.label}",{why}="")'),
        ("by", f'AND({decided}<>"",{by}="")'),
    ):
        rule = FormulaRule([formula], fill=PatternFill(bgColor=_MISSING))
        sheet.made.conditional_formatting.add(f"{_LETTER[key]}2:{_LETTER[key]}{sheet.rows}", rule)
    rule = FormulaRule([f'{decided}<>""'], font=Font(color=_DONE))
    sheet.made.conditional_formatting.add(f"A2:{_LETTER['remarks']}{sheet.rows}", rule)
