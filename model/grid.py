"""Tables and forms that were pasted as text: which cell stands under which heading, which value behind which label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.headings import heading_kind
from gongkai.model.rows import Row, read_row, settled

_BACKWARDS = re.compile(r" {0,2}(?:[)）][\u4e00-\u9fff]{1,4}[（(])?(?: {0,4}[\u4e00-\u9fff]){1,9}")
_COLON = re.compile(r":(?<=[\u4e00-\u9fff )）].)(?= ?(?P<value>[^\n;。]{1,80}))")
# A search runs fast from one character of a set to the next: which of them it has to be is asked afterwards.
_NEXT = r"(?:(?<! )|(?= )|(?=[\u4e00-\u9fff]{2,8} ?:))"
_TOLD = r"|[/,;](?=[\u4e00-\u9fff]{2,8} ?:)"
NEXT, SHORT = re.compile("[ |│┃]" + _NEXT + _TOLD), re.compile("[ |│┃,、]" + _NEXT + _TOLD)
_REACH = 53  # characters of the longest label
_LONG_NUMBER = re.compile(r"\d\d\d")
LONG = ("ADDR_HOME", "HEALTH", "FAMILY", "SPECIAL")
_PAIR = re.compile(r"([\u4e00-\u9fff]{2,8}) (?=\S)")
WORD = re.compile(r"[名号别间额数称位务期况型类容注址因族话式社龄分级贴准元字积]$|[)）]$|^$")
MISSED = 3
LONGEST, MOST = 600, 14


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a pasted table: its place, the kind its heading names (one of `CELL`, `OTHER`), heading, row."""

    span: Span
    kind: str
    heading: str
    row: int


def _is_heading(row: Row) -> bool:
    """Whether a row names columns: short cells without long numbers, enough of which name personal data."""
    if not row.ruled and (row.line.count(" ") < 2 or _is_said(row.line) or len(row.line.split()) < 3):
        return False  # told without cutting the line
    filled = [text for text in row.texts if text]
    if len(filled) < 3 or _is_said(row.line) or ("(" in row.line and any(map(_is_said, filled))):
        return len(filled) == 2 and row.ruled and all(map(heading_kind, filled))
    if sorted(map(len, filled))[-2] > MOST or (row.ruled and _is_form(row)):
        return False
    return sum(map(bool, row.kinds)) >= (1 if row.ruled or row.gapped else 2)


def _names_others(row: Row) -> bool:
    """Whether a ruled row of short cells names columns of which one holds numbers or sums, or two those in a role."""
    filled = [row.texts[place] for place in row.filled] if row.ruled else []
    plain = len(filled) > 2 and max(map(len, filled)) <= MOST and not _is_said(row.line)
    return plain and (row.others.count("NAME") > 1 or any(kind in ("NUMBER", "SUM") for kind in row.others))


def _is_said(text: str) -> bool:
    """Whether a text, up to its first bracket, is what no heading is: a sentence, a pair, a long number."""
    said = text.partition("(")[0]
    return "。" in said or ":" in said or bool(_LONG_NUMBER.search(said))


def _is_form(row: Row) -> bool:
    """Whether cells go label, value, label, value rather than naming columns."""
    labels, values = row.kinds[0::2], row.texts[1::2]
    return len(labels) == len(values) and all(labels) and not any(map(WORD.search, values))


def _both(upper: Row | None, lower: Row) -> Row:
    """Two lines of headings as one, where the upper one's cells span some below it (身份证 over 号码)."""
    if not upper or not (upper.ruled and lower.ruled) or len(upper.texts) != len(lower.texts) or all(lower.texts):
        return lower
    pairs = zip(upper.texts, lower.texts, strict=True)
    texts = [next(filter(heading_kind, (up + low, low, up)), low or up) for up, low in pairs]
    line = "\t".join(texts)
    return Row(line, line, lower.offset, True, False)


def table_rows(document: Document) -> list[tuple[Row | None, str]]:
    """Every line cut into cells, with the folded line; of a very long line only the beginning is cut.

    A line in which nothing parts cells has no row.
    """
    text, folded = document.text, document.folded
    barred = any(bar in folded for bar in "|│┃")
    rows: list[tuple[Row | None, str]] = []
    offset = 0
    for line in folded.split("\n"):
        parted = barred or " " in line
        raw = text[offset : offset + min(len(line), LONGEST)] if parted else ""
        rows.append((read_row(line, raw, offset) if parted else None, line))
        offset += len(line) + 1
    return rows


def table_cells(rows: Iterable[tuple[Row | None, str]]) -> tuple[Cell, ...]:
    """The cells of every pasted table whose heading row names personal data, with the kind of their column."""
    cells: list[Cell] = []
    heading: Row | None = None
    missed, above = 0, -9
    for number, (row, line) in enumerate(rows):
        if row and (_is_heading(row) or (heading is None and _names_others(row))):
            heading, missed, above = (_both(heading, row) if number == above + 1 else row), 0, number
            continue
        if heading is None or not line.strip():
            continue
        places = settled(row, heading) if row and len(line) <= LONGEST else []
        missed = 0 if places else missed + 1
        if missed > MISSED:
            heading = None
        elif row:
            cells += [
                Cell(row.spans[c], kind, heading.texts[h], number)
                for c, h in places
                if c in row.spans and (kind := heading.kinds[h] or heading.others[h])
            ]
    return tuple(cells)


def _may_hold_pair(row: Row) -> bool:
    """Whether a blank parts no cells of a row, and a word in front of one may be a label."""
    return row.line.count(" ") > row.raw.count("\u3000") and any(map(heading_kind, row.line.split()[:-1]))


def _boxes(rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """Form boxes: `label│value│label│value`, and `label value` parted from the next pair by a wide gap."""
    for row, _ in rows:
        boxed = list(_boxed(row)) if row and (row.ruled or (row.gapped and _may_hold_pair(row))) else []
        if row and boxed and not _is_heading(row):
            yield from boxed


def _boxed(row: Row) -> Iterator[tuple[str, str, Span]]:
    kinds = [*row.kinds, ""] if row.ruled else []
    for place, text in enumerate(row.texts):
        if kinds and kinds[place] and not kinds[place + 1] and place + 1 in row.spans:
            yield kinds[place], text, row.spans[place + 1]
        pair = _PAIR.match(text) if " " in text else None
        if pair and (kind := heading_kind(pair[1])):
            yield kind, pair[1], Span(row.spans[place].start + pair.end(), row.spans[place].end)


def _labelled(text: str) -> Iterator[tuple[str, str, Span]]:
    """Every `label：value`, looked for before each colon: there are few, and many characters."""
    at = 0
    while colon := _COLON.search(text, at):
        before = text[max(at, colon.start() - _REACH) : colon.start()]
        name = _BACKWARDS.match(before[::-1])
        at = colon.end()
        if name:
            label = before[-name.end() :]
            kind = heading_kind(label) or (heading_kind(label.rpartition("  ")[2]) if "  " in label else "")
            start, end = colon.span("value")
            stop = (NEXT if kind in LONG else SHORT).search(text, start + 1, end)
            piece = text[start : stop.start() if stop else end].rstrip(" ,、")
            value = piece.lstrip()
            at = start + len(piece) if value else end
            if kind and value:
                yield kind, label.strip(), Span(at - len(value), at)


def fields(document: Document, rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """`label：value` pairs and form boxes: the kind the label names, the label, the value's span."""
    yield from _labelled(document.folded)
    yield from _boxes(rows)
