"""What a document rests on: the paper that it forwards or issues, the request that it answers, what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements
from gongkai.model.folding import fold
from gongkai.model.head import NUMBER

OPENING = 600
_LONGEST = 120
_NAMED = r"《(?P<title>(?:[^《》]|《[^《》]*》){4,120})》(?P<after>[^。;\n《]{0,40})"
_ISSUED = re.compile(_NAMED + r"(?:转发|批转|印发|转给|下发|颁发)")
_ANSWERED = re.compile(_NAMED + r"(?:收悉|收到|悉(?=[。,;]))")
_BARE_ANSWER = re.compile(rf"(?P<number>{NUMBER.pattern})[^。;\n]{{0,16}}(?:收悉|悉(?=[。,;]))")
_TITLE = re.compile(r"^(?P<who>.{0,60}?)(?P<verb>转发|批转|印发)(?P<title>.{4,})$")
_GROUND = re.compile(r"(?:根据|按照|依据|依照|按|落实|贯彻|结合)[^。;\n]{0,60}$")
_QUOTED = re.compile(r"(?:.{0,30}的)?《((?:[^《》]|《[^《》]*》)+)》")
_AGENT = re.compile(r"^$|(?:关于|[府室厅会局部委院署办])$")
_CARRIER = re.compile(r"(?:的?(?:通知|函|决定|命令|通告|公告))(?:\([^()]*\))?$")
_HELD = re.compile(
    r"(?:通知|意见|办法|方案|规定|细则|规划|计划|要点|报告|请示|函|决定|批复|纲要|规则|制度|预案|通报|公告|目录|清单|标准|指南|名单)$"
)
_ITEM = re.compile(r"(?:^|(?<=\s)) ?附 ?件? ?[\d一二三四五六七八九十]{0,3} ?: ?|(?:^|(?<=[\s:])) ?\d{1,2} ?[.、．:] ?")
_PLAIN = re.compile(r"[^\u4e00-\u9fffa-z0-9]+")
_STRONG = re.compile(r"^[\u4e00-\u9fff][\u4e00-\u9fffa-z]*-?(?:19|20)\d\d-\w*?\d+号$")
_CORE = re.compile(r"关于(.+)$")
_LINK = re.compile(r"的(?=(?:通知|意见|办法|方案|请示|报告|函|规定|决定|批复|复函)$)")


class Paper(Protocol):
    """As much of a reading as references need; `text` and `title` are folded."""

    @property
    def document(self) -> Document: ...  # noqa: D102
    @property
    def elements(self) -> Elements: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document as this one names it: `relation` is forwards, answers or attaches; one of the others is set.

    `number` is a 发文字号 as written, blanks gone; `title` stands without its 《》. Call it for no stopped document.
    """

    relation: str
    number: str = ""
    title: str = ""


def references(reading: Paper) -> tuple[Reference, ...]:
    """What a document forwards (转发、印发、批转), answers (批复、复函) and attaches (附件), each named once."""
    found = [*_forwarded(reading), *_answered(reading), *_attached(reading)]
    return tuple(dict.fromkeys(found))


def number_key(number: str) -> str:
    """A 发文字号 in one spelling (国办发-2021-5号); empty for one that more than one agency may use (第5号)."""
    plain = _PLAIN.sub("-", "".join(fold(number).lower().split())).strip("-").replace("第", "")
    plain = re.sub(r"-0+(?=\d)", "-", plain)
    return plain if _STRONG.match(plain) else ""


def title_key(title: str) -> str:
    """A title in one spelling: folded, without punctuation and blanks, and without 的 before its genre (意见, 通知)."""
    return _LINK.sub("", _PLAIN.sub("", fold(title).lower()))


def core_key(title: str) -> str:
    """The same of what stands from 关于 on, which is what others call a paper; empty where it says too little."""
    match = _CORE.search(title_key(title))
    return match[1] if match and len(match[1]) >= 8 else ""


def _opening(reading: Paper) -> Span:
    body = reading.elements.parts.get("正文")
    start = body.start if body else 0
    return Span(start, start + OPENING)


def _forwarded(reading: Paper) -> Iterator[Reference]:
    if not (titled := _carried(reading.title)):
        return
    named = list(_named(reading, _ISSUED, "forwards"))
    if _QUOTED.search(reading.title):
        named = [other for other in named if title_key(titled) in title_key(other.title)]
    yield from named or [Reference("forwards", title=titled)]


def _carried(title: str) -> str:
    """The title inside a title: 转发《甲关于乙的通知》的通知 carries 甲关于乙的通知."""
    match = _TITLE.match("".join(title.split()))
    if not match or not _AGENT.search(match["who"]) or "关于" in match["who"].removesuffix("关于"):
        return ""
    if inner := _QUOTED.match(match["title"]):
        return inner[1]
    held = _CARRIER.sub("", match["title"])
    whole = match["verb"] == "印发" or _HELD.search(re.sub(r"\([^()]*\)$", "", held))
    return held if whole and len(held) >= 4 else match["title"]


def _answered(reading: Paper) -> Iterator[Reference]:
    named = list(_named(reading, _ANSWERED, "answers"))
    if named:
        yield from named
        return
    opening = _opening(reading)
    for match in _BARE_ANSWER.finditer(reading.text, opening.start, opening.end):
        yield Reference("answers", _tight(reading, match.start("number"), match.end("number")))


def _named(reading: Paper, pattern: re.Pattern[str], relation: str) -> Iterator[Reference]:
    opening = _opening(reading)
    for match in pattern.finditer(reading.text, opening.start, opening.end):
        if relation == "forwards" and _GROUND.search(reading.text, max(0, match.start() - 70), match.start()):
            continue
        number = NUMBER.search(match["after"])
        at = match.start("after")
        yield Reference(
            relation,
            _tight(reading, at + number.start(), at + number.end()).lstrip("(（") if number else "",
            _tight(reading, match.start("title"), match.end("title")),
        )


def _tight(reading: Paper, start: int, end: int) -> str:
    return "".join(reading.document.text[start:end].split())


def _attached(reading: Paper) -> Iterator[Reference]:
    part = reading.elements.parts.get("附件说明")
    if part is None:
        return
    for line in part.of(reading.document.text).splitlines():
        for piece in _ITEM.split(fold(line)):
            title = "".join(piece.split()).strip("《》;。,")
            if 2 < len(title) <= _LONGEST:
                yield Reference("attaches", title=title)
