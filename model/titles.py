"""Find the title of a document: the line, or the few lines, that name its matter and its genre (GB/T 9704, 7.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, count, islice

from gongkai.model.document import Document, Span
from gongkai.model.folding import fold
from gongkai.model.lines import Line, pieces, unspaced
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import Genre

AGENCY = re.compile(
    r"^[\u4e00-\u9fff()、·〇]{2,40}(?:政府|办公[室厅]|委员会|[局厅部委院署办处科室站所队组会馆关行]|指挥部|中心|公司|"
    r"法庭|学校|大学)(?:\(.{1,12}\))?$"
)
NUMBERED = re.compile(r"[〔(] ?[12][\dOoIl +]{3,12}[〕)].{0,8}?[\dOoIl]{1,6} ?号")
SERIAL = re.compile(
    r"^[(〔]?(?:[12][\dOo]{3}年?)?第?[\d一二三四五六七八九十OoIl]{1,6}[号期次批][)〕]?$"
    r"|^[(〔][12][\dOo]{3}[)〕]第\d+[号期次]$"
)
_CLAUSE = re.compile(
    r"^(?:[-─_=*#>]{3}|〔[^〔〕]*(?:名称|系统|单位|时间|地址|电话)|[〈<①-⑳◇◎●■▲※☆★□√>#@]"
    r"|第?[一二三四五六七八九十\d]{1,3}[条章节款、.．]|[(〔][一二三四五六七八九十\d]{1,2}[)〕])"
)
_FIELD = re.compile(
    r"^[^:《]{1,9}:(?!.*(?:转发|回复))"
    r"|^[(〔]?(?:签发|抄送|抄报|主送|附件|附:|来源|发布人|时间|地点|参加|主持|出席|记录|申请人)"
)
_LABEL = re.compile(r"^(?:邮件)?(?:主 ?题|标 ?题|题 ?目|Subject)(?: ?: ?|\t| {2,})(?=\S)", re.IGNORECASE)
_MATTER = re.compile(r"^(?:.{0,40})关于|^(?:转发|印发|对《)")
_REMARK = re.compile(r"(?:[(〔](?:[^()〔〕]|[(〔][^()〔〕]{0,20}[)〕]){0,60}[)〕]){0,3}(?:_[^_]{2,20}_[^_]{2,20})?$")
_UNDER = re.compile(
    r"^\((?:[^()]{0,12}[号期批次榜稿版]|试行|暂行|节选|摘要|[^()]{0,6}草案|[12]\d{3}(?:[-至]{1,2}[12]\d{3})?年?度?)\)$"
)
_BARE = re.compile(r"^(?:公告|通告|通报|公报|决定|决议|命令|令|公示|启事|通知|预警)$")
_SENTENCE = re.compile(r"[。;]|[,、]$|[┃│|\t]|^[…)〕]|公告第?\d{4}年第|星期[一二三四五六日天]|原始邮件|文件名:")
_CAUTION = re.compile(r"不得|扩散|保[管存]|外传|传阅|请勿|仅限|作废|^内部(?:资料|使用|掌握)")
_CLOSED = re.compile(
    r"^(?:\d{1,6}|[绝机秘]密.{0,8}|特急|加急|平急|特提|份号.{0,8}|签发人.{0,12}|\([^()]*\)|〔[^〔〕]*〕|编号:.{0,30}"
    r"|公开(?:属性|方式):.{0,8})$"
)
_APART = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (_CLAUSE, _FIELD, SERIAL, _CLOSED)))
_NOUN = re.compile(
    r"(?:结果|情况|记录|登记|安排|问题|[表书单稿簿册]|底稿|往来|实录|范文|分工|口径|题本|汇总|要点|台账|选登|一封信|公布|公开|"
    r"反馈|动态|[答回][复覆]|说明|协议|合同|证明)$"
)
_MARKS = re.compile(r"[\W_]+")
_END = re.compile(r"[。:;,、!?]$")
_DAY = re.compile(r"^-+\d{4}年\d")
_SPECK = re.compile(r"^[|lI▌■□]+(?=[\u4e00-\u9fff])")
_CARRIED = ("的通知", "的公告", "的批复", "的函", "的请示", "的报告")
_LONGEST_NUMBER = 30
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    points: float
    start: int
    end: int


def title_genre(title: str, rules: Rulebook) -> Genre | None:
    """The genre that a title names, blanks and closing remarks in brackets aside."""
    tight = "".join(fold(title).split())
    plain = _REMARK.sub("", tight).rstrip("》") or tight
    return rules.genre(plain) or (rules.genre(tight) if plain != tight else None)


def find_title(document: Document, rows: Sequence[Line], rules: Rulebook) -> tuple[str, Span | None]:
    """The title and where it stands; a title that came with the document is kept, with its place if it is found."""
    best = max(_candidates(document, rows[:24], rules), key=lambda c: c.points, default=None)
    span = Span(best.start, best.end) if best and best.points >= _LEAST else None
    given = document.title.strip()
    if given:
        return given, place_given(document, given, span)
    return (unspaced(span.of(document.text)), span) if span else ("", None)


def _bare(text: str) -> str:
    return _MARKS.sub("", text)


def place_given(document: Document, given: str, read: Span | None) -> Span | None:
    """Where a known title stands, line breaks, blanks and punctuation aside; else the title as read, if they agree."""
    text, named = document.folded[:6000], fold(given)
    unmarked, short = _bare(text), _REMARK.sub("", named)
    whole, plain = _bare(named), _bare(short)
    for wanted in (plain, whole) if NUMBERED.search(named[len(short) :]) else (whole, plain):
        found = list(islice(_occurrences(unmarked, wanted), 8)) if len(wanted) > 1 else []
        if found:
            spans = _marked(text, found, len(wanted))
            same = next((span for span in spans if read and span.overlaps(read)), None)
            return _closed(document, same or next((s for s in spans if _starts_line(document, s)), spans[0]))
    if read:
        one, other = sorted((whole, _bare(fold(read.of(document.text)))), key=len)
        return read if one and one in other and len(one) >= 0.5 * len(other) else None
    return None


def _marked(text: str, found: Sequence[int], size: int) -> list[Span]:
    """Where so many letters and digits stand in a text, given which of its letters and digits are the first ones."""
    places = list(islice(compress(count(), map(str.isalnum, text)), found[-1] + size))
    return [Span(places[at], places[at + size - 1] + 1) for at in found]


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + len(wanted))


def _starts_line(document: Document, span: Span) -> bool:
    return not document.folded[document.folded.rfind("\n", 0, span.start) + 1 : span.start].strip(" “”《》'\"")


def _closed(document: Document, span: Span) -> Span:
    """The span with the brackets and quotation marks that belong to it."""
    text, start, end = document.folded, span.start, span.end
    if end < len(text) and text[end] in ")》”〕」" and any(mark in text[start:end] for mark in "(《“〔「"):
        end += 1
    if start and text[start - 1] in "(《“〔「":
        start -= 1
    return Span(start, end)


def _candidates(document: Document, rows: Sequence[Line], rules: Rulebook) -> Iterator[_Candidate]:
    clean = 1.5
    firsts = list(map(_piece, rows))
    standing = list(map(_stands, firsts))
    latest = max(compress(count(), standing), default=0)
    for place, line in enumerate(rows):
        if label := _LABEL.match(line.text):
            value = pieces(Line(line.start + label.end(), line.end, line.text[label.end() :]))[0]
            yield _Candidate(6.0 - 0.1 * place, value.start, value.end)
        for last in range(place, min(place + 4, len(rows))):
            if last > place and not _joins(document, rows[last - 1], rows[last], rules):
                break
            block = firsts[place : last + 1]
            if not standing[place] or not (standing[last] or _UNDER.match(block[-1].tight)):
                break
            if last > place and _UNDER.match(block[-1].tight):
                continue
            under = [row for row in rows[last + 1 : last + 2] if _below(document, rows[last], row)]
            points = _points(block, rules) + clean - 0.12 * place + _around(document, block, rows[last + 1 : last + 4])
            end = under[0].end if under else block[-1].end
            yield _Candidate(points, block[0].start, end)
        if place < latest and not _heading(line):
            clean = min(clean, 0.3) - 0.6 if "。" in line.text or len(line.tight) > 60 else clean - 0.5


def _below(document: Document, row: Line, under: Line) -> bool:
    """Whether a line is the serial number or draft mark that belongs under a title."""
    return bool(_UNDER.match(under.tight)) and document.folded.count("\n", row.end, under.start) == 1


def _piece(row: Line) -> Line:
    return pieces(row)[0]


def _masthead(tight: str) -> bool:
    return tight.endswith("文件") or bool(AGENCY.match(tight.removesuffix("便函").removesuffix("用笺")))


def _heading(line: Line) -> bool:
    """Whether a line belongs to a document's head, so that the title may still follow it."""
    tight = _SPECK.sub("", line.tight)
    marked = len(tight) <= 3 or _caution(tight) or _CLOSED.match(tight)
    return bool(marked or _masthead(tight) or NUMBERED.search(tight))


