"""Microsoft Presidio: our findings in its AnalyzerEngine for zh, its results as findings (extra `presidio`).

Nothing is fetched: no spaCy model, and of Presidio's own recognizers only those that a caller registers beside ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.model.deid.hiding import replacement, stars
from gongkai.model.deid.personal import joined
from gongkai.model.document import Document, Span
from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.finding import Action, Finding, Handling, Screening
from gongkai.model.folding import fold
from gongkai.model.identifiers.phones import is_mobile
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import Screener
from gongkai.model.words import Segmenter

try:
    from presidio_analyzer import (
        AnalysisExplanation,
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        RecognizerResult,
    )
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    from presidio_anonymizer.entities import OperatorConfig
    from spacy.tokens import Doc
    from spacy.vocab import Vocab
except ImportError as error:
    raise ImportError("没有安装 Presidio：请先运行 pip install 'gongkai[presidio]'。", name=error.name) from error

LANGUAGE = "zh"
NAME = "gongkai"
#: Our types as Presidio's entities: its own name where it has one for the same thing, CN_ before all others.
ENTITIES: dict[str, str] = {
    "ID_CARD": "CN_ID_CARD",
    "PHONE_MOBILE": "PHONE_NUMBER",
    "PHONE_FIX": "PHONE_NUMBER",
    "BANK": "CN_BANK_ACCOUNT",
    "NAME": "PERSON",
    "ADDR_HOME": "LOCATION",
    "BIRTH": "CN_BIRTH",
    "PLATE": "CN_VEHICLE_REGISTRATION",
    "PASSPORT": "CN_PASSPORT",
    "MIL_ID": "CN_MILITARY_ID",
    "SSN": "CN_SOCIAL_SECURITY",
    "EMAIL": "EMAIL_ADDRESS",
    "WECHAT": "CN_CHAT_ACCOUNT",
    "HEALTH": "CN_HEALTH",
    "RELIGION": "CN_RELIGION",
    "BIOMETRIC": "CN_BIOMETRIC",
    "TRACK": "CN_TRACK",
    "FIN": "CN_FINANCE",
    "SPECIAL": "CN_SPECIAL_STATUS",
    "MINOR": "CN_MINOR",
    "REPORTER": "PERSON",
    "FAMILY": "CN_FAMILY",
    "EDU": "CN_STUDENT_NUMBER",
    "SIGN": "CN_SIGNATURE",
    "CREDIT_CODE": "CN_CREDIT_CODE",
}
#: Entities of Presidio's own recognizers that are one of our types; ours for the rest is the first row above.
_THEIRS = {"CREDIT_CARD": "BANK", "IBAN_CODE": "BANK", "AGE": "BIRTH", "MEDICAL_DISEASE_DISORDER": "HEALTH"}
TYPES: dict[str, str] = {entity: kind for kind, entity in reversed(ENTITIES.items())} | _THEIRS
#: What a screener in fast mode finds.
_FAST = (
    "ID_CARD", "PHONE_MOBILE", "PHONE_FIX", "BANK", "PLATE", "PASSPORT", "MIL_ID", "SSN", "EMAIL", "WECHAT", "EDU",
)  # fmt: skip
#: What of a finding goes along with a result, beside its type and action.
_DECIDED = ("source", "basis", "why", "replacement")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """An operator of Presidio's anonymizer, the way of personal.toml that comes closest, and what differs."""

    operator: str
    way: str
    differs: str


OPERATORS = (
    Counterpart("mask", "ends", "只能从一头遮，露出值的长度；我们首尾各留几位，其余遮住，短值全遮"),
    Counterpart("replace", "all", "默认写成 <类型>，同类的人都一样；我们写星号，最多八个"),
    Counterpart("redact", "omit", "删得不留痕迹；我们写成〔略〕，读者看得出有删节"),
    Counterpart("hash", "pseudonym", "不给 salt 时同值也不同，长64位；我们一份文件里同值同假名，给出密钥则一批相同"),
    Counterpart("encrypt", "pseudonym", "密文留在正文里；我们正文里只有假名，对照表另存为加密文件"),
    Counterpart("keep", "none", "一样"),
    Counterpart("custom", "surname", "由调用方写函数：姓+某、住址到乡镇、年份、区间、邮箱用户名都用它，见 operators()"),
)


