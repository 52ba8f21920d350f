"""The attribute: the model's probabilities and the law's decision order, each step with reasons and evidence.

0 secrecy mark: stop; 1 out of scope; 2 must-clauses (条例 14, 15); 3 duty to disclose (19-21), which overrides
4 may-clauses (16); 5 what is left: on request for particular parties, else proactive. Step 0 is absolute and the
agency's profile settles step 4; the others add log-odds (`law.weighed`) to what the model says, so that one rule
matched by accident does not decide alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial

import numpy as np

from gongkai.model.calibration import prediction_set
from gongkai.model.calibration import probabilities as calibrated
from gongkai.model.catalog import REST
from gongkai.model.clauses import PERSONAL
from gongkai.model.encoder import Read
from gongkai.model.evidence import loudest
from gongkai.model.finding import Action, Attribute, Category, Finding, Handling, Opinion, Suggestion
from gongkai.model.law import Ground, weighed
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.negative import Hit, findings
from gongkai.model.reading import Reading
from gongkai.model.vector import Vector

ORDER = tuple(Attribute)
STEPS = {"must": 0, "scope": 1, "duty": 2, "may": 3, "case": 4}
FALLBACK = {Attribute.proactive: "P-192", Attribute.on_request: "A-01", Attribute.withheld: "W-163"}
ARTICLE_14 = ("W-141", "W-142", "W-143")
SEPARABLE = ("NL-08", "NL-22", "NL-10", "NL-11", "NL-28")
SHOWN = 3
ENOUGH = 60
LISTED = 0.5


@dataclass(frozen=True)
class Case:
    """What is known about one document when its attribute is settled."""

    reading: Reading
    model: ModelFolder
    vector: Vector
    logits: Mapping[str, Floats]
    grounds: tuple[Ground, ...]
    hits: Mapping[str, Hit]
    read: Read | None = None
    clauses: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def judged(self) -> dict[Attribute, float]:
        """What the linear model and the encoder say of each attribute, before the law's log-odds."""
        names = [Attribute(name) for name in self.model.labels("attribute")]
        scores = dict(zip(names, map(float, self.logits["attribute"]), strict=True))
        encoded = self.encoded("attribute")
        return {name: score + self.model.mix * encoded.get(name.value, 0.0) for name, score in scores.items()}

    @cached_property
    def alone(self) -> dict[Attribute, float]:
        """The scores of an opinion that rests on no clause."""
        return opinion(replace(self, clauses={})).scores

    def encoded(self, head: str) -> dict[str, float]:
        """The encoder's scores of one head by label; empty when there is no encoder."""
        return self.read.by_label(head) if self.read is not None else {}


def listed(clauses: Mapping[str, float]) -> float:
    """What the likeliest clause adds to 不予公开 in log-odds; not NL-09, since personal data is left out (条例 37)."""
    return LISTED * max((odds for clause, odds in clauses.items() if clause != PERSONAL), default=0.0)


def opinion(case: Case) -> Opinion:
    """Calibrated probabilities and the labels that can't be ruled out at the profile's coverage.

    A text of under sixty characters says too little to be sure of: the fewer, the nearer to even odds.
    """
    judged, law = case.judged, weighed(case.grounds)
    names = list(judged)
    held = {Attribute.withheld: listed(case.clauses)}
    scores = np.array([judged[name] + law.get(name.value, 0.0) + held.get(name, 0.0) for name in names])
    known = min(1.0, len(case.reading.tight) / ENOUGH)
    probabilities = known * calibrated(scores, case.model.temperature) + (1 - known) / len(names)
    threshold = case.model.thresholds.for_coverage(case.reading.rules.profile.coverage)
    possible = [names[i] for i in prediction_set(probabilities, threshold)]
    label = carefully(dict(zip(names, probabilities.tolist(), strict=True)), case.reading.rules.profile.caution)
    options = (label, *(name for name in possible if name != label))
    return Opinion(label, {name: round(float(probabilities[names.index(name)]), 4) for name in ORDER}, options)


def carefully(probabilities: Mapping[Attribute, float], caution: float) -> Attribute:
    """The likeliest label; 主动公开 only where it leads by `caution` in log-odds, since a leak can't be taken back."""
    held = math.exp(-caution)
    return max(ORDER, key=lambda name: probabilities[name] * (held if name == Attribute.proactive else 1.0))


