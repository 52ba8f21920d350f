"""What a person should know or do next, one Chinese sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gongkai.model.attribute import Case
from gongkai.model.doubt import Doubts
from gongkai.model.finding import Action, Attribute, Category, Finding, Handling, Opinion

NEW_REGIME = date(2019, 5, 15)
STRANGE = 2


def notes(
    view: Opinion,
    way: Handling,
    data: tuple[Finding, ...],
    categories: tuple[Category, ...],
    case: Case,
    negative: tuple[Finding, ...],
    doubt: Doubts,
    fast: bool,
) -> Iterator[str]:
    """The sentences, the most urgent first."""
    yield from _doubts(view, case, doubt)
    if fast:
        yield "快速模式：没有查找姓名、住址和敏感信息，也没有用编码器判断；对外公开前请用全面模式再查一遍。"
    yield from _before_release(view, way, data, negative)
    if view.label == Attribute.proactive and categories:
        deadlines = case.reading.rules.deadlines
        deadline = next((row for row in deadlines if row.code == categories[0].deadline), None)
        if deadline:
            yield f"公开时限：{deadline.name}（{deadline.basis}）。"


def _doubts(view: Opinion, case: Case, doubt: Doubts) -> Iterator[str]:
    elements = case.reading.elements
    if len(view.options) > 1:
        yield f"拿不准：{'、'.join(option.label for option in view.options)}都有可能，请人工判断。"
    if doubt.against:
        yield (
            f"法律规则与模型判断不一致：按规则（{doubt.against.rule}）指向{doubt.against.law.label}，"
            f"模型从全文看更像{doubt.against.model.label}，请人工判断。"
        )
    if doubt.contradicted:
        yield f"文中标注为“{elements.annotation}”，与建议的{view.label.label}不一致，请核对。"
    elif doubt.leaning:
        yield f"主要凭文中标注“{elements.annotation}”作出建议；标注可能有误，不看标注时建议不同，请核对。"
    if doubt.instructed:
        yield "文中有对机器说的话（要求按某种属性判断），不作为依据；请人工判断，并查明来由。"
    if len(doubt.unlike) >= STRANGE or "用词" in doubt.unlike:
        yield f"与训练时见过的文件差别较大（{'、'.join(doubt.unlike)}），建议可信度可能偏高，请人工判断。"
    if elements.issued and elements.issued < NEW_REGIME:
        yield "文件形成于2019年5月15日条例修订施行之前，按现行条例重新认定。"


def _before_release(
    view: Opinion, way: Handling, data: tuple[Finding, ...], negative: tuple[Finding, ...]
) -> Iterator[str]:
    masked = sum(f.action == Action.mask for f in data)
    if masked and view.label != Attribute.withheld:
        yield f"含须遮蔽的个人信息{masked}处，{'公开' if view.label == Attribute.proactive else '提供'}前须去标识化。"
    if way == Handling.out_of_scope:
        yield "可能不属政府信息公开条例调整（党务文件或者登记、档案查询），请按专门规定办理。"
    if any(f.kind in ("NL-02", "NL-22") for f in negative):
        yield "疑似涉及保密事项，公开前须经保密审查（条例第十七条）。"
    if any(f.kind in ("NL-15", "NL-16", "NL-18") for f in negative) and view.label == Attribute.withheld:
        yield "属过程性信息：决定作出后，对最终文件另行判断，并复查本件。"
