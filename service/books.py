"""Small workbooks for people: one sheet, headings, rows; no cell is ever a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Value


def book(title: str, heads: Sequence[tuple[str, float]], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook with one sheet; `heads` are names and widths of the columns."""
    with tempfile.TemporaryDirectory(prefix=".gongkai-") as folder:
        path = Path(folder) / "book.xlsx"
        with Book(path) as made:
            sheet = made.sheet(title, [Head(name, width) for name, width in heads], frozen="A2")
            for row in rows:
                sheet.add([Cell(value, Look(lined=True)) for value in row])
            sheet.close()
            made.save()
        return path.read_bytes()
