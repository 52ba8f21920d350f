"""A report as .xlsx: a sheet of words, a sheet for each table, charts that Excel draws from their own sheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl.chart import BarChart, Reference

from gongkai.service.reports.shapes import Chart, Column, Report, Row, Table
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Sheet

#: As many characters as the name of a sheet may have, and those that it may not.
_LONGEST, _FORBIDDEN = 31, str.maketrans("", "", "[]:*?/\\'")
_TITLE, _HEADING = Look(bold=True, size=16, wrap=False), Look(bold=True, size=12)
_NUMBER, _NAME = Look(align="right", lined=True), Look(lined=True)
_INKS = {"proactive": "17603A", "on_request": "A86A08", "withheld": "8F1D1D", "one": "1F4E8C"}
_WORDS, _CHARTS = "说明", "图表"


def xlsx(report: Report) -> bytes:
    """The whole report."""
    with tempfile.TemporaryDirectory(prefix=".gongkai-") as folder:
        path = Path(folder) / "report.xlsx"
        with Book(path) as book:
            _words(book.sheet(_WORDS, (Head("", 110),)), report)
            names = {_WORDS, _CHARTS}
            for table in (table for part in report.parts for table in part.tables):
                _table(book, table, _named(table.title, names))
            if charts := [chart for part in report.parts for chart in part.charts]:
                _charts(book, charts)
            book.save()
        return path.read_bytes()


def _named(title: str, used: set[str]) -> str:
    """A name that no sheet has yet."""
    plain = title.translate(_FORBIDDEN)[: _LONGEST - 3] or "表"
    names = [plain, *(f"{plain}{number}" for number in range(2, 99))]
    name = next(name for name in names if name not in used)
    used.add(name)
    return name


def _words(sheet: Sheet, report: Report) -> None:
    sheet.add([Cell(report.title, _TITLE)])
    for line in _lines(report):
        sheet.add([line])


def _lines(report: Report) -> Iterator[Cell]:
    yield Cell(f"{report.unit}　{report.period}　{report.day:%Y-%m-%d} 生成")
    if report.basis:
        yield Cell(f"依据：{report.basis}")
    for fault in report.faults:
        yield Cell(f"请核对：{fault}", Look(ink="FF8F1D1D"))
    for part in report.parts:
        yield Cell(part.heading, _HEADING)
        yield from (Cell(words) for words in part.words)
        yield from (Cell(f"见表“{table.title}”") for table in part.tables)


def _table(book: Book, table: Table, name: str) -> None:
    heads = (Head(table.first, 46), *(Head(_header(column), max(column.wide, 12)) for column in table.columns))
    sheet = book.sheet(name, heads, frozen="B2")
    for row in table.rows:
        sheet.add(_cells(row, table.columns))
    if table.note:
        sheet.add([Cell(table.note, Look(wrap=False))])


def _header(column: Column) -> str:
    return f"{column.above}\n{column.name}" if column.above else column.name


def _cells(row: Row, columns: Sequence[Column]) -> list[Cell]:
    name = "　" * row.level + row.name
    found = [Cell(name, Look(lined=True, bold=row.strong))]
    for value, column in zip(row.cells, columns, strict=True):
        found.append(Cell(value, _NUMBER if column.number else _NAME))
    return found


def _charts(book: Book, charts: Sequence[Chart]) -> None:
    """Each chart beside its numbers."""
    sheet = book.sheet(_CHARTS, (Head("", 30), *(Head("", 14) for _ in range(8))))
    for chart in charts:
        first = sheet.rows + 1
        sheet.add([Cell(chart.title, _HEADING), *(Cell(line.name) for line in chart.lines)])
        for place, label in enumerate(chart.labels):
            sheet.add([Cell(label), *(Cell(line.counts[place]) for line in chart.lines)])
        _drawn(sheet, chart, first)
        for _ in range(max(0, 16 - len(chart.labels))):
            sheet.add([None])


def _drawn(sheet: Sheet, chart: Chart, first: int) -> None:
    drawn = BarChart()
    drawn.type, drawn.grouping, drawn.overlap = "col", "stacked", 100
    drawn.title, drawn.width, drawn.height = chart.title, 18, 8
    last = first + len(chart.labels)
    drawn.add_data(
        Reference(sheet.made, min_col=2, max_col=1 + len(chart.lines), min_row=first, max_row=last),
        titles_from_data=True,
    )
    drawn.set_categories(Reference(sheet.made, min_col=1, min_row=first + 1, max_row=last))
    for series, line in zip(drawn.series, chart.lines, strict=True):
        series.graphicalProperties.solidFill = _INKS.get(line.kind, "7C8EA6")
    drawn.x_axis.delete = drawn.y_axis.delete = False
    sheet.made.add_chart(drawn, f"{chr(ord('D') + len(chart.lines))}{first}")
