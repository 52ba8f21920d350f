"""What stands around a mention, as named features: does it stay?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

from gongkai.model.document import Span
from gongkai.model.elements import Elements
from gongkai.model.mentions.names import Mention
from gongkai.model.mentions.parts import Part
from gongkai.model.mentions.surnames import short_of
from gongkai.model.reading import Reading

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
_TIME, _COLON = re.compile(r"\d{1,2}:\d{2}"), re.compile(r" *:")
_TIME_AFTER, _TURN = re.compile(r" *\(?\d{1,2}[-:/]"), re.compile(r" *[:\n]| *$|  ")
#: Characters on each side whose pairs count, and how long what stands before a speaker's name may be.
FURTHER, TURN = 30, 24
_SENSE = (
    "身份证", "公民身份", "住", "户籍", "电话", "手机", "岁", "出生", "男", "女", "患", "病", "残疾",
    "低保", "账号", "卡号", "元", "村", "组", "举报", "反映", "信访", "签字", "同志", "民警", "公司",
)  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What the features of one mention need to know of the whole document; lines are read once."""

    repeats: Counter[str]
    tagged: frozenset[str]
    paper: Part
    numbered: frozenset[int]
    label: str
    inline: Callable[[int], Part]


def surroundings(reading: Reading, mentions: list[Mention], label: str) -> Surroundings:
    """What the document as a whole says; computed once. `label` is the attribute suggested for it."""
    rows = frozenset(reading.text.rfind("\n", 0, m.start()) + 1 for m in _NUMBERISH.finditer(reading.text))
    return Surroundings(
        repeats=Counter(m.bare for m in mentions),
        tagged=frozenset(m.bare for m in mentions if "tagger" in m.sources),
        paper=_of_paper(reading.elements, label),
        numbered=rows,
        label=label,
        inline=cache(partial(_inline, reading)),
    )


def _of_paper(elements: Elements, label: str) -> Part:
    kind = elements.kind
    title = (f"t={gram}" for size in (2, 3, 4) for gram in _grams(elements.title, size))
    return f"label={label}", f"kind={kind}", f"kind={kind}&label={label}", f"genre={elements.genre}", *title


def _grams(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(len(text) - size + 1)]


def stay_features(reading: Reading, mention: Mention, around: Surroundings) -> list[str]:
    """Features that tell an official on duty, or a name the law publishes, from a private person."""
    return list(chain.from_iterable(stay_parts(reading, mention, around)))


def stay_parts(reading: Reading, mention: Mention, around: Surroundings) -> tuple[Part, ...]:
    """The same, in parts."""
    text, span, line = reading.text, mention.span, reading.line(mention.span.start)
    before, after = text[max(line.start, span.start - 14) : span.start], text[span.end : min(line.end, span.end + 14)]
    duty, cell = min(len(_DUTY.findall(before + after)), 3), reading.cell(span)
    form = "table" if cell and cell.row >= 0 else "field" if cell else "prose"
    place = (
        f"place={'head' if span.start < 200 else 'tail' if span.start > len(text) - 260 else 'body'}",
        f"numbered-line={line.start in around.numbered}",
        f"repeats={min(around.repeats[mention.bare], 4)}",
        f"heading={cell.heading if cell else ''}",
    )
    labelled = _of_label(duty, form, around.label)
    return (
        around.paper,
        _beside("l", before, -1),
        _beside("r", after, 1),
        _further(text, span),
        around.inline(line.start),
        labelled,
        place,
        _where(reading, span, line),
        _own(mention.bare),
    )


def _further(text: str, span: Span) -> Part:
    """Pairs of characters farther away, over line ends and without blanks."""
    before, after = text[max(0, span.start - FURTHER) : span.start], text[span.end : span.end + FURTHER]
    sides = (("wl", _close(before)), ("wr", _close(after)))
    return tuple(f"{side}={pair}" for side, words in sides for pair in _grams(words, 2))


def _close(words: str) -> str:
    return words.replace(" ", "").replace("\n", "/")


def _where(reading: Reading, span: Span, line: Span) -> Part:
    """How far into the text, how long that is, and whether the name begins what somebody says in a conversation."""
    text = reading.text
    before, after = text[line.start : span.start], text[span.end : line.end]
    return (
        f"tenth={10 * span.start // len(text)}",
        f"long={min(len(text) // 500, 6)}",
        f"speaks={_speaking(before, after)}",
        f"called={before.rstrip().endswith('@')}",
    )


def _speaking(before: str, after: str) -> str:
    """Whether a line is somebody's turn: 甲： …, 甲 09:12, 09:12 甲 …, or begins with the name for another reason."""
    if not before.strip(" \t-·【[@") and _COLON.match(after):
        return "colon"
    if not before.strip():
        return "time-after" if _TIME_AFTER.match(after) else "start"
    return "time-before" if len(before) < TURN and _TIME.search(before) and _TURN.match(after) else "no"


def _own(bare: str) -> Part:
    """What kind of name it is: 老李, 李, how many characters; its last one (陈某, 王老板)."""
    return f"own={'short' if short_of(bare) else len(bare)}", f"last={bare[-1]}"


@cache
def _of_label(duty: int, form: str, label: str) -> Part:
    return f"duty={duty}", f"duty={duty > 0}&label={label}", f"form={form}", f"form={form}&label={label}"


def _beside(side: str, words: str, step: int) -> Part:
    """The characters next to a place on one side, and all runs of two and three there."""
    nearest = [words[:size] if step > 0 else words[-size:] for size in (1, 2, 3)]
    return (
        *[f"{side.upper()}{size}={piece}" for size, piece in enumerate(nearest, 1)],
        *[f"{side}={gram}" for size in (2, 3) for gram in _grams(words, size)],
    )


def _inline(reading: Reading, start: int) -> Part:
    """What the line that begins at a place says, read once however many names stand in it."""
    whole = reading.line(start).of(reading.text)
    return (
        *(f"line:{word}" for word in _SENSE if word in whole),
        f"private={min(len(_PRIVATE.findall(whole)), 3)}",
        f"duty-line={min(len(_DUTY.findall(whole)), 3)}",
        f"list={whole.count('、') > 3 or whole.count(' ') > 6}",
    )
