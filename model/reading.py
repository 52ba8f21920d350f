"""A document with everything that detectors look at: elements, words, pasted tables. Built once, passed around."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements, read_elements
from gongkai.model.folding import fold
from gongkai.model.grid import Cell, fields, table_cells, table_rows
from gongkai.model.needles import grams
from gongkai.model.rulebook import Rulebook
from gongkai.model.words import Segmenter


@dataclass(frozen=True)
class Reading:
    """One document as the detectors see it."""

    document: Document
    rules: Rulebook
    segmenter: Segmenter

    @property
    def text(self) -> str:
        """The folded text; its offsets are those of the text as read."""
        return self.document.folded

    @cached_property
    def elements(self) -> Elements:
        """Parts, genre, draft mark."""
        return read_elements(self.document, self.rules)

    @cached_property
    def title(self) -> str:
        """The folded title."""
        return fold(self.elements.title)

    @cached_property
    def grams(self) -> frozenset[str]:
        """What `needles.may_match` needs to know of the text."""
        return grams(self.text)

    @cached_property
    def words(self) -> list[Span]:
        """jieba's words, in order."""
        return self.segmenter.cut(self.text)

    @cached_property
    def starts(self) -> frozenset[int]:
        """Offsets at which a word begins."""
        return frozenset(word.start for word in self.words)

    @cached_property
    def ends(self) -> frozenset[int]:
        """Offsets at which a word ends."""
        return frozenset(word.end for word in self.words)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Cells of pasted tables and values of form fields, with the kind of their heading."""
        rows = table_rows(self.document)
        cells = list(table_cells(rows))
        taken = [cell.span for cell in cells]
        for kind, label, span in fields(self.document, rows):
            if not any(span.overlaps(other) for other in taken):
                cells.append(Cell(span, kind, label, -1))
        return tuple(cells)

    @cached_property
    def _by_start(self) -> dict[int, Span]:
        return {word.start: word for word in self.words}

    @cached_property
    def _by_end(self) -> dict[int, Span]:
        return {word.end: word for word in self.words}

    def word_before(self, at: int) -> str:
        """The word that ends at an offset; empty when none does."""
        word = self._by_end.get(at)
        return word.of(self.text) if word else ""

    def word_after(self, at: int) -> str:
        """The word that begins at an offset; empty when none does."""
        word = self._by_start.get(at)
        return word.of(self.text) if word else ""

    def line(self, at: int) -> Span:
        """The line around an offset, without its newline."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return Span(start, max(end if end >= 0 else len(self.text), start + 1))
