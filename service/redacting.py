"""A file without its personal data: taken apart, judged, written anew, and proven by reading it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.model.deid.hiding import Style, hidden
from gongkai.model.deid.personal import joined
from gongkai.model.deid.proof import NUMBERS, PERSONS, Values, normal
from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.finding import Action, Attribute, Finding, Handling, Screening
from gongkai.model.folding import fold
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.screener import DECLASSIFIED, Screener
from gongkai.service.crew.orders import Ruling
from gongkai.service.limits import Limits
from gongkai.service.proving import Parts, Remnant, Ways, again, failure, readable, safely, short_remains, what_remains
from gongkai.service.rewriting.joined import Edited, Joined
from gongkai.service.rewriting.slots import OpenFile, Rewritten
from gongkai.service.rulings import Rulings

STOP = "发现密级标志，已停止处理：请勿在非涉密系统中存储、处理本文件，立即交本单位保密工作机构。"
ROUNDS = 3
#: How often a copy is written: what the proof of one still finds is hidden in the next.
COPIES = 3
SURE = 0.5
_MARK = re.compile(r" *(?:绝密|机密|秘密) ?[★☆]")
_SHOWN = re.compile(r"[*某〔〕]")
_PROVEN = NUMBERS | PERSONS | {"ADDR_HOME"}


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is redacted: the style of hiding, what becomes of pictures (`blank` or `keep`), and what a person
    rules about places of the judged text."""

    style: Style = field(default_factory=Style)
    pictures: str = "blank"
    rulings: tuple[Ruling, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Copy:
    """A proven copy of a file, and what was judged: all findings count characters of `judged.text`."""

    name: str
    source: bytes = field(repr=False)
    written: Rewritten = field(repr=False)
    judged: Joined = field(repr=False)
    screening: Screening = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    edited: Edited = field(repr=False)
    style: Style
    values: int
    parts: int

    @property
    def hidden(self) -> tuple[Finding, ...]:
        """What was replaced."""
        return tuple(f for f in self.findings if f.action == Action.mask)

    @property
    def kept(self) -> tuple[Finding, ...]:
        """Personal data that stays, with the reason."""
        return tuple(f for f in self.findings if f.action == Action.keep)


def redact_file(screener: Screener, data: bytes, name: str, limits: Limits, options: Options | None = None) -> Copy:
    """A proven copy of a file in its own format.

    Raises DocumentError (UnsupportedPart where a part can't be made safe, ClassifiedDocument for a secrecy mark),
    RequestError for a ruling that can't be and ProofFailed when the written bytes still hold something.
    """
    chosen = options or Options()
    ways, source, judged, screening, judge = _opened(screener, data, name, limits, chosen)
    findings: Sequence[Finding] = judge.first(judged, screening)
    judge = judge.ruled(chosen.rulings, findings, judged.text)
    for _ in range(COPIES):
        findings, edited = judge.settled(judged, findings)
        proven = _proven(judge, ways, source, judged, findings, edited)
        if not proven.left:
            values = judge.values(findings, judged.text).hidden
            return Copy(
                name, data, proven.written, judged, screening, findings, edited, chosen.style, values, proven.parts
            )
        if not proven.again:
            break
        findings = judge.joined([*findings, *proven.again], judged.text)
    raise failure(proven.left, screener.rules)


@dataclass(frozen=True)
class Draft:
    """What a copy would hide, where none passes its proof: nothing is written, a person has to rule."""

    judged: Joined = field(repr=False)
    screening: Screening = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)


def draft_file(screener: Screener, data: bytes, name: str, limits: Limits, options: Options | None = None) -> Draft:
    """A file judged as for a copy, without one. Raises what `redact_file` raises but ProofFailed."""
    _, _, judged, screening, judge = _opened(screener, data, name, limits, options or Options())
    return Draft(judged, screening, judge.drafted(judged, screening))


