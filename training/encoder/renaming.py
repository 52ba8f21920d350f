"""Marked text with other people in it: each name that is marked replaced by the same invented one everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from gongkai.model.document import Span
from gongkai.training.authored import Marked
from gongkai.training.tagger.naming import Namer

LONGEST = 8


def namer_of(texts: Sequence[tuple[str, Sequence[Marked]]], words: Path) -> Namer:
    """Invents names like those marked in some texts; `words` is the folder of words.txt."""
    lines = (words / "words.txt").read_text("utf-8").split("\n")
    known = [mark.span.of(text) for text, marks in texts for mark in marks if _plain(mark)]
    return Namer(known, [line.rsplit(" ", 1)[0] for line in lines if line])


def _plain(mark: Marked) -> bool:
    return mark.type == "NAME" and len(mark.span) <= LONGEST


@dataclass(frozen=True)
class Renaming:
    """Replaces a share of the names of each text."""

    namer: Namer
    share: float
    random: Random

    def __call__(self, text: str, marks: Sequence[Marked]) -> tuple[str, list[Marked]]:
        """The text with other names, and its marks where they now stand."""
        chosen: dict[str, str] = {}
        pieces: list[str] = []
        found: list[Marked] = []
        at = length = 0
        for mark in sorted(marks, key=lambda mark: mark.span):
            surface = self._other(mark.span.of(text), chosen) if _plain(mark) else mark.span.of(text)
            pieces += [text[at : mark.span.start], surface]
            start = length + mark.span.start - at
            length, at = start + len(surface), mark.span.end
            found.append(Marked(Span(start, length), mark.type, mark.keep))
        return "".join(pieces) + text[at:], found

    def _other(self, name: str, chosen: dict[str, str]) -> str:
        if name not in chosen:
            chosen[name] = self.namer.like(name, self.random) if self.random.random() < self.share else ""
        return chosen[name] or name
