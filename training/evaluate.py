"""Figures of judgement, in the terms of the benchmark: attribute, category, clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.finding import Action, Screening
from gongkai.training.authored import Example
from gongkai.training.fit import ATTRIBUTES

Floats = NDArray[np.float64]
REST = "G99"
NEW_REGIME = 2019
BINS = 10


@dataclass(frozen=True)
class Judged:
    """What any judge said of one document: attribute, probabilities, set, categories, clauses, what is hidden."""

    scores: Mapping[str, float]
    options: frozenset[str]
    categories: tuple[str, ...]
    clauses: frozenset[str]
    review: bool = False
    said: str = ""
    hidden: tuple[Span, ...] = ()

    @property
    def label(self) -> str:
        """What was suggested; the likeliest attribute where a judge only gives scores."""
        return self.said or max(ATTRIBUTES, key=lambda name: self.scores[name])

    @property
    def confidence(self) -> float:
        """Its probability."""
        return self.scores[self.label]


def judged(screening: Screening) -> Judged:
    """What the product said."""
    view = screening.opinion
    return Judged(
        {name.value: score for name, score in view.scores.items()},
        frozenset(option.value for option in view.options),
        tuple(category.code for category in screening.categories),
        frozenset(finding.kind for finding in screening.negative),
        screening.needs_review,
        view.label.value,
        tuple(finding.span for finding in screening.personal if finding.action == Action.mask),
    )


def _share(cases: Sequence[bool]) -> float | None:
    """The share of true ones; None where there is no case to count."""
    return float(np.mean(cases)) if len(cases) else None


Pairs = Sequence[tuple[Example, Judged]]


def figures(pairs: Pairs) -> dict[str, float | None]:
    """Attribute, set, calibration, category and clause figures of some documents."""
    return {"documents": len(pairs), **attribute_figures(pairs), **_category(pairs), **_clauses(pairs)}


def attribute_figures(pairs: Pairs) -> dict[str, float | None]:
    """Figures of the attribute alone: accuracy, recall, the costly errors, the set, calibration."""
    recalls = {name: _share([j.label == name for e, j in pairs if e.attribute == name]) for name in ATTRIBUTES}
    present = [recall for recall in recalls.values() if recall is not None]
    withheld = [(e, j) for e, j in pairs if e.attribute == "withheld"]
    return {
        "accuracy_strict": _share([j.label == e.attribute for e, j in pairs]),
        "accuracy_acceptable": _share([j.label in e.acceptable for e, j in pairs]),
        "balanced_accuracy": float(np.mean(present)) if present else None,
        "withheld_recall": recalls["withheld"],
        "withheld_called_proactive": _share([j.label == "proactive" for _, j in withheld]),
        "over_withholding": _share([j.label != "proactive" for e, j in pairs if e.acceptable == {"proactive"}]),
        "set_coverage": _share([e.attribute in j.options for e, j in pairs]),
        "set_size": float(np.mean([len(j.options) for _, j in pairs])) if pairs else None,
        "calibration_error": calibration_error(pairs),
        "needs_review": _share([j.review for _, j in pairs]),
    }


def _category(pairs: Pairs) -> dict[str, float | None]:
    pairs = [(e, j) for e, j in pairs if e.categories]
    top1 = [bool(set(j.categories[:1]) & set(e.categories)) for e, j in pairs]
    specific = [
        hit and j.categories[0] != REST for hit, (e, j) in zip(top1, pairs, strict=True) if e.categories[0] != REST
    ]
    return {
        "category_top1": _share(top1),
        "category_top1_specific": _share(specific),
        "category_top3": _share([bool(set(j.categories[:3]) & set(e.categories)) for e, j in pairs]),
    }


def _clauses(pairs: Pairs) -> dict[str, float | None]:
    right = sum(len(j.clauses & e.negative) for e, j in pairs)
    said, gold = sum(len(j.clauses) for _, j in pairs), sum(len(e.negative) for e, _ in pairs)
    return {
        "negative_precision": right / said if said else None,
        "negative_recall": right / gold if gold else None,
        "negative_f1": 2 * right / (said + gold) if said + gold else None,
        "false_alarm_documents": _share([bool(j.clauses) for e, j in pairs if not e.negative]),
    }


def calibration_error(pairs: Pairs) -> float | None:
    """Expected calibration error of the best label's probability over ten bins of equal width."""
    if not pairs:
        return None
    confidence = np.array([j.confidence for _, j in pairs])
    right = np.array([j.label == e.attribute for e, j in pairs])
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[places == b].mean() - confidence[places == b].mean()) * (places == b).mean()
        for b in range(BINS)
        if (places == b).any()
    ]
    return float(sum(gaps))


GROUPINGS: dict[str, Callable[[Example], str]] = {
    "attribute": lambda e: e.attribute,
    "genre": lambda e: e.genre,
    "level": lambda e: e.level,
    "group": lambda e: e.group,
    "regime": lambda e: "2008" if (e.year or "9999") < str(NEW_REGIME) else "2019",
}


def by_group(pairs: Pairs, grouping: str, least: int = 5) -> dict[str, dict[str, float | None]]:
    """Figures of each part of the documents that has at least `least` of them."""
    parts: dict[str, list[tuple[Example, Judged]]] = {}
    for example, one in pairs:
        parts.setdefault(GROUPINGS[grouping](example) or "?", []).append((example, one))
    return {name: figures(part) for name, part in sorted(parts.items()) if len(part) >= least}


def clause_counts(pairs: Pairs) -> dict[str, dict[str, int]]:
    """For each clause how many documents hit it, were said to, and both."""
    names = sorted({clause for e, j in pairs for clause in e.negative | j.clauses})
    return {
        name: {
            "gold": sum(name in e.negative for e, _ in pairs),
            "said": sum(name in j.clauses for _, j in pairs),
            "both": sum(name in e.negative & j.clauses for e, j in pairs),
        }
        for name in names
    }


def risk_coverage(pairs: Pairs) -> list[dict[str, Any]]:
    """By falling confidence: the share of documents confirmed, and of those the share wrong and wrongly 主动公开."""
    ordered = sorted(pairs, key=lambda pair: -pair[1].confidence)
    curve, wrong, leaks = [], 0, 0
    for count, (example, one) in enumerate(ordered, 1):
        wrong += one.label not in example.acceptable
        leaks += one.label == "proactive" and "proactive" not in example.acceptable
        curve.append(
            {
                "confidence": one.confidence,
                "coverage": count / len(ordered),
                "wrong": wrong / count,
                "wrong_proactive": leaks / count,
            }
        )
    return curve
