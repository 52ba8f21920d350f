"""A document in, a screening out: the one object that command line, API and batches call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib import metadata, resources

from gongkai.model import catalog, clauses
from gongkai.model.attribute import Case, by_profile, certain, handling, opinion, reasons
from gongkai.model.document import Document, Span
from gongkai.model.features import features
from gongkai.model.finding import Action, Attribute, Category, Engine, Finding, Handling, Opinion, Screening, Suggestion
from gongkai.model.law import grounds
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.negative import findings, table_hits, with_personal
from gongkai.model.numbers import numbers
from gongkai.model.people import PeopleFinder
from gongkai.model.personal import personal
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import Folder
from gongkai.model.tagger import PersonTagger
from gongkai.model.words import Segmenter

NEW_REGIME = date(2019, 5, 15)
DECLASSIFIED = re.compile(r"已(?:经)?解密|解密(?:日期|时间) ?[::]")


def product_version() -> str:
    """The installed version of gongkai."""
    try:
        return metadata.version("gongkai")
    except metadata.PackageNotFoundError:
        return "0+source"


@dataclass(frozen=True)
class Screener:
    """Rulebook and model folder, loaded once; `screener(document)` suggests."""

    rules: Rulebook
    model: ModelFolder
    segmenter: Segmenter
    people: PeopleFinder
    engine: Engine

    @classmethod
    def load(cls, folder: Folder | None = None, tables: Folder | None = None, profile: str = "default") -> Screener:
        """Load the shipped model and tables, or those of other folders.

        Raises ModelFolderError or RulebookError.
        """
        at = folder or resources.files("gongkai.model.weights")
        rules, model = Rulebook.load(tables, profile), ModelFolder.read(at)
        people = PeopleFinder(PersonTagger(), model.logistic("names.json"), model.logistic("stays.json"))
        engine = Engine(product_version(), str(model.card["version"]), rules.digest, rules.profile.name)
        return cls(rules, model, Segmenter(at), people, engine)

    def __call__(self, document: Document) -> Screening:
        """Everything the product says about one document. A secrecy mark stops it: nothing else is read."""
        reading = self.reading(document)
        mark = secrecy_mark(reading)
        return self._stopped(reading, mark) if mark else self._screened(reading)

    def reading(self, document: Document) -> Reading:
        """The document as the detectors see it."""
        return Reading(document, self.rules, self.segmenter)

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
        return Case(reading, self.model, vector, self.model.logits(vector), held, hits), found

    def _screened(self, reading: Reading) -> Screening:
        case, found = self.case(reading)
        view = opinion(case)
        early = clauses.probabilities(case.hits, case.logits["clause"], view.scores, self.model)
        view = by_profile(view, early, self.rules)
        data = personal(reading, found, self.people(reading, view.label), view.label)
        hits = with_personal(case.hits, reading, clauses.first_places(data))
        odds = clauses.probabilities(hits, case.logits["clause"], view.scores, self.model)
        case = replace(case, hits=hits, clauses=odds)
        categories = catalog.rank(reading, case.logits["category"], view.scores, self.model)
        way = handling(case, view.label, data)
        negative = tuple(findings([(hits[c], p) for c, p in odds.items()], self.rules.profile.negative_threshold))
        return Screening(
            document=reading.document,
            engine=self.engine,
            opinion=view,
            handling=way,
            reasons=reasons(case, view.label, categories[0] if categories else None),
            categories=categories,
            negative=tuple(sorted(negative, key=lambda f: f.span)),
            personal=data,
            elements=reading.elements.shown(),
            needs_review=needs_review(view, way, negative, reading),
            notes=tuple(notes(view, way, data, categories, reading, negative)),
        )


def secrecy_mark(reading: Reading) -> Span | None:
    """Where the document carries a secrecy mark in its head (保密法 articles 14, 20) that is not lifted."""
    span = reading.elements.parts.get("密级和保密期限")
    return None if span is None or DECLASSIFIED.search(reading.text, 0, 600) else span


def needs_review(view: Opinion, way: Handling, negative: Iterable[Finding], reading: Reading) -> bool:
    """Whether the machine asks for a person before anything else: unsure, contradicted, or dangerous to get wrong."""
    unsure = len(view.options) > 1 or view.confidence < reading.rules.profile.review_below
    marked = reading.elements.marked
    against = bool(marked) and marked_attribute(marked) != view.label
    must = {c.id for c in reading.rules.clauses if c.force == "must"}
    risky = view.label == Attribute.proactive and any(f.kind in must for f in negative)
    return unsure or against or risky or way in (Handling.out_of_scope, Handling.stop_classified)


def marked_attribute(marked: str) -> Attribute:
    """The attribute that an annotation (附注) or a field names."""
    if "依申请" in marked:
        return Attribute.on_request
    return Attribute.withheld if re.search(r"不予|不公开|免予|不宜", marked) else Attribute.proactive


def notes(
    view: Opinion,
    way: Handling,
    data: tuple[Finding, ...],
    categories: tuple[Category, ...],
    reading: Reading,
    negative: tuple[Finding, ...],
) -> Iterator[str]:
    """What a person should know or do next, one Chinese sentence each."""
    elements = reading.elements
    if len(view.options) > 1:
        yield f"拿不准：{'、'.join(option.label for option in view.options)}都有可能，请人工判断。"
    if elements.marked and marked_attribute(elements.marked) != view.label:
        yield f"文中标注为“{elements.annotation}”，与建议的{view.label.label}不一致，请核对。"
    if elements.issued and elements.issued < NEW_REGIME:
        yield "文件形成于2019年5月15日条例修订施行之前，按现行条例重新认定。"
    masked = sum(f.action == Action.mask for f in data)
    if masked and view.label != Attribute.withheld:
        yield f"含须遮蔽的个人信息{masked}处，{'公开' if view.label == Attribute.proactive else '提供'}前须去标识化。"
    if way == Handling.out_of_scope:
        yield "可能不属政府信息公开条例调整（党务文件或者登记、档案查询），请按专门规定办理。"
    if any(f.kind in ("NL-02", "NL-22") for f in negative):
        yield "疑似涉及保密事项，公开前须经保密审查（条例第十七条）。"
    if any(f.kind in ("NL-15", "NL-16", "NL-18") for f in negative) and view.label == Attribute.withheld:
        yield "属过程性信息：决定作出后，对最终文件另行判断，并复查本件。"
    if view.label == Attribute.proactive and categories:
        deadline = next((row for row in reading.rules.deadlines if row.code == categories[0].deadline), None)
        if deadline:
            yield f"公开时限：{deadline.name}（{deadline.basis}）。"