def _caution(tight: str) -> bool:
    return len(tight) <= 40 and "关于" not in tight and bool(_CAUTION.search(tight))


def _stands(line: Line) -> bool:
    """Whether a line can be part of a title at all."""
    text, tight = line.text, line.tight
    if not 1 < len(tight) <= 90 or _SENTENCE.search(text) or tight.endswith((":", "文件", "便函", "用笺")):
        return False
    if NUMBERED.search(tight) and "关于" not in tight and not _numbered_remark(tight):
        return False
    if _APART.match(tight) or _caution(tight):
        return False
    many = len(text.split()) > 4 and " " in unspaced(text)
    return not many and sum(map(str.isdigit, tight)) <= 0.6 * len(tight)


def _numbered_remark(tight: str) -> bool:
    """Whether a number stands in closing brackets, as a title's own remark."""
    return tight.endswith((")", "〕")) and not re.match(r"^[^()〔〕]{0,18}[〔(][12]", tight)


def _joins(document: Document, above: Line, below: Line, rules: Rulebook) -> bool:
    """Whether a title that has begun on one line may go on on the next."""
    upper, lower = _SPECK.sub("", above.tight), below.tight
    breaks = document.folded.count("\n", above.end, below.start)
    if breaks > 2 or (breaks == 2 and ("关于" not in upper or "关于" in lower)) or _END.search(upper):
        return False
    if len(pieces(above)) > 1 or (AGENCY.match(lower) and not AGENCY.match(upper)):
        return False
    if _UNDER.match(lower) or _UNDER.match(upper) or lower.startswith("--"):
        return breaks == 1 and not _DAY.match(lower)
    opened = any(upper.count(a) > upper.count(b) for a, b in ("()", "《》", "“”"))
    if AGENCY.match(upper) and not opened and "关于" not in upper:
        return breaks == 1 and bool(_MATTER.match(lower) or _BARE.match(lower) or AGENCY.match(lower))
    if opened or lower.startswith(("(", "的")):
        return True
    return not title_genre(upper, rules) or ("关于" in upper and lower.endswith(_CARRIED))


