"""Texts with a blank after nearly every character, as recognisers of pictures and letter-spaced files give them.

Words, names and sentences are torn apart in them: they are read without these blanks, as every text is read without
characters of no width and the returns of Windows, and what is found is told at its place in the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.model.document import Document, Span
from gongkai.model.finding import Finding, Screening, Suggestion
from gongkai.model.folding import fold

#: Share of the characters in a text, and in a line of it, behind which a blank stands for it to be read closely.
TEXT, LINE = 0.4, 0.4
_HAN = r"\u3400-\u9fff"
_TORN = re.compile(rf"[{_HAN}] (?=[{_HAN}])")
_CHARACTER = re.compile(rf"[{_HAN}]")
#: A blank between two characters, or one and a mark, a digit or a letter; what parts columns is wider.
_BLANK = re.compile(rf"(?<=[{_HAN},。;:、!?()《》“”]) (?=[\w,。;:、!?()《》“”])|(?<=\w) (?=[{_HAN},。;:、!?()《》“”])")

#: Characters of no width, a byte order mark and a hyphen that is seen at a line's end alone; returns before a new line.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|\r(?=\n)")


@dataclass(frozen=True)
class Closed:
    """A document without what tears it apart, and where each of its characters stands in the text as read."""

    document: Document
    places: Sequence[int]

    def span(self, span: Span) -> Span:
        """A place of the closed text in the text as read."""
        return Span(self.places[span.start], self.places[span.end - 1] + 1)

    def told(self, screening: Screening, document: Document) -> Screening:
        """What was said of the closed text, of `document` as read."""
        return replace(
            screening,
            document=document,
            reasons=tuple(map(self._reason, screening.reasons)),
            negative=tuple(map(self._finding, screening.negative)),
            personal=tuple(map(self._finding, screening.personal)),
        )

    def _finding(self, finding: Finding) -> Finding:
        return replace(finding, span=self.span(finding.span))

    def _reason(self, reason: Suggestion) -> Suggestion:
        return replace(reason, because=tuple(map(self._finding, reason.because)))


def _torn(text: str, least: float) -> bool:
    """Whether so many of a text's characters are followed by a blank and one more."""
    apart = len(_TORN.findall(text)) if " " in text else 0
    return apart > 1 and apart >= least * len(_CHARACTER.findall(text))


def closed(document: Document) -> Closed | None:
    """The document without what tears its words apart; None where nothing does."""
    folded = document.folded
    gone = set(_gone(document.text, folded))
    if not gone:
        return None
    apart = set(_gone(document.title, fold(document.title)))
    left = [place for place in range(len(folded)) if place not in gone]
    titled = "".join(char for place, char in enumerate(document.title) if place not in apart)
    return Closed(Document(document.id, "".join(document.text[place] for place in left), titled), left)


def _gone(text: str, folded: str) -> Iterator[int]:
    """The places of what tears a text apart: in torn lines of a torn text the blanks that part no columns."""
    yield from (match.start() for match in _UNSEEN.finditer(text))
    if folded.count(" ") * 6 < len(folded) or not _torn(folded, TEXT):
        return
    at = 0
    for line in folded.split("\n"):
        if _torn(line, LINE):
            yield from (at + match.start() for match in _BLANK.finditer(line))
        at += len(line) + 1
