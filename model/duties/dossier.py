"""卷宗: the papers of a decision, from its draft to its result: which there are, and which it still lacks.

Sources: 重大行政决策程序暂行条例 articles 14 to 16, 32, 33; the founding documents' list of what a decision publishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.model.folding import fold
from gongkai.model.references import core_key, title_key

#: must: every decision item; case: only where it was done (视情); extra: belongs here, but is not asked for.
LEVELS = ("must", "case", "extra")
_DRAFT = re.compile(r"[(（][^()（）]*(?:稿|草案|审议)[^()（）]*[)）]|征求意见稿|送审稿|讨论稿|审议稿|草案$")
_NAMED = re.compile(r"《(?P<title>(?:[^《》]|《[^《》]*》){4,150})》")
_AROUND = re.compile(r"^(?:.{0,30}?关于)?(?:公开征求|征求|对|报送|印发|提请审议|起草|制定)?")
_TAIL = re.compile(
    r"(?:的|起草|编制|制定|说明|解读|公告|通知|请示|批复|函|情况|(?:公开)?(?:征求|征集|公众)?意见(?:征集|征求)?(?:和|及)?(?:采纳)?的?"
    r"|结果|报告|风险评估|评估|专家论证|论证|合法性审查|审查|审议|纪要|问答)+$"
)
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Role:
    """What a paper is to a decision: `title` are patterns of its title; one with `process` was made before the
    decision, and is looked at again once that is there."""

    code: str
    name: str
    level: str
    basis: str = ""
    process: bool = False
    title: tuple[re.Pattern[str], ...] = ()

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"的 level 应当是 {'、'.join(LEVELS)} 之一，请改正。")


def role_of(title: str, roles: Iterable[Role], default: str = "related") -> str:
    """What a paper is by its title: the first row that fits."""
    folded = fold("".join(title.split()))
    return next((role.code for role in roles if any(cue.search(folded) for cue in role.title)), default)


def missing(present: Iterable[str], roles: Sequence[Role]) -> tuple[Role, ...]:
    """What a decision item lacks: first what every one needs, then what is needed where it was done."""
    held = set(present)
    return tuple(role for level in LEVELS[:2] for role in roles if role.level == level and role.code not in held)


def subject(title: str) -> str:
    """What a paper is about: of 关于《甲办法（征求意见稿）》的起草说明 it is 甲办法; empty for too little."""
    plain = fold("".join(title.split()))
    if named := _NAMED.search(plain):
        plain = named["title"]
    bare = _DRAFT.sub("", plain)
    core = _TAIL.sub("", _AROUND.sub("", core_key(bare) or title_key(bare)))
    return core if len(core) >= _LEAST else ""


def together(one: str, other: str) -> bool:
    """Whether two titles belong to one decision."""
    first, second = subject(one), subject(other)
    if not first or not second:
        return False
    return first == second or (min(len(first), len(second)) >= 8 and (first.endswith(second) or second.endswith(first)))
