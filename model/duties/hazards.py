"""Warnings of hazards (预警信息): which level a text announces, so that it goes out at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.folding import fold

#: From the lowest to the highest (突发事件应对法 article 63).
LEVELS = ("blue", "yellow", "orange", "red")
NAMES = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
_COLOURS = {"蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"}
_CLASSES = {"四": "blue", "三": "yellow", "二": "orange", "一": "red"}
_CLASSES |= {"IV": "blue", "III": "yellow", "II": "orange", "I": "red"}
_CLASSES |= {"Ⅳ": "blue", "Ⅲ": "yellow", "Ⅱ": "orange", "Ⅰ": "red"}
_COLOUR = re.compile(
    r"(?P<colour>[蓝黄橙红])色[^。；\n]{0,12}?(?:预警|警报|警戒|等级|级别)"
    r"|预警(?:级别|等级|信号)?[^。；\n]{0,8}?(?P<late>[蓝黄橙红])色"
)
_CLASS = re.compile(
    r"(?P<class>IV|III|II|I|[ⅣⅢⅡⅠ四三二一])级[^。；\n]{0,10}预警"
    r"|预警[^。；\n]{0,6}?(?P<late>IV|III|II|I|[ⅣⅢⅡⅠ四三二一])级"
)
_OVER = re.compile(r"解除[^。；\n]{0,20}(?:预警|警报)|(?:预警|警报)[^。；\n]{0,12}(?:已经?)?解除")
_KINDS = re.compile(
    r"地质灾害|山洪|暴雨|洪水|台风|干旱|高温|寒潮|暴雪|大风|雷电|冰雹|大雾|霾|道路结冰|森林(?:草原)?火[险灾]"
    r"|海啸|风暴潮"
)
#: What only speaks about warnings in general: plans, rules, how levels are drawn.
_GENERAL = re.compile(r"(?:办法|预案|方案|规定|规范|标准|意见|规程)$")
_LEAD = 1500


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in force: its level, what of (地质灾害, or nothing), and the words that say so."""

    level: str
    hazard: str
    span: Span

    @property
    def name(self) -> str:
        """As people read it: 地质灾害橙色预警."""
        return f"{self.hazard}{NAMES[self.level]}预警"


def warned(document: Document) -> Warned | None:
    """The highest level that a document announces; None for one that announces none, lifts one, or sets rules."""
    title = fold(document.title or document.text.strip().split("\n", 1)[0])
    text = fold(document.text[:_LEAD])
    if _GENERAL.search(title.strip()) or _OVER.search(title):
        return None
    found = [(_level(match), Span(*match.span())) for pattern in (_COLOUR, _CLASS) for match in pattern.finditer(text)]
    found = [(level, span) for level, span in found if not _lifted(text, span)]
    if not found:
        return None
    level, span = max(found, key=lambda one: (LEVELS.index(one[0]), -one[1].start))
    hazard = _KINDS.search(title) or _KINDS.search(text)
    return Warned(level, hazard.group() if hazard else "", span)


def _level(match: re.Match[str]) -> str:
    groups = match.groupdict()
    said = groups.get("colour") or groups.get("class") or groups["late"]
    return _COLOURS.get(said) or _CLASSES[said]


def _lifted(text: str, span: Span) -> bool:
    """Whether the sentence says that the warning is over."""
    start = max(text.rfind(mark, 0, span.start) for mark in "。；\n") + 1
    ends = [place for mark in "。；\n" if (place := text.find(mark, span.end)) >= 0]
    return bool(_OVER.search(text[start : min(ends, default=len(text))]))
