"""What a reviewer should know of a record beside the engine's notes, one Chinese sentence each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.model.finding import Attribute
from gongkai.service.screening.order.forwards import Source
from gongkai.service.screening.order.grouping import Grouped
from gongkai.service.screening.order.outlines import Outline
from gongkai.service.screening.records import Role

FIRST_REGIME, NEW_REGIME = date(2008, 5, 1), date(2019, 5, 15)
#: 档案法 (2020) article 27; before 2021 the law's article 19 said thirty years.
OPEN_AFTER, OPEN_AFTER_OF_OLD = 25, 30
#: A title with one of these passes on what another agency made; one with 印发 mostly what its own agency made.
_PASSED_ON = ("转发", "批转")


@dataclass(frozen=True, slots=True)
class Known:
    """What the other parts found out about one record."""

    source: Source | None = None
    published: str = ""
    grouped: Grouped = Grouped()


def doubts(outline: Outline, known: Known) -> tuple[bool, ...]:
    """What the engine's probabilities don't know of and speaks against the suggestion.

    In order: the text's annotation, the register, the main part against its attachments (a 请示 is judged otherwise
    than its 批复 as a rule), the source, the list of published papers, the group.
    """
    label = outline.attribute
    return (
        bool(outline.annotated) and outline.annotated != label,
        bool(outline.declared) and outline.declared != label,
        _differ(outline, (Role.main, Role.attachment)),
        known.source is not None and known.source.attribute != label,
        bool(known.published) and label != Attribute.proactive.value,
        known.grouped.exception,
    )


def remarks(outline: Outline, known: Known, today: date) -> tuple[str, ...]:
    """The sentences, the most urgent first; none for a paper with a secrecy mark."""
    if outline.classified:
        return ()
    return (*_against(outline, known), *_source(outline, known), *_age(outline.issued, today))


def _shown(attribute: str) -> str:
    return Attribute(attribute).label if attribute else "未作判断"


def _against(outline: Outline, known: Known) -> Iterator[str]:
    annotated, declared, _, _, published, _ = doubts(outline, known)
    own = _shown(outline.attribute)
    if annotated:
        yield f"文中标注为{_shown(outline.annotated)}，与建议的{own}不一致，请核对。"
    if declared:
        yield f"登记的公开属性为{_shown(outline.declared)}，与建议的{own}不一致，请核对。"
    if _differ(outline, tuple(Role)):
        yield f"各部分建议不一致：{_told(outline)}；请分别认定，能区分处理的区分处理（条例第三十七条）。"
    if published:
        yield f"已在公开清单中，建议却是{own}，请核对是否同一文件、应否撤下。"
    elif known.published:
        yield "已在公开清单中，确认属性即可，不必重复发布。"


def _differ(outline: Outline, roles: Collection[Role]) -> bool:
    return len({attribute for role, attribute in outline.parts if attribute and role in roles}) > 1


def _told(outline: Outline) -> str:
    counted = Counter((role, attribute) for role, attribute in outline.parts if attribute)
    return "，".join(f"{role.label}{count}件为{_shown(attribute)}" for (role, attribute), count in counted.items())


def _source(outline: Outline, known: Known) -> Iterator[str]:
    source = known.source
    if source is None:
        if outline.forwards and any(word in outline.title for word in _PASSED_ON):
            yield "转发件：来源文件不在本批材料和已知清单中，请先查明它的公开属性；由制作机关负责公开（条例第十条）。"
        return
    where = "在本批材料中" if source.digest else "在已知清单中"
    how = "已定为" if source.decided else "建议为"
    same = (
        "，与本件一致。"
        if source.attribute == outline.attribute
        else f"，本件建议的{_shown(outline.attribute)}与之不同，请核对。"
    )
    yield f"转发件随来源文件：来源文件{where}，{how}{_shown(source.attribute)}{same}"


def _age(issued: str, today: date) -> Iterator[str]:
    day = _day(issued)
    if day is None or day > today:
        return
    if day < FIRST_REGIME:
        yield "形成于2008年5月1日条例施行之前，没有作过公开属性认定，按现行条例认定。"
    elif day < NEW_REGIME:
        yield "形成于2019年5月15日修订的条例施行之前，原定属性依旧条例作出的，按现行条例重新认定。"
    if _years(day, today) >= OPEN_AFTER:
        old = f"（2021年前为{OPEN_AFTER_OF_OLD}年）" if _years(day, today) < OPEN_AFTER_OF_OLD else ""
        yield (
            f"形成已满{OPEN_AFTER}年{old}：已移交档案馆的按档案开放审核办理，"
            "未移交的由本单位作开放审核（档案法第二十七条、第三十条）。"
        )


def _day(issued: str) -> date | None:
    try:
        return date.fromisoformat(issued)
    except ValueError:
        return None


def _years(day: date, today: date) -> int:
    """Whole years between two days."""
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
