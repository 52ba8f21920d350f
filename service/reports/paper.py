"""A report as .docx, in the typefaces of official papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.service.opinion.wordparts import Element, heading, packed, paragraph, row, table, within
from gongkai.service.reports import wordcharts
from gongkai.service.reports.shapes import Cell, Chart, Report, Table

#: The width between the margins, in twentieths of a point.
_ROOM = 8840
_SMALL, _BODY = 18, 32


def docx(report: Report) -> bytes:
    """The report to be finished, printed and published; the same report gives the same bytes."""
    charts = [chart for part in report.parts for chart in part.charts]

    def write(body: Element) -> None:
        heading(body, report.title)
        numbered = iter(enumerate(charts, 1))
        for part in report.parts:
            paragraph(body, part.heading, font="黑体", size=_BODY, indent=True)
            for words in part.words:
                paragraph(body, words, size=_BODY, indent=True)
            for one in part.tables:
                _table(body, one)
            _placed(body, part.charts, numbered)
        paragraph(body, report.unit, size=_BODY, align="right")
        paragraph(body, f"{report.day.year}年{report.day.month}月{report.day.day}日", size=_BODY, align="right")

    return wordcharts.with_charts(packed(write), charts)


def _placed(body: Element, charts: Sequence[Chart], numbered: Iterator[tuple[int, Chart]]) -> None:
    for _ in charts:
        number, chart = next(numbered)
        wordcharts.place(body, number, chart.title)


def _table(body: Element, one: Table) -> None:
    paragraph(body, one.title, font="黑体", size=24, align="center")
    widths = _widths(one)
    rows = table(body, widths)
    if one.heads:
        line = row(rows, head=True)
        _cell(line, one.first, widths[0], merge="restart")
        place = 1
        for words, span in one.heads:
            merge = "" if words else "restart"
            _cell(line, words or one.columns[place - 1].name, sum(widths[place : place + span]), span=span, merge=merge)
            place += span
    line = row(rows, head=True)
    _cell(line, one.first, widths[0], merge="continue" if one.heads else "")
    for column, width in zip(one.columns, widths[1:], strict=True):
        _cell(line, column.name, width, merge="continue" if one.heads and not column.above else "")
    for told in one.rows:
        line = row(rows)
        _cell(line, "　" * told.level + told.name, widths[0], align="left", strong=told.strong)
        for value, width in zip(told.cells, widths[1:], strict=True):
            _cell(line, shown(value), width)
    paragraph(body, one.note, size=_SMALL)


def _widths(one: Table) -> list[int]:
    """The names have at least a quarter; the others share the rest, and no more of it than they need."""
    count = len(one.columns)
    least = 2400 if one.first else 700
    width = min(1900, (_ROOM - least) // count)
    return [_ROOM - width * count, *([width] * count)]


def shown(value: Cell) -> str:
    """A cell as people read it; nothing for what isn't known."""
    if value is None:
        return ""
    return f"{value:,.15g}" if isinstance(value, float) else str(value)


def _cell(
    line: Element, text: str, width: int, *, span: int = 1, merge: str = "", align: str = "center", strong: bool = False
) -> None:
    found = within(line, "tc")
    properties = within(found, "tcPr")
    within(properties, "tcW", w=str(width), type="dxa")
    if span > 1:
        within(properties, "gridSpan", val=str(span))
    if merge:
        within(properties, "vMerge", val=merge)
    within(properties, "vAlign", val="center")
    font = "黑体" if strong else "仿宋"
    paragraph(found, "" if merge == "continue" else text, font=font, size=_SMALL, align=align)
