"""Texts for an archive of any size: the authored documents, each time with other days, figures, places and company.

A second copy of a document takes half of its body from another one of the same attribute, so that it is no near
duplicate of the first. What is near or exact on purpose is made by `edited` and by `matters`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from documents import examples

YEARS = range(2016, 2027)
PLACES = [first + last for first in "澧绥枫槐岚沅泾檀芷菱" for last in "禾淀麓汀圩墅陌坞澍堰"]
_PLACE = re.compile(r"^[\s　]*([\u4e00-\u9fff]{2,3}?)(?=省|市|县|区|旗|州|镇|乡|苏木)", re.MULTILINE)
_NO_PLACE = re.compile("[省市县区旗州镇乡各全本该我上下级报关于]")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d{2}(?=年|[〕）)\-./])")
_DAY = re.compile(r"(?<=月)\d{1,2}(?=日)")
_NUMBER = re.compile(r"(?<=〕)\d{1,4}(?=号)")
_FIGURE = re.compile(
    r"(?<![\d.A-Za-z-])\d{1,6}(?:\.\d{1,4})?(?=\s?(?:%|万|亿|元|人|户|个|家|项|件|公里|吨|亩|平方|立方|次))"
)
_HEAD, _TAIL = 6, 4
_EDITS = (
    "（此件公开发布）",
    "（此件删减后公开）",
    "（此件依申请公开）",
    "抄送：有关单位。",
    "联系人：办公室值班人员。",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One text before it becomes a file."""

    id: str
    title: str
    text: str
    attribute: str
    genre: str
    year: int


@cache
def papers() -> tuple[Paper, ...]:
    """The authored documents."""
    return tuple(
        Paper(e.document.id, _plain(e.document.title), e.document.text, e.attribute, e.genre, _year(e.year))
        for e in examples()
    )


@cache
def _alike() -> dict[str, list[Paper]]:
    groups: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers():
        groups[paper.attribute].append(paper)
    return groups


def _plain(title: str) -> str:
    return re.sub(r"（[^（）]*〔[^（）]*）", "", title).strip()


def _year(text: str) -> int:
    return int(text[:4]) if text[:4].isdigit() else 2019


def crossed(paper: Paper, random: Random) -> Paper:
    """The same head and end, and a body of which half comes from another document."""
    lines = paper.text.split("\n")
    other = random.choice(_alike()[paper.attribute]).text.split("\n")[_HEAD:-_TAIL]
    body = [random.choice(other) if other and random.random() < 0.5 else line for line in lines[_HEAD:-_TAIL]]
    return replace(paper, text="\n".join([*lines[:_HEAD], *body, *lines[_HEAD:][-_TAIL:]]))


def moved(paper: Paper, random: Random, year: int, place: str = "") -> Paper:
    """Another year, other days, figures, number and place; identity numbers stay, their check digits fit."""
    shift = year - paper.year
    text = _YEAR.sub(lambda m: str(min(2035, int(m[0]) + shift)), paper.text)
    text = _DAY.sub(lambda _: str(random.randint(1, 28)), text)
    text = _NUMBER.sub(lambda m: str(random.randint(1, 400)), text, count=1)
    text = _FIGURE.sub(lambda m: _figure(m[0], random), text)
    title = _YEAR.sub(lambda m: str(min(2035, int(m[0]) + shift)), paper.title)
    old = _place(paper)
    new = place or random.choice(PLACES)
    if old:
        title, text = title.replace(old, new), text.replace(old, new)
    return replace(paper, title=title, text=text, year=year)


def _figure(text: str, random: Random) -> str:
    first = str(random.randint(1, 9)) if text[0] != "0" else "0"
    return first + "".join(str(random.randint(0, 9)) if sign.isdigit() else sign for sign in text[1:])


def _place(paper: Paper) -> str:
    """The invented place that a document tells of most, or nothing."""
    found = [name for name in _PLACE.findall(f"{paper.title}\n{paper.text}") if not _NO_PLACE.search(name)]
    best = max(found, key=found.count, default="")
    return best if paper.text.count(best) > 1 else ""


def edited(paper: Paper, random: Random) -> Paper:
    """A near duplicate: one figure and one line are different."""
    lines = paper.text.rstrip("\n").split("\n")
    place = random.randrange(len(lines))
    lines[place] = _FIGURE.sub(lambda m: _figure(m[0], random), lines[place], count=1)
    return replace(paper, text="\n".join([*lines, random.choice(_EDITS)]) + "\n")


def marked(paper: Paper, random: Random) -> Paper:
    """The same with a secrecy mark in its first line."""
    mark = random.choice(("机密★10年", "秘密★5年", "秘密★1年", "机密★长期"))
    return replace(paper, text=f"{mark}\n{paper.text}")


def cut(paper: Paper, start: int, lines: int) -> str:
    """Some lines of a text, for an attachment."""
    found: Sequence[str] = paper.text.split("\n")[start : start + lines]
    return "\n".join(found) if any(map(str.strip, found)) else paper.text
