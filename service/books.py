"""Small workbooks for people: one sheet, headings, rows; no cell is ever a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from fastapi import Response

from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Value

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def attached(data: bytes, name: str, media: str = XLSX) -> Response:
    """A file to save, under its Chinese name."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, media_type=media, headers=headers)
