"""Sensitive personal data in prose, tables and forms: health, special status, minors, family, income, birth, belief.

Cues are rows of sensitive.toml; most count only beside a private person (个人信息保护法 article 28).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.grid import Cell
from gongkai.model.needles import grams, may_match
from gongkai.model.reading import Reading
from gongkai.model.rows import LIKE, parted
from gongkai.model.tablerows import Cue

SENTENCE = re.compile(r"[^\n。!?]+")
REACH = 90
#: So many patterns are searched as fast as the runs of characters in a sentence are gathered to be asked first.
FEW = 4
PRONOUN = re.compile(
    r"(?:其(?!他|中|它|余|次|所|实|一)|本人|[你您](?!局|委|单位|公司|院|校|厅|部|县|市|镇|乡|们)|我(?!局|"
    r"委|市|县|省|厅|国|部|院|校|镇|乡|办|区|站|所|们|司)|她|他(?!人|们)|该(?:女|男|同志|户|人|生|患者"
    r")|当事人|申请人|第三人(?!方)|伤者|患者|死者|老伴|家中母亲|女儿|儿子)"
)
#: 乙方（承租人）：, perhaps with 姓名 before the name.
PARTY = re.compile(r"([甲乙丙丁]方) ?(?:\([^()\n]{1,14}\))? ?(?:姓名)? ?[:：]? ?(?:姓名)? ?[:：]? ?")
GROUPS = ("v", "w", "x", "y")
TYPES = {"HEALTH", "EDU", "FAMILY", "FIN", "MINOR", "BIRTH", "PLATE", "SPECIAL", "RELIGION"}
EMPTY = re.compile(
    r"^[\s\-—/\\*.]*$|^(?:无|略|同上|见附件|正常|良好|合计|是|否|未查到|群众|\d+/\d+|\d+次|\(?见原件\)"
    r"?)$"
)
SUM = re.compile(r"[户家]?[: ]?(?:约|共计|合计)?(?P<v>\d[\d,]*(?:\.\d+)?[多余]?万?元)")
CLASS = re.compile(r"年级|班|[(（]\d{1,2}[)）]|[初高][一二三]")
SCHOOL = re.compile(r"年级|班|月龄|[(（]\d{1,2}[)）]|[初高][一二三]|学前|未入学|小学|中学|幼儿园")
KIN = re.compile(r"[父母夫妻子女兄弟姐妹祖孙媳婿侄舅姑姨叔伯爷奶公婆嫂亲偶爱户离婚孤]")
#: Headings of points that an institution may have as well; grades and numbers of an examination are a person's.
POINTS = re.compile(r"(?<![笔面考]试)(?:得分|分数)$")
SCORE = re.compile(r"^\d{1,3}(?:\.\d+)?分?$|^[A-Z]?\d{6,20}$|^\d{2,8}[A-Z]\d{3,8}$|^缺考$")


def _parties(text: str, marks: Sequence[int]) -> re.Pattern[str] | None:
    """The words 甲方, 乙方 … of a contract that stand for a private person: one is named right behind."""
    named = {match[1] for match in PARTY.finditer(text) if _near(marks, match.end(), match.end() + 2)}
    return re.compile("|".join(sorted(named))) if named else None


def _near(marks: Sequence[int], start: int, end: int) -> bool:
    place = bisect_left(marks, start)
    return place < len(marks) and marks[place] < end


def _match(cue: Cue, text: str, start: int, end: int, sure: bool) -> Iterator[Finding]:
    for match in cue.pattern.finditer(text, start, end):
        group = next((g for g in GROUPS if g in cue.pattern.groupindex and match[g]), None)
        if group:
            yield Finding(Span(*match.span(group)), cue.type, 0.75 if sure else 0.6, "sensitive:" + cue.id)


def _prose(reading: Reading, marks: Sequence[int], named_too: Sequence[int]) -> Iterator[Finding]:
    text = parted(reading.document)
    known = reading.sifted if text is reading.text else grams(text)
    cues = [cue for cue in reading.rules.cues if may_match(cue.pattern, known)]
    alone = [cue for cue in cues if marks and not cue.person]
    public = [cue for cue in cues if cue in alone or cue.public or cue.type == "HEALTH"]
    parties = _parties(text, marks)
    line_start = seen = 0
    for sentence in SENTENCE.finditer(text):
        start, end = sentence.span()
        line_start, seen = text.rfind("\n", seen, start) + 1 or line_start, end
        named = _near(marks, start, end)
        near = (
            named
            or _near(marks, max(line_start, start - REACH), start)
            or (bool(marks) and bool(PRONOUN.search(sentence.group())))
            or (parties is not None and bool(parties.search(text, start, end)))
        )
        wanted = cues if near else public if _near(named_too, start, end) else alone
        held = grams(sentence.group()) if len(wanted) > FEW else None
        for cue in wanted:
            if held is None or may_match(cue.pattern, held):
                found = _match(cue, text, start, end, named)
                yield from (f for f in found if f.kind != "FAMILY" or f.span.start in reading.starts)


def _sums(reading: Reading, private: Iterable[Span]) -> Iterator[Finding]:
    """Sums that stand right behind a private person: 张三5,000元、李四户3万元."""
    for span in private:
        if match := SUM.match(reading.text, span.end):
            yield Finding(Span(*match.span("v")), "FIN", 0.7, "sensitive:sum")


def _says(cell: Cell, piece: str) -> bool:
    """Whether a cell's form is what its heading promises."""
    if cell.kind == "FIN":
        return bool(LIKE["FIN"].match(piece)) and not (cell.row < 0 and cell.heading in ("合计", "小计", "支付"))
    if cell.kind == "EDU":
        return bool(SCORE.match(piece)) or (cell.row < 0 and bool(re.search("程度|学历|院校", cell.heading)))
    if cell.kind == "BIRTH":
        return bool(LIKE["BIRTH"].match(piece))
    if cell.kind in ("FAMILY", "SPECIAL"):
        return not re.search("[□☑√]", piece) and (cell.kind == "SPECIAL" or bool(KIN.search(piece)))
    if cell.kind == "MINOR":
        return bool((CLASS if cell.heading.replace(" ", "") == "学校" else SCHOOL).search(piece))
    return cell.kind != "PLATE" or bool(LIKE["PLATE"].match(piece))


def _columns(reading: Reading, private: Sequence[int], public: Sequence[int]) -> Iterator[Finding]:
    marks = sorted([*private, *public])
    for cell in reading.cells:
        piece = cell.span.of(reading.text)
        line = reading.row(cell)
        if cell.kind not in TYPES or len(piece) > 60 or EMPTY.match(piece) or not _says(cell, piece):
            continue
        # beside a name that stays, mere points are those of an institution
        rated = cell.kind == "EDU" and cell.row >= 0 and bool(POINTS.search(cell.heading.replace(" ", "")))
        near = private if rated else marks
        if _near(near, line.start, line.end) or (
            cell.row < 0 and _near(marks, line.start - 4 * REACH, line.end + REACH)
        ):
            yield Finding(cell.span, cell.kind, 0.7, "column:" + cell.kind)


def sensitive(reading: Reading, private: Iterable[Span], public: Iterable[Span] = ()) -> Iterator[Finding]:
    """Sensitive data; `private` are the places of private people (names to be masked, their numbers and homes).

    `public` are names that stay: they count in table rows, and for health in their own sentence.
    """
    private = list(private)
    marks, others = sorted(span.start for span in private), sorted(span.start for span in public)
    if marks or others:
        yield from _prose(reading, marks, others)
        yield from _sums(reading, private)
        yield from _columns(reading, marks, others)
