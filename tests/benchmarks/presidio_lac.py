"""Presidio as somebody would set it up for Chinese without a network: LAC for names, its own patterns for numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tldextract.tldextract
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    PhoneRecognizer,
    SpacyRecognizer,
)
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from tagging import SENTENCE, serial

# The e-mail recognizer would fetch a list of domains at its first match.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

LABELS = {"PER": "PERSON", "LOC": "LOCATION"}
Found = tuple[int, int, str]
PATTERNS = ["CN_ID_CARD", "PHONE_NUMBER", "CREDIT_CARD", "EMAIL_ADDRESS"]


class LacEngine(NlpEngine):
    """Words, people and places by LAC, sentence by sentence."""

    def __init__(self) -> None:
        self._lac, self._vocab = serial(), Vocab()

    def load(self) -> None:
        """Nothing: the model came with the package."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        pairs = [pair for match in SENTENCE.finditer(text) for pair in self._lac.run(match.group())]
        words = [word for word, _ in pairs]
        doc = Doc(self._vocab, words=words, spaces=[False] * len(words))
        people = [Span(doc, at, at + 1, label=LABELS[tag]) for at, (_, tag) in enumerate(pairs) if tag in LABELS]
        return NlpArtifacts(people, doc, [token.idx for token in doc], words, self, language)

    def process_batch(self, texts: Iterable[str], language: str, *_: Any, **__: Any) -> Iterator[tuple[str, Any]]:
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        return len(word) < 2

    def is_punct(self, word: str, language: str) -> bool:
        return not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        return list(LABELS.values())

    def get_supported_languages(self) -> list[str]:
        return ["zh"]


class IdCardRecognizer(PatternRecognizer):
    """Resident identity numbers of 18 digits (GB 11643), by their check digit."""

    def __init__(self) -> None:
        pattern = Pattern("18 digits", r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", 0.5)
        context = ["身份证", "身份证号", "证件号码"]
        super().__init__("CN_ID_CARD", patterns=[pattern], context=context, supported_language="zh")

    def validate_result(self, pattern_text: str) -> bool:
        total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(pattern_text[:17]))
        return "10X98765432"[total % 11] == pattern_text[17].upper()


class Presidio:
    """One analyzer; a finding is masked, whoever it is about: Presidio knows no personal data that stays."""

    def __init__(self) -> None:
        self.engine, registry = LacEngine(), RecognizerRegistry(supported_languages=["zh"])
        phone = PhoneRecognizer(["电话", "手机", "联系方式"], "zh", supported_regions=("CN",))
        card = CreditCardRecognizer(context=["卡号", "账号", "银行"], supported_language="zh")
        names = SpacyRecognizer("zh", list(LABELS.values()))
        for recognizer in (IdCardRecognizer(), phone, card, EmailRecognizer(supported_language="zh"), names):
            registry.add_recognizer(recognizer)
        self._analyzer = AnalyzerEngine(registry, self.engine, supported_languages=["zh"])
        self._wordless = NlpArtifacts([], Doc(Vocab()), [], [], self.engine, "zh")

    def everything(self, text: str) -> list[Found]:
        """Patterns, people and places."""
        return self._spans(text, [*PATTERNS, *LABELS.values()])

    def numbers(self, text: str) -> list[Found]:
        """Patterns alone, without words and so without context."""
        return self._spans(text, PATTERNS, self._wordless)

    def names(self, text: str) -> list[Found]:
        """People alone."""
        return self._spans(text, ["PERSON"])

    def _spans(self, text: str, entities: list[str], artifacts: NlpArtifacts | None = None) -> list[Found]:
        found = self._analyzer.analyze(text, "zh", entities=entities, nlp_artifacts=artifacts)
        return [(result.start, result.end, result.entity_type) for result in found]
