"""Tables and forms that were pasted as text: which cell stands under which heading, which value behind which label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.headings import heading_kind
from gongkai.model.rows import Row, read_row, settled

LABEL = re.compile(r"(?P<label>(?:[\u4e00-\u9fff][ ]{0,4}){1,9}(?:[（(][\u4e00-\u9fff]{1,4}[)）])?) {0,2}:")
_BACKWARDS = re.compile(r" {0,2}(?:[)）][\u4e00-\u9fff]{1,4}[（(])?(?: {0,4}[\u4e00-\u9fff]){1,9}")
_COLON = re.compile(r":(?<=[\u4e00-\u9fff )）].)(?=[^\n;。])")
FIELD = re.compile(LABEL.pattern + r" ?(?P<value>[^\n;。]{1,80})")
NEXT = re.compile(r" {2,}| (?=[\u4e00-\u9fff]{2,8} ?:)|[|│┃]")
SHORT = re.compile(NEXT.pattern + r"|[,、]")
_REACH = 53  # characters of the longest label
_NO_HEADING = re.compile(r"\d{3}|[:：。]")
_PARTS = re.compile(r"[ \u3000\t|│┃]")
LONG = ("ADDR_HOME", "HEALTH", "FAMILY", "SPECIAL")
_PAIR = re.compile(r"([\u4e00-\u9fff]{2,8}) (?=\S)")
WORD = re.compile(r"[名号别间额数称位务期况型类容注址因族话式社龄分级贴准元字积]$|[)）]$|^$")
MISSED = 3
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a pasted table: its place, the kind its heading names, the heading, its row."""

    span: Span
    kind: str
    heading: str
    row: int


def _is_heading(row: Row) -> bool:
    """Whether a row names columns: short cells without long numbers, enough of which name personal data."""
    filled = [text for text in row.texts if text.strip()]
    if len(filled) < 3 or any(_NO_HEADING.search(text.partition("(")[0].partition("（")[0]) for text in filled):
        return len(filled) == 2 and row.ruled and sum(map(bool, row.kinds)) == 2
    if sum(len(text) > 14 for text in filled) > 1 or (row.ruled and _is_form(row)):
        return False
    return sum(map(bool, row.kinds)) >= (1 if row.ruled or row.gapped else 2)


def _is_form(row: Row) -> bool:
    """Whether cells go label, value, label, value rather than naming columns."""
    labels, values = row.kinds[0::2], row.texts[1::2]
    return len(labels) == len(values) and all(labels) and not any(map(WORD.search, values))


def table_rows(document: Document) -> list[tuple[Row | None, str]]:
    """Every line cut into cells, with the folded line; of a very long line only the beginning is cut.

    A line in which nothing parts cells has no row.
    """
    rows: list[tuple[Row | None, str]] = []
    offset = 0
    for line in document.folded.split("\n"):
        raw = document.text[offset : offset + min(len(line), LONGEST)]
        parts = _PARTS.search(raw.strip(" \u3000\t")) or "|" in line
        rows.append((read_row(line[:LONGEST], raw, offset) if parts else None, line))
        offset += len(line) + 1
    return rows


def table_cells(rows: Iterable[tuple[Row | None, str]]) -> tuple[Cell, ...]:
    """The cells of every pasted table whose heading row names personal data, with the kind of their column."""
    cells: list[Cell] = []
    heading: Row | None = None
    kinds: list[str] = []
    missed = 0
    for number, (row, line) in enumerate(rows):
        if row and row.spans and _is_heading(row):
            heading, missed, kinds = row, 0, row.kinds
            continue
        if heading is None or not line.strip():
            continue
        places = settled(row, heading, kinds) if row and len(line) <= LONGEST else []
        missed = 0 if places else missed + 1
        heading = None if missed > MISSED else heading
        cells += (
            [Cell(row.spans[c], kinds[h], heading.texts[h], number) for c, h in places if kinds[h] and c in row.spans]
            if row and heading
            else []
        )
    return tuple(cells)


def _value(text: str, start: int, end: int, kind: str) -> Span | None:
    piece = text[start:end]
    stop = (NEXT if kind in LONG else SHORT).search(piece, 1)
    piece = (piece[: stop.start()] if stop else piece).rstrip(" ,、")
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + len(piece)) if piece.strip() else None


def _boxes(rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """Form boxes: `label│value│label│value`, and `label value` parted from the next pair by a wide gap."""
    for row, _ in rows:
        if row is None or (not row.ruled and not row.gapped) or _is_heading(row):
            continue
        for place, (text, kind) in enumerate(zip(row.texts, row.kinds, strict=True)):
            if kind and row.ruled and place + 1 in row.spans and not row.kinds[place + 1]:
                yield kind, text, row.spans[place + 1]
            pair = _PAIR.match(text)
            if pair and (kind := heading_kind(pair[1])):
                yield kind, pair[1], Span(row.spans[place].start + pair.end(), row.spans[place].end)


def _labelled(text: str, at: int) -> re.Match[str] | None:
    """The first `label：value` from an offset on, looked for before each colon: there are few, and many characters."""
    while colon := _COLON.search(text, at):
        label = _BACKWARDS.match(text[max(at, colon.start() - _REACH) : colon.start()][::-1])
        if label:
            return FIELD.match(text, colon.start() - label.end())
        at = colon.end()
    return None


def fields(document: Document, rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """`label：value` pairs and form boxes: the kind the label names, the label, the value's span."""
    text = document.folded
    at = 0
    while match := _labelled(text, at):
        label = match["label"]
        kind = heading_kind(label) or (heading_kind(label.rpartition("  ")[2]) if "  " in label else "")
        span = _value(text, match.start("value"), match.end("value"), kind)
        if kind and span:
            yield kind, label.strip(), span
        at = span.end if span else match.end()
    yield from _boxes(rows)
