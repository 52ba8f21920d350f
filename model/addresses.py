"""Home addresses, whole: from province down to 单元, 室, 组 and village groups, so that no tail is left in clear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.reading import Reading

_H = r"[\u3400-\u9fff]"
_N = r"(?:[0-9OoIl一二三四五六七八九十百]+|[甲乙丙丁])"
_B = " ?"
_UNIT = rf"(?:{_B}(?:附|之|-|—|第)?{_B}{_N}{_B}(?:号楼|号院|弄|支弄|巷|栋|幢|座|楼|号|单元|门|层|室|户|房|组|社|队|排|院|棟|樓)(?:{_B}[A-Z0-9甲乙丙丁后前东西南北附]{{1,4}}(?:号|座|室|户|单元)?)?)"
_TAIL = rf"(?:{_UNIT}+(?:{_B}-?{_B}\d{{2,4}}(?:-\d{{1,4}})*(?!\d|元|万|平|[年月日人个]))?|{_B}\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?:号|室)?)"
_AREA = rf"(?:{_H}{{1,8}}?(?:省|自治区|特别行政区))?(?:{_H}{{1,9}}?(?:市|自治州|州|盟|地区))?(?:{_H}{{1,9}}?(?:区|县|旗|市|團|团场))?(?:{_H}{{1,9}}?(?:镇|乡|街道(?:办事处)?|苏木|鎮|鄉))?"
_PLACE = rf"(?:{_H}{{1,10}}?(?:村(?:委会|民委员会)?|屯|庄|寨|社区|居委会|嘎查|坪|塆|湾|沟|组|队|社))?(?:{_H}{{1,10}}?(?:路|街|大街|大道|巷|弄|胡同|里|坊|小区|新村|花园|家园|公寓|苑|园|庭|府|城|宿舍|家属院|大院|安置房|楼|院|號|棟))?"
HOME = re.compile(rf"{_AREA}{_PLACE}{_TAIL}(?:{_B}(?:{_H}{{1,6}}?)?{_TAIL})*(?:東|西|左|右|后座|后排|前座)?")
ROOM = re.compile(rf"(?:{_H}|[0-9])+?{_B}\d{{1,3}}{_B}(?:号楼|栋|幢|座|棟|#){_B}(?:\d{{1,2}}{_B}(?:单元|门))?{_B}(?:\d{{2,4}}{_B}(?:室|户|房|号)?)?")
VILLAGE = re.compile(
    rf"(?:{_H}{{2,12}}?(?:县|区|市|旗))?(?:{_H}{{2,8}}?(?:镇|乡|街道|苏木))?{_H}{{1,7}}?(?:村|屯|寨|嘎查|社区|自然村)(?:民委员会|委会)?"
    rf"(?:第?{_N}{{1,3}}(?:组|队|社|屯)|{_H}{{1,5}}(?:组|屯|社|队|自然村|塆|湾|坡|寨)\d*)(?:{_N}{{1,3}}号)?"
)
LABEL = re.compile(
    r"(?:家庭住址|户籍(?:所在)?地(?:址)?|居住地(?:址)?|现住址?|常住地|住 ?址|住所(?:地)?|家住|居住(?:在|于)|户籍|原住|租住(?:在|于)?|暂住|搬到|寄往|通[讯信][地住]址|联系地址|邮寄地址|送达地址|"
    r"收件地址|住(?:在|于)?)[^\S\n]?[::]?[^\S\n]?(?:为|是|在)?"
)
_STOP = re.compile(r"[,;。、!?\n()（）\"“”|│\t]|  |(?:电话|联系|邮编|身份证|手机|邮箱|联系方式|，|出生|于\d{4}|的(?!\w{0,3}[路街巷])|(?:村民|居民|人氏)|因|被|时)")
_OFFICE = re.compile(
    r"(?:办公(?:地点|地址|室)|地址|地点|位于|坐落|窗口|大厅|会议室|集合|现场|受理|投递|项目(?:位置|地点)|建设地点|施工|路口|事发|门诊|医院|学校|公司|局|委员会|政府|中心|法院|银行|超市|店|厂|部)[^,。;\n]{0,14}$"
)
_PERSONAL_LINE = re.compile(r"身份证|公民身份|出生|岁|手机|1[3-9]\d{9}|户主|住户|业主|租户|村民|居民|监护|家属|患者|病人|户籍|家住|住址")
_NOT_HOME = re.compile(r"^(?:在|所|房|院|宿|房公|建|宅|户|所地|持)")
_WORKING = re.compile(r"(?:公司|局|委员会|政府|中心|学校|小学|中学|医院|派出所|法院|检察院|大厦|写字楼|商场|市场|工业园|开发区管委会|窗口|服务大厅|办公室|村委会|会议室|支行|分行|门店|厂)$")


def _labelled(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    for match in LABEL.finditer(text):
        start = match.end()
        while start < len(text) and text[start] in " ::":
            start += 1
        if _NOT_HOME.match(text[match.end() : match.end() + 3]):
            continue
        stop = _STOP.search(text, start + 1)
        end = min(stop.start() if stop else len(text), start + 60)
        piece = text[start:end].rstrip()
        sure = bool(re.search(r"[村屯寨组社区路街巷弄号室楼栋幢座里苑园]|\d", piece))
        if 3 <= len(piece) and sure and not _WORKING.search(piece):
            whole = match.group().strip(" ::")
            score = 0.9 if len(whole) > 1 or re.search(r"[省市县区镇乡村路街]", piece) else 0.5
            yield Finding(Span(start, start + len(piece)), "ADDR_HOME", score, "address:label")


def _shaped(reading: Reading) -> Iterator[Finding]:
    text = reading.text
    for pattern, name in ((ROOM, "room"), (VILLAGE, "village")):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 18) : match.start()]
            piece = match.group().rstrip()
            if len(piece) < 5 or _OFFICE.search(before) or _WORKING.search(piece):
                continue
            line = reading.line(match.start()).of(text)
            private = bool(_PERSONAL_LINE.search(line))
            if private or (name == "room" and re.search(r"单元|室|户", piece)):
                yield Finding(Span(match.start(), match.start() + len(piece)), "ADDR_HOME", 0.75 if private else 0.6, "address:" + name)


def _columns(reading: Reading) -> Iterator[Finding]:
    for cell in reading.cells:
        piece = cell.span.of(reading.text)
        if cell.kind == "ADDR_HOME" and len(piece) >= 3 and re.search(r"[\u3400-\u9fff]|\d", piece) and not _WORKING.search(piece):
            named = "住" in cell.heading or "户籍" in cell.heading or cell.row >= 0
            if named and cell.heading.strip() not in ("地址", "地 址"):
                yield Finding(cell.span, "ADDR_HOME", 0.8, "address:column")


def addresses(reading: Reading) -> Iterator[Finding]:
    """Home addresses by label, by shape beside private people, and by column."""
    yield from _labelled(reading)
    yield from _shaped(reading)
    yield from _columns(reading)
