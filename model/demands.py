"""What a submission must fulfil: the rows of submission.toml, and which words their sentences may use."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gongkai.model.finding import Attribute


class Mode(StrEnum):
    """How a paper is submitted: to be issued by the unit itself, or drafted for the government to issue."""

    own = "own"
    behalf = "behalf"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"own": "自行发文", "behalf": "代拟稿"}[self.value]


class Level(StrEnum):
    """What follows: rules name it as a ground to return the paper; put it right first; look at it again."""

    back = "return"
    mend = "mend"
    remark = "remark"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"return": "退文", "mend": "补正", "remark": "提示"}[self.value]


#: What the program can test, each with the words in braces that its sentences may use.
TESTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "attribute_missing": frozenset(),
        "attribute_unknown": frozenset({"given"}),
        "reason_missing": frozenset({"attribute"}),
        "basis_missing": frozenset({"attribute"}),
        "reason_unknown": frozenset({"codes"}),
        "reason_unfit": frozenset({"attribute", "reasons", "belongs"}),
        "reason_alone": frozenset({"reasons"}),
        "basis_outside": frozenset({"attribute", "cited", "articles"}),
        "basis_inside": frozenset({"attribute", "cited", "articles"}),
        "office_missing": frozenset(),
        "office_refused": frozenset(),
        "annotation_missing": frozenset({"annotation"}),
        "annotation_differs": frozenset({"annotation", "attribute", "present"}),
        "plan_missing": frozenset(),
        "plan_unapproved": frozenset(),
        "material_missing": frozenset(),
        "material_unapproved": frozenset(),
        "secrecy_missing": frozenset(),
        "third_missing": frozenset(),
        "form_missing": frozenset(),
        "form_incomplete": frozenset({"name"}),
        "normative_denied": frozenset({"genre"}),
        "normative_closed": frozenset({"genre", "attribute"}),
        "machine_unsure": frozenset(),
        "machine_differs": frozenset({"attribute", "suggested"}),
        "machine_policy": frozenset(),
        "listed": frozenset({"clauses"}),
        "over_withheld": frozenset(),
        "mask_first": frozenset({"count", "kinds"}),
    }
)
#: Those that only a machine speaks for: a doubt of a machine returns no paper.
MACHINE = frozenset({"machine_unsure", "machine_differs", "machine_policy", "listed", "over_withheld", "mask_first"})


@dataclass(frozen=True, slots=True)
class Demand:
    """退文检查的一项: `test` looks at it under these modes and attributes (all when none is given).

    `says` is the sentence about what is wrong, `mend` what to do; `articles` are those of the 条例 for tests of basis.
    """

    code: str
    test: str
    grade: str
    says: str
    mend: str
    basis: str
    modes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _known("test", self.test, TESTS)
        _known("grade", self.grade, [*Level])
        for mode in self.modes:
            _known("modes", mode, [*Mode])
        for attribute in self.attributes:
            _known("attributes", attribute, [*Attribute])
        if self.test in MACHINE and self.grade != Level.remark:
            raise ValueError("的 grade 应当是 remark：机器没有把握的，只作提示，不退文，请改正。")
        if self.test.startswith("basis_") and self.test != "basis_missing" and not self.articles:
            raise ValueError("的 articles 不能空，请写明条例的条，如 第十四条。")
        _worded(self)


def _known(column: str, value: str, options: object) -> None:
    names = [str(option) for option in options]  # type: ignore[attr-defined]
    if value not in names:
        raise ValueError(f"的 {column} 应当是 {'、'.join(names)} 之一，请改正。")


def _worded(row: Demand) -> None:
    """The sentences name no word that the test can't give, and only words: no formats, no parts of them."""
    for column, sentence in (("says", row.says), ("mend", row.mend)):
        try:
            named = [part for part in string.Formatter().parse(sentence) if part[1] is not None]
        except ValueError as error:
            raise ValueError(f"的 {column} 花括号没有配对，请改正。") from error
        for _, name, form, turn in named:
            if name not in TESTS[row.test]:
                can = "、".join(sorted(TESTS[row.test])) or "无"
                raise ValueError(f"的 {column} 里 {{{name}}} 不认识，这一项可用的词：{can}，请改正。")
            if form or turn:
                raise ValueError(f"的 {column} 里 {{{name}}} 只写词，不写格式，请改正。")
