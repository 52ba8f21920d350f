"""The form as a submission that the rulebook's 退文检查 looks at, and what to put right before it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gongkai.model.demands import Level, Mode
from gongkai.model.duties.gaps import check
from gongkai.model.duties.submission import Gap, Machine, Stage, Submission, Voice
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import Values, fields

#: Fields that rows of submission.toml look at by themselves.
_OWN = frozenset({"attribute", "reason", "basis", "annotation", "secrecy", "third", "office", "plan", "interpretation"})
_STAGES = {"随文报送": Stage.attached, "随文报送，已审定": Stage.approved}
_VOICES = {"已审查，同意": Voice.agreed, "已审查，不同意": Voice.refused}
#: What to jump to in the text.
_TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "annotation_missing": "annotation",
        "annotation_differs": "annotation",
        "mask_first": "personal",
        "listed": "negative",
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to put right (`must`) or to look at (`should`, `note`); `target` names what to jump to in the text."""

    level: str
    says: str
    basis: str = ""
    target: str = ""


def to_fix(brief: Brief, values: Values, rules: Rulebook) -> tuple[Item, ...]:
    """What stands against submission, remarks after it; the machine's own notes at the end."""
    found = check(submitted(values), rules, machine(brief))
    return (*(_item(gap) for gap in (*found.gaps, *found.remarks)), *(Item("note", note) for note in brief.notes))


def _item(gap: Gap) -> Item:
    level = "should" if gap.level == Level.remark else "must"
    return Item(level, f"{gap.says}{gap.mend}", gap.basis, _TARGETS.get(gap.test, ""))


def submitted(values: Values) -> Submission:
    """The form as it is filled in."""
    policy = values.get("policy", "")
    return Submission(
        mode=Mode.behalf if values.get("mode") == Mode.behalf.label else Mode.own,
        attribute=values.get("attribute", ""),
        reason=values.get("reason", ""),
        basis=values.get("basis", ""),
        annotation=values.get("annotation", ""),
        genre=values.get("genre", ""),
        policy=policy == "是" if policy else None,
        plan=_STAGES.get(values.get("plan", ""), Stage.missing),
        material=_STAGES.get(values.get("interpretation", ""), Stage.missing),
        office=_VOICES.get(values.get("office", ""), Voice.none),
        secrecy=values.get("secrecy", "").startswith("已审查"),
        third_asked=values.get("third") != "尚未征求",
        form=required(values),
    )


def required(values: Values) -> dict[str, str]:
    """The fields that must not stay empty under the form's attribute, by name, with what stands in them."""
    label = values.get("attribute", "")
    wanted = (field for field in fields() if label in field.required and field.key not in _OWN)
    return {field.name: values.get(field.key, "") for field in wanted}


def machine(brief: Brief) -> Machine | None:
    """What the machine says of the draft; None where it said nothing."""
    if not brief.suggested:
        return None
    masked, clauses = dict(brief.masked), tuple(brief.clauses)
    return Machine(Attribute(brief.suggested), brief.needs_review, clauses, tuple(brief.categories), masked)
