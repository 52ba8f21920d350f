"""A report's charts as inline SVG for pages, and a report as JSON for other programs."""

from __future__ import annotations

from gongkai.service.reports.shapes import Chart, Column, Part, Report, Row, Table
from gongkai.service.screening.results.charts import Series, columns
from gongkai.service.wire import Json


def svg(chart: Chart) -> str:
    """Stacked columns."""
    return columns(chart.labels, [Series(line.name, line.kind, line.counts) for line in chart.lines], chart.title)


def to_json(report: Report, kind: str, period: str) -> Json:
    """The whole report; `columns` of a table begin with the one that names the rows."""
    return {
        "kind": kind,
        "period": period,
        "title": report.title,
        "unit": report.unit,
        "date": report.day.isoformat(),
        "basis": report.basis,
        "faults": list(report.faults),
        "parts": [_part(part) for part in report.parts],
    }


def _part(part: Part) -> Json:
    return {
        "heading": part.heading,
        "words": list(part.words),
        "tables": [_table(table) for table in part.tables],
    }


def _table(table: Table) -> Json:
    return {
        "title": table.title,
        "columns": [table.first, *(_name(column) for column in table.columns)],
        "rows": [_row(row) for row in table.rows],
        "note": table.note,
    }


def _name(column: Column) -> str:
    return f"{column.above}／{column.name}" if column.above else column.name


def _row(row: Row) -> list[str | int | float]:
    return [row.name, *("" if cell is None else cell for cell in row.cells)]
