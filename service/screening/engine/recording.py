"""A screening becomes a record: what may be kept of it, and nothing that could show a person or a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.model.deid.hiding import stars
from gongkai.model.deid.redaction import union
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding, Handling, Screening
from gongkai.model.folding import fold
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.likeness import mould, signature
from gongkai.model.reading import Reading
from gongkai.model.references import references
from gongkai.service.desk import Desk
from gongkai.service.screening.intake.fields import plain
from gongkai.service.screening.records import Cited, PartTold, Quote, Record
from gongkai.service.wire import Json

MOST_WORDS = 40
_MOST_QUOTES = 8
_HIDDEN = "＊＊"
_BREAKS = re.compile(r"[。；;！!？?\n]")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a record beside its text: what a register says of it, its parts, and what a person must know."""

    digest: str
    fields: Mapping[str, str]
    parts: tuple[PartTold, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be kept of a screening: the output contract without replacements and names, quotes, hidden fields."""

    result: Json
    quotes: tuple[Quote, ...]
    said: dict[str, str]
    names: _Names


def kept(desk: Desk, screening: Screening, given: Given, shown: Json | None = None) -> Kept:
    """What may be kept of a screening that was not stopped; `shown` is what `desk.shown` says, where it was asked."""
    result = _told(shown or desk.shown(screening), given)
    names = _Names.of(screening.document.text, screening.personal)
    said = {key: names.hide(value) for key, value in hidden(desk, given.fields, screening.opinion.label).items()}
    elements = {key: plain(names.hide(value)) for key, value in result["elements"].items()}
    result |= {"title": said.get("title") or plain(names.hide(result["title"])), "elements": elements}
    # A fast screening finds no names: nothing of the text could be shown safely.
    return Kept(result, tuple(_quotes(screening)) if desk.screener.people else (), said, names)


def recorded(desk: Desk, reading: Reading, screening: Screening, given: Given) -> Record:
    """What is kept of a screening; of a stopped one that it was stopped, and nothing else."""
    if screening.handling == Handling.stop_classified:
        return stopped(_told(desk.shown(screening), given), given.digest)
    mine = kept(desk, screening, given)
    text, said, elements = screening.document.text, mine.said, mine.result["elements"]
    return Record(
        digest=given.digest,
        title=mine.result["title"],
        number=elements["number"] or said.get("number", ""),
        issuer=elements["issuer"] or said.get("issuer", ""),
        issued=elements["issued"] or said.get("issued", ""),
        genre=elements["genre"],
        attribute=screening.opinion.label.value,
        confidence=screening.opinion.confidence,
        handling=screening.handling.value,
        needs_review=bool(mine.result["needs_review"]),
        result=mine.result,
        quotes=mine.quotes,
        cited=tuple(Cited(one.relation, one.number, plain(mine.names.hide(one.title))) for one in references(reading)),
        parts=given.parts,
        signature=signature(text),
        mould=mould(text, [finding.span for finding in screening.personal]),
        characters=len(text),
    )


def hidden(desk: Desk, fields: Mapping[str, str], label: Attribute) -> dict[str, str]:
    """What a register says of a document that will carry `label`, with the personal data in it hidden."""
    words = "\n".join(fields.values())
    if not words:
        return {}
    reading = desk.screener.reading(Document("", words))
    found = desk.screener.data(reading, tuple(numbers(reading.document, reading.cells)), label)
    names = _Names.of(words, found)
    return {key: names.hide(value) for key, value in fields.items()}


def stopped(result: Json, digest: str) -> Record:
    """A record that says of a document only that it carries a secrecy mark."""
    result |= {"title": "", "elements": dict.fromkeys(result["elements"], ""), "negative": [], "personal": []}
    for reason in result["reasons"]:
        reason["evidence"] = []
    attribute = result["attribute"]
    handling = Handling.stop_classified.value
    return Record(digest, "", "", "", "", "", attribute["label"], attribute["confidence"], handling, True, result)


def _told(shown: Json, given: Given) -> Json:
    result = shown | {"id": given.digest}
    result["personal"] = [
        {key: value for key, value in found.items() if key != "replacement"} for found in result["personal"]
    ]
    result["notes"] = [*given.notes, *result["notes"]]
    result["needs_review"] = result["needs_review"] or bool(given.notes)
    return result


@dataclass(frozen=True, slots=True)
class _Names:
    """What must not stand in a title: the masked values of a document, folded and without blanks, the longest first."""

    shown: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str, personal: Iterable[Finding]) -> _Names:
        masked = [f for f in personal if f.action == Action.mask]
        values = {value: f.replacement or stars(value) for f in masked if len(value := _tight(f.span.of(text))) > 1}
        return cls(tuple(sorted(values.items(), key=lambda pair: (-len(pair[0]), pair))))

    def hide(self, title: str) -> str:
        """A title without them, however they are spaced and whatever the width of their characters."""
        places = [at for at, character in enumerate(fold(title)) if not character.isspace()]
        tight, gone = _tight(title), list[tuple[int, int, str]]()
        for value, instead in self.shown:
            at = tight.find(value)
            while at >= 0:
                gone.append((places[at], places[at + len(value) - 1] + 1, instead))
                tight = tight[:at] + "\0" * len(value) + tight[at + len(value) :]
                at = tight.find(value)
        for start, end, instead in sorted(gone, reverse=True):
            title = title[:start] + instead + title[end:]
        return title


def _tight(words: str) -> str:
    """Words as they are compared: folded, which keeps their length, and without blanks."""
    return "".join(fold(words).split())


def _quotes(screening: Screening) -> Iterator[Quote]:
    """The first evidence of each reason and clause."""
    text, kept = screening.document.text, set[str]()
    hidden = union(finding.span for finding in screening.personal)
    places = [(reason.code, f.span) for reason in screening.reasons for f in reason.because]
    places += [(f.kind, f.span) for f in screening.negative]
    for code, span in places:
        if code not in kept and len(kept) < _MOST_QUOTES and (words := quoted(text, span, hidden)):
            kept.add(code)
            yield Quote(code, words)


def quoted(text: str, span: Span, hidden: Sequence[Span]) -> str:
    """At most 40 characters of the sentence around a place, with `hidden` (in order, apart) made unreadable."""
    start, end = _window(text, span)
    pieces, at = [], start
    for hide in hidden:
        if hide.start < end and hide.end > start:
            pieces += [text[at : max(at, hide.start)], _HIDDEN]
            at = min(hide.end, end)
    pieces.append(text[at:end])
    return _BLANKS.sub(" ", "".join(pieces)).strip()[:MOST_WORDS]


def _window(text: str, span: Span) -> tuple[int, int]:
    """The place and what stands around it in its sentence, so that all of it is 40 characters long at most."""
    end = min(span.end, span.start + MOST_WORDS)
    room = (MOST_WORDS - (end - span.start)) // 2
    before = text[span.start - min(room, span.start) : span.start]
    after = text[end : end + room]
    cut = [match.end() for match in _BREAKS.finditer(before)]
    stop = _BREAKS.search(after)
    start = span.start - len(before) + (cut[-1] if cut else 0)
    return start, end + (stop.start() if stop else len(after))
