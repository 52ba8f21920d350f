"""Minutes taken apart: what a meeting decided, which is to be public, and what was said before, which need not be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from gongkai.model.document import Document, Span
from gongkai.model.lines import Line, lines
from gongkai.model.tablefile import read_rows

_MINUTES = re.compile(r"纪要|会议记录")
_PARTY = re.compile(r"党组|党委|支部")
_SENTENCE = re.compile(r"[^。;!?]+[。;!?]?[”」』)]*")
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、|^第[一二三四五六七八九十]{1,3}[项章]|^【")
_ITEM = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⑳]|[-·])")
_OPENING = 160


class Kind(StrEnum):
    """What a sentence of the minutes is."""

    decided = "decided"
    discussion = "discussion"
    frame = "frame"
    other = "other"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"decided": "议定事项", "discussion": "讨论记录", "frame": "会议情况", "other": "请人工判断"}[self.value]


@dataclass(frozen=True, slots=True)
class MinutesCue:
    """线索: what makes a sentence one of a kind; a `heads` row is a heading that holds until the next one."""

    code: str
    name: str
    kind: str
    pattern: re.Pattern[str]
    heads: bool = False

    def __post_init__(self) -> None:
        if self.kind not in [*Kind]:
            raise ValueError(f"的 kind 应当是 {'、'.join(Kind)} 之一，请改正。")


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring sentences of one kind in one line; `under` is the heading they stand below."""

    span: Span
    kind: Kind
    under: Span | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The pieces in the order of the text; `minutes` is false for a text that doesn't call itself that, `party` true
    for a Party body's, to which the Regulation may not apply."""

    pieces: tuple[Piece, ...]
    minutes: bool
    party: bool

    def of(self, kind: Kind) -> tuple[Piece, ...]:
        """The pieces of a kind."""
        return tuple(piece for piece in self.pieces if piece.kind == kind)


@cache
def cues() -> tuple[MinutesCue, ...]:
    """The rows of minutes.toml. Raises RulebookError."""
    return read_rows(resources.files("gongkai.model.tables"), "minutes.toml", "cue", MinutesCue)


def split(document: Document) -> Minutes:
    """Take minutes apart: by cues, and where a sentence has none by the heading or the words that it goes on from."""
    opening = document.folded[:_OPENING].replace(" ", "")
    pieces = tuple(_joined(_sentences(document)))
    return Minutes(pieces, _MINUTES.search(opening) is not None, _PARTY.search(opening) is not None)


def public_text(document: Document, pieces: Iterable[Piece]) -> str:
    """What was decided as a text of its own, numbered, under the headings it stood below; a draft for a person."""
    told, heading, number = [], None, 0
    for piece in pieces:
        if piece.under != heading and piece.under is not None:
            heading, number = piece.under, 0
            told.append(piece.under.of(document.text).strip())
        said = _ITEM.sub("", piece.span.of(document.text).strip())
        leads = said.endswith((":", "："))  # into what follows
        number += not leads
        told.append(said if leads else f"{number}．{said}")
    return "\n".join(told)


def _sentences(document: Document) -> Iterator[Piece]:
    place = _Place()
    for line in lines(document):
        if line.noise:
            yield Piece(line.span, Kind.frame, place.heading)
            continue
        title = _title(line.text)
        place.enter(line, title)
        for sentence in _SENTENCE.finditer(line.text, len(title)):
            place.mode = _kind(sentence[0].strip(), place.mode)
            yield Piece(Span(line.start + sentence.start(), line.start + sentence.end()), place.mode, place.heading)
            place.mode = place.lead if place.mode == Kind.frame else place.mode
        if line.text.endswith(":"):
            place.lead = place.mode


@dataclass(slots=True)
class _Place:
    """Where one reads: the heading, what it says of all below it, what a line that ended in a colon leads into."""

    heading: Span | None = None
    section: Kind = Kind.other
    lead: Kind = Kind.other
    mode: Kind = Kind.other

    def enter(self, line: Line, title: str) -> None:
        """Begin a line: a heading starts anew, an item goes on from what led into it, other lines from the heading."""
        if title:
            cue = _cue(title, heads=True)
            self.section = Kind(cue.kind) if cue else Kind.other
            self.heading = Span(line.start, line.start + len(title))
        if title or not _ITEM.match(line.text):
            self.lead = self.section
        self.mode = self.lead


def _title(line: str) -> str:
    """The heading at the beginning of a line, up to its first stop; nothing where that itself says something."""
    if _cue(line, heads=True):
        return line
    if not _HEADING.match(line):
        return ""
    first = re.match(r"[^。:;]{2,40}(?:[。:]|$)", line)
    return first[0] if first and _kind(first[0], Kind.other) == Kind.other else ""


def _kind(sentence: str, before: Kind) -> Kind:
    cue = _cue(_ITEM.sub("", sentence).strip(), heads=False)
    return Kind(cue.kind) if cue else before


def _cue(words: str, *, heads: bool) -> MinutesCue | None:
    return next((row for row in cues() if row.heads == heads and row.pattern.search(words)), None)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Sentences of one line and kind together, without what isn't text."""
    last: Piece | None = None
    for piece in pieces:
        if last and last.kind == piece.kind and last.under == piece.under and last.span.end == piece.span.start:
            last = Piece(Span(last.span.start, piece.span.end), last.kind, last.under)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
