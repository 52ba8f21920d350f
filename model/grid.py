"""Tables and forms that were pasted as text: which cell stands under which heading, which value behind which label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.rows import Row, read_row, settled

CELL = {
    "NAME": r"姓 ?名|申请人|户主|户主姓名|权利人|被征收人|被补偿人|学生(姓名)?|儿童(姓名)?|患者(姓名)?|老人姓"
    r"名|负责人|联系人|驾驶(员|人)|经办人|领款人|"
    r"承包(人|方)|登记人|持证人|参保人|监护人|家长|代表|成员|人员|值班(人员|领导)?|带班领导|法定代表人"
    r"|补贴对象|救助对象|受助人|被保障人|拟(录|聘)用人员|考生|签名|签字|户名|收款人",
    "ID_CARD": r"(居民|公民|本人)?身份证?(件)?(号码?|码|号)?|证件号码?|公民身份号码|(居民)?身份证|残疾人?证号?码?"
    r"|驾驶证号码?",
    "PHONE_MOBILE": r"(联系|本人|监护人|家长|家庭|个人)?(电话|手机|方式)(号码?)?|联系方式|手机号?码?|(监护人|家长)及电"
    r"话",
    "BANK": r"(银行|社保|收款|信用社|农商行|个人|代领人?)?(卡|帐|账)(户|号)(号码?)?|(银行|一卡通|存折|开户|信"
    r"用社|工资|惠农|社保|收款).{0,6}(卡|账|帐)号|一卡通(账号)?",
    "ADDR_HOME": r"(家庭|现|居住|户籍)?(住|地)址|(现)?居住地址|现居地址?|现居住地|现住地?|住|住所|户籍|户籍(所在)?"
    r"地(址)?|户口(所在地|地址)?|家庭住址|"
    r"居住地|坐落|(房屋)?坐落(位置)?|门牌号?|通[讯信]地址|(被征收)?房屋(坐落|地址|位置)|送达地址|收件地址",
    "BIRTH": r"出生(年月日?|日期|时间)?|年龄|生日|生于",
    "HEALTH": r"(健康|身体|患病|伤病|身心)(状况|情况)|病(情|种|因|史)|(入院|出院|临床)?诊断(结果|意见)?|(残疾)?("
    r"类别等级|等级类别)|残疾(类别|等级|类型|情况|程度)(等级)?|"
    r"(受)?伤(情|势|害部位)|症状|疾病(名称)?|既往史|入院体检|体检(结果|情况)|自述症状",
    "EDU": r"准考证号?|考号|学籍号?|学号|((笔试|面试|总|综合|考试|加权|折合|最终)(成绩|得分|分数)?|专业测试|"
    r"折合|体测|成绩|得分|分数)|毕业(院校|学校)|文化程度|学历(学位)?|(所学)?专业|最终成绩",
    "FAMILY": r"(与(户主|申请人|本人|参保人|孩子|学生|死者|患者).{0,2}|家庭)?关系|家庭(成员|情况|状况)|监护情况|"
    r"婚姻状况|婚前状况|(生)?父母信息|家庭主要成员",
    "FIN": r"((月|年|人均|家庭|应|实|基本|绩效|本月|本次|累计)?(收入|工资|薪资|底薪|提成|补助|补偿|救助|发放|"
    r"补贴|奖励|赔偿|欠薪|应领|实领|应得|已领|还欠|未付|实得|保险金|抚恤金)(金额|标准|金|款|费|额)?(合"
    r"计)?|"
    r"(月|年|本月|发放|补助|补贴)?标准|金额|(本月|补偿|补助|救助|发放|应发|实发|支付|票据|补贴|欠付)金额|"
    r"应发(数|额)?|应得|已领|还欠|未付|实得|日工资|月收入|年收入|绩效(工资|奖金)?|实发(数|额)?|(.{0,3}"
    r"月)?合计|小计|(土地|青苗|附着物|房屋|搬迁|安置|过渡|装修|住院|医疗|护理|生活)(补偿)?(费|款)|青苗"
    r"|附着物|剔除|支付|贷方累计|借方累计|"
    r"[\u4e00-\u9fff]{0,6}(补偿款|补偿费|工资|收入|补贴款?|救助金|补助金|抚恤金|欠款|存款|余额))",
    "MINOR": r"(就读|所在)?学校(及)?(班级|年级)?|班级|年级|就读(学校|情况|班级)|学校年级|月龄",
    "PLATE": r"(车辆)?车?牌号?码?|车号|号牌(号码)?",
    "SSN": r"(社保|医保|社会保障|医疗保险)(卡)?(编?号|号码)|个人编号",
    "SPECIAL": r"(人员|困难|对象|保障|优抚)(类别|类型|情形|原因).{0,6}|政治面貌|兵役状况",
}
_KINDS = "|".join(f"(?P<{kind}>{words})" for kind, words in CELL.items())
HEADING = re.compile(rf"^(?:{_KINDS})(?:[（(].{{0,14}}[)）])?$")
LABEL = re.compile(r"(?P<label>(?:[\u4e00-\u9fff][ ]{0,4}){1,9}(?:[（(][\u4e00-\u9fff]{1,4}[)）])?) {0,2}:")
FIELD = re.compile(LABEL.pattern + r" ?(?P<value>[^\n;。]{1,80})")
NEXT = re.compile(r" {2,}| (?=[\u4e00-\u9fff]{2,8} ?:)|[|│┃]")
SHORT = re.compile(NEXT.pattern + r"|[,、]")
_MARKS = re.compile(r"[\s*:：]")
_REACH = 53  # characters of the longest label
_NO_HEADING = re.compile(r"\d{3}|[:：。]")
_PARTS = re.compile(r"[ \u3000\t|│┃]")
LONG = ("ADDR_HOME", "HEALTH", "FAMILY", "SPECIAL")
_PAIR = re.compile(r"([\u4e00-\u9fff]{2,8}) (?=\S)")
WORD = re.compile(r"[名号别间额数称位务期况型类容注址因族话式社龄分级贴准元字积]$|[)）]$|^$")
MISSED = 3
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a pasted table: its place, the kind its heading names, the heading, its row."""

    span: Span
    kind: str
    heading: str
    row: int


