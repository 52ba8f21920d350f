"""Each system as somebody would set it up for Chinese without a network, by its own documentation."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from documents import Paper

from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.screener import Screener

Found = tuple[int, int, str]
Seek = Callable[[Paper], list[Found]]
#: A character that no pattern takes for a letter, a digit or a blank.
COVER = "\ue000"
#: Methods of JioNLP; those for chat accounts with their default, strict.
EXTRACTORS = ("id_card", "phone_number", "motor_vehicle_licence_plate", "qq", "wechat_id")


@dataclass(frozen=True)
class System:
    """What a loaded system hides in a document, and what it finds where that is more."""

    hides: Seek
    finds: Seek


def _same(seek: Seek) -> System:
    return System(seek, seek)


def _placed(findings: Iterable[Finding]) -> list[Found]:
    return [(f.span.start, f.span.end, f.kind) for f in findings]


def gongkai() -> System:
    """Everything on: attribute, names, addresses, sensitive data, stay or hide."""
    screener = Screener.load()

    def hides(paper: Paper) -> list[Found]:
        return _placed(f for f in screener(paper.fresh()).personal if f.action == Action.mask)

    return System(hides, lambda paper: _placed(screener(paper.fresh()).personal))


def gongkai_personal() -> System:
    """The same masks; the attribute, which stay or hide needs, is known beforehand and not timed."""
    screener, labels = Screener.load(), {}

    def finds(paper: Paper) -> tuple[Finding, ...]:
        if paper.text not in labels:
            labels[paper.text] = screener(paper.fresh()).opinion.label
        reading, label = screener.reading(paper.fresh()), labels[paper.text]
        found = tuple(numbers(reading.document, reading.cells))
        return screener.data(reading, tuple(found), label)

    def hides(paper: Paper) -> list[Found]:
        return _placed(f for f in finds(paper) if f.action == Action.mask)

    return System(hides, lambda paper: _placed(finds(paper)))


def gongkai_numbers() -> System:
    """The detectors of numbers, tables read; neither names nor stay or hide."""
    screener = Screener.load(fast=True)

    def hides(paper: Paper) -> list[Found]:
        reading = screener.reading(paper.fresh())
        return _placed(numbers(reading.document, reading.cells))

    return _same(hides)


def presidio_stock() -> System:
    """Its own recognizers for zh (those of no country) over spaCy's blank zh: a model for names has to be fetched."""
    import presidio_lac  # noqa: F401, from then on the e-mail recognizer fetches nothing
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    engine = SpacyNlpEngine([{"lang_code": "zh", "model_name": "blank"}])
    engine.nlp = {"zh": spacy.blank("zh")}
    registry = RecognizerRegistry(supported_languages=["zh"])
    registry.load_predefined_recognizers(["zh"], engine)
    analyzer = AnalyzerEngine(registry, engine, supported_languages=["zh"])
    return _same(lambda paper: [(r.start, r.end, r.entity_type) for r in analyzer.analyze(paper.text, "zh")])


def presidio_with_lac() -> System:
    """With LAC for people and places, phones of the region CN and identity cards by check digit."""
    from presidio_lac import Presidio

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    peer = Presidio()
    return _same(lambda paper: peer.everything(paper.text))


def argus() -> System:
    """Mode `fast` for zh; its mode `ner` fetches a model. What it keeps on purpose (我) is not counted."""
    from argus_redact import redact

    salt = os.urandom(32)

    def hides(paper: Paper) -> list[Found]:
        found = redact(paper.text, lang="zh", mode="fast", detailed=True, salt=salt)[2]["entities"]
        return [(e["start"], e["end"], e["type"]) for e in found if e["type"] != "self_reference"]

    return _same(hides)


def jionlp() -> System:
    """Every extractor of rules for a kind of personal data; it has none for names or addresses in a text."""
    with contextlib.redirect_stdout(io.StringIO()):  # it greets
        import jionlp as jio
    extractors = [(name, getattr(jio, f"extract_{name}")) for name in EXTRACTORS]

    def hides(paper: Paper) -> list[Found]:
        found = [(*r["offset"], name) for name, work in extractors for r in work(paper.text, detail=True)]
        # With detail=True it fails on an address without a known domain (1.5.31): looked for by value instead.
        mails = {re.escape(value) for value in jio.extract_email(paper.text)}
        return found + [(*m.span(), "email") for mail in mails for m in re.finditer(mail, paper.text)]

    return _same(hides)


class Cover:
    """In place of cloakpii's tokens: as many covering characters as the value has, so that offsets stay."""

    def tokenize(self, value: str) -> str:
        return COVER * len(value)


def cloakpii() -> System:
    """Its rules for plain text; its optional model is English."""
    from cloakpii.pii import desensitize_text

    def hides(paper: Paper) -> list[Found]:
        text, _ = desensitize_text(paper.text, mode="tokenize", tokenizer=Cover())
        return [(at, at + 1, "") for at, char in enumerate(text) if char == COVER and paper.text[at] != COVER]

    return _same(hides)


#: Name, what loads it, what to install.
SYSTEMS: tuple[tuple[str, Callable[[], System], str], ...] = (
    ("gongkai", gongkai, ""),
    ("gongkai, attribute known", gongkai_personal, ""),
    ("gongkai, numbers alone", gongkai_numbers, ""),
    ("Presidio, stock zh", presidio_stock, "presidio-analyzer"),
    ("Presidio + LAC + CN phone", presidio_with_lac, "presidio-analyzer"),
    ("argus-redact, fast", argus, "argus-redact"),
    ("JioNLP", jionlp, "jionlp"),
    ("cloakpii", cloakpii, "cloakpii"),
)