def certain(label: Attribute, confidence: float = 0.99) -> Opinion:
    """An opinion that a rule settles alone."""
    rest = round((1 - confidence) / 2, 4)
    return Opinion(label, {name: confidence if name == label else rest for name in ORDER}, (label,))


def _from_law(case: Case, label: Attribute) -> Iterable[tuple[float, str, str, tuple[Finding, ...]]]:
    for ground in case.grounds:
        if ground.rule.attribute == label and ground.rule.reason:
            yield (
                ground.rule.weight - 0.3 * STEPS.get(ground.rule.step, 5),
                ground.rule.reason,
                ground.rule.why,
                ground.evidence,
            )


def _from_clauses(case: Case, label: Attribute) -> Iterable[tuple[float, str, str, tuple[Finding, ...]]]:
    if label != Attribute.withheld:
        return
    for clause, probability in case.clauses.items():
        hit = case.hits[clause]
        if probability >= case.reading.rules.profile.negative_threshold and hit.clause.reason:
            yield (
                3 * probability,
                hit.clause.reason,
                f"命中负面清单 {clause} {hit.clause.title}",
                tuple(findings([(hit, probability)], 0)),
            )


def _from_model(
    case: Case, label: Attribute, top: Category | None
) -> Iterable[tuple[float, str, str, tuple[Finding, ...]]]:
    known = case.model.labels("reason")
    rules = case.reading.rules
    if label == Attribute.proactive and top and top.code != REST and rules.category[top.code].duty.startswith("P-"):
        yield 1.2, rules.category[top.code].duty, f"属主动公开目录 {top.code} {top.name}", ()
    for code, logit in zip(known, case.logits["reason"], strict=True):
        if rules.reason[code].attribute == label.value and _backed(case, code):
            yield 1.4 + float(logit) / 2, code, "", ()


def _backed(case: Case, code: str) -> bool:
    """Grounds of article 14 are never the model's word alone: a clause of the negative list has to point there."""
    if code not in ARTICLE_14:
        return True
    return any(p >= 0.3 and case.reading.rules.clause[clause].reason == code for clause, p in case.clauses.items())


def reasons(case: Case, label: Attribute, top: Category | None) -> tuple[Suggestion, ...]:
    """Reason codes for a label, strongest first, each with its article, a sentence and its evidence."""
    candidates = sorted(
        [*_from_law(case, label), *_from_clauses(case, label), *_from_model(case, label, top)], key=lambda c: -c[0]
    )
    shown = {code: (why, evidence) for _, code, why, evidence in reversed(candidates) if evidence}
    spoken = cache(partial(loudest, case.reading, case.model, "attribute", label.value, case.vector.named))
    found: dict[str, Suggestion] = {}
    for weight, code, why, _ in candidates:
        row = case.reading.rules.reason.get(code)
        if row is None or row.attribute != label.value or (weight < 0.6 and found):
            continue
        if code not in found and len(found) < SHOWN:
            why, evidence = shown.get(code, (why, ()))
            text = row.text + (f"：{why}" if why and why != row.text else "")
            found[code] = Suggestion(
                code, max(0.0, min(0.99, weight / 4)), row.name, row.basis, text, evidence or spoken()
            )
    return tuple(_lawful(found, case, label).values())


def _lawful(found: dict[str, Suggestion], case: Case, label: Attribute) -> dict[str, Suggestion]:
    """工作秘密 never stands alone (保密法 article 64 is no ground of articles 14-16), and no label without a reason."""
    if not found or set(found) == {"W-WS"}:
        row = case.reading.rules.reason[FALLBACK[label]]
        shown = loudest(case.reading, case.model, "attribute", label.value, case.vector.named)
        found[row.code] = Suggestion(row.code, 0.3, row.name, row.basis, row.text, shown)
    return found


def handling(case: Case, label: Attribute, personal: tuple[Finding, ...]) -> Handling:
    """How the document goes out: out of scope, parts left out (条例 37), de-identified (15), or whole."""
    threshold = case.reading.rules.profile.negative_threshold
    if case.clauses.get("NL-25", 0) >= 0.6 or any(g.rule.step == "scope" for g in case.grounds):
        return Handling.out_of_scope
    if label == Attribute.withheld:
        return Handling.full
    masked = any(f.action == Action.mask for f in personal)
    parts = any(case.clauses.get(clause, 0) >= threshold for clause in SEPARABLE)
    if parts or (masked and label == Attribute.on_request):
        return Handling.partial
    return Handling.deid if masked else Handling.full
