"""Tables and forms of which each line is one cell, as they come out of web pages and PDF files.

A table's headings begin with an order (序号) or a name; its records are as many lines each, or begin with 1, 2, 3.
A form goes label, value, label, value. The lines of a record are read as the cells of one ruled row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gongkai.model.document import Document, Span
from gongkai.model.grid import Cell
from gongkai.model.headings import heading_kind
from gongkai.model.rows import LIKE, Row, aligned, settled

#: Columns of a table, how long a heading and a cell may be, and the pairs that make a form.
FEWEST, MOST, HEADING, CELL, PAIRS = 3, 12, 16, 80, 3
#: How long a heading is that tells of a table on its own, and how many lines below it the next one stands at most.
PLAIN, NEAR = 8, 6
#: How far the order of a record may be above that of the one before it.
SKIPPED = 20
#: The numbers of records begin here, above those of lines.
STACKED = 1_000_000_000
_ORDER = re.compile(r"序号?|编号|号|名次|排名|组别")
_FIRST = re.compile(r"0*1|一")
#: The heading of a part; no heading and no cell of a last record: that, a sentence, a label with its value.
_PART = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SAID = re.compile(rf"[。;!?:|│┃\t]|^{_PART.pattern}")
_LABEL = re.compile(r"[\u4e00-\u9fff]{1,8}(?:\([^()\n]{1,10}\))?")


class _Line(NamedTuple):
    """What a line says, without blanks around it, and from where to where."""

    text: str
    start: int
    end: int


def short_lines(document: Document) -> list[_Line]:
    """The lines of a document in which cells may stand one a line: none where nowhere two of six lines are headings."""
    return _lines(document) if _has_headings(document.folded) else []


def _has_headings(text: str) -> bool:
    """Whether two plain headings stand close: most documents need no further look."""
    since = NEAR
    for line in text.split("\n"):
        said = line if len(line) > CELL else line.strip()
        if said:
            since += 1
            if (
                len(said) <= PLAIN
                and said.replace(" ", "").isalpha()
                and (heading_kind(said) or _ORDER.fullmatch(said))
            ):
                if since < NEAR:
                    return True
                since = 0
    return False


def _lines(document: Document) -> list[_Line]:
    found, at = [], 0
    for line in document.folded.split("\n"):
        text = line.strip()
        start = at + line.index(text)
        found.append(_Line(text, start, start + len(text)))
        at += len(line) + 1
    return found


def _row(document: Document, lines: Sequence[_Line]) -> Row:
    """Lines as the cells of one row: a tab before each line but the first, so that places stay true."""
    start, raw, folded = lines[0].start, "", ""
    for line in lines:
        gap = " " * (line.start - start - len(raw) - 1) + "\t" if raw or line is not lines[0] else ""
        raw += gap + document.text[line.start : line.end].replace("\t", " ")
        folded += gap + line.text
    return Row(folded, raw, start, True, False)


def _is_cell(text: str, most: int = CELL) -> bool:
    return len(text) <= most and not _SAID.search(text)


def _close(lines: Sequence[_Line]) -> list[_Line]:
    """Lines without the blank one that parts each from the next; of more, every second one is an empty cell."""
    found: list[_Line] = []
    blanks = 0
    for line in lines:
        blanks = 0 if line.text else blanks + 1
        if line.text or (blanks > 1 and blanks % 2):
            found.append(line)
    return found


def stacked_cells(document: Document, lines: Sequence[_Line]) -> Iterator[Cell]:
    """Cells of tables that stand one cell a line, or each second line, and whose headings name personal data; `lines`
    are the document's `short_lines`."""
    yield from _tables(document, lines, 1)
    yield from _tables(document, _close(lines), 2)