def _opened(
    screener: Screener, data: bytes, name: str, limits: Limits, chosen: Options
) -> tuple[Ways, OpenFile, Joined, Screening, _Judge]:
    ways = Ways.of(name, limits, chosen.pictures)
    readable(data, name, limits)
    source = safely(lambda: ways.opens(data, limits))
    judged = Joined.of(safely(lambda: source.slots))
    screening = _screened(screener, name, judged)
    return ways, source, judged, screening, _Judge(screener, screening.opinion.label, chosen.style)


@dataclass(frozen=True, slots=True)
class _Proven:
    """A written copy: what its proof still finds, and where in the judged text that stands as well."""

    written: Rewritten = field(repr=False)
    parts: int
    left: list[tuple[str, str]]
    again: tuple[Finding, ...] = field(repr=False)


def _proven(
    judge: _Judge, ways: Ways, source: OpenFile, judged: Joined, findings: Sequence[Finding], edited: Edited
) -> _Proven:
    """One copy, written and read back. A box moves what stands beside it: cells may only now be seen to be one."""
    edits = judged.edits((f.span, f.replacement) for f in findings if _goes(f))
    written = safely(lambda: source.rewrite(edits))
    after, parts = ways.read_back(written.data)
    left = _left(judge, judged, findings, edited, parts, after.text)
    new = judge.new(after.text, findings, judged.text) if after.text != edited.now.text else []
    told = "\n".join(f.replacement for f in findings if _goes(f))  # a picture may be read with gaps within one
    left += [Remnant(after.place(f.span.start), f, said) for f in new if (said := f.span.of(after.text)) not in told]
    gone = [f.span for f in findings if _goes(f)] + judge.rulings.spans
    more = tuple(f for f in again(left, judged.text) if not any(span.covers(f.span) for span in gone))
    return _Proven(written, len(parts), [(one.place, one.finding.kind) for one in left], more)


def _left(
    judge: _Judge, judged: Joined, findings: Sequence[Finding], edited: Edited, parts: Parts, after: str
) -> list[Remnant]:
    """What of the hidden values stands in a written file, more often than where the officer keeps it."""
    values, rulings = judge.values(findings, judged.text), judge.rulings
    left = what_remains(values, parts, rulings.expected(values, judged.text), rulings.cards(judged.text))
    short = rulings.short(values, judged.text)
    return left + short_remains(short, judged.text, edited.now.text, [("正文", after)], parts)


def beside(finding: Finding) -> int:
    """How far behind it a replacement shows that it is part of one: 欧 alone may be read in 欧阳某某."""
    return 2 if finding.kind in PERSONS and len(finding.span) == 1 else 1


def _goes(finding: Finding) -> bool:
    return finding.action == Action.mask


def _screened(screener: Screener, name: str, judged: Joined) -> Screening:
    """What the product says about the body. Raises ClassifiedDocument for a secrecy mark anywhere in the file."""
    screening = screener(Document(name, judged.body))
    apart = (fold(slot.text) for slot in judged.slots if not slot.body or slot.place.startswith(("页眉", "页脚")))
    marked = any(_MARK.match(text) and not DECLASSIFIED.search(text) for text in apart)
    if marked or screening.handling == Handling.stop_classified:
        raise ClassifiedDocument(STOP)
    return screening


