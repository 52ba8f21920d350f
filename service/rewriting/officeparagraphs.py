"""The text of a paragraph across its runs, as `service/formats/word.py` reads it, and where each character stands."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from gongkai.service.formats.word import MARKS, SKIPPED, symbol, written
from gongkai.service.rewriting.strands import Mark, Piece, Strand, Words, local


def inline(paragraph: Element) -> Strand:
    """Text, tabs and breaks; text boxes anchored in the paragraph are none of it."""
    return Strand(tuple(piece for piece in _pieces(paragraph) if piece.text))


def _pieces(element: Element) -> Iterator[Piece]:
    for child in element:
        tag = local(child)
        if tag == "t":
            yield Piece(written(child), Words(child))
        elif tag in MARKS:
            yield Piece(MARKS[tag], Mark(child, MARKS[tag]))
        elif tag == "sym":
            yield Piece(symbol(child), Mark(child, symbol(child)))
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _pieces(child)
