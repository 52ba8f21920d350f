"""The form's fields, and how they are filled in before anybody writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from gongkai.model.demands import Mode
from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.service.opinion.brief import Brief

TITLE = "公文公开发布意见单"
#: Words under which a reason asks for a third party's opinion (条例 article 32).
THIRD = frozenset({"W-151", "W-152"})
#: The part of the catalog that holds policy documents.
POLICY = "G01"
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """栏: a field of the form; `required` lists the attributes under which it must not stay empty."""

    key: str
    name: str
    kind: str
    hint: str = ""
    wide: bool = False
    choices: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ("line", "area", "choice"):
            raise ValueError("的 kind 应当是 line、area、choice 之一，请改正。")


@dataclass(frozen=True, slots=True)
class Signature:
    """审签栏: left empty for a hand."""

    name: str


@cache
def fields() -> tuple[Field, ...]:
    """The fields in their order."""
    return read_rows(resources.files(__package__), "fields.toml", "field", Field)


@cache
def signatures() -> tuple[Signature, ...]:
    """The columns to sign."""
    return read_rows(resources.files(__package__), "signatures.toml", "signature", Signature)


def filled(brief: Brief, rules: Rulebook, unit: str = "", drafter: str = "") -> dict[str, str]:
    """Every field with what can be told of it; empty where only a person knows."""
    told = {field.key: "" for field in fields()}
    told |= {"title": brief.title, "number": brief.number, "issued": brief.issued, "drafter": drafter}
    told |= {"mode": Mode.own.label, "genre": brief.genre, "annotation": brief.annotation}
    told["unit"] = unit or brief.issuer
    told |= {key: fill(brief, rules) for key, fill in _FILLS.items()}
    return {key: value for key, value in told.items() if any(field.key == key for field in fields())}


def given(values: Mapping[str, object]) -> dict[str, str]:
    """The fields that somebody sent, cut to what fits; others than the form's are dropped."""
    return {field.key: str(values.get(field.key, "")).replace("\0", "").strip()[:2000] for field in fields()}


def _label(brief: Brief, rules: Rulebook) -> str:
    return Attribute(brief.label).label if brief.label and not brief.needs_review else ""


def _handling(brief: Brief, rules: Rulebook) -> str:
    if brief.attribute and brief.attribute != brief.suggested:
        return ""
    return Handling(brief.handling).label if brief.handling in [*Handling] else ""


def _reasons(brief: Brief, rules: Rulebook, part: str) -> str:
    found = [rules.reason[code] for code in brief.reasons if code in rules.reason]
    fitting = [row for row in found if row.attribute == brief.label]
    return "；".join(dict.fromkeys(getattr(row, part) for row in fitting))


def _category(brief: Brief, rules: Rulebook) -> str:
    row = next((rules.category[code] for code in brief.categories if code in rules.category), None)
    return f"{row.code} {row.name}" if row and brief.label == Attribute.proactive else ""


def _deadline(brief: Brief, rules: Rulebook) -> str:
    row = next((rules.category[code] for code in brief.categories if code in rules.category), None)
    clock = next((d for d in rules.deadlines if row and d.code == row.deadline), None)
    return clock.name if clock and brief.label == Attribute.proactive else ""


def _channel(brief: Brief, rules: Rulebook) -> str:
    row = next((rules.category[code] for code in brief.categories if code in rules.category), None)
    return row.channel if row and brief.label == Attribute.proactive else ""


def kinds(brief: Brief, rules: Rulebook) -> str:
    """The masked types with their counts, in words."""
    names = {t.id: t.name for t in rules.personal}
    return "、".join(f"{names.get(kind, kind)}{count}处" for kind, count in brief.masked.items())


def _personal(brief: Brief, rules: Rulebook) -> str:
    if not brief.masked:
        return "机器没有找到须遮蔽的个人信息，已由拟稿人通读确认：□"
    return f"公开前遮蔽：{kinds(brief, rules)}"


def _policy(brief: Brief, rules: Rulebook) -> str:
    return "是" if brief.categories and brief.categories[0].startswith(POLICY) else "否"


def _third(brief: Brief, rules: Rulebook) -> str:
    return "尚未征求" if THIRD & {*brief.reasons} else "不涉及"


def _office(brief: Brief, rules: Rulebook) -> str:
    return "尚未送审" if _policy(brief, rules) == "是" and brief.label == Attribute.withheld else "不需要"


def _interpretation(brief: Brief, rules: Rulebook) -> str:
    return "尚未报送" if _policy(brief, rules) == "是" and brief.label == Attribute.proactive else "不需要"


_FILLS: Mapping[str, Callable[[Brief, Rulebook], str]] = MappingProxyType(
    {
        "attribute": _label,
        "handling": _handling,
        "reason": lambda brief, rules: _reasons(brief, rules, "text"),
        "basis": lambda brief, rules: _reasons(brief, rules, "basis"),
        "category": _category,
        "deadline": _deadline,
        "channel": _channel,
        "personal": _personal,
        "secrecy": lambda brief, rules: "尚未审查",
        "third": _third,
        "policy": _policy,
        "office": _office,
        "plan": _interpretation,
        "interpretation": _interpretation,
    }
)
