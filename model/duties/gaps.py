"""退文检查: what a submitted draft lacks or contradicts, by the rows of submission.toml in their order.

Only what people wrote makes a gap; what a machine thinks is a remark. Sources: 国办发〔2016〕80号 on attribute and
reasons, the disclosure office, 退文 (all in 一、（一）) and interpretation; 条例 articles 13 to 17.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.model.demands import Demand, Level
from gongkai.model.duties.citing import articles, cites
from gongkai.model.duties.submission import Answer, Gap, Machine, Stage, Submission, Voice, named
from gongkai.model.finding import Attribute
from gongkai.model.profilerow import NONE
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Reason

ANNOTATIONS: Mapping[Attribute, str] = MappingProxyType(
    {
        Attribute.proactive: "（此件公开发布）",
        Attribute.on_request: "（此件依申请公开）",
        Attribute.withheld: "（此件不予公开）",
    }
)
#: What an annotation calls an attribute.
_SAID = {
    Attribute.proactive: re.compile(r"(?<!不)(?:主动公开|公开发布|此件公开)"),
    Attribute.on_request: re.compile(r"依申请公开"),
    Attribute.withheld: re.compile(r"不予?公开|免予公开|不宜公开"),
}
#: Words that fill a field of reasons and give none.
_NO_REASON = re.compile(
    r"(?:[\W_]|无|没有|略|同上|详见|文件|待定|按照?|有关|相关|规定|要求|依法|依规|不[予宜便]?(?:对外)?公开|依申请公开|主动公开"
    r"|内部|掌握|资料|保密|敏感|属于|此件|本件|该件|的)*"
)
_ALONE = "never alone"
#: The part of the catalog that holds policy documents, the kind of genre that makes rules, the clauses of privacy.
_POLICY, _NORMATIVE, _PRIVACY = "G01", "norm", "W-152"
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Case:
    """A submission as the tests see it."""

    sent: Submission
    rules: Rulebook
    machine: Machine | None
    label: Attribute | None
    reasons: tuple[Reason, ...]
    cited: tuple[str, ...]
    policy: bool
    kind: str

    @property
    def name(self) -> str:
        return self.label.label if self.label else ""


def check(sent: Submission, rules: Rulebook, machine: Machine | None = None) -> Answer:
    """Hold a submission against every row of submission.toml."""
    case = _case(sent, rules, machine)
    found = [gap for row in rules.demands if _applies(row, case) for gap in _gaps(row, case)]
    return Answer(
        tuple(gap for gap in found if gap.level != Level.remark),
        tuple(gap for gap in found if gap.level == Level.remark),
    )


def _case(sent: Submission, rules: Rulebook, machine: Machine | None) -> _Case:
    kind = next((row.kind for row in rules.genres if row.name == sent.genre), machine.kind if machine else "")
    policy = kind == _NORMATIVE if sent.policy is None else sent.policy
    given = f"{sent.basis}；{sent.reason}"
    return _Case(sent, rules, machine, sent.label, _reasons(sent, rules), articles(given), policy, kind)


def _reasons(sent: Submission, rules: Rulebook) -> tuple[Reason, ...]:
    """The rows that codes name, or whose words stand in the reason as it was written."""
    written = sent.reason
    return tuple(r for r in rules.reasons if r.code in sent.codes or (r.text and r.text in written))


def _applies(row: Demand, case: _Case) -> bool:
    if _grade(row, case) == NONE:
        return False
    here = not row.modes or case.sent.mode in row.modes
    return here and (not row.attributes or case.label in row.attributes)


def _grade(row: Demand, case: _Case) -> str:
    """How grave a gap is, by the agency's profile first."""
    return case.rules.profile.demands.get(row.code, row.grade)


def _gaps(row: Demand, case: _Case) -> Iterator[Gap]:
    for words in CHECKS[row.test](row, case):
        said, mend = row.says.format(**words), row.mend.format(**words)
        yield Gap(row.code, said, _basis(row, case.rules), mend, Level(_grade(row, case)), row.test)


def _basis(row: Demand, rules: Rulebook) -> str:
    """The basis of a demand, with the local rule that makes it graver or repeats it."""
    profile = rules.profile
    if row.code not in profile.demands:
        return row.basis
    why = profile.why.get(row.code, "")
    return f"{row.basis}；{profile.basis}" + (f"：{why}" if why else "")


def _when(wrong: bool, **words: str) -> Iterator[Words]:
    if wrong:
        yield words


def _attribute_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(not case.sent.attribute.strip())


def _attribute_unknown(row: Demand, case: _Case) -> Iterator[Words]:
    given = case.sent.attribute.strip()
    return _when(bool(given) and case.label is None, given=given[:40])


def _reason_missing(row: Demand, case: _Case) -> Iterator[Words]:
    bare = not case.sent.codes and _NO_REASON.fullmatch(case.sent.reason) is not None
    return _when(bare, attribute=case.name)


def _basis_missing(row: Demand, case: _Case) -> Iterator[Words]:
    told = case.reasons or cites(case.sent.basis) or cites(case.sent.reason)
    return _when(not told, attribute=case.name)


def _reason_unknown(row: Demand, case: _Case) -> Iterator[Words]:
    unknown = [code for code in case.sent.codes if code not in case.rules.reason]
    return _when(bool(unknown), codes="、".join(code[:20] for code in unknown[:5]))


