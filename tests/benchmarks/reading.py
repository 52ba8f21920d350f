"""Stage `read`: every format, against the bare library or call that a script would use."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from documents import joined, size
from measure import Plan, Row, Table, interleaved, speed

from gongkai.service.readers import read_bytes

LINES_A_PAGE, LINE = 24, 30
CHARACTERS = 10_000
Bare = Callable[[bytes], object]


def measure(plan: Plan) -> Table:
    """Milliseconds for a file of 10,000 characters and how much of its text comes back."""
    table = Table(f"reading: a file of {CHARACTERS:,} characters of invented text")
    try:
        made = _made(joined(1, CHARACTERS)[0].text)
    except ImportError as error:
        table.notes.append(f"left out: {error.name} is missing (pip install 'gongkai[bench]')")
        return table
    for name, (data, text, baseline, bare) in made.items():
        table.rows.append(_row(name, data, text, (baseline, bare), plan.rounds))
    table.notes.append("text kept: share of the text's visible characters that come back, order aside")
    table.notes.append(".doc and .xls are small files of the tests; no other library here reads this .wps")
    return table


def _row(name: str, data: bytes, text: str, baseline: tuple[str, Bare | None], rounds: int) -> Row:
    jobs = {"ours": lambda data: read_bytes(data, "paper" + name.split(" ")[0])}
    if baseline[1]:
        jobs["bare"] = baseline[1]
    times = interleaved([data], jobs, rounds)
    read = jobs["ours"](data).text
    row = speed(name, times["ours"], (1, size([read])), baseline[0], times.get("bare"))
    return {**row, "text kept": _kept(text, read) if text else None}


def _kept(text: str, read: str) -> float:
    wanted = Counter("".join(text.split()))
    return sum((wanted & Counter(read)).values()) / wanted.total()


Made = dict[str, tuple[bytes, str, str, Bare | None]]


def _made(text: str) -> Made:
    """{extension: (file, text, name of the baseline, baseline)}."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "service"))
    import files

    lines = [line[at : at + LINE] for line in text.splitlines() for at in range(0, len(line), LINE) if line.strip()]
    pages = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    ofd = files.ofd(*([escape(line) for line in page] for page in pages))
    word = files.word_binary([text.replace("\n", "\r")])
    return {
        ".txt": (text.encode(), text, "bytes.decode", bytes.decode),
        ".txt gb18030": (text.encode("gb18030"), text, "bytes.decode", lambda data: data.decode("gb18030")),
        ".csv": (text.replace("  ", ",").encode(), text, "bytes.decode", bytes.decode),
        ".html": (_html(text), text, "selectolax", _bare_html),
        ".docx": (_docx(text), text, "python-docx", _bare_docx),
        ".doc": ((files.DATA / "notice.doc").read_bytes(), "", "legacy-doc", _bare_doc),
        ".wps": (word, text, "", None),
        ".pdf": (files.pdf(*pages), text, "pypdfium2", _bare_pdf),
        ".xlsx": (_xlsx(text), text, "openpyxl", _bare_xlsx),
        ".xls": ((files.DATA / "list.xls").read_bytes(), "", "xlrd", _bare_xls),
        ".ofd": (ofd, text, "ofdkit", _bare_ofd),
    }


def _html(text: str) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines())
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div id="zoom">{body}</div></body></html>'
    return page.encode()


def _docx(text: str) -> bytes:
    import docx

    target, document = io.BytesIO(), docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


def _xlsx(text: str) -> bytes:
    import openpyxl

    target, book = io.BytesIO(), openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append([line[at : at + 20] for at in range(0, len(line), 20)])
    book.save(target)
    return target.getvalue()


def _bare_html(data: bytes) -> str:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(data).body.text()


def _bare_docx(data: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _bare_doc(data: bytes) -> object:
    import legacy_doc

    return legacy_doc.extract_text(data)


def _bare_pdf(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def _bare_xlsx(data: bytes) -> list[object]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def _bare_xls(data: bytes) -> list[object]:
    import xlrd

    return [[sheet.row_values(n) for n in range(sheet.nrows)] for sheet in xlrd.open_workbook(file_contents=data)]


def _bare_ofd(data: bytes) -> str:
    import ofdkit

    with ofdkit.open(data) as document:
        return "\n".join(page.text() for page in document.pages)
