"""What stands around a mention, as named features: is it a name, and does it stay?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from gongkai.model.document import Span
from gongkai.model.names import TITLES, Mention, surname_of, surnames
from gongkai.model.reading import Reading
from gongkai.model.tagger import Tags

_ROLE = re.compile("(?:" + "|".join(sorted(TITLES, key=len, reverse=True)) + ")$")
_NUMBERISH = re.compile(r"\d[\d* \-Xx]{6,}")
_PRIVATE = re.compile(
    r"身份证|公民身份|住址|户籍|出生|岁|患|病|残疾|低保|儿子|女儿|妻|丈夫|母亲|父亲|户主|村民|居民|业主|租|举报|信访|"
    r"投诉|反映|申请人|当事人|"
    r"死者|伤者|受害|被询问|学生|患者|监护|家属|邻居|欠薪|补偿|救助|账号|卡号|证人|手机"
)
_DUTY = re.compile(
    r"局长|主任|科长|处长|厅长|县长|市长|镇长|乡长|所长|站长|队长|院长|校长|书记|委员|主席|部长|司长|组长|指挥长|"
    r"签发|联系人|承办|经办|审核|审批|负责人|值班|"
    r"带班|记录|主持|出席|列席|参加|汇报|同志|任命|免去|执法|办案|监督|填表|校对|科|处室|代表|法定代表人|董事长|经理|"
    r"专家|发言人|拟任|录用|聘用|中标|受让|公示"
)
_KIN = re.compile(
    r"(?:丈夫|妻子?|爱人|儿子|女儿|儿媳|女婿|父亲?|母亲?|老伴|孙子|孙女|外孙女?|姥姥|姥爷|爷爷|奶奶|外公|外婆|公公|"
    r"婆婆|岳父|岳母|哥哥?|姐姐?|弟弟?|妹妹?|兄|嫂子?|"
    r"叔父?|伯父?|舅舅?|姑母?|姨母?|侄子?|外甥|小叔子|小舅子|堂[兄弟姐妹]|表[兄弟姐妹哥]|长子|次子|长女|次女|养父|"
    r"养母|继父|继母|监护人|邻居|户主|同事|对象)[::（( ]?$"
)
_JOB = re.compile(
    r"(?:[员师长工人士生者]|教授|教练|律师|护士|医生|干部|会计|出纳|保安|司机|保管|主管|经理|总监|书记|代表|委员|"
    r"民警|辅警|法官|村民|居民|职工|市民|业主|住户|"
    r"租客|顾客|患者|学生|同学|股东|老板|房东|领头的是|名叫|叫|系|为|是|由|与|和|及|向|对|给|让|请|经|被|找|"
    r"[::、,;(（.．\d])[::]?$"
)
_ACT = re.compile(
    r"^(?:签收|签字|签名|患|说|称|反映|表示|认为|提出|出面|系|等\d|等[二三四五六七八九十两几]|（|\(|[,、;。:：]|同志|"
    r"本人|家|户|夫妇|兄弟|姐妹|父子|到|来|去|在|于|以|持|驾|负责|牵头|"
    r"任|介绍|汇报|主持|陈述|书面|证实|承认|要求|申请|领取|放弃|拒绝|不服|同意|之[子女父母妻夫]|的(?:儿|女|父|母|妻|"
    r"丈|家|身|住|电|手|账|房|地))"
)
_SEX = re.compile(r" ?[,(（]? ?[男女](?:[,;)） ]|$)")
#: Probabilities at which what the tagger says counts as more.
_STEPS = (0.0003, 0.003, 0.02, 0.1, 0.3, 0.6, 0.85, 0.96, 0.99, 0.998)
_SENSE = (
    "身份证", "公民身份", "住", "户籍", "电话", "手机", "岁", "出生", "男", "女", "患", "病", "残疾",
    "低保", "账号", "卡号", "元", "村", "组", "举报", "反映", "信访", "签字", "同志", "民警", "公司",
)  # fmt: skip


class _Side(NamedTuple):
    """What stands on one side of a place: its features, the nearest character, and the marks that features join."""

    features: tuple[str, ...]
    nearest: str
    kin: bool = False
    act: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What the features of one mention need to know of the whole document; sides and lines are read once a place."""

    repeats: Counter[str]
    tagged: frozenset[str]
    title: tuple[str, ...]
    kind: str
    genre: str
    numbered: frozenset[int]
    label: str
    left: Callable[[int], _Side]
    right: Callable[[int], _Side]
    filled: Callable[[int], int]
    inline: Callable[[int], tuple[str, ...]]
    told: Mapping[Span, tuple[int, int, int]]