def _reason_unfit(row: Demand, case: _Case) -> Iterator[Words]:
    unfit = [r for r in case.reasons if r.attribute != case.label]
    wrong = case.label is not None and bool(unfit) and len(unfit) == len(case.reasons)
    belongs = dict.fromkeys(a.label if (a := named(r.attribute)) else "答复申请" for r in unfit)
    return _when(wrong, attribute=case.name, reasons=_names(unfit), belongs="、".join(belongs))


def _reason_alone(row: Demand, case: _Case) -> Iterator[Words]:
    weak = [r for r in case.reasons if _ALONE in r.force]
    alone = bool(weak) and len(weak) == len(case.reasons) and not articles(case.sent.basis.replace(weak[0].basis, ""))
    return _when(alone, reasons=_names(weak))


def _names(reasons: list[Reason]) -> str:
    return "；".join(reason.name for reason in reasons)


def _basis_outside(row: Demand, case: _Case) -> Iterator[Words]:
    wrong = bool(case.cited) and not {*case.cited} & {*row.articles}
    return _when(wrong, attribute=case.name, cited="、".join(case.cited), articles="、".join(row.articles))


def _basis_inside(row: Demand, case: _Case) -> Iterator[Words]:
    wrong = bool(case.cited) and {*case.cited} <= {*row.articles}
    return _when(wrong, attribute=case.name, cited="、".join(case.cited), articles="、".join(row.articles))


def _office_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.office == Voice.none)


def _office_refused(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.office == Voice.refused)


def _called(annotation: str) -> list[Attribute]:
    return [attribute for attribute, pattern in _SAID.items() if pattern.search(annotation)]


def _annotation_missing(row: Demand, case: _Case) -> Iterator[Words]:
    if case.label and not _called(case.sent.annotation):
        yield {"annotation": ANNOTATIONS[case.label]}


def _annotation_differs(row: Demand, case: _Case) -> Iterator[Words]:
    present = case.sent.annotation
    if case.label and _called(present) not in ([], [case.label]):
        yield {"annotation": ANNOTATIONS[case.label], "attribute": case.name, "present": present.strip("（()） ")[:40]}


def _plan_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.plan == Stage.missing)


def _plan_unapproved(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.plan == Stage.attached)


def _material_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.material == Stage.missing)


def _material_unapproved(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.policy and case.sent.material == Stage.attached)


def _secrecy_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(not case.sent.secrecy)


def _third_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(not case.sent.third_asked)


def _form_missing(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.sent.form is None)


def _form_incomplete(row: Demand, case: _Case) -> Iterator[Words]:
    for name, value in (case.sent.form or {}).items():
        if not value.strip():
            yield {"name": name}


def _normative_denied(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.kind == _NORMATIVE and not case.policy, genre=case.sent.genre or "规范性文件")


def _machine_unsure(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.machine is not None and case.machine.needs_review)


def _machine_differs(row: Demand, case: _Case) -> Iterator[Words]:
    other = case.machine.attribute if case.machine else None
    if other and case.label and other != case.label:
        yield {"attribute": case.name, "suggested": other.label}


def _machine_policy(row: Demand, case: _Case) -> Iterator[Words]:
    first = next(iter(case.machine.categories), "") if case.machine else ""
    return _when(first.startswith(_POLICY) and not case.policy and case.kind != _NORMATIVE)


def _listed(row: Demand, case: _Case) -> Iterator[Words]:
    codes = case.machine.clauses if case.machine else ()
    found = [case.rules.clause[code] for code in codes if code in case.rules.clause]
    masked = case.machine is not None and bool(case.machine.masked)
    left = [clause.title for clause in found if not (masked and clause.reason == _PRIVACY)]
    return _when(bool(left), clauses="、".join(left))


def _over_withheld(row: Demand, case: _Case) -> Iterator[Words]:
    return _when(case.machine is not None and not case.machine.clauses)


def _mask_first(row: Demand, case: _Case) -> Iterator[Words]:
    masked = case.machine.masked if case.machine else {}
    types = case.rules.type
    kinds = "、".join(f"{types[kind].name if kind in types else kind}{count}处" for kind, count in masked.items())
    return _when(bool(masked), count=str(sum(masked.values())), kinds=kinds)


CHECKS: Mapping[str, Callable[[Demand, _Case], Iterator[Words]]] = MappingProxyType(
    {
        "attribute_missing": _attribute_missing,
        "attribute_unknown": _attribute_unknown,
        "reason_missing": _reason_missing,
        "basis_missing": _basis_missing,
        "reason_unknown": _reason_unknown,
        "reason_unfit": _reason_unfit,
        "reason_alone": _reason_alone,
        "basis_outside": _basis_outside,
        "basis_inside": _basis_inside,
        "office_missing": _office_missing,
        "office_refused": _office_refused,
        "annotation_missing": _annotation_missing,
        "annotation_differs": _annotation_differs,
        "plan_missing": _plan_missing,
        "plan_unapproved": _plan_unapproved,
        "material_missing": _material_missing,
        "material_unapproved": _material_unapproved,
        "secrecy_missing": _secrecy_missing,
        "third_missing": _third_missing,
        "form_missing": _form_missing,
        "form_incomplete": _form_incomplete,
        "normative_denied": _normative_denied,
        "normative_closed": lambda _, case: _when(
            case.kind == _NORMATIVE, genre=case.sent.genre or "规范性文件", attribute=case.name
        ),
        "machine_unsure": _machine_unsure,
        "machine_differs": _machine_differs,
        "machine_policy": _machine_policy,
        "listed": _listed,
        "over_withheld": _over_withheld,
        "mask_first": _mask_first,
    }
)
