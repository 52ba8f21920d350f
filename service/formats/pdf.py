"""PDF, through pdfium: the text layer only."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from gongkai.model.errors import EncryptedDocument, OversizedDocument, ScannedDocument
from gongkai.service.limits import Limits

#: pdfium may not be called from two threads at once.
LOCK = threading.Lock()
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
#: In character sizes: how near the right edge a full line ends, and how far an indent moves the left edge.
_FULL, _INDENT = 2.2, 0.8
#: Gaps between Chinese words, two in a row of a table, and the numbers that open a new line anyway.
_CELLS = re.compile(r"[\u2e80-\uffef] +[\u2e80-\uffef]")
_OPENING = re.compile(
    r"\d{1,3}[ .、．]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[)）]|第.{1,4}[条章节]"
)
_UNBROKEN = re.compile(r"[!-~]{1,40}")
#: On a page of short lines none is full: text that wraps reaches past this share of the page.
COLUMN = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A line, its edges and the size of its characters in points; 0 where they can't be told."""

    text: str
    left: float
    right: float
    size: float


def read(data: bytes, limits: Limits) -> str:
    """Text page by page, with the lines of a paragraph joined.

    Raises EncryptedDocument, OversizedDocument, or ScannedDocument when no page has text but some are drawn on.
    """
    with LOCK, closing(opened(data)) as document:
        if len(document) > limits.max_pages:
            raise OversizedDocument("文件页数过多，请拆分成几个文件后再提交。")
        text = "\n".join(_pages(document, limits))
        if not text.strip() and any(_has_objects(document, index) for index in range(len(document))):
            raise ScannedDocument("PDF 是扫描件或图片，没有文字层，请先做文字识别（OCR）后再提交。")
    return text


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document; under LOCK only. Raises EncryptedDocument."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise EncryptedDocument("PDF 文件已加密，请去掉密码后再提交。") from error
        raise


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[str]:
    length = 0
    for index in range(len(document)):
        with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
            length += textpage.count_chars()
            if length > limits.max_characters:
                raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
            paragraphs = _paragraphs(list(_lines(textpage)), page.get_width())
        yield "\n".join(paragraphs)


def _has_objects(document: pypdfium2.PdfDocument, index: int) -> bool:
    """Pictures, or outlines drawn in place of letters."""
    with closing(document[index]) as page:
        return any(True for _ in page.get_objects(max_depth=1))


def _lines(textpage: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """Lines as pdfium finds them, with their edges where its character numbers agree with the text."""
    text = textpage.get_text_range()
    exact = len(text) == textpage.count_chars()
    start = 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        first = start + len(raw) - len(raw.lstrip())
        start += len(raw)
        if stripped:
            yield measured(textpage, stripped, first) if exact else Line(stripped, 0, 0, 0)


def measured(textpage: pypdfium2.PdfTextPage, text: str, first: int) -> Line:
    """The line that begins with a character number."""
    left, bottom, _, top = textpage.get_charbox(first, loose=True)
    _, _, right, _ = textpage.get_charbox(first + len(text.rstrip("\ufffe\x02")) - 1, loose=True)
    return Line(text, left, right, top - bottom)


def _paragraphs(lines: list[Line], width: float) -> list[str]:
    margin = min((line.left for line in lines if line.size), default=0.0)
    edge = max([COLUMN * width, *(line.right for line in lines)])
    paragraphs: list[str] = []
    for index, line in enumerate(lines):
        if index and runs_on(lines[index - 1], line, margin, edge):
            paragraphs[-1] = join(paragraphs[-1], line.text)
        else:
            paragraphs.append(line.text)
    return [paragraph.replace("\ufffe", "-") for paragraph in paragraphs]


def runs_on(above: Line, line: Line, margin: float, edge: float) -> bool:
    """This line starts at the left edge in the same size, and its first word had no room on the line above."""
    if not above.size or not line.size or abs(above.size - line.size) > 0.2 * line.size:
        return False
    if _OPENING.match(line.text) or len(_CELLS.findall(above.text)) > 1:
        return False
    room = edge - above.right
    return room <= _first_word(above.text, line.text) * line.size and line.left <= margin + _INDENT * line.size


def _first_word(above: str, text: str) -> float:
    """Width of what a line may not break, in character sizes; a number goes on below only from a line quite full."""
    if above[-1].isdigit() and text[0].isdigit():
        return 1.0
    word = _UNBROKEN.match(text)
    return _FULL + 0.6 * (len(word.group()) if word else 0)


def join(above: str, below: str) -> str:
    """Two lines of a paragraph as one."""
    if above.endswith(("\ufffe", "\x02")):  # pdfium's mark for a word split by a hyphen
        return above[:-1] + below
    latin = above[-1].isascii() and below[0].isascii() and above[-1].isalpha() and below[0].isalpha()
    return f"{above} {below}" if latin else above + below
