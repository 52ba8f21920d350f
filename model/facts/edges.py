"""The edges of facts told in words, and what the network took for a fact by its words alone.

No fact runs over the columns of a table, breaks a number, or keeps a word that only leads to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.homes import CASE
from gongkai.model.reading import Reading
from gongkai.model.rows import LIKE, parted

#: Words before a fact that are none of it, and are not hidden in the many papers that name relations or sums.
_LEAD = {
    "FAMILY": re.compile(
        r"(?:[的系由跟给替及怕们和]|与(?![上其])|(?<=[甲乙丙])方|[在被](?=[大小二三]?[女儿父母爹妈岳婆舅姑姨叔伯哥姐弟妹])|申请人(?=[女儿之妻丈父母老])|[甲乙丙女男]方(?=[女儿妻丈父母老])|"
        r"(?<=[三请])人(?=[大小]?[女儿]))+"
    ),
    "HEALTH": re.compile(
        r"(?:[\d年月日]*因(?![病公工伤残])|诊断为|确诊为|鉴定为|为|老人(?!院)|孩子|检验|CT提示|身体特征:|其(?!实)|[他她我你您](?!们)|本人|"
        r"该(?:同志|户|生)|[甲乙丙女男]方|第三人|申请人|被告人|当事人|自述|初诊|系)+"
    ),
    "FIN": re.compile(
        r"(?:(?:[日月]?平均|年)?工资|欠?薪|赌资|花了|共计?|部分|押金|首付|退休金|余额|房贷|上限|"
        r"[医治]疗费|护理费|报销|剩)+(?=[约\d一二两三四五六七八九])"
    ),
    "BIRTH": re.compile(
        r"[男女][ ,]+|(?:出生)?(?:日期|时间|年月)[: ]*(?=\d)|年龄[: ]*(?=\d)"
        r"|[A-E][1-3][A-E]? |老师(?=\d)|(?:今年|享年)(?=[\d一二三四五六七八九])"
    ),
    "SPECIAL": re.compile(r"(?:我?是|享受|[男女]方|本人|自述)+"),
}
_TAIL = {
    "FAMILY": re.compile(r"(?:手里|(?<![大二三小离])的小?|带着)$"),
    "ADDR_HOME": re.compile(r"[ ”\"]+$"),
    "BIRTH": re.compile(
        r"(?<=岁)(?:超了|(?:的(?=[\u4e00-\u9fff]{1,4}$)|,(?=[\u4e00-\u9fff]{2,4}$))"
        r"(?!.*[残聋哑盲瞎瘫痴癌病患瘤症孤寡偶离婚孕属]).*)$"
    ),
}
#: What the kinds are taken for: days of the week, spans of years, sizes and times, a certificate's name.
_OTHER = {
    "RELIGION": re.compile(r"^(?!.*[教佛道寺庙僧尼祷洗堂]).*礼拜[一二三四五六日天来]"),
    "BIRTH": re.compile(r"\d{4}[年.]?(?:\d{1,2}月?)? ?[-~至] ?\d{4}|牺牲|伤亡|年工资|分家|婚嫁|病[歿故]|^学生|^年轻$"),
    "FIN": re.compile(
        r"(?:分钟|公里|\d月|厘米|公分|平方米|㎡|%|^[^第字]{0,4}\d{1,3}号)$|^\.?\d$|^\.\d\d$|^\d{4}\.\d{1,2}\.(?:\d{1,2})?$|"
        r"^(?!.*[房产地林权证借集国]).*字第? ?[\d－-]+ ?[号號]$|^(?:19|20)\d\d {1,8}\d[\d,. ]*$"
    ),
    "TRACK": re.compile(r"^[^,;、]{0,12}(?:走访|入户|核查|勘[验查]|送达)[^,;、后到往]{0,8}$"),
    "SPECIAL": re.compile("^(?:问|办|取消)低保户?$"),
    "FAMILY": re.compile(r"^男?\d+女\d*$"),
    "HEALTH": re.compile(
        r"^残疾人?证$|^(?:[医疗诊断证明书]{0,8}(?:编号|号码)|(?:住院|门诊|病案|病历|就诊|档案)号码?)[: 为]{0,2}"
        r"[A-Za-z\d-]{4,}$|^\d{4}-\d{3,}$"
    ),
}
#: A case by its number, a day of the week, a share: whatever kind they are taken for.
_NEVER = re.compile(
    CASE + r"$|名氏\d+号?$|^[^,]{0,4}三分之|"
    r"^[上下这]?个?礼拜[一二三四五六日天来]$"
)
#: What leads to a day that is no birth; and a year or a month alone, unless what follows says it is one.
_WORKED = re.compile(r"(?:参加工作(?:时间|日期|年月)?|退休年龄)[: \n|]*$")
_YEAR, _BORN = re.compile(r"(?:19|20)\d\d年(?:\d{1,2}月)?"), re.compile(r" ?(?:出?生|的|人|[,、()|\n;。]|$)")
_DIGITS = re.compile(r"\d*(?:,\d{3}(?!\d))*(?:\.\d{1,4}(?![\d.]))?")
_CENTS = re.compile(r"\d,\d{3}\.$")
_BEFORE = re.compile(r"(?<![\d.])\d{1,8}(?:,\d{3})*[.,]?$")
_CELL = re.compile(r"[^| \n]+(?:(?:[ \n]|(?<=[、,])[ \n]+)[^| \n]+)*")
#: The same where people are named: the mark between two names belongs to none.
_NAMES = re.compile(r"[^| \n、,;/]+(?:[ \n]+[^| \n、,;/]+)*")
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_WRITTEN = re.compile(r"[\u3400-\u9fffA-Za-z]")
_RANGE = re.compile(r" ?[-~] ?(?:19|20)\d\d")
_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万两][多来余]?$")
_COUNTED = re.compile(r"余?(?: ?(?:[斤亩株棵吨趟天]|公[里斤]|平方?米)|人次|[户份件辆](?!每))")
_SINCE = re.compile(r"(?:19|20)\d\d[\d年月. ]{0,6}[-~] ?$")
_MONTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?")
_DAY = re.compile(r"(?:19|2[0Oo])[\dOo]{2}[.,][\dOo]{1,2}(?:[.,][\dOo]{1,2})?")
_SUM = re.compile(r"\d{4,6}(?:\.\d\d)?|\d{1,3},\d{3}(?:\.\d\d)?")
LONGEST_NUMBER = 24
#: Facts that run on behind a comma.
BRIDGED = ("HEALTH", "FIN", "SPECIAL", "TRACK", "FAMILY", "EDU", "MINOR")
#: Kinds that name people.
PERSONS = ("NAME", "REPORTER")
_LETTERS = re.compile("[A-Za-z]{2}")


def edged(findings: Iterable[Finding], reading: Reading) -> Iterator[Finding]:
    """Facts told in words, each within one cell of a table, with whole numbers and without what leads to it."""
    text = parted(reading.document)
    sums = []
    for finding in findings:
        for part in _cells(finding, text):
            span = _bare(finding.kind, _unbroken(part, text), text)
            span = span and _whole_words(finding.kind, span, text)
            if span and not _is_other(finding.kind, span, text):
                kind = "FIN" if _is_sum(finding.kind, span, text) else finding.kind
                found = replace(finding, span=span, kind=kind)
                sums += [found] if kind == "FIN" else []
                yield found
    yield from _columns(sums, reading) if sums else ()


def _columns(sums: Iterable[Finding], reading: Reading) -> Iterator[Finding]:
    """The other sums of a column of which at least half are facts: the network judges value by value."""
    facts = {finding.span: finding for finding in sums}
    columns = defaultdict[str, list[Span]](list)
    for cell in reading.cells:
        if cell.kind == "SUM" and cell.row >= 0 and LIKE["FIN"].match(cell.span.of(reading.text)):
            columns[cell.heading].append(cell.span)
    for spans in columns.values():
        known = [facts[span] for span in spans if span in facts]
        if known and 2 * len(known) >= len(spans):
            yield from (replace(known[0], span=span) for span in spans if span not in facts)


def bridged(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """One fact of which two parts are hidden, with the comma between them (白内障，看不见)."""
    facts = sorted((f for f in findings if f.kind in BRIDGED and f.action == Action.mask), key=lambda f: f.span)
    for one, other in pairwise(facts):
        if one.kind == other.kind and text[one.span.end : other.span.start] in (",", "、"):
            yield replace(one, span=Span(one.span.start, other.span.end))


def _cells(finding: Finding, text: str) -> Iterator[Span]:
    """The parts of a stretch between bars or wide gaps; of several, those that may be of its kind."""
    pieces = list((_NAMES if finding.kind in PERSONS else _CELL).finditer(text, finding.span.start, finding.span.end))
    for piece in pieces:
        if len(pieces) == 1 or _may_be(finding.kind, piece[0]):
            yield Span(*piece.span())


def _may_be(kind: str, piece: str) -> bool:
    """Whether a cell that a stretch took along may be of its kind: a home is written, a birth has a year or an age."""
    if kind == "BIRTH":
        return bool(re.search(r"[岁年月生]", piece)) or bool(re.match(r"(?:19|20)\d\d[.\-/]?\d\d", piece))
    return kind != "ADDR_HOME" or bool(_WRITTEN.search(piece))


def _unbroken(span: Span, text: str) -> Span:
    """A stretch that ends within a number, with the whole number."""
    start, end = span.start, span.end
    if text[start : start + 1].isdigit() and (before := _BEFORE.search(text, max(0, start - LONGEST_NUMBER), start)):
        start = before.start()
    end += bool(_CENTS.search(text, start, end))
    if text[end - 1 : end].isdigit() and (after := _DIGITS.match(text, end, end + LONGEST_NUMBER)):
        end = after.end()
    return Span(start, end)


def _bare(kind: str, span: Span, text: str) -> Span | None:
    lead, tail = _LEAD.get(kind), _TAIL.get(kind)
    before = lead.match(text, span.start, span.end) if lead else None
    start = before.end() if before else span.start
    after = tail.search(text[start : span.end]) if tail else None
    end = start + after.start() if after else span.end
    return Span(start, end) if end > start else None


def _is_sum(kind: str, span: Span, text: str) -> bool:
    """Whether a cell beside a fact, which went along with it, holds a sum."""
    return kind in ("HEALTH", "FAMILY", "SPECIAL") and bool(_SUM.fullmatch(span.of(text)))


def _is_count(piece: str, span: Span, text: str) -> bool:
    """Whether a number is followed by what is counted or weighed, and that is no money."""
    return bool(_NUMERAL.search(piece) and _COUNTED.match(text, span.end))


def _is_address(span: Span, text: str) -> bool:
    """Whether a stretch is an address of the internet, or a part of one."""
    near = _ADDRESS.finditer(text, max(0, span.start - LONGEST_NUMBER), span.end + LONGEST_NUMBER)
    return any(found.start() <= span.start and span.end <= found.end() for found in near)


def _whole_words(kind: str, span: Span, text: str) -> Span:
    """A name that ends within a word of Latin letters, with the whole word."""
    start, end = span.start, span.end
    while kind in PERSONS and start and _LETTERS.fullmatch(text, start - 1, start + 1):
        start -= 1
    while kind in PERSONS and _LETTERS.fullmatch(text, end - 1, end + 1):
        end += 1
    return Span(start, end)


def _no_birth(piece: str, span: Span, text: str) -> bool:
    """Whether a stretch is a year in which something else happened, or the day when work began."""
    year = _YEAR.fullmatch(piece) and not _BORN.match(text, span.end)
    return bool(year) or bool(_WORKED.search(text, max(0, span.start - 12), span.start))


def _is_other(kind: str, span: Span, text: str) -> bool:
    piece = span.of(text)
    if kind == "FIN" and (_is_count(piece, span, text) or _is_address(span, text)):
        return True
    if kind in PERSONS and piece.isascii() and piece.isupper() and " " not in piece:
        return True
    if kind == "BIRTH" and (_RANGE.match(text, span.end) or _SINCE.search(text, max(0, span.start - 12), span.start)):
        return True
    if kind == "BIRTH" and _no_birth(piece, span, text):
        return True
    told = LIKE["BIRTH"].match(piece) or _MONTH.fullmatch(piece)
    if kind == "BIRTH" and re.fullmatch(r"[\d.,Oo]+", piece) and not told and not _DAY.fullmatch(piece):
        return True
    return bool(_NEVER.search(piece) or (kind in _OTHER and _OTHER[kind].search(piece)))
