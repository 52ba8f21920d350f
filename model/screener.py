"""A document in, a screening out: the one object that command line, API and batches call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import metadata, resources

from gongkai.model import catalog, clauses
from gongkai.model.attribute import Case, certain, handling, opinion, reasons
from gongkai.model.deid.personal import only_numbers, personal
from gongkai.model.deid.redaction import already
from gongkai.model.document import Document, Span
from gongkai.model.doubt import doubts, needs_review
from gongkai.model.elements import Elements
from gongkai.model.encoder import Encoder, Read
from gongkai.model.facts.spotter import Spotter
from gongkai.model.features import features
from gongkai.model.finding import Attribute, Engine, Finding, Handling, Opinion, Screening, Suggestion
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.law import Ground, grounds
from gongkai.model.localrules import Said, by_default, by_profile
from gongkai.model.mentions.people import PeopleFinder
from gongkai.model.mentions.tagger import PersonTagger
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.negative import Hit, findings, table_hits, with_personal
from gongkai.model.notes import notes
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.spaced import closed
from gongkai.model.tablefile import Folder
from gongkai.model.words import Segmenter

DECLASSIFIED = re.compile(r"已(?:经)?解密|解密(?:日期|时间) ?[::]")


def product_version() -> str:
    """The installed version of gongkai."""
    try:
        return metadata.version("gongkai")
    except metadata.PackageNotFoundError:
        return "0+source"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a model folder holds; nothing of it changes once it is read."""

    model: ModelFolder
    segmenter: Segmenter
    people: PeopleFinder | None
    encoder: Encoder | None
    spotter: Spotter | None


def _read(at: Folder, fast: bool) -> _Parts:
    encoder = None if fast else Encoder.read(at)
    model = ModelFolder.read(at, "combined" if encoder else "linear")
    people = None
    if not fast:
        people = PeopleFinder(PersonTagger(at), model.logistic("names.json"), model.logistic("stays.npz"))
    spotter = None if fast else Spotter.read(at, pieces=encoder.pieces if encoder else None)
    return _Parts(model, Segmenter(at), people, encoder, spotter)


@cache
def _shipped(fast: bool) -> _Parts:
    return _read(resources.files("gongkai.model.weights"), fast)


