"""Who is responsible for a task, as plans write it: who leads (牵头) and who assists (配合)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.model.folding import fold

_WORDS = r"(?:具体)?(?:牵头|负责|组织|统筹)(?:具体)?(?:实施|落实|组织|办理|执行|负责)?|主办"
_LEAD = re.compile(rf"^(?P<who>.+?)(?:共同|联合)?(?:{_WORDS})$")
_ASSIST = re.compile(
    r"^(?P<who>.+?)(?:按(?:照)?职责(?:分工)?)?(?:分别)?(?:具体|积极|共同|分工)?(?:配合|协助|协同|参与|参加|落实|负责)"
    r"(?:实施|落实|做好|办理)?$"
)
_SHARED = re.compile(r"^(?P<who>.+?)(?:按(?:照)?(?:各自)?职责(?:分工)?)(?:分别)?(?:负责|落实|办理|实施)?$")
_NAMED = re.compile(
    r"(?P<kind>牵头(?:单位|部门|科室)?|责任(?:单位|部门|科室)|主办(?:单位|部门)?"
    r"|配合(?:单位|部门|科室)?|协办(?:单位|部门)?)[:：]"
)
_OUTER = re.compile(r"^[(（](?P<in>.*)[)）]$")
_OPEN, _CLOSE = "（(", "）)"
#: Sentence ends at which a part of a plan stops, and the bracket that names who is responsible for it.
_IN_TEXT = re.compile(r"[(（](?P<who>(?:[^()（）]|[(（][^()（）]{1,12}[)）]){2,80})[)）]")
_SPEAKS = re.compile(r"牵头|负责|配合|落实|按职责")


@dataclass(frozen=True, slots=True)
class Responsible:
    """Units by name, leading and assisting."""

    lead: tuple[str, ...] = ()
    assist: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """As one cell says it."""
        lead, assist = "、".join(self.lead), "、".join(self.assist)
        return f"{lead}牵头，{assist}配合" if assist else lead


def responsible(written: str) -> Responsible:
    """The units of a cell like 办公室牵头，文件起草科室具体落实; without such a word all of them lead."""
    text = fold("".join(written.split()))
    if (outer := _OUTER.match(text)) and not _CLOSE_INSIDE.search(outer["in"]):
        text = outer["in"]
    text = text.strip("。.;；")
    if _NAMED.search(text):
        return _by_name(text)
    lead: list[str] = []
    assist: list[str] = []
    for part in _parts(text):
        _sort(part, lead, assist)
    return Responsible(tuple(dict.fromkeys(lead)), tuple(one for one in dict.fromkeys(assist) if one not in lead))


_CLOSE_INSIDE = re.compile(r"^[^(（]*[)）]")


def in_text(paragraph: str) -> tuple[Responsible, ...]:
    """The brackets of a plan's prose that say who does what, in their order."""
    folded = fold(paragraph)
    return tuple(responsible(found["who"]) for found in _IN_TEXT.finditer(folded) if _SPEAKS.search(found["who"]))


def _by_name(text: str) -> Responsible:
    pieces = _NAMED.split(text)
    lead: list[str] = []
    assist: list[str] = []
    for kind, who in zip(pieces[1::2], pieces[2::2], strict=True):
        (assist if kind.startswith(("配合", "协办")) else lead).extend(_units(who))
    return Responsible(tuple(lead), tuple(assist))


def _sort(part: str, lead: list[str], assist: list[str]) -> None:
    if shared := _SHARED.match(part):
        (assist if lead else lead).extend(_units(shared["who"]))
    elif leading := _LEAD.match(part):
        # 牵头 names who leads in any place; 负责 after it only shares the work out
        (assist if lead and "牵头" not in part else lead).extend(_units(leading["who"]))
    elif assisting := _ASSIST.match(part):
        (assist if lead else lead).extend(_units(assisting["who"]))
    else:
        lead.extend(_units(part))


def _parts(text: str) -> list[str]:
    return [part for part in _cut(text, ",，;；。") if part]


def _units(text: str) -> list[str]:
    return [unit for unit in (one.strip("等的:：。.;；,，") for one in _cut(text, "、/")) if unit]


def _cut(text: str, marks: str) -> list[str]:
    """Cut at marks outside of brackets."""
    pieces, depth = [""], 0
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char in marks and not depth:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces
