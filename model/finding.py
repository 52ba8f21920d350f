"""What the machine says: findings and suggestions. Only a person makes a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gongkai.model.document import Document, Span


class Attribute(StrEnum):
    """公开属性: the three attributes of a document (条例 articles 13, 14-16, 19-21, 27)."""

    proactive = "proactive"
    on_request = "on_request"
    withheld = "withheld"

    @property
    def label(self) -> str:
        """The Chinese name as it stands in an annotation."""
        return {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}[self.value]


class Handling(StrEnum):
    """How the document goes out, beside its attribute."""

    full = "full"
    partial = "partial"
    deid = "deid"
    limited = "limited"
    deferred = "deferred"
    out_of_scope = "out_of_scope"
    stop_classified = "stop_classified"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "full": "全文适用",
            "partial": "区分处理（部分公开）",
            "deid": "去标识化后公开",
            "limited": "特定范围公开",
            "deferred": "暂缓公开",
            "out_of_scope": "不属条例调整",
            "stop_classified": "疑似涉密，停止处理",
        }[self.value]


class Action(StrEnum):
    """What happens to personal data on release."""

    mask = "mask"
    keep = "keep"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text and what it is: evidence, a negative-list hit or personal data.

    `score` is a probability; `source` names the detector or rule; `basis` the article; `why` one Chinese sentence.
    """

    span: Span
    kind: str
    score: float
    source: str
    basis: str = ""
    action: Action = Action.mask
    why: str = ""
    replacement: str = ""

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score of {self.kind} is no probability: {self.score}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code with a probability and the findings it rests on."""

    code: str
    score: float
    name: str = ""
    basis: str = ""
    text: str = ""
    because: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """The attribute with its probabilities and the labels that can't be ruled out."""

    label: Attribute
    scores: dict[Attribute, float]
    options: tuple[Attribute, ...]

    @property
    def confidence(self) -> float:
        """The probability of the label."""
        return self.scores[self.label]


@dataclass(frozen=True, slots=True)
class Category:
    """A row of the catalog as suggested, with its deadline clock."""

    code: str
    name: str
    score: float
    deadline: str


@dataclass(frozen=True, slots=True)
class Engine:
    """What judged: product version, model, rulebook digest, agency profile."""

    version: str
    model: str
    rulebook: str
    profile: str


@dataclass(frozen=True, slots=True)
class Screening:
    """Everything said about one document. An empty tuple means no opinion."""

    document: Document
    engine: Engine
    opinion: Opinion
    handling: Handling
    reasons: tuple[Suggestion, ...] = ()
    categories: tuple[Category, ...] = ()
    negative: tuple[Finding, ...] = ()
    personal: tuple[Finding, ...] = ()
    elements: dict[str, str] = field(default_factory=dict)
    needs_review: bool = True
    notes: tuple[str, ...] = ()


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in reading order; of findings that overlap, the strongest (then the longest) is shown.

    For hiding use `redaction.union`, which never drops a character.
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (-f.score, -len(f.span), f.span)):
        if not any(finding.span.overlaps(other.span) for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda f: f.span))


def moved(finding: Finding, span: Span) -> Finding:
    """The same finding at another span."""
    return replace(finding, span=span)
