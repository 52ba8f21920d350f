"""Cells of a workbook: the text that `service/formats/sheet.py` reads from each, and how to put another in."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from gongkai.service.formats.sheet import ahead, cell_text, put_ahead
from gongkai.service.rewriting.officexml import keep_only, remove, telling
from gongkai.service.rewriting.slots import Edit
from gongkai.service.rewriting.strands import Piece, Strand, Words, edited, local

_UNSEEN = re.compile(r"\r")
#: A text, or a long number that is no cell's.
_WRITTEN = re.compile(r'"|(?<![A-Z$0-9])[0-9]{4}')
#: What openpyxl takes out of shared strings: the escape of an underscore.
_ESCAPE = re.compile("x005F_")


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """What the cells of all sheets share; `dates` and `spans` are styles that show numbers as dates or durations."""

    strings: tuple[Element, ...] = ()
    texts: tuple[str, ...] = ()
    dates: frozenset[int] = frozenset()
    spans: frozenset[int] = frozenset()
    mac: bool = False
    #: Styles that put digits before a value: these, and to how many digits the value is filled up.
    ahead: Mapping[int, tuple[str, int]] = field(default_factory=dict)

    def text(self, cell: Element) -> str:
        """As a reader sees it, on one line."""
        kind, style = cell.get("t", "n"), int(cell.get("s", "0"))
        if kind == "inlineStr":
            inside = _part(cell, "is")
            text = cell_text("".join(node.text or "" for node in _nodes(inside))) if inside is not None else ""
            return self._shown(text, style)
        value = _part(cell, "v")
        raw = (value.text if value is not None else None) or ""
        if not raw:
            return ""
        text = self.texts[int(raw)] if kind == "s" else cell_text(self._typed(kind, style, raw))
        return self._shown(text, style)

    def _shown(self, text: str, style: int) -> str:
        return put_ahead(text, *self.ahead.get(style, ("", 0))) or text

    def _typed(self, kind: str, style: int, raw: str) -> object:
        if kind == "n":
            number = float(raw) if any(mark in raw for mark in ".Ee") else int(raw)
            return self._moment(number, style) if style in self.dates else number
        if kind == "b":
            return bool(int(raw))
        return from_ISO8601(raw) if kind == "d" else raw

    def _moment(self, number: float, style: int) -> object:
        epoch = CALENDAR_MAC_1904 if self.mac else CALENDAR_WINDOWS_1900
        try:
            return from_excel(number, epoch, timedelta=style in self.spans)
        except (OverflowError, ValueError):
            return "#VALUE!"

    def rich(self, cell: Element) -> Element | None:
        """The element whose runs make the text of a cell; none for numbers and results of formulas."""
        if cell.get("t") == "inlineStr":
            return _part(cell, "is")
        value = _part(cell, "v")
        if cell.get("t") == "s" and value is not None and value.text:
            return self.strings[int(value.text)]
        return None


def _part(cell: Element, name: str) -> Element | None:
    return next(cell.iterchildren(f"{{*}}{name}"), None)


def open_book(strings: Element | None, styles: Element | None, workbook: Element) -> Book:
    """Readings of words, which spell names, are taken out of the shared strings."""
    entries: tuple[Element, ...] = ()
    if strings is not None:
        etree.strip_elements(strings, "{*}rPh", "{*}phoneticPr", with_tail=False)
        strings.attrib.clear()
        entries = tuple(child for child in strings if local(child) == "si")
        for entry in entries:
            keep_only(entry, ("t", "r"))
            for run in entry.iterchildren("{*}r"):
                keep_only(run, ("rPr", "t"))
    dates, spans = _date_styles(styles) if styles is not None else (frozenset(), frozenset())
    mac = any(node.get("date1904") in ("1", "true") for node in workbook.iter("{*}workbookPr"))
    texts = tuple(cell_text(_ESCAPE.sub("", "".join(n.text or "" for n in _nodes(entry)))) for entry in entries)
    return Book(entries, texts, dates, spans, mac, _ahead(_codes(styles)) if styles is not None else {})


def _ahead(formats: Sequence[str]) -> dict[int, tuple[str, int]]:
    found = ((number, ahead(code)) for number, code in enumerate(formats))
    return {number: digits for number, digits in found if digits[0]}


def _codes(styles: Element) -> list[str]:
    """The number format of each style of cells."""
    custom = {node.get("numFmtId"): node.get("formatCode", "") for node in styles.iter("{*}numFmt")}
    cells = next(styles.iter("{*}cellXfs"), None)
    formats = []
    for style in cells if cells is not None else ():
        number = style.get("numFmtId", "0")
        formats.append(custom.get(number, BUILTIN_FORMATS.get(int(number), "General")))
    return formats


def _date_styles(styles: Element) -> tuple[frozenset[int], frozenset[int]]:
    formats = _codes(styles)
    dates = frozenset(index for index, code in enumerate(formats) if is_date_format(code))
    return dates, frozenset(index for index in dates if is_timedelta_format(formats[index]))


def words(entry: Element) -> Strand:
    """The text of a shared string, an inline string or a comment, across its runs."""
    return Strand(tuple(Piece(node.text, Words(node)) for node in _nodes(entry) if node.text))


def _nodes(entry: Element) -> list[Element]:
    return [
        *entry.iterchildren("{*}t"),
        *(node for run in entry.iterchildren("{*}r") for node in run.iterchildren("{*}t")),
    ]


def flat(text: Strand) -> Strand:
    """One line without blanks at its ends."""
    return text.without(_UNSEEN).on_one_line().stripped()


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell that gets its text in itself: shared strings stay as others need them, formulas give way."""

    element: Element
    book: Book
    text: str

    def change(self, edits: Sequence[Edit]) -> None:
        """Runs keep their looks where the text has runs."""
        cell = self.element
        source, space = self.book.rich(cell), f"{{{etree.QName(cell).namespace}}}"
        inside = cell.makeelement(f"{space}is")
        if source is not None:
            inside.extend(copy.deepcopy(child) for child in source if local(child) in ("t", "r"))
        text = words(inside)
        shown = next((s for s in (flat(text), flat(text.without(_ESCAPE))) if s.text == self.text), None)
        if shown is not None:
            shown.change(edits)
        else:
            for child in list(inside):
                inside.remove(child)
            Words(etree.SubElement(inside, f"{space}t")).write(edited(self.text, edits))
        for child in list(cell):
            cell.remove(child)
        if int(cell.get("s", "0")) in self.book.ahead:
            cell.set("s", "0")
        cell.set("t", "inlineStr")
        cell.append(inside)


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula that gives way to its stored result."""

    element: Element

    def change(self, edits: Sequence[Edit]) -> None:
        """The result has a slot of its own."""
        remove(self.element)


def written(formula: str, names: re.Pattern[str]) -> bool:
    """May a person have written a text or a long number into it, besides `names` of sheets, which have slots."""
    rest = names.sub("", formula)
    return bool(_WRITTEN.search(rest)) or telling(rest)


def forget_unused_strings(strings: Element | None, sheets: Sequence[Element]) -> None:
    """Empty the shared strings that no cell shows any more; their numbers stay."""
    if strings is None:
        return
    used = {
        int(value.text or 0)
        for sheet in sheets
        for cell in sheet.iter("{*}c")
        if cell.get("t") == "s"
        for value in cell.iterchildren("{*}v")
    }
    for number, entry in enumerate(child for child in strings if local(child) == "si"):
        if number not in used:
            for child in list(entry):
                entry.remove(child)
            etree.SubElement(entry, f"{{{etree.QName(entry).namespace}}}t")


def settle_shared_formulas(sheet: Element) -> None:
    """A formula that repeats one that is gone becomes its result."""
    repeated = [node for node in sheet.iter("{*}f") if node.get("t") == "shared"]
    alive = {node.get("si") for node in repeated if node.text}
    for node in repeated:
        if node.get("si") not in alive:
            remove(node)
