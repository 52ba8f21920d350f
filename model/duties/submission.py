"""报批的一件公文 as people filled it in, what a machine says of it, and what is found missing in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.model.demands import Level, Mode
from gongkai.model.elements import Elements
from gongkai.model.finding import Action, Attribute, Screening


class Stage(StrEnum):
    """How far a paper of the interpretation is."""

    missing = "missing"
    attached = "attached"
    approved = "approved"


class Voice(StrEnum):
    """What somebody who had to be asked said."""

    none = "none"
    agreed = "agreed"
    refused = "refused"


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine says of the draft: codes and counts."""

    attribute: Attribute
    needs_review: bool = True
    clauses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    masked: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""

    @classmethod
    def of(cls, screening: Screening, elements: Elements | None = None) -> Machine:
        """From a screening, and the parts of the document where they were read."""
        masked: dict[str, int] = {}
        for finding in screening.personal:
            if finding.action == Action.mask:
                masked[finding.kind] = masked.get(finding.kind, 0) + 1
        return cls(
            screening.opinion.label,
            screening.needs_review,
            tuple(dict.fromkeys(finding.kind for finding in screening.negative)),
            tuple(category.code for category in screening.categories),
            masked,
            elements.kind if elements else "",
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """报批的一件公文, as people filled it in; `attribute` is a code or a Chinese name as it was written.

    `codes` are of reasons.toml, `annotation` is the 附注 of the draft, `genre` a name of genres.toml. `policy` is None
    when nobody said so. `form` has the required fields of the 意见单 by name, None when none was handed in;
    `third_asked` is False where a third party still has to be asked.
    """

    mode: Mode = Mode.own
    attribute: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""
    basis: str = ""
    annotation: str = ""
    genre: str = ""
    policy: bool | None = None
    plan: Stage = Stage.missing
    material: Stage = Stage.missing
    office: Voice = Voice.none
    secrecy: bool = False
    third_asked: bool = True
    form: Mapping[str, str] | None = None

    @property
    def label(self) -> Attribute | None:
        """The attribute it names, None for none of the three."""
        return named(self.attribute)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or contradicts: what, by which rule, how to mend it; `test` is what found it."""

    code: str
    says: str
    basis: str
    mend: str
    level: Level
    test: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, in the order of the table; remarks never stand in the way."""

    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Gap, ...] = ()

    @property
    def passed(self) -> bool:
        """Nothing stands in the way."""
        return not self.gaps

    @property
    def returned(self) -> bool:
        """Something is a ground to return the paper."""
        return any(gap.level == Level.back for gap in self.gaps)


def named(attribute: str) -> Attribute | None:
    """The attribute that a code or a Chinese name means."""
    given = attribute.strip()
    return next((a for a in Attribute if given in (a.value, a.label)), None)
