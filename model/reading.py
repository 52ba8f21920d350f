"""A document with everything that detectors look at: elements, words, pasted tables. Built once, passed around."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import Any, TypeVar

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements, read_elements
from gongkai.model.folding import fold
from gongkai.model.grid import Cell, fields, table_cells, table_rows
from gongkai.model.headings import OTHER
from gongkai.model.needles import Sifted
from gongkai.model.rulebook import Rulebook
from gongkai.model.stacked import STACKED, short_lines, stacked_cells, stacked_fields
from gongkai.model.words import Segmenter

T = TypeVar("T")
BODY = 20_000
#: Longest text that may be a piece of a document: no more than is read around one person.
EXCERPT = 320
_OVER = "\ua000"  # the first character behind the Chinese ones


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

    @property
    def excerpt(self) -> bool:
        """Whether this is a sentence or a field without a title, as other tools hand them over: who is meant may stand
        outside."""
        return not self.document.title and len(self.text) <= EXCERPT

    @cached_property
    def tight(self) -> str:
        """The folded text without any blank."""
        return "".join(self.text.split())

    @cached_property
    def sifted(self) -> Sifted:
        """Which cues of the tables can't stand in the text."""
        return self.rules.sieve(self.text)

    @cached_property
    def sifted_title(self) -> Sifted:
        """Which cues of the tables may stand in the title: for one out of the text all those of the text."""
        return self.sifted if self.title and self.title in self.text else self.rules.sieve(self.title)

    @cached_property
    def cues(self) -> frozenset[int]:
        """The cues of the tables that may stand in text or title, by their `id`."""
        return self.sifted.left | self.sifted_title.left

    @cached_property
    def speaking(self) -> frozenset[str]:
        """The rows of negative list, catalog and law of which a cue may stand in text or title."""
        return self.rules.speaking(self.cues)

    @cached_property
    def cut(self) -> list[str]:
        """jieba's words, in order."""
        return self.segmenter.cut(self.text)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each word begins, and last the end of the text."""
        return list(accumulate(map(len, self.cut), initial=0))

    @cached_property
    def words(self) -> list[Span]:
        """The words as places."""
        return list(map(Span, self.offsets, self.offsets[1:]))

    @cached_property
    def counted(self) -> dict[str, int]:
        """How often each Chinese word of two characters and more stands in the first `BODY` characters."""
        words = self.cut if len(self.text) <= BODY else self.cut[: bisect_left(self.offsets, BODY)]
        return Counter([word for word in words if "一" <= word < _OVER and "一" <= word[1:2] < _OVER])

    @cached_property
    def starts(self) -> frozenset[int]:
        """Offsets at which a word begins."""
        return frozenset(self.offsets[:-1])

    @cached_property
    def ends(self) -> frozenset[int]:
        """Offsets at which a word ends."""
        return frozenset(self.offsets[1:])

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Cells of pasted tables and values of form fields, with the kind of their heading; those of `OTHER` last."""
        rows = table_rows(self.document)
        lines = short_lines(self.document)
        headed = table_cells(rows)
        cells = (*(c for c in headed if c.kind not in OTHER), *stacked_cells(self.document, lines))
        ends = sorted(cell.span.end for cell in cells)
        starts = sorted(cell.span.start for cell in cells)
        told = chain(fields(self.document, rows), stacked_fields(lines))
        own = [Cell(span, kind, label, -1) for kind, label, span in told]
        own = [c for c in own if bisect_right(ends, c.span.start) == bisect_left(starts, c.span.end)]
        return (*cells, *own, *(c for c in headed if c.kind in OTHER))

    @cached_property
    def _in_order(self) -> tuple[list[int], list[Cell]]:
        cells = sorted((c for c in self.cells if c.kind not in OTHER), key=lambda cell: cell.span.start)
        return [cell.span.start for cell in cells], cells

    @cached_property
    def _known(self) -> dict[int, Any]:
        return {}

    def once(self, maker: object, make: Callable[[str], T]) -> T:
        """What `make` says of the text, worked out once for each `maker`, which has to outlive the reading."""
        known: dict[int, T] = self._known
        if id(maker) not in known:
            known[id(maker)] = make(self.text)
        return known[id(maker)]

    def cell(self, span: Span) -> Cell | None:
        """The cell that a place stands in, under a heading or behind a label of personal data."""
        starts, cells = self._in_order
        at = bisect_right(starts, span.start) - 1
        return cells[at] if at >= 0 and cells[at].span.covers(span) else None

    @cached_property
    def _records(self) -> dict[int, Span]:
        """The records of tables that stand one cell a line, by their number: from the first known cell to the last."""
        found: dict[int, Span] = {}
        for cell in self.cells:
            if cell.row >= STACKED:
                known = found.get(cell.row, cell.span)
                found[cell.row] = Span(min(known.start, cell.span.start), max(known.end, cell.span.end))
        return found

    def row(self, cell: Cell) -> Span:
        """The row or the line that a cell stands in."""
        return self._records.get(cell.row) or self.line(cell.span.start)

    def line(self, at: int) -> Span:
        """The line around an offset, without its newline."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return Span(start, max(end if end >= 0 else len(self.text), start + 1))
