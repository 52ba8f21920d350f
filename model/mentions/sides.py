"""What stands right before and behind a place, a name may be: the nearest character, roles, kinship, acts; and what
other names in the same list or column make of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from gongkai.model.document import Span
from gongkai.model.mentions.names import NOT_A_NAME, TITLES, Mention
from gongkai.model.mentions.surnames import surname_of
from gongkai.model.reading import Reading

#: How sure a name is that stands for others, and one that stands for itself.
SURE, LONELY = 0.6, 0.35

Scored = Sequence[tuple[float, Mention]]
_ROLE = re.compile("(?:" + "|".join(sorted(TITLES, key=len, reverse=True)) + ")$")
_LAST = frozenset("\n").union(title[-1] for title in TITLES)
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
#: Names in a row, each of them, how what is none ends, how many have to be known before a word beside them is one.
IN_ROW = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?:[、 ][\u3400-\u9fff]{2,4}){2,}(?![\u3400-\u9fff])")
ITEM = re.compile(r"[\u3400-\u9fff]+")
OTHER = re.compile(r"[局厅部委办处科室站所股队组会社司校院厂店镇乡村县市区府团员长任人师生们等]$")
LISTED_BY_MARK, LISTED_BY_BLANK = 2, 4
#: A name in Latin letters, what ends none, and the same in brackets behind a name.
_LATIN = r"[A-Z][A-Za-z.]*(?:[ ,·'’-]{1,2}[A-Za-z]+\.?){1,4}"
_FIRM = re.compile(
    r"\b(?:Co|Ltd|Inc|LLC|Corp|Company|Limited|Group|Bank|University|School|Office|Center|Centre|No|Yes|None"
    r"|The|of|and|Director|Manager|President|Chairman|Professor|Engineer|Doctor)\b"
)
LATIN, BRACKETED = re.compile(rf"{_LATIN}|[A-Z][a-z]{{2,}}"), re.compile(rf" ?\( ?(?P<name>{_LATIN}) ?\)")
#: How sure one is of a name in a column of places that is no word, so that it stays one.
MISPLACED = 0.97
_SEX = re.compile(r" ?[,(（]? ?[男女](?:[,;)） ]|$)")


def left(text: str, at: int) -> tuple[str, bool, bool, bool]:
    """The nearest character before a place, and whether kinship, a job or what one does, or a role stands there."""
    before = text[max(0, at - 6) : at]
    near = before.rstrip(" ")
    bare = near.rstrip(" :")
    role = bare[-1:] in _LAST and bool(_ROLE.search(bare))
    return _nearest(text, at, -1), bool(_KIN.search(near)), bool(_JOB.search(near)), role


def right(text: str, at: int) -> tuple[str, bool, bool, bool]:
    """The nearest character behind a place, and whether an act, a role or the sex stands there."""
    after = text[at : at + 6]
    near = after.lstrip(" ")
    return _nearest(text, at, 1), bool(_ACT.match(near)), near.startswith(TITLES), bool(_SEX.match(after))


def _nearest(text: str, at: int, step: int) -> str:
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


def beside_names(reading: Reading, chosen: Scored, taken: bytearray) -> Iterator[tuple[float, Mention]]:
    """Words that are names because of those beside them, and names in Latin letters in a column or behind another."""
    text = reading.text
    listed = chain(_in_rows(text, chosen), _in_columns(reading, chosen))
    words = ((span, "".join(span.of(text).split()), SURE) for span in listed)
    for span, bare, score in chain(words, _in_latin(text, chosen)):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * len(span)
            yield score, Mention(span, bare, frozenset({"echo"}))


def without_places(reading: Reading, scored: Scored) -> list[tuple[float, Mention]]:
    """Mentions without words that fill a cell in a column of places or offices, and are named nowhere else."""
    places = {cell.span for cell in reading.cells if cell.kind == "PLACE"}
    if not places:
        return list(scored)
    named = {m.bare for score, m in scored if score >= SURE and m.span not in places}

    def is_place(score: float, mention: Mention) -> bool:
        sure = len(mention.bare) > 2 and score >= MISPLACED and mention.bare not in reading.segmenter
        return mention.span in places and not sure and mention.bare not in named

    return [(score, mention) for score, mention in scored if not is_place(score, mention)]


def _may_be_name(bare: str) -> bool:
    family = len(surname_of(bare))
    other = NOT_A_NAME.search(bare) or OTHER.search(bare) or bare.endswith(TITLES)
    return 0 < family < len(bare) <= family + 2 and not other


def _in_rows(text: str, chosen: Scored) -> Iterator[Span]:
    """Words between or behind the names of a list that may be names themselves: 赵一鸣、经纬、钱多文."""
    named = {mention.span for score, mention in chosen if score >= LONELY}
    for row in IN_ROW.finditer(text):
        items = [Span(row.start() + m.start(), row.start() + m.end()) for m in ITEM.finditer(row[0])]
        known = [item in named for item in items]
        if sum(known) < (LISTED_BY_MARK if "、" in row[0] else LISTED_BY_BLANK) or 2 * sum(known) < len(items):
            continue
        for at, item in enumerate(items[1:], 1):
            if known[at - 1] and all(known[at + 1 : at + 2]) and _may_be_name(item.of(text)):
                yield item


def _in_columns(reading: Reading, chosen: Scored) -> Iterator[Span]:
    """Cells that may hold names in a column in which at least half of the others do, and names in Latin letters."""
    text, columns = reading.text, defaultdict[str, list[Span]](list)
    for cell in reading.cells:
        if cell.kind == "NAME":
            piece = cell.span.of(text)
            if LATIN.fullmatch(piece) and not _FIRM.search(piece):
                yield cell.span
            elif cell.row >= 0:
                columns[cell.heading] += [
                    Span(cell.span.start + item.start(), cell.span.start + item.end()) for item in ITEM.finditer(piece)
                ]
    named = {mention.span.start for score, mention in chosen if score >= LONELY} if columns else set()
    for items in columns.values():
        known = [item.start in named for item in items]
        if sum(known) > 1 and 2 * sum(known) >= len(items):
            yield from (item for item, so in zip(items, known, strict=True) if not so and _may_be_name(item.of(text)))


def _in_latin(text: str, chosen: Scored) -> Iterator[tuple[Span, str, float]]:
    """Wherever a name stands in Latin letters that brackets tell behind it: for the same person."""
    if ")" not in text:
        return
    for score, mention in chosen:
        told = BRACKETED.match(text, mention.span.end) if score >= LONELY else None
        if told and not _FIRM.search(told["name"]):
            for match in re.finditer(rf"(?<![A-Za-z]){re.escape(told['name'])}(?![A-Za-z])", text):
                yield Span(*match.span()), mention.bare, score
