"""When a person has to look: the machine is unsure, contradicted, out of its depth, or wrong would be dangerous."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass

from gongkai.model.attribute import ORDER, Case
from gongkai.model.finding import Attribute, Finding, Handling, Opinion
from gongkai.model.formulas import INSTRUCTION
from gongkai.model.law import LAW, weighed
from gongkai.model.needles import may_match
from gongkai.model.reading import Reading

CLEAR_LAW, CLEAR_MODEL = 1.5 * LAW, 0.7
FEW_WORDS = 40
ANNOTATED = "annotated-"
CLEAR_CLAUSE = 0.5
ALONE = 2.0
_PLACE = re.compile(r"^.*(?:省|自治区|(?<!城)市(?!场)|州|盟|县|旗|区|镇|乡|街道)(?=.{2})")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Law and model point to different attributes, each clearly."""

    law: Attribute
    model: Attribute
    rule: str


def _clearest(scores: dict[Attribute, float]) -> tuple[Attribute, float]:
    first, second = sorted(scores, key=lambda name: -scores[name])[:2]
    return first, scores[first] - scores[second]


def disagreement(case: Case) -> Disagreement | None:
    """Whether the rules of law that hold point one way and the model's scores, taken alone, another."""
    law = weighed(case.grounds)
    by_law, law_margin = _clearest({name: law.get(name.value, 0.0) for name in ORDER})
    by_model, model_margin = _clearest(case.judged)
    if by_law == by_model or law_margin < CLEAR_LAW or model_margin < CLEAR_MODEL:
        return None
    held = [g.rule for g in case.grounds if g.rule.attribute == by_law.value]
    return Disagreement(by_law, by_model, max(held, key=lambda rule: rule.weight).why)


def agency_kind(issuer: str) -> str:
    """What kind of agency it is: its name without the places in front (某某市自然资源局 -> 自然资源局)."""
    return _PLACE.sub("", issuer)[-12:]


def known_words(words: Collection[str], vocabulary: Container[str]) -> float:
    """The share of a document's words that a linear model has seen; 1 for a text of few words."""
    return _share(sum(map(vocabulary.__contains__, map("W:".__add__, words))), len(words))


def _share(known: int, words: int) -> float:
    return 1.0 if words < FEW_WORDS else known / words


def strange(case: Case) -> Iterator[str]:
    """In what a document is unlike everything that the model was trained on."""
    seen = case.model.seen
    elements = case.reading.elements
    if elements.genre and elements.genre not in seen.genres:
        yield f"文种“{elements.genre}”"
    if elements.issuer and agency_kind(elements.issuer) not in seen.agencies:
        yield "发文机关类别"
    words = [f"W:{word}" for word in case.reading.counted]
    if _share(int((case.model.places(words) >= 0).sum()), len(words)) < seen.known_words:
        yield "用词"


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against trusting a suggestion: each is told to the person, most ask for one."""

    against: Disagreement | None
    contradicted: bool
    leaning: bool
    instructed: bool
    unlike: tuple[str, ...]


def doubts(case: Case, view: Opinion) -> Doubts:
    """All doubts about an opinion."""
    return Doubts(
        disagreement(case),
        contradicted(view, case.reading),
        leans_on_annotation(case, view),
        instructed(case.reading),
        tuple(strange(case)),
    )


def needs_review(view: Opinion, way: Handling, negative: Iterable[Finding], case: Case, doubt: Doubts) -> bool:
    """Whether the machine asks for a person before anything else."""
    rules = case.reading.rules
    sure = case.model.confirm_over(rules.profile.wrong_proactive)
    unsure = len(view.options) > 1 or view.confidence < max(sure, rules.profile.review_below)
    must = {c.id for c in rules.clauses if c.force == "must"}
    risky = view.label == Attribute.proactive and any(f.kind in must for f in negative)
    told = doubt.against is not None or doubt.contradicted or doubt.leaning or doubt.instructed
    stopped = way in (Handling.out_of_scope, Handling.stop_classified)
    return unsure or risky or told or "用词" in doubt.unlike or stopped


def contradicted(view: Opinion, reading: Reading) -> bool:
    """Whether the annotation in the text names another attribute."""
    return bool(reading.elements.marked) and marked_attribute(reading.elements.marked) != view.label


def leans_on_annotation(case: Case, view: Opinion) -> bool:
    """Whether the label rests on the annotation in the text, which can be wrong.

    So it is where nothing else is a ground for keeping the document back, and where without it the label would not be
    clear.
    """
    if not case.reading.elements.marked:
        return False
    if view.label != Attribute.proactive and not _grounded(case, view.label):
        return True
    law = weighed(g for g in case.grounds if not g.rule.id.startswith(ANNOTATED))
    spoken = {
        name: value for name, value in case.vector.named.items() if name.startswith((f"F:law={ANNOTATED}", "F:marked="))
    }
    scores = {
        label: score
        + law.get(label.value, 0.0)
        - sum(value * case.model.weight("attribute", label.value, name) for name, value in spoken.items())
        for label, score in case.judged.items()
    }
    return scores[view.label] < max(score for label, score in scores.items() if label != view.label) + ALONE


def _grounded(case: Case, label: Attribute) -> bool:
    """Whether a rule of law other than the annotation, or a clause of the negative list, speaks for a label."""
    rules = [g.rule for g in case.grounds if g.rule.attribute == label.value]
    hits = label == Attribute.withheld and max(case.clauses.values(), default=0.0) >= CLEAR_CLAUSE
    return hits or any(not rule.id.startswith(ANNOTATED) for rule in rules)


def instructed(reading: Reading) -> bool:
    """Whether the text speaks to a machine: says how the document is to be judged."""
    return may_match(INSTRUCTION, reading.sifted) and INSTRUCTION.search(reading.text) is not None


def marked_attribute(marked: str) -> Attribute:
    """The attribute that an annotation (附注) or a field names."""
    if "依申请" in marked:
        return Attribute.on_request
    return Attribute.withheld if re.search(r"不予|不公开|免予|不宜", marked) else Attribute.proactive