def way(operator: str) -> str:
    """The way of personal.toml that comes closest to an operator. Raises RequestError for an unknown name."""
    found = {row.operator: row.way for row in OPERATORS}
    if operator not in found:
        raise RequestError(f"没有名为 {operator} 的 Presidio 操作，可用的有：{'、'.join(found)}。")
    return found[operator]


class Words(NlpEngine):
    """Words by our own segmenter, so that context words of other recognizers are found in Chinese; no entities."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter, self._vocab = segmenter, Vocab()

    def load(self) -> None:
        """Nothing: the dictionary came with the screener."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Words of the folded text, which is as long as the text itself, with their offsets."""
        words = self._segmenter.cut(fold(text))
        doc = Doc(self._vocab, words=words, spaces=[False] * len(words))
        return NlpArtifacts([], doc, [token.idx for token in doc], words, self, language)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """One text after the other."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """Single characters say nothing as context."""
        return len(word) < 2

    def is_punct(self, word: str, language: str) -> bool:
        """Whether no character of it is a letter, a digit or a Chinese one."""
        return not any(char.isalnum() for char in word)

    def get_supported_entities(self) -> list[str]:
        """None."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Chinese."""
        return [LANGUAGE]


class Recognizer(EntityRecognizer):
    """What a screener masks, as Presidio's results; with `kept`, also what stays, told apart by its metadata.

    A text with a secrecy mark raises ClassifiedDocument: an empty answer would let it through.
    """

    def __init__(self, screener: Screener, kept: bool = False) -> None:
        self._screener, self._kept = screener, kept
        kinds = ENTITIES if screener.people else _FAST
        entities = sorted({ENTITIES[kind] for kind in kinds})
        super().__init__(entities, NAME, LANGUAGE, screener.engine.version)

    def load(self) -> None:
        """Nothing: the screener is loaded."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None) -> list[Any]:
        """Results of the entities asked for; none for a text without a visible character."""
        if not text.strip():
            return []
        results = to_results(self._screener(Document(NAME, text)), self._kept)
        return [result for result in results if not entities or result.entity_type in entities]


def recognizers(screener: Screener | None = None, kept: bool = False) -> list[Recognizer]:
    """Ours, for a registry; `Screener.load(fast=True)` makes one for numbers alone."""
    return [Recognizer(screener or Screener.load(), kept)]


def analyzer(screener: Screener | None = None, kept: bool = False) -> AnalyzerEngine:
    """An analyzer for zh with ours alone; others can be added to its `registry`."""
    loaded = screener or Screener.load()
    registry = RecognizerRegistry(recognizers(loaded, kept), supported_languages=[LANGUAGE])
    return AnalyzerEngine(registry, Words(loaded.segmenter), supported_languages=[LANGUAGE])


def to_results(screening: Screening, kept: bool = False) -> list[RecognizerResult]:
    """Masked findings (and kept ones where asked) in reading order; the metadata's `gongkai` holds the decision.

    Presidio's anonymizer looks at no metadata: give it `to_hide` of results with kept ones.
    Raises ClassifiedDocument for a screening that a secrecy mark stopped.
    """
    if screening.handling == Handling.stop_classified:
        raise ClassifiedDocument("".join(screening.notes))
    return [_result(f) for f in screening.personal if kept or f.action == Action.mask]


def to_hide(results: Iterable[RecognizerResult]) -> list[RecognizerResult]:
    """The results that our decision does not keep."""
    return [result for result in results if _decision(result).get("action") != Action.keep.value]


def _result(finding: Finding) -> RecognizerResult:
    decision = {"type": finding.kind, "action": finding.action.value}
    decision |= {name: getattr(finding, name) for name in _DECIDED}
    why = "；".join(filter(None, (finding.why, finding.basis)))
    explanation = AnalysisExplanation(NAME, finding.score, textual_explanation=why)
    metadata = {RecognizerResult.RECOGNIZER_NAME_KEY: NAME, NAME: decision}
    span, entity = finding.span, ENTITIES[finding.kind]
    return RecognizerResult(entity, span.start, span.end, finding.score, explanation, metadata)


def _decision(result: RecognizerResult) -> dict[str, str]:
    own = (result.recognition_metadata or {}).get(NAME)
    return own if isinstance(own, dict) else {}


def from_results(
    results: Iterable[RecognizerResult], text: str, types: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Results of any recognizer as findings in reading order, joined so that no masked character is lost.

    Other recognizers know nothing that stays: theirs are masked. `types` adds entities to TYPES; an empty type leaves
    an entity out. Raises RequestError for an entity that neither names, and for offsets that don't fit the text.
    """
    known = TYPES | dict(types or {})
    return joined((finding for result in results if (finding := _finding(result, text, known))), text)