def _tables(document: Document, lines: Sequence[_Line], apart: int) -> Iterator[Cell]:
    """Cells of tables whose first two headings stand so many lines apart."""
    at = 0
    while at + 2 * FEWEST <= len(lines):
        text = lines[at].text
        begins = 0 < len(text) <= HEADING and len(lines[at + 1].text) <= HEADING
        begins = begins and document.folded.count("\n", lines[at].end, lines[at + 1].start) == apart
        begins = begins and (_ORDER.fullmatch(text) is not None or heading_kind(text) == "NAME")
        width, records = _table(document, lines, at) if begins and _is_cell(text, HEADING) else (0, [])
        if records:
            heading = _row(document, lines[at : at + width])
            for record in records:
                yield from _under(_row(document, record), heading, record[0].start)
            at = lines.index(records[-1][-1], at)
        at += 1


def _under(row: Row, heading: Row, number: int) -> Iterator[Cell]:
    """The cells of a record under their headings; `number` tells it from other records."""
    places = settled(row, heading)
    if len(row.texts) < len(heading.texts) and not _fits(row, heading):
        places = aligned(row, heading)  # a cell in the middle is missing
    for cell, column in places:
        if heading.kinds[column] and cell in row.spans:
            yield Cell(row.spans[cell], heading.kinds[column], heading.texts[column], STACKED + number)


def _fits(row: Row, heading: Row) -> bool:
    """Whether each cell that is filled is like what its heading asks for."""
    return all(not form or not text or form.match(text) for text, form in zip(row.texts, heading.forms, strict=False))


def _table(document: Document, lines: Sequence[_Line], at: int) -> tuple[int, list[Sequence[_Line]]]:
    """How many headings begin at a line, and the records under them; none where no table begins."""
    run = at
    while run < len(lines) and run - at <= MOST and lines[run].text and _is_cell(lines[run].text, HEADING):
        run += 1
    if _ORDER.fullmatch(lines[at].text):
        first = next((n for n in range(at + FEWEST, min(run + 2, len(lines))) if _FIRST.fullmatch(lines[n].text)), 0)
        last = first - 1 if first else 0
        while first and not lines[last].text:
            last -= 1
        width = last - at + 1
        if not first or width < FEWEST or not any(heading_kind(line.text) for line in lines[at : last + 1]):
            return 0, []
        return width, list(_numbered(document, lines, first, lines[at : last + 1]))
    for width in range(FEWEST, min(MOST, run - at) + 1):
        records = list(_even(document, lines, at, width))
        if len(records) > 1:
            return width, records
    return 0, []


def _numbered(
    document: Document, lines: Sequence[_Line], at: int, headings: Sequence[_Line]
) -> Iterator[Sequence[_Line]]:
    """Records that begin with 1, 2, 3 …: each with its lines up to the next, at most as many as there are headings."""
    order, width, heading = 1, len(headings), _row(document, headings)
    while at < len(lines):
        following = _following(document, lines, at, heading, order)
        if following and any(_PART.match(line.text) or len(line.text) > CELL for line in lines[at:following]):
            following = 0
        record = lines[at : min(at + width, following or len(lines))]
        if not following:
            said = next((n for n, line in enumerate(record) if not _is_cell(line.text)), len(record))
            record = record[:said]
        while record and not record[-1].text:
            record = record[:-1]
        if record:
            yield record
        if not following:
            return
        at, order = following, int(lines[following].text)


def _following(document: Document, lines: Sequence[_Line], at: int, heading: Row, order: int) -> int:
    """Where the record behind the one of an order begins: at the next order, as far away as a whole record is long if
    several lines may be it; an order that skips some needs a record that is like its headings; 0 where none begins."""
    width = len(heading.texts)
    whole = _row(document, lines[at : at + width])
    asked = [place for place, text in enumerate(whole.texts) if text and heading.forms[place]]
    least = asked[-1] + 1 if asked and _fits(whole, heading) else 1
    found = []
    for n in range(at + least, min(at + width + MOST, len(lines))):
        number = _order(lines[n].text, order)
        if number == order + 1 or (
            number and abs(n - at - width) <= 2 and _is_record(document, lines[n : n + width], heading)
        ):
            found.append(n)
    return min(found, key=lambda n: abs(n - at - width), default=0)


def _order(text: str, order: int) -> int:
    """The order that a line says, if it may be one behind another; else 0."""
    number = int(text) if text.isdecimal() and len(text) < len(str(order)) + 3 else 0
    return number if order < number <= order + SKIPPED else 0


