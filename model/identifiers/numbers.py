"""Numbers that name a person, by pattern, check digit and the label beside them.

A number with a wrong check digit is still found when its label says what it is, at lower confidence. Look-alikes
(credit codes, case, project, contract and file numbers) stay.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from gongkai.model.document import Document, Span
from gongkai.model.finding import Finding
from gongkai.model.grid import Cell
from gongkai.model.identifiers.accounts import bank_accounts, chats, mail, of_office
from gongkai.model.identifiers.checkdigits import id_check, id_plausible, luhn
from gongkai.model.identifiers.digits import Scan, bare
from gongkai.model.identifiers.identity import identity_cards
from gongkai.model.identifiers.papers import papers, plates
from gongkai.model.identifiers.phones import is_mobile, phones
from gongkai.model.identifiers.spoken import spoken
from gongkai.model.rows import parted

DETECTORS: dict[str, Callable[[Scan], Iterable[Finding]]] = {
    "id_cards": identity_cards,
    "phones": phones,
    "spoken": lambda scan: spoken(scan.text),
    "bank_accounts": bank_accounts,
    "papers": papers,
    "plates": plates,
    "mail": lambda scan: mail(scan.text),
    "chats": lambda scan: chats(scan.text),
}
_COLUMN = {
    "ID_CARD": re.compile(r"^[\dlI][\dXx×OoIl]*(?: ?-?[\dXx×OoIl]+){0,20}"),
    "PHONE_MOBILE": re.compile(r"^\+?[\dlI(][\dOoIl() \-]{6,20}$"),
    "BANK": re.compile(r"(?<![\dA-Za-z])[\dl][\d \-OlI]{8,26}$"),
    "EDU": re.compile(r"^[A-Z]?\d{6,20}$"),
    "SSN": re.compile(r"^(?=.*\d)[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){5,20}$"),
    "PASSPORT": re.compile(r"^[A-Z]{0,2}\d{6,10}$"),
    "WECHAT": re.compile(r"^[0-9A-Za-z][0-9A-Za-z_-]{4,19}$"),
}
#: How many digits a mobile has.
_MOBILE = 11
_LEAST = {"ID_CARD": 13, "BANK": 9}
#: What two parts of a number make that a narrow cell broke over two rows.
_MADE: dict[str, Callable[[str], object]] = {
    "ID_CARD": lambda number: re.fullmatch(r"[1-9]\d{16}[\dX]", number) and id_check(number) and id_plausible(number),
    "PHONE_MOBILE": re.compile(r"1[3-9]\d{9}").fullmatch,
    "BANK": lambda number: re.fullmatch(r"6\d{15,18}", number) and luhn(number),
}
_PART = re.compile(r"\d[\d -]*[Xx]?")


def id_cards(text: str) -> Iterator[Finding]:
    """Identity cards alone, in a folded text."""
    return identity_cards(Scan.of(text))


def in_columns(text: str, cells: Iterable[Cell]) -> Iterator[Finding]:
    """Numbers under a heading that says what they are; the column decides even when the check digit is wrong."""
    for cell in cells:
        pattern = _COLUMN.get(cell.kind)
        found = pattern.search(piece := cell.span.of(text)) if pattern else None
        if not found or len(number := bare(found.group())) < _LEAST.get(cell.kind, 6) or number[:-1].count("X") > 1:
            continue
        kind = "PHONE_FIX" if cell.kind == "PHONE_MOBILE" and not is_mobile(piece) else cell.kind
        start, end = cell.span.start + found.start(), cell.span.start + found.end()
        if cell.kind == "BANK" and cell.row < 0 and of_office(text, start, end):
            continue
        yield Finding(_unbracketed(text, start, end), kind, 0.85, "column:" + kind)


def broken(text: str, cells: Iterable[Cell]) -> Iterator[Finding]:
    """Numbers of which the one part stands in a cell and the other below it, where both together are right."""
    places = {(cell.kind, cell.heading, cell.row): cell for cell in cells if cell.kind in _MADE and cell.row >= 0}
    for (kind, heading, row), cell in places.items():
        below = places.get((kind, heading, row + 1))
        parts = [part.span.of(text) for part in (cell, below) if part]
        if below and all(map(_PART.fullmatch, parts)) and _MADE[kind](bare("".join(parts))):
            for part in (cell, below):
                yield Finding(part.span, kind, 0.85, "column:" + kind)


def _unbracketed(text: str, start: int, end: int) -> Span:
    """A cell without brackets around the whole of it, and without one of which the other stands outside."""
    if text[end - 1] == ")" and (text[start] == "(" or "(" not in text[start:end]):
        end -= 1
        start += text[start] == "("
    return Span(start, end)


def _exams(text: str, cells: Iterable[Cell]) -> set[Span]:
    """Cells of a column of examination numbers that begin like the one above or below: none of them is a mobile."""
    column = [cell for cell in cells if cell.kind == "EDU" and "号" in cell.heading and len(cell.span) == _MOBILE]
    pairs = [(one, other) for one, other in pairwise(column) if one.span.of(text)[:5] == other.span.of(text)[:5]]
    return {cell.span for pair in pairs for cell in pair}


def _things(text: str, cells: Iterable[Cell]) -> set[Span]:
    """Cells that look like a mobile under a heading of other numbers, or of sums, some of which look otherwise."""
    found: set[Span] = set()
    columns: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.kind in ("NUMBER", "SUM", "FIN") and cell.row >= 0:
            columns[cell.kind, cell.heading].append(cell)
    for (kind, _), column in columns.items():
        alike = {cell.span for cell in column if len(cell.span) == _MOBILE and cell.span.of(text).isdigit()}
        if kind == "NUMBER" or (alike and len(alike) < len(column)):
            found |= alike
    return found


def numbers(document: Document, cells: Sequence[Cell] = ()) -> Iterator[Finding]:
    """Every number that names a person in the document. A tab ends a number; the columns decide for themselves."""
    scan = Scan.of(parted(document))
    others = _exams(document.folded, cells) | _things(document.folded, cells)
    for detector in DETECTORS.values():
        yield from (finding for finding in detector(scan) if finding.span not in others)
    yield from in_columns(document.folded, cells)
    yield from broken(document.folded, cells)