def _finding(result: RecognizerResult, text: str, types: Mapping[str, str]) -> Finding | None:
    if not 0 <= result.start < result.end <= len(text):
        raise RequestError("Presidio 的结果和文本对不上：起止位置超出文本，请确认是同一份文本。")
    span, own = Span(result.start, result.end), _decision(result)
    kind = own.get("type") if own else _kind(result.entity_type, span.of(text), types)
    if kind and kind not in ENTITIES:
        raise RequestError(f"没有名为 {kind} 的个人信息类型，请在 types 里改正。")
    try:
        if own:
            decided = {name: own[name] for name in _DECIDED}
            return Finding(span, own["type"], result.score, action=Action(own["action"]), **decided)
        name = (result.recognition_metadata or {}).get(RecognizerResult.RECOGNIZER_NAME_KEY, "")
        return Finding(span, kind, result.score, f"presidio:{name}") if kind else None
    except (KeyError, TypeError, ValueError) as error:
        raise RequestError("Presidio 的结果读不懂：分值应当在0到1之间，附带的处理决定应当完整，请核对。") from error


def _kind(entity: str, piece: str, types: Mapping[str, str]) -> str:
    if entity not in types:
        raise RequestError(f"没有和 Presidio 的 {entity} 对应的类型，请在 types 里写明；不要的写成空。")
    usual = entity == "PHONE_NUMBER" and types[entity] == TYPES[entity]
    return _phone(piece) if usual else types[entity]


def _phone(piece: str) -> str:
    return "PHONE_MOBILE" if is_mobile(piece) else "PHONE_FIX"


def operators(rules: Rulebook, style: str = "") -> dict[str, OperatorConfig]:
    """For Presidio's anonymizer: each entity hidden in our way under a style, every value on its own.

    Two people of one surname look alike then; `operators_of` numbers them, for one document. Raises RequestError for
    a style that no table knows.
    """
    known = dict.fromkeys([way.style for row in rules.personal for way in row.way])
    if style and style not in known:
        raise RequestError(f"没有名为 {style} 的遮蔽样式，可用的有：{'、'.join(known)}。")
    return {entity: _custom(_alone(entity, rules, style)) for entity in sorted({*ENTITIES.values(), *TYPES})}


def operators_of(findings: Sequence[Finding], text: str) -> dict[str, OperatorConfig]:
    """The same for one document: what `redact` would write for its masked findings; anything else becomes stars."""
    values: dict[str, dict[str, str]] = {entity: {} for entity in {*ENTITIES.values(), *TYPES}}
    for finding in findings:
        if finding.action == Action.mask and finding.replacement:
            values[ENTITIES[finding.kind]].setdefault(finding.span.of(text), finding.replacement)
    return {entity: _custom(_listed(known)) for entity, known in sorted(values.items())}


def _custom(hide: Callable[[str], str]) -> OperatorConfig:
    return OperatorConfig("custom", {"lambda": hide})


def _alone(entity: str, rules: Rulebook, style: str) -> Callable[[str], str]:
    def hide(value: str) -> str:
        kind = _phone(value) if entity == "PHONE_NUMBER" else TYPES[entity]
        styles = filter(None, (style, rules.profile.name))
        return replacement(Finding(Span(0, len(value)), kind, 1.0, NAME), value, rules.type[kind].under(*styles))

    return hide


def _listed(known: Mapping[str, str]) -> Callable[[str], str]:
    """Presidio joins neighbours of one entity that only blanks part: each is looked for."""
    parts = [*map(re.escape, sorted(known, key=len, reverse=True)), r"\s+", "."]
    pieces = re.compile("|".join(parts), re.DOTALL)

    def hide(value: str) -> str:
        found = pieces.findall(value)
        safe = all(piece in known or piece.isspace() for piece in found)
        return "".join(known.get(piece, piece) for piece in found) if safe else stars(value)

    return hide
