"""The slots of a file as one text that is judged, and places in it brought back to the slots."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.model.document import Span
from gongkai.service.rewriting.slots import Edit, Slot

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Joined:
    """All slots behind each other. Build it with `Joined.of`."""

    slots: tuple[Slot, ...]
    starts: tuple[int, ...]
    text: str

    @classmethod
    def of(cls, slots: Iterable[Slot]) -> Joined:
        """Join what is between the slots too; control characters become blanks, one for one."""
        every, starts, pieces, at = tuple(slots), [], [], 0
        for slot in every:
            starts.append(at)
            pieces += [_CONTROLS.sub(_plain, slot.text), slot.after]
            at += len(slot.text) + len(slot.after)
        return cls(every, tuple(starts), "".join(pieces))

    @property
    def body(self) -> str:
        """What a reader of the page sees; the whole text where nothing is shown."""
        end = next((start for start, slot in zip(self.starts, self.slots, strict=True) if not slot.body), None)
        return self.text if end is None or not self.text[:end].strip() else self.text[:end]

    def place(self, at: int) -> str:
        """Where in the file an offset lies, in Chinese."""
        return self.slots[bisect_right(self.starts, at) - 1].place

    def numbered(self, at: int) -> tuple[str, int]:
        """The place of an offset, and which of its paragraphs or rows it is, counted from 1."""
        return self._numbers[bisect_right(self.starts, at) - 1]

    def unit(self, place: str) -> str:
        """What is counted at a place: rows (行) where cells stand beside each other, else paragraphs (段)."""
        return "行" if place in self._tabled else "段"

    @cached_property
    def _tabled(self) -> set[str]:
        return {slot.place for slot in self.slots if slot.after == "\t"}

    @cached_property
    def _numbers(self) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        numbered, before = [], ""
        for slot in self.slots:
            counts[slot.place] += before != slot.place
            numbered.append((slot.place, counts[slot.place]))
            before = "" if "\n" in slot.after else slot.place
        return numbered

    def pieces(self, span: Span) -> list[tuple[int, Span]]:
        """A span cut at the ends of slots: the slot's index and the span inside it; what is between them is left."""
        found, index = [], max(bisect_right(self.starts, span.start) - 1, 0)
        while index < len(self.slots) and self.starts[index] < span.end:
            start = max(span.start - self.starts[index], 0)
            end = min(span.end - self.starts[index], len(self.slots[index].text))
            if start < end:
                found.append((index, Span(start, end)))
            index += 1
        return found

    def edits(self, replaced: Iterable[tuple[Span, str]]) -> dict[int, list[Edit]]:
        """Replacements of spans as edits of the slots: the first piece gets the words, the others become empty."""
        every: dict[int, list[Edit]] = defaultdict(list)
        for span, text in replaced:
            for number, (index, inside) in enumerate(self.pieces(span)):
                every[index].append(Edit(inside, "" if number else text))
        return dict(every)

    def edited(self, edits: dict[int, list[Edit]]) -> Edited:
        """The same slots as they will read after the edits."""
        slots, regions, at = [], [], 0
        for index, slot in enumerate(self.slots):
            text, places = _carried_out(slot.text, edits.get(index, ()))
            regions += [(at + new, at + new_end, self.starts[index] + old.end) for new, new_end, old in places]
            slots.append(Slot(text, slot.place, slot.after, slot.body))
            at += len(text) + len(slot.after)
        return Edited(Joined.of(slots), tuple(regions), self)


@dataclass(frozen=True)
class Edited:
    """Slots after their edits: where replacements stand now, and where everything else stood before."""

    now: Joined
    regions: tuple[tuple[int, int, int], ...]
    before: Joined

    def replaced(self, span: Span) -> bool:
        """Whether a span of the new text touches a replacement."""
        last = bisect_right(self.regions, (span.end, len(self.now.text) + 1, 0)) - 1
        return last >= 0 and self.regions[last][1] >= span.start

    def moved(self, span: Span) -> int:
        """Where the replacement of a span, which must be one that was edited, begins now."""
        index, inside = self.before.pieces(span)[0]
        return self._by_end[self.before.starts[index] + inside.end]

    @cached_property
    def _by_end(self) -> dict[int, int]:
        return {old_end: new for new, _, old_end in self.regions}

    def back(self, span: Span) -> Span:
        """Where a span that touches no replacement stood before."""
        shift = self._shift(span.start)
        return Span(span.start + shift, span.end - 1 + self._shift(span.end - 1) + 1)

    def _shift(self, at: int) -> int:
        """How far text at an offset has moved: edits before it in all slots, counted from their ends."""
        last = bisect_right(self.regions, (at, len(self.now.text) + 1, 0)) - 1
        if last < 0:
            return 0
        _, new_end, old_end = self.regions[last]
        return old_end - new_end


def _plain(match: re.Match[str]) -> str:
    return "\n" if match.group() == "\r" else " "


def _carried_out(text: str, edits: Sequence[Edit]) -> tuple[str, list[tuple[int, int, Span]]]:
    pieces, places, at, size = [], [], 0, 0
    for edit in sorted(edits, key=lambda e: e.span):
        pieces += [text[at : edit.span.start], edit.text]
        size += edit.span.start - at
        places.append((size, size + len(edit.text), edit.span))
        size += len(edit.text)
        at = edit.span.end
    return "".join([*pieces, text[at:]]), places


def carried_out(text: str, edits: Sequence[Edit]) -> str:
    """A slot's text after its edits, which don't overlap."""
    return _carried_out(text, edits)[0]