def surroundings(reading: Reading, mentions: list[Mention], label: str, tags: Tags) -> Surroundings:
    """What the document as a whole says; computed once. `label` is the attribute suggested for it."""
    elements = reading.elements
    rows = frozenset(reading.line(m.start()).start for m in _NUMBERISH.finditer(reading.text))
    return Surroundings(
        repeats=Counter(m.bare for m in mentions),
        tagged=frozenset(m.bare for m in mentions if "tagger" in m.sources),
        title=tuple(f"t={gram}" for size in (2, 3, 4) for gram in _grams(elements.title, size)),
        kind=elements.kind,
        genre=elements.genre,
        numbered=rows,
        label=label,
        left=cache(partial(_left, reading)),
        right=cache(partial(_right, reading)),
        filled=cache(lambda start: len(reading.line(start).of(reading.text).strip())),
        inline=cache(partial(_inline, reading)),
        told=_told(tags, [m.span for m in mentions]),
    )


def _grams(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(len(text) - size + 1)]


def _told(tags: Tags, spans: list[Span]) -> dict[Span, tuple[int, int, int]]:
    """What the tagger says of each place, in steps: that it is just a name, inside of names, that one runs into it."""
    steps = [np.digitize(shares, _STEPS).tolist() for shares in tags.of_spans(spans)]
    return dict(zip(spans, zip(*steps, strict=True), strict=True))


def _side(text: str, at: int, step: int) -> str:
    """The first character that is no blank on one side, or a mark for the line's edge."""
    at = at - 1 if step < 0 else at
    blank = ""
    while 0 <= at < len(text):
        if text[at] == "\n":
            return "^" if step < 0 else "$"
        if text[at] != " ":
            return blank + ("0" if text[at].isdigit() else text[at])
        blank = "_"
        at += step
    return "^" if step < 0 else "$"


def name_features(reading: Reading, mention: Mention, around: Surroundings) -> list[str]:
    """Features that tell a name from other words."""
    bare, span, family = mention.bare, mention.span, surname_of(mention.bare)
    rank, known = surnames().get(family, 0), bare in reading.segmenter
    shape = "dot" if "·" in bare else str(min(len(bare), 6))
    left, right = around.left(span.start), around.right(span.end)
    exact, inside, running = around.told[span]
    found = [
        *_of_form(rank, family, shape, known),
        f"L={left.nearest}&R={right.nearest}",
        *_of_frame(left.kin, left.act, right.act, rank, shape, known),
        *left.features,
        *right.features,
        *_in_document(reading, mention, around),
        *_of_tags(exact, inside, running, rank, shape, known),
    ]
    found += [f"src={source}" for source in mention.sources]
    found += [f"given={char}" for char in bare[len(family) :]]
    if len(bare) - len(family) == 2:
        found.append(f"given2={bare[-2:]}")
    return found


@cache
def _of_form(rank: int, family: str, shape: str, known: bool) -> tuple[str, ...]:
    return f"len={shape}", f"sur={rank}", f"sur={rank}&len={shape}", f"family={family}", f"word={known}"


@cache
def _of_frame(kin: bool, job: bool, act: bool, rank: int, shape: str, known: bool) -> tuple[str, ...]:
    return (
        f"kin-before={kin}&word={known}",
        f"job-before={job}&sur={rank}",
        f"act-after={act}&sur={rank}",
        f"frame={job or kin},{act}&len={shape}",
    )


@cache
def _of_tags(exact: int, inside: int, running: int, rank: int, shape: str, known: bool) -> tuple[str, ...]:
    return (
        f"tag={exact}",
        f"tag={exact}&len={shape}",
        f"tag={exact}&sur={rank}",
        f"tag={exact}&in={inside}&run={running}",
        f"in={inside}",
        f"in={inside}&word={known}",
    )