def _points(block: Sequence[Line], rules: Rulebook) -> float:
    text = "".join(row.tight for row in block)
    body = _REMARK.sub("", text) or text
    points = 1.5 if _MATTER.match(text) else 0.0
    if title_genre(text, rules):
        points += 2.0 if len(body) <= 4 else 3.0
        points += 0.7 * bool(re.search(r"关于.{2,}的.{1,6}$", body))
    elif _NOUN.search(body):
        points += 1.5
    elif AGENCY.match(text) or AGENCY.match(block[-1].tight):
        points -= 3.0
    points += 1.0 if 6 <= len(text) <= 60 else 0.0
    points -= 2.0 * (len(text) > 100) + 1.0 * (len(text) < 4) + 0.8 * ("," in text) + 0.1 * (len(block) - 1)
    points += 0.3 if len(block) > 1 and title_genre(block[-1].tight, rules) else 0.0
    return points - 1.0 * bool(_END.search(text))


def _around(document: Document, block: Sequence[Line], after: Sequence[Line]) -> float:
    """What stands after a title: nothing, a number, a date, those addressed."""
    folded, last = document.folded, block[-1]
    open_below = re.match(r"[^\n]*\n(?:\s*?\n| *[(〔])", folded[last.end : last.end + 60])
    points = 0.7 if open_below else 0.0
    start = folded.rfind("\n", 0, block[0].start) + 1
    points += 0.4 if block[0].start - start >= 6 else 0.0
    points += 0.8 if any(row.tight.endswith(":") and len(row.tight) < 80 for row in after[:3]) else 0.0
    numbered = after and len(after[0].tight) < _LONGEST_NUMBER and NUMBERED.search(after[0].tight)
    return points + (0.5 if numbered else 0.0)


def quoted(title: str) -> str:
    """A title as a sentence names it: titles inside it stand in single angle brackets (GB/T 15834, 4.15)."""
    whole = title.startswith("《") and title.find("》") == len(title) - 1
    return f"《{(title[1:-1] if whole else title).translate(_INNER)}》"


_INNER = str.maketrans("《》", "〈〉")
