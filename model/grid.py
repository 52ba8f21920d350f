"""Tables and forms that were pasted as text: which cell stands under which heading, which value behind which label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span

CUT = re.compile(r"\t|[|│┃]| {2,}|,(?=\D)| ")
STRONG = re.compile(r"[\t|│┃]| {2,}")
CELL = {
    "NAME": r"姓 ?名|申请人|户主|户主姓名|权利人|被征收人|被补偿人|学生(姓名)?|儿童(姓名)?|患者(姓名)?|老人姓名|负责人|联系人|驾驶(员|人)|经办人|领款人|"
    r"承包(人|方)|登记人|持证人|参保人|监护人|家长|代表|成员|人员|值班(人员|领导)?|带班领导|法定代表人|补贴对象|救助对象|受助人|被保障人|拟(录|聘)用人员|考生|签名|签字|户名|收款人",
    "ID_CARD": r"(公民)?身份证?(件)?(号码?|码|号)?|证件号码?|公民身份号码|身份证",
    "PHONE_MOBILE": r"(联系|本人|监护人|家长)?(电话|手机|方式)(号码?)?|联系方式|手机号?码?",
    "BANK": r"(银行|社保)?(卡|帐|账)(户|号)(号码?)?|(银行|一卡通|存折|开户)?(卡|账|帐)号|一卡通(账号)?",
    "ADDR_HOME": r"(家庭|现|居住|户籍)?(住|地)址|住所|户籍地|家庭住址|居住地|坐落|门牌号?|通讯地址",
    "BIRTH": r"出生(年月|日期|时间)?|年龄|生日",
    "HEALTH": r"(健康|身体|患病|伤病)(状况|情况)|病(情|种|因)|诊断(结果)?|残疾(类别|等级|类型|情况)|伤情|症状|疾病",
    "EDU": r"准考证号?|考号|学籍号?|学号|(笔试|面试|总|综合|考试)?(成绩|得分|分数)|毕业(院校|学校)|学历|专业|最终成绩",
    "FAMILY": r"(与户主|家庭|与.{1,4})?关系|家庭成员|监护情况",
    "FIN": r"(月|年|人均|家庭)?(收入|工资|补助|补偿|救助|发放|补贴|实发|应发|合计|奖励)?(金额|收入|工资|补偿款|补偿费)(（元）|\(元\))?|实发(数)?|应发|欠薪.{0,4}",
    "MINOR": r"(就读)?学校(及班级|班级)?|班级|年级|就读(学校|情况)",
    "PLATE": r"车牌号?码?|号牌(号码)?",
    "SSN": r"(社保|医保|社会保障)(卡)?(编?号|号码)|个人编号",
}
HEADINGS = {kind: re.compile(rf"^(?:{words})(?:[（(].{{0,12}}[)）])?$") for kind, words in CELL.items()}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a pasted table: its place, the kind its heading names, the heading, its row."""

    span: Span
    kind: str
    heading: str
    row: int


def heading_kind(text: str) -> str:
    """The kind of personal data that a column heading or a form label names; empty for others."""
    bare = re.sub(r"[\s*:：]", "", text)
    return next((kind for kind, pattern in HEADINGS.items() if pattern.match(bare)), "")


def _cells(line: str, start: int, cut: re.Pattern[str]) -> list[Span]:
    spans, at = [], 0
    for match in [*cut.finditer(line), None]:
        end = match.start() if match else len(line)
        piece = line[at:end]
        if piece.strip():
            left = at + len(piece) - len(piece.lstrip())
            spans.append(Span(start + left, start + at + len(piece.rstrip())))
        at = match.end() if match else end
    return spans


def _lines(folded: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in folded.split("\n"):
        yield offset, line
        offset += len(line) + 1


def _strong(line: str) -> re.Pattern[str]:
    return re.compile(r"\t|[|│┃]|(?<=\S) {2,}(?=\S)") if STRONG.search(line.strip()) else re.compile(r" ")


def _heading_row(raw: str, line: str, start: int) -> tuple[list[str], list[str]] | None:
    cut = re.compile(r"\t") if "\t" in raw else _strong(line)
    spans = _cells(raw if "\t" in raw else line, start, cut)
    texts = [line[s.start - start : s.end - start] for s in spans]
    kinds = [heading_kind(text) for text in texts]
    short = sum(len(text) <= 12 for text in texts)
    if len(spans) >= 3 and short >= len(spans) - 1 and sum(map(bool, kinds)) >= 1 and not re.search(r"\d{4,}", line):
        return texts, kinds
    return None


def _rejoin(line: str, start: int, spans: list[Span], width: int) -> list[Span]:
    """Names written with a gap (张　三) come as two one-character cells: join them when the row is too wide."""
    joined: list[Span] = []
    for span in spans:
        single = joined and len(joined[-1]) == 1 and len(span) == 1 and len(spans) > width
        chinese = re.fullmatch(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", line[joined[-1].start - start : span.end - start]) if single else None
        if chinese:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def table_cells(document: Document) -> tuple[Cell, ...]:
    """The cells of every pasted table whose heading row names personal data, with the kind of their column."""
    cells: list[Cell] = []
    heading: tuple[list[str], list[str]] | None = None
    raw_lines = document.text.split("\n")
    missed = 0
    for row, (start, line) in enumerate(_lines(document.folded)):
        raw = raw_lines[row].replace("\r", " ")
        found = _heading_row(raw, line, start)
        if found:
            heading, missed = found, 0
            continue
        if heading is None:
            continue
        spans = _rejoin(line, start, _cells(raw if "\t" in raw else line, start, re.compile(r"\t") if "\t" in raw else _strong(line)), len(heading[0]))
        if len(spans) < 2 or len(line) > 300 or abs(len(spans) - len(heading[0])) > max(2, len(heading[0]) // 3):
            missed += bool(line.strip())
            heading = None if missed > 2 else heading
            continue
        missed = 0
        aligned = len(spans) == len(heading[0])
        shift = len(heading[0]) - len(spans) if "序号" in heading[0][0] or "号" == heading[0][0][-1:] else 0
        for place, span in enumerate(spans):
            column = place if aligned else place + min(max(shift, 0), 1)
            if column < len(heading[1]) and heading[1][column] and aligned:
                cells.append(Cell(span, heading[1][column], heading[0][column], row))
    return tuple(cells)


FIELD = re.compile(r"(?P<label>[\u4e00-\u9fff（）() ]{2,16}?) ?[::] ?(?P<value>[^\n,;。;、]{2,60})")


def fields(document: Document) -> Iterator[tuple[str, str, Span]]:
    """`label：value` pairs: the kind the label names, the label, the value's span."""
    for match in FIELD.finditer(document.folded):
        kind = heading_kind(match["label"].split("\n")[-1])
        value = match["value"].rstrip()
        if kind and value:
            yield kind, match["label"].strip(), Span(match.start("value"), match.start("value") + len(value))
