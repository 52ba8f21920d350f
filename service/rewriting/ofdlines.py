"""The lines of an OFD as its reader puts them together, each character with the text code that it stands in."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import ofdkit
from lxml.etree import _Element as Element
from ofdkit.layout import page_text

from gongkai.model.errors import CorruptDocument, OversizedDocument
from gongkai.service.rewriting.ofdreduce import named, serialized, zipped

#: Stand-ins for the characters of one page, one for one: what counts as a Chinese character there, and what does not.
_HAN, _OTHER, _ROOM = 0x20000, 0xF0000, 0xFFF0
#: How far text may stick out of the page and still be on it, as for the reader, in mm.
_MARGIN = 2.0

#: Where a character stands: the number of its text code and its place there; several where it is drawn twice.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; a character without places is a gap."""

    page: int
    text: str
    places: tuple[tuple[Place, ...], ...]


def codes(trees: dict[str, Element]) -> list[Element]:
    """The text codes of a package, in a fixed order; their numbers are places in this list."""
    return [code for name in sorted(trees) for code in named(trees[name], "TextCode")]


def shown(text: str | None) -> Iterator[tuple[int, str]]:
    """The characters of a text code that the reader takes, with their places."""
    for place, char in enumerate(text or ""):
        if char == "\t" or unicodedata.category(char) != "Cc":
            yield place, " " if char == "\t" else char


def lines(data: bytes, parts: dict[str, bytes], trees: dict[str, Element]) -> tuple[list[Line], int]:
    """All lines of all pages like the reader's, and the number of pages. Raises CorruptDocument."""
    every = codes(trees)
    texts = [code.text for code in every]
    try:
        for number, code in enumerate(every):
            code.text = str(number) if any(shown(code.text)) else ""
        numbered = zipped(parts | {name: serialized(tree) for name, tree in trees.items()})
    finally:
        for code, text in zip(every, texts, strict=True):
            code.text = text
    with ofdkit.open(data) as real, ofdkit.open(numbered) as marked:
        pairs = zip(real.pages, marked.pages, strict=True)
        found = [line for page, numbers in pairs for line in _page(page, numbers, texts)]
        if real.warnings:  # a page, template or resource that can't be read: its text would be missed silently
            raise CorruptDocument("OFD 文件缺少部分内容，请重新导出后再试。")
        return found, len(real.pages)


def _page(real: ofdkit.Page, marked: ofdkit.Page, texts: list[str | None]) -> Iterator[Line]:
    stand_ins: dict[str, tuple[str, list[Place]]] = {}
    runs: list[ofdkit.TextRun] = []
    seen: dict[tuple[str, int, int], str] = {}
    left, top, width, height = real.box
    for run, mark in zip(real.runs, marked.runs, strict=True):
        if not (left - _MARGIN <= run.x <= left + width + _MARGIN and top - _MARGIN <= run.y <= top + height + _MARGIN):
            continue
        number = int(mark.text)
        key = (run.text, round(run.x * 4), round(run.y * 4))
        places = [(number, place) for place, _ in shown(texts[number])]
        if key in seen:  # drawn twice at one spot
            for char, place in zip(seen[key], places, strict=True):
                if char in stand_ins:
                    stand_ins[char][1].append(place)
            continue
        pairs = zip(run.text, places, strict=True)
        seen[key] = "".join(_stand_in(stand_ins, char, place) for char, place in pairs)
        runs.append(dataclasses.replace(run, text=seen[key]))
    for line in page_text(runs).split("\n"):
        if line.strip():
            found = [stand_ins.get(char, (char, [])) for char in line]
            yield Line(real.index, "".join(char for char, _ in found), tuple(tuple(places) for _, places in found))


def _stand_in(stand_ins: dict[str, tuple[str, list[Place]]], char: str, place: Place) -> str:
    """A character that stands for this one occurrence; blanks stay what they are."""
    if char.isspace():
        return char
    if len(stand_ins) >= _ROOM:
        raise OversizedDocument("OFD 有一页文字过多，请拆分后再提交。")
    code = ord(char)
    han = 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3134F
    made = chr((_HAN if han else _OTHER) + len(stand_ins))
    stand_ins[made] = (char, [place])
    return made