@dataclass(frozen=True)
class Screener:
    """Rulebook and model folder, loaded once; `screener(document)` suggests.

    `fast` leaves out the encoder, names, addresses and sensitive data: for a first pass over a backlog. `today` tells
    which clauses of the negative list are in force; without it all of them are.
    """

    rules: Rulebook
    model: ModelFolder
    segmenter: Segmenter
    people: PeopleFinder | None
    engine: Engine
    encoder: Encoder | None = None
    spotter: Spotter | None = None
    today: Callable[[], date] | None = None

    @classmethod
    def load(
        cls, folder: Folder | None = None, tables: Folder | None = None, profile: str = "default", fast: bool = False
    ) -> Screener:
        """Load the shipped model and tables, each once for a process, or those of other folders.

        Raises ModelFolderError or RulebookError.
        """
        parts = _read(folder, fast) if folder else _shipped(fast)
        rules = Rulebook.load(tables, profile)
        version = f"{parts.model.card['version']}{'/fast' if fast else ''}"
        engine = Engine(product_version(), version, rules.digest, rules.profile.name)
        return cls(rules, parts.model, parts.segmenter, parts.people, engine, parts.encoder, parts.spotter)

    def __call__(self, document: Document) -> Screening:
        """Everything the product says about one document. A secrecy mark stops it: nothing else is read."""
        return self.judged(self.reading(document))

    def judged(self, reading: Reading) -> Screening:
        """The same for a document whose reading is at hand, so that nothing of it is computed twice."""
        close = closed(reading.document)
        if close:
            return close.told(self._judged(self.reading(close.document)), reading.document)
        return self._judged(reading)

    def _judged(self, reading: Reading) -> Screening:
        mark = secrecy_mark(reading)
        return self._stopped(reading, mark) if mark else self._screened(reading)

    def reading(self, document: Document) -> Reading:
        """The document as the detectors see it."""
        rules = self.rules.on(self.today()) if self.today else self.rules
        return Reading(document, rules, self.segmenter)

    def pipe(self, documents: Iterable[Document]) -> Iterator[Screening]:
        """Screenings in the order of the documents."""
        return map(self, documents)

    def _stopped(self, reading: Reading, mark: Span) -> Screening:
        row, clause = self.rules.reason["W-141"], self.rules.clause["NL-01"]
        hit = Finding(mark, clause.id, 0.97, "negative:NL-01", clause.basis, why=clause.title)
        reason = Suggestion(row.code, 0.97, row.name, row.basis, row.text, (hit,))
        note = "发现密级标志，已停止处理：请勿在非涉密系统中存储、处理本文件，立即交本单位保密工作机构。"
        return Screening(
            document=reading.document,
            engine=self.engine,
            opinion=certain(Attribute.withheld),
            handling=Handling.stop_classified,
            reasons=(reason,),
            negative=(hit,),
            notes=(note,),
        )

    def case(self, reading: Reading) -> tuple[Case, tuple[Finding, ...]]:
        """Features, scores and rules of one reading, and the numbers found in it."""
        found = tuple(numbers(reading.document, reading.cells))
        first = {finding.kind: finding.span for finding in reversed(found)}
        held, hits = tuple(grounds(reading)), table_hits(reading, first)
        vector = features(reading, held, hits, Counter(finding.kind for finding in found))
        read = self.read(reading, marks(held, hits))
        return Case(reading, self.model, vector, self.model.logits(vector), held, hits, read), found

    def read(self, reading: Reading, places: Iterable[Span] = ()) -> Read | None:
        """What the encoder makes of a document, worked out once: long ones are read where the first caller's `places`
        are. None in fast mode."""
        encoder = self.encoder
        return reading.once(encoder, lambda _: encoder(reading, places)) if encoder else None

    def data(self, reading: Reading, found: tuple[Finding, ...], label: Attribute) -> tuple[Finding, ...]:
        """Personal data of a document that will carry `label`; `found` are its numbers."""
        if self.people is None:
            return only_numbers(reading, found, label)
        every = personal(reading, found, self.people(reading, label), label, self.spotter)
        return tuple(finding for finding in every if not already(finding, reading.text))

    def odds(self, case: Case, hits: Mapping[str, Hit]) -> dict[str, float]:
        """Each clause's probability, beside an opinion that does not rest on clauses yet."""
        alone = opinion(replace(case, clauses={})).scores
        return clauses.probabilities(hits, case.logits["clause"], alone, self.model, case.encoded("clause"))

    def view(self, case: Case) -> Opinion:
        """The attribute alone, as the agency's profile has it; personal data is not looked for."""
        return self.settled(case)[0]

    def settled(self, case: Case) -> Said:
        """The same with the sentence that the profile's rule is told by; empty where it changed nothing."""
        odds = self.odds(case, case.hits)
        view, said = by_profile(opinion(replace(case, clauses=odds)), odds, self.rules)
        return (view, said) if said else by_default(view, case.grounds, case.reading)

    def _screened(self, reading: Reading) -> Screening:
        case, found = self.case(reading)
        view, local = self.settled(case)
        data = self.data(reading, found, view.label)
        hits = with_personal(case.hits, reading, clauses.first_places(data))
        case = replace(case, hits=hits, clauses=self.odds(case, hits))
        categories = catalog.rank(reading, case.logits["category"], view.scores, self.model, case.encoded("category"))
        way, doubt = handling(case, view.label, data), doubts(case, view)
        negative = self._negative(case)
        return Screening(
            document=reading.document,
            engine=self.engine,
            opinion=view,
            handling=way,
            reasons=reasons(case, view.label, categories[0] if categories else None),
            categories=categories,
            negative=negative,
            personal=data,
            elements=reading.elements.shown(),
            needs_review=needs_review(view, way, negative, case, doubt),
            notes=(
                *filter(None, (local,)),
                *notes(view, way, data, categories, case, negative, doubt, self.people is None),
            ),
        )

    def _negative(self, case: Case) -> tuple[Finding, ...]:
        """The clauses over the profile's threshold; one without a signal of its own shows the sentence that decided."""
        hits = []
        for name, odds in case.clauses.items():
            hit = case.hits[name]
            probability = clauses.shown(hit, odds)
            if not hit.spans and self.encoder and case.read and probability >= self.rules.profile.negative_threshold:
                hit = replace(hit, spans=tuple(self.encoder.evidence(case.read, case.reading, "clause", name)))
            hits.append((hit, probability))
        return tuple(sorted(findings(hits, self.rules.profile.negative_threshold), key=lambda f: f.span))


def marks(held: Iterable[Ground], hits: Mapping[str, Hit]) -> list[Span]:
    """Places of rules and signals: the passages that the encoder has to see."""
    return [f.span for g in held for f in g.evidence] + [span for hit in hits.values() for span in hit.spans]


def secrecy_mark(reading: Reading) -> Span | None:
    """Where the document carries a secrecy mark in its head (保密法 articles 14, 20) that is not lifted."""
    return live_mark(reading.elements, reading.document)


def live_mark(elements: Elements, document: Document) -> Span | None:
    """The same where only the document's elements were read."""
    span = elements.parts.get("密级和保密期限")
    return None if span is None or DECLASSIFIED.search(document.folded, 0, 600) else span