def _is_record(document: Document, lines: Sequence[_Line], heading: Row) -> bool:
    """Whether lines are like the headings, and beside the order at least one of them that is asked for."""
    row = _row(document, lines)
    told = [text for text, form in zip(row.texts[1:], heading.forms[1:], strict=False) if form and text]
    return bool(told) and _fits(row, heading)


def _even(document: Document, lines: Sequence[_Line], at: int, width: int) -> Iterator[Sequence[_Line]]:
    """Records of as many lines as there are headings, like what these ask for; a line may be empty or missing."""
    first = lines[at + width].text if at + 2 * width <= len(lines) else ""
    if not LIKE["NAME"].match(first) or heading_kind(first):
        return
    heading = _row(document, lines[at : at + width])
    if sum(map(bool, heading.kinds)) < 2:
        return
    start = at + width
    while start < len(lines):
        size = width if _is_even(document, lines[start : start + width], heading) else 0
        if not size and start > at + width:
            size = _short(document, lines[start : start + 2 * width], heading)
        if not size:
            return
        yield lines[start : start + size]
        start += size


def _is_even(document: Document, record: Sequence[_Line], heading: Row) -> bool:
    """Whether lines are a record: a name first, no heading, all or most of them filled and like their headings."""
    filled = sum(bool(line.text) for line in record)
    if len(record) < len(heading.texts) or filled < max(2, len(record) - 2):
        return False
    if not all(_is_cell(line.text) for line in record) or not LIKE["NAME"].match(record[0].text):
        return False
    row = _row(document, record)
    asked = any(form and text for text, form in zip(row.texts[1:], heading.forms[1:], strict=True))
    return not any(row.kinds) and _fits(row, heading) and (asked or filled == len(record))


def _short(document: Document, lines: Sequence[_Line], heading: Row) -> int:
    """How many lines a record with a missing one or two has: a whole one follows, or it ends the table; else 0."""
    width = len(heading.texts)
    for size in range(width - 1, max(1, width - 3), -1):
        short, behind = lines[:size], lines[size : size + width]
        told = len(short) == size and all(line.text and _is_cell(line.text) for line in short)
        ends = len(behind) < width or not behind[0].text or not _is_cell(behind[0].text)
        if told and (ends or _is_even(document, behind, heading)) and _is_like(_row(document, short), heading):
            return size
    return 0


def _is_like(row: Row, heading: Row) -> bool:
    """Whether the cells of a short record are a name and what other headings ask for, and none is a heading."""
    pairs = [(row.texts[cell], heading.forms[column]) for cell, column in aligned(row, heading)]
    asked = [bool(form.match(text)) for text, form in pairs if form]
    return len(pairs) == len(row.texts) and len(asked) > 1 and all(asked) and not any(row.kinds)


def stacked_fields(every: Sequence[_Line]) -> Iterator[tuple[str, str, Span]]:
    """Values of forms that stand one cell a line below their labels: the label's kind, the label, the value's place."""
    lines = [line for line in every if line.text]
    at = 0
    while at + 1 < len(lines):
        pairs = _pairs(lines, at)
        for label, value in pairs if sum(bool(heading_kind(label.text)) for label, _ in pairs) >= PAIRS else ():
            if kind := heading_kind(label.text):
                yield kind, label.text, Span(value.start, value.end)
        at += max(1, 2 * len(pairs))


def _pairs(lines: Sequence[_Line], at: int) -> list[tuple[_Line, _Line]]:
    """Labels and values in turn from a line on: no value names personal data, as a heading would."""
    pairs: list[tuple[_Line, _Line]] = []
    while at + 1 < len(lines):
        label, value = lines[at], lines[at + 1]
        told = _LABEL.fullmatch(label.text) and _is_cell(label.text) and _is_cell(value.text)
        if not told or (not pairs and not heading_kind(label.text)) or heading_kind(value.text):
            break
        pairs.append((label, value))
        at += 2
    return pairs