def _left(reading: Reading, at: int) -> _Side:
    """Before a place: characters and words, and whether they are kinship, a job (`act`: what one does) or a role."""
    text = reading.text
    before, nearest = text[max(0, at - 6) : at], _side(text, at, -1)
    near = before.rstrip(" ")
    features = (
        f"L={nearest}",
        f"L2={before[-2:]}",
        f"L3={before[-3:]}",
        f"Lw={reading.word_before(at)}",
        f"role-before={bool(_ROLE.search(before.rstrip(' :')))}",
    )
    return _Side(features, nearest, kin=bool(_KIN.search(near)), act=bool(_JOB.search(near)))


def _right(reading: Reading, at: int) -> _Side:
    """Behind a place: characters and words, and whether they are an act, a role or the sex."""
    text = reading.text
    after, nearest = text[at : at + 6], _side(text, at, 1)
    near = after.lstrip(" ")
    features = (
        f"R={nearest}",
        f"R2={after[:2]}",
        f"R3={after[:3]}",
        f"Rw={reading.word_after(at)}",
        f"role-after={near.startswith(TITLES)}",
        f"sex-after={bool(_SEX.match(after))}",
    )
    return _Side(features, nearest, act=bool(_ACT.match(near)))


def _in_document(reading: Reading, mention: Mention, around: Surroundings) -> tuple[str, ...]:
    """How often the name stands in the document, and what line or cell it stands in."""
    span, bare = mention.span, mention.bare
    line, cell = reading.text.rfind("\n", 0, span.start) + 1, reading.cell(span)
    return (
        f"repeats={min(around.repeats[bare], 3)}",
        f"tagged-somewhere={bare in around.tagged}",
        f"alone={around.filled(line) == len(span)}",
        f"numbered-line={line in around.numbered}",
        f"aligned={span.start in reading.starts and span.end in reading.ends}",
        f"heading={cell.kind if cell else ''}",
    )


def stay_features(reading: Reading, mention: Mention, around: Surroundings) -> Iterator[str]:
    """Features that tell an official on duty, or a name the law publishes, from a private person."""
    text, span = reading.text, mention.span
    line = reading.line(span.start)
    yield f"label={around.label}"
    yield f"kind={around.kind}"
    yield f"kind={around.kind}&label={around.label}"
    yield f"genre={around.genre}"
    yield from around.title
    before, after = text[max(line.start, span.start - 14) : span.start], text[span.end : min(line.end, span.end + 14)]
    for size in (1, 2, 3):
        yield f"L{size}={before[-size:]}"
        yield f"R{size}={after[:size]}"
    for size in (2, 3):
        yield from (f"l={gram}" for gram in _grams(before, size))
        yield from (f"r={gram}" for gram in _grams(after, size))
    yield from around.inline(line.start)
    duty = min(len(_DUTY.findall(before + after)), 3)
    yield f"duty={duty}"
    yield f"duty={duty > 0}&label={around.label}"
    yield f"place={'head' if span.start < 200 else 'tail' if span.start > len(text) - 260 else 'body'}"
    yield f"numbered-line={line.start in around.numbered}"
    yield f"repeats={min(around.repeats[mention.bare], 4)}"
    cell = reading.cell(span)
    yield f"heading={cell.heading if cell else ''}"
    form = "table" if cell and cell.row >= 0 else "field" if cell else "prose"
    yield f"form={form}"
    yield f"form={form}&label={around.label}"


def _inline(reading: Reading, start: int) -> tuple[str, ...]:
    """What the line that begins at a place says, read once however many names stand in it."""
    whole = reading.line(start).of(reading.text)
    return (
        *(f"line:{word}" for word in _SENSE if word in whole),
        f"private={min(len(_PRIVATE.findall(whole)), 3)}",
        f"duty-line={min(len(_DUTY.findall(whole)), 3)}",
        f"list={whole.count('、') > 3 or whole.count(' ') > 6}",
    )
