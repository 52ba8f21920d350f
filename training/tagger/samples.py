"""Text with the people in it, to train on: marked documents, teacher's labels, invented lists; names exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from gongkai.model.document import Span
from gongkai.model.folding import fold
from gongkai.training.authored import Example
from gongkai.training.tagger.naming import Namer

PEOPLE = ("NAME", "REPORTER")
ROWS = (3, 14)
_SENTENCE = re.compile(r"[,。;:、(「]|一名|职工|员工|要求")
_HEADINGS = ("姓名", "姓 名", "户主姓名", "申请人", "负责人", "联系人", "签名", "学生姓名", "当事人", "持证人")
_OTHERS = ("项目", "品名", "单位", "地点", "备注", "类别", "名称", "村组", "工种", "职务")
_FRAMES = (
    "联系人:{}  电话:0000-0000000", "经办人:{}", "审核:{} 复核:{}", "签名:{}", "组 长:{}", "主持人:{}", "记录:{}",
    "参加人员:{}、{}、{}、{}", "{}同志任副主任", "免去{}的科长职务", "当事人:{},男", "法定代表人:{}",
    "户主{},家庭人口0人", "被询问人:{} 性别:女", "与会人员:{} {} {}", "邻居{}、{}证实", "由{}负责,{}配合", "{}({})",
    "拟录用人员:{}", "列席:{},{}", "申请执行人{}与被执行人{}", "{}等0人", "其子{}、其女{}", "举报人{}反映",
    "承包人{}(签字)", "学生{}的监护人{}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Folded text, the people in it, and places that may be people, of which nothing is learned."""

    text: str
    people: tuple[Span, ...]
    unsure: tuple[Span, ...] = ()


def marked(example: Example) -> Sample:
    """A marked document: every name, whether it stays or goes; a reporter who is only described is left open."""
    text = fold(example.document.text)
    people: list[Span] = []
    unsure: list[Span] = []
    for mark in example.marked:
        if mark.type in PEOPLE:
            piece = mark.span.of(text)
            plain = len(piece) <= 4 or "·" in piece or (mark.type == "NAME" and not _SENTENCE.search(piece))
            (people if plain else unsure).append(mark.span)
    return Sample(text, tuple(sorted(people)), tuple(unsure))


def exchanged(sample: Sample, namer: Namer, share: float, random: Random) -> Sample:
    """The sample with a share of its names replaced, each one by the same other everywhere."""
    chosen: dict[str, str] = {}
    for span in sample.people:
        piece = span.of(sample.text)
        if piece not in chosen:
            chosen[piece] = namer.like(piece, random) if random.random() < share else ""
    pieces: list[str] = []
    people: list[Span] = []
    unsure: list[Span] = []
    at = length = 0
    for span in sorted((*sample.people, *sample.unsure)):
        if span.start < at:
            continue
        known = span in sample.people
        surface = (chosen[span.of(sample.text)] if known else "") or span.of(sample.text)
        pieces += [sample.text[at : span.start], surface]
        length += span.start - at
        (people if known else unsure).append(Span(length, length + len(surface)))
        length, at = length + len(surface), span.end
    return Sample("".join(pieces) + sample.text[at:], tuple(people), tuple(unsure))


def blanked(sample: Sample, share: float, random: Random) -> Sample:
    """The sample as recognition of a scan may leave it: blanks between some characters, also inside of names."""
    if not share:
        return sample
    extra = [random.random() < share for _ in sample.text]
    shift, count = [], 0
    for blank in extra:
        shift.append(count)
        count += blank
    shift.append(count)
    text = "".join(c + " " if blank else c for c, blank in zip(sample.text, extra, strict=True))

    def moved(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(Span(s.start + shift[s.start], s.end + shift[s.end - 1]) for s in spans)

    return Sample(text, moved(sample.people), moved(sample.unsure))


def listed(namer: Namer, words: Sequence[str], random: Random) -> Sample:
    """Invented rows of a table, a list of names, or frames that people stand in."""
    make: Callable[[Namer, Sequence[str], Random], list[str]] = random.choice((_table, _frames, _series))
    pieces = make(namer, words, random)
    text, people = "", []
    for place, piece in enumerate(pieces):
        if place % 2:
            people.append(Span(len(text), len(text) + len(piece)))
        text += piece
    return Sample(text, tuple(people))


def _table(namer: Namer, words: Sequence[str], random: Random) -> list[str]:
    """Alternately text and name: rows with a number, a name, a word that is none, figures."""
    between = random.choice((" ", "  ", " | ", "|", ",", "    "))
    first = random.random() < 0.7
    head = [random.choice(_HEADINGS), random.choice(_OTHERS)]
    pieces = [between.join(["序号", *(head if first else head[::-1]), "金额"]) + "\n"]
    for row in range(random.randint(*ROWS)):
        word = random.choice(words)
        lead = [str(row + 1)] if first else [str(row + 1), word]
        pieces[-1] += between.join([*lead, ""])
        rest = [word] if first else []
        pieces += [namer.name(random), between.join(["", *rest, str(random.randint(1, 99999))]) + "\n"]
    return pieces


def _frames(namer: Namer, words: Sequence[str], random: Random) -> list[str]:
    pieces = [""]
    for _ in range(random.randint(*ROWS)):
        parts = random.choice(_FRAMES).split("{}")
        pieces[-1] += parts[0]
        for part in parts[1:]:
            pieces += [namer.name(random), part]
        pieces[-1] += random.choice(("\n", "。", "\n", ";" + random.choice(words) + "\n"))
    return pieces


def _series(namer: Namer, words: Sequence[str], random: Random) -> list[str]:
    between = random.choice(("、", " ", "  ", ",", "\n", "、"))
    pieces = [random.choice((*_HEADINGS, *words[:200])) + random.choice((":", "\n"))]
    for _ in range(random.randint(*ROWS)):
        pieces += [namer.name(random), between]
    pieces[-1] = random.choice(("等", "。", "\n"))
    return pieces