@dataclass(frozen=True)
class _Judge:
    """What is personal data in a text, under the attribute that the body was given."""

    screener: Screener
    label: Attribute
    style: Style
    rulings: Rulings = field(default_factory=Rulings)

    def ruled(self, given: Sequence[Ruling], findings: Sequence[Finding], text: str) -> _Judge:
        """The same judge under what a person rules. Raises RequestError."""
        if not given:
            return self
        rulings = Rulings.of(given, findings, text, self.screener.rules, self.screener.segmenter)
        return replace(self, rulings=rulings)

    def joined(self, findings: Iterable[Finding], text: str) -> tuple[Finding, ...]:
        """Findings without overlaps; the machine's give way to what a person rules."""
        return self.rulings.over(joined(self.rulings.machine(findings), text), text)

    def values(self, findings: Sequence[Finding], text: str) -> Values:
        """What a copy must not hold."""
        return self.rulings.values(findings, text, self.screener.segmenter)

    def found(self, text: str) -> tuple[Finding, ...]:
        if not text.strip():
            return ()
        reading = self.screener.reading(Document("", text))
        return self.screener.data(reading, tuple(numbers(reading.document, reading.cells)), self.label)

    def first(self, judged: Joined, screening: Screening) -> tuple[Finding, ...]:
        """What is found before anything is hidden."""
        return *screening.personal, *self._behind(judged, screening.personal)

    def drafted(self, judged: Joined, screening: Screening) -> tuple[Finding, ...]:
        """The same at every place of its values, with replacements."""
        return tuple(self._replaced(self._swept(self.first(judged, screening), judged.text), judged.text))

    def settled(self, judged: Joined, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], Edited]:
        """All findings with replacements, and the text as it will read.

        What is hidden once is hidden everywhere. What the judge sees only when the rest is hidden is hidden too; should
        there be no end to it, ProofFailed is raised.
        """
        findings = self.rulings.over(findings, judged.text)
        for _ in range(ROUNDS):
            findings = self._replaced(self._swept(findings, judged.text), judged.text)
            edited = judged.edited(judged.edits((f.span, f.replacement) for f in findings if _goes(f)))
            new = [f for f in self.new(edited.now.text, findings, judged.text) if not self._own(edited, f)]
            if not new:
                return tuple(findings), edited
            more = (replace(f, span=edited.back(f.span)) for f in new)
            findings = self.joined([*findings, *more], judged.text)
        raise failure(((edited.now.place(f.span.start), f.kind) for f in new), self.screener.rules)

    def _behind(self, judged: Joined, shown: Sequence[Finding]) -> Iterator[Finding]:
        """Personal data in what is hidden in the file; a name that the body settles is settled there as well."""
        if judged.body == judged.text:
            return
        settled = {normal(f.kind, f.span.of(judged.text)): f for f in shown if f.kind in PERSONS}
        for finding in self.found(judged.text):
            if finding.span.start >= len(judged.body):
                known = (
                    settled.get(normal(finding.kind, finding.span.of(judged.text))) if finding.kind in PERSONS else None
                )
                yield replace(known, span=finding.span) if known else finding

    def _swept(self, findings: Sequence[Finding], text: str) -> tuple[Finding, ...]:
        hits = self.values(findings, text).hits(text)
        places = {f.span for f in findings if _goes(f)}
        more = [replace(h.value, span=h.span, source=f"{h.value.source}:sweep") for h in hits if h.span not in places]
        return self.joined([*findings, *more], text) if more else tuple(findings)

    def _replaced(self, findings: Sequence[Finding], text: str) -> tuple[Finding, ...]:
        """With replacements. Raises RequestError for one of the officer's own that holds what is hidden."""
        shown = self.rulings.replaced(hidden(findings, text, self.screener.rules, self.style), text)
        self.rulings.check(self.values(shown, text))
        return shown

    def _own(self, edited: Edited, finding: Finding) -> bool:
        """Whether something new stands where the officer wrote the words."""
        return bool(self.rulings.shown) and edited.replaced(finding.span)

    def new(self, text: str, findings: Iterable[Finding], before: str) -> list[Finding]:
        """Personal data in a redacted text that should not be there: no replacement, nothing that was kept before."""
        kept = {f.span.of(before) for f in findings if not _goes(f)}
        found = [f for f in self.found(text) if _goes(f) and f.kind in _PROVEN and f.score >= SURE]
        around = [(f, text[max(f.span.start - 1, 0) : f.span.end + beside(f)]) for f in found]
        new = [f for f, piece in around if f.span.of(text) not in kept and not _SHOWN.search(piece)]
        return [f for f in new if not self.rulings.settles(f.span.of(text))]
