"""What a step needs before it may be taken: each test gives the sentence that says what stands in the way, or nothing.

Sources: 条例 articles 11, 13 to 17; 保守国家秘密法实施条例 (2024) article 42; 国办发〔2016〕80号.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gongkai.model.demands import Level
from gongkai.model.finding import Attribute
from gongkai.service.passages.case import Case

CLEAN = ("不涉及国家秘密、工作秘密，可以公开", "部分内容不宜公开，区分处理后可以公开")
AGREED, APPROVED, PASSED, CLEARED = "同意公开", "批准公开", "通过", "同意不予公开"
#: What must not be missing before something is published, with its name.
ELEMENTS = {"title": "标题", "issuer": "发文机关", "issued": "成文日期"}
_REVIEWS = ("first", "second", "final")


def _own(case: Case) -> str:
    return "" if case.document.owner == case.actor.user else "这一步只有拟稿人自己能办。"


def _other(case: Case) -> str:
    return "" if case.document.owner != case.actor.user else "审查人不能是拟稿人本人，请换一个人审查。"


def _complete(case: Case) -> str:
    gaps = [gap for gap in case.answer.gaps if gap.level == Level.back or case.passage.state != "submitted"]
    if not gaps:
        return ""
    return f"还有{len(gaps)}项缺项没有补正（第一项：{gaps[0].says}），请退文或者补正后再办。"


def _cleared(case: Case) -> str:
    if not (case.policy and case.attribute == Attribute.withheld):
        return ""
    said = case.outcome("clear")
    if not said:
        return "政策性文件拟不予公开，还没有送政务公开工作机构审查，请先送审。"
    return "" if said == CLEARED else "政务公开工作机构不同意不予公开，请改定公开属性。"


def _third(case: Case) -> str:
    if case.values.get("third") == "尚未征求":
        return "还没有书面征求第三方意见（条例第三十二条），请先征求。"
    return ""


def _attribute(case: Case) -> str:
    return "" if case.attribute else "还没有定公开属性，请先在报送单上写明。"


def _settled(case: Case) -> str:
    if not case.document.decided:
        return "还没有人对公开属性作出决定，请先决定。"
    return "两位审查人对公开属性的意见不一致，请先议定。" if case.document.disputed else ""


def _secrecy(case: Case) -> str:
    if case.attribute == Attribute.withheld:
        return ""
    said = case.outcome("secrecy", ever=False) or _before_round(case)
    if not said:
        return "没有保密审查记录：先审查、后公开，请先作保密审查。"
    return "" if said in CLEAN else "保密审查的结论不是可以公开，不能公开。"


def _before_round(case: Case) -> str:
    """A review of the draft holds until the content or the circumstances change."""
    return "" if any(one.kind in ("resume", "convert", "change") for one in case.steps) else case.outcome("secrecy")


def _reviews(case: Case) -> str:
    if not case.passage.important:
        return ""
    taken = [case.last(kind, ever=False) for kind in _REVIEWS]
    missing = [name for name, one in zip(("初审", "复审", "终审"), taken, strict=True) if one is None]
    if missing:
        return f"重要信息要三审，还没有{'、'.join(missing)}，请先审完。"
    if any(one is not None and one.record.get("outcome") != "同意发布" for one in taken):
        return "三审里有人不同意发布，请退回重新办理。"
    people = {one.by for one in taken if one is not None}
    return "" if len(people) == len(_REVIEWS) else "初审、复审、终审应当是三个人。"


def _after(case: Case, kinds: tuple[str, ...], name: str) -> str:
    before = [case.last(kind, ever=False) for kind in kinds]
    if before[-1] is None:
        return f"还没有{name}，请按次序审查。"
    by = {one.by for one in before if one is not None}
    return "您已经审过前面的一审，请换一个人。" if case.actor.user in by else ""


def _consulted(case: Case) -> str:
    if "consult" not in case.flags or case.attribute != Attribute.proactive:
        return ""
    said = case.outcome("consult")
    if not said:
        return "涉及其他机关，还没有登记与该机关协商、确认的结果（条例第十一条）。"
    return "" if said == AGREED else "协商的机关没有同意公开，请先协商一致。"


def _approved(case: Case) -> str:
    if "approval" not in case.flags or case.attribute != Attribute.proactive:
        return ""
    said = case.outcome("approve")
    if not said:
        return "公开要经批准，还没有登记上级批准（条例第十一条）；批准以前不得公开。"
    return "" if said == APPROVED else "上级没有批准公开，不能公开。"


def _interpreted(case: Case) -> str:
    wanted = case.policy and case.attribute == Attribute.proactive
    if wanted and case.values.get("interpretation", "") != "随文报送，已审定":
        return "政策性文件主动公开，解读材料还没有审定：不解读不运转，请先审定。"
    return ""


def _justice(case: Case) -> str:
    if "normative" not in case.flags or case.attribute != Attribute.proactive:
        return ""
    said = case.outcome("justice")
    if not said:
        return "规范性文件的解读材料还没有登记司法行政部门的审查。"
    return "" if said == PASSED else "司法行政部门要求修改解读材料，请改好再送审。"


def _risk(case: Case) -> str:
    if "major" not in case.flags or case.attribute != Attribute.proactive:
        return ""
    return "" if case.last("risk") else "重大政策还没有登记社会效果和舆情风险评估，请先评估。"


def _elements(case: Case) -> str:
    if case.attribute != Attribute.proactive:
        return ""
    told = {"title": case.values.get("title"), "issuer": case.document.issuer, "issued": case.values.get("issued")}
    missing = [name for key, name in ELEMENTS.items() if not (told[key] or "").strip()]
    return f"发布要素不齐，缺{'、'.join(missing)}，请在报送单上补齐。" if missing else ""


def _released(case: Case) -> str:
    passed = case.last("release", ever=False)
    if passed is None:
        return "没有发布审查记录，不能办结，请先作发布审查。"
    if passed.record.get("attribute", case.document.decided) != case.document.decided:
        return "发布审查以后公开属性改过，请先办“发布审查不通过”退回，再按新的属性审查。"
    return ""


def _is(case: Case, attribute: Attribute) -> str:
    stands = case.document.decided
    if stands == attribute and not case.document.disputed:
        return ""
    name = Attribute(stands).label if stands else "还没有定"
    return f"公开属性是{name}，不能按{attribute.label}办结。"


NEEDS: Mapping[str, Callable[[Case], str]] = MappingProxyType(
    {
        "own": _own,
        "other": _other,
        "complete": _complete,
        "cleared": _cleared,
        "third": _third,
        "attribute": _attribute,
        "settled": _settled,
        "secrecy": _secrecy,
        "reviews": _reviews,
        "after_first": lambda case: _after(case, ("first",), "初审"),
        "after_second": lambda case: _after(case, ("first", "second"), "复审"),
        "consulted": _consulted,
        "approved": _approved,
        "interpreted": _interpreted,
        "justice": _justice,
        "risk": _risk,
        "elements": _elements,
        "released": _released,
        "proactive": lambda case: _is(case, Attribute.proactive),
        "on_request": lambda case: _is(case, Attribute.on_request),
        "withheld": lambda case: _is(case, Attribute.withheld),
    }
)