def heading_kind(text: str) -> str:
    """The kind of personal data that a column heading or a form label names; empty for others."""
    bare = _MARKS.sub("", text)
    if not 0 < len(bare) <= 24 or bare.isdigit():
        return ""
    match = HEADING.match(bare)
    return (match.lastgroup or "") if match else ""


def _is_heading(row: Row) -> bool:
    """Whether a row names columns: short cells without long numbers, enough of which name personal data."""
    filled = [text for text in row.texts if text.strip()]
    if len(filled) < 3 or any(_NO_HEADING.search(text.partition("(")[0].partition("（")[0]) for text in filled):
        return len(filled) == 2 and row.ruled and sum(map(bool, map(heading_kind, row.texts))) == 2
    if sum(len(text) > 14 for text in filled) > 1 or (row.ruled and _is_form(row.texts)):
        return False
    return sum(map(bool, map(heading_kind, row.texts))) >= (1 if row.ruled or row.gapped else 2)


def _is_form(texts: list[str]) -> bool:
    """Whether cells go label, value, label, value rather than naming columns."""
    labels, values = texts[0::2], texts[1::2]
    return len(labels) == len(values) and all(map(heading_kind, labels)) and not any(map(WORD.search, values))


def table_rows(document: Document) -> list[tuple[Row | None, str]]:
    """Every line cut into cells, with the folded line; of a very long line only the beginning is cut.

    A line in which nothing parts cells has no row.
    """
    rows: list[tuple[Row | None, str]] = []
    offset = 0
    for line in document.folded.split("\n"):
        raw = document.text[offset : offset + min(len(line), LONGEST)]
        parts = _PARTS.search(raw.strip(" \u3000\t")) or "|" in line
        rows.append((read_row(line[:LONGEST], raw, offset) if parts else None, line))
        offset += len(line) + 1
    return rows


def table_cells(rows: Iterable[tuple[Row | None, str]]) -> tuple[Cell, ...]:
    """The cells of every pasted table whose heading row names personal data, with the kind of their column."""
    cells: list[Cell] = []
    heading: Row | None = None
    kinds: list[str] = []
    missed = 0
    for number, (row, line) in enumerate(rows):
        if row and row.spans and _is_heading(row):
            heading, missed, kinds = row, 0, [heading_kind(text) for text in row.texts]
            continue
        if heading is None or not line.strip():
            continue
        places = settled(row, heading, kinds) if row and len(line) <= LONGEST else []
        missed = 0 if places else missed + 1
        heading = None if missed > MISSED else heading
        cells += (
            [Cell(row.spans[c], kinds[h], heading.texts[h], number) for c, h in places if kinds[h]]
            if row and heading
            else []
        )
    return tuple(cells)


def _value(text: str, start: int, end: int, kind: str) -> Span | None:
    piece = text[start:end]
    stop = (NEXT if kind in LONG else SHORT).search(piece, 1)
    piece = (piece[: stop.start()] if stop else piece).rstrip(" ,、")
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + len(piece)) if piece.strip() else None


def _boxes(rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """Form boxes: `label│value│label│value`, and `label value` parted from the next pair by a wide gap."""
    for row, _ in rows:
        if row is None or (not row.ruled and not row.gapped) or _is_heading(row):
            continue
        texts = row.texts
        for place, text in enumerate(texts):
            kind = heading_kind(text)
            if (
                kind
                and row.ruled
                and place + 1 < len(texts)
                and texts[place + 1].strip()
                and not heading_kind(texts[place + 1])
            ):
                yield kind, text, row.spans[place + 1]
            pair = _PAIR.match(text)
            if pair and (kind := heading_kind(pair[1])):
                yield kind, pair[1], Span(row.spans[place].start + pair.end(), row.spans[place].end)


def _labelled(text: str, at: int) -> re.Match[str] | None:
    """The first `label：value` from an offset on, looked for before each colon: there are few, and many characters."""
    colon = text.find(":", at)
    while colon >= 0:
        label = LABEL.search(text, max(at, colon - _REACH), colon + 1)
        if label and (match := FIELD.match(text, label.start())):
            return match
        at, colon = colon + 1, text.find(":", colon + 1)
    return None


def fields(document: Document, rows: Iterable[tuple[Row | None, str]]) -> Iterator[tuple[str, str, Span]]:
    """`label：value` pairs and form boxes: the kind the label names, the label, the value's span."""
    text = document.folded
    at = 0
    while match := _labelled(text, at):
        kind = heading_kind(match["label"]) or heading_kind(re.split(r" {2,}", match["label"])[-1])
        span = _value(text, match.start("value"), match.end("value"), kind)
        if kind and span:
            yield kind, match["label"].strip(), span
        at = span.end if span else match.end()
    yield from _boxes(rows)
