"""Homes as a whole: what the spotter's stretches lack or have too much, and rooms told again by their number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gongkai.model.document import Span, covered
from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.addresses import CREDIT, FLAT, ROW, WORKING

#: Words that lead to an address and are none of it: a piece of the network may begin with them.
_LEAD = re.compile(
    r"(?:户口在[\u4e00-\u9fff]{1,4},|其|就|改|送|同村|提交)*(?:现|原|家|暂|租|户籍)?(?:居?住(?:址|[在于到])?|所?在?地(?:址)?"
    r"(?=[\u4e00-\u9fff]{2,}[省市县区旗州])|址|寄[往至到]?|租|达(?=[^县州]{2,}[区县市镇路街])|在|走访|门牌是|提交)[: ]*"
    r"|(?:[、,]?(?:户籍|执行|居住|现住)地)+均?[为在是]|[“\"]|(?:19|20)?\d\d年[到至在]|名下有|有(?=[\u4e00-\u9fff]{2,}\d)"
    r"|原(?=[\u4e00-\u9fff]{2,4}[村镇乡街路])|(?:还去|又去|前去|去)了|都?搬[去到至]|独居(?=[\u4e00-\u9fff]{3})|生前住|店设在"
    r"|门牌(?![号是\d])|系统留存|第\d{1,2}号户籍地|户籍所在地|[今于为](?=[\u4e00-\u9fff]{3,}\d)"
    r"|[三四五六七八九\d][十\d]?[一二三四五六七八九]?岁[, ]*(?:现?住)?在?"
    r"|提交(?=[\u4e00-\u9fff]{2,}[区县市镇路街])"
    r"|家(?=[\u4e00-\u9fff]{2,5}[组村路街巷])|\d{1,2}[.、] ?(?=\d+[幢栋座])|(?:\d{1,2}:|(?<=\d:))\d\d +"
)
_TAIL = re.compile(
    r"(?:住户|居民|村民|人|的|住|案|了|周转|独居老?|老家|找到|拜访过|无人|自家|那边|旁边那个|步行约?\d{0,3}分钟|(?<=\d号)院内"
    r"|,\d[\d.]*平米|,(?:到|去|上下班)[^,]{2,20})$"
)
#: What begins a home of its own.
_FULL = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[省市县区镇乡]|[街路](?![涵边口旁])|村(?!小学))")
#: The end of a case number of a court.
CASE = r"(?:民初|刑初|行初|民终|刑终|行终|执恢?|破申)\d+号"
#: Numbers and places that are no home: case numbers, nameless people by number, police, what a year or a price follows.
_OTHER = re.compile(
    CASE + r"|名氏\d*号?|^\d{4}年[\d月日]*$|[^乡村]大队$|支队$|房改房$|[〔\[]\d{4}|^[\d.]+(?:平米|号)?$"
    r"|^\d{1,2}[ -]\d{1,2}$|\d月\d{1,2}[日号]?$|^[^,]*\(\d{1,2}\)班|^[男女] |市场[卖摆做开]|候车室|^张贴"
)
#: An example of where somebody may live (户口在某街道): no home is told above the village.
_HIGH = re.compile(r"[\u4e00-\u9fff]{2,12}(?:街道|[镇乡县])")
_LOWER = re.compile(r",(?![在与和他她其由])|[\u4e00-\u9fff\d]")
#: What follows a home in the same breath: a number of its own, with whom somebody lives.
_NEXT = re.compile(r"[,、;( ]+(?:身份证|残疾证|电话|手机|联系|与[\u4e00-\u9fff]{2})|[,;( ]*(?<!\d)\d{11}")
#: A village alone, at the head of a row: it tells whose village it is, as of all others in the list.
_VILLAGE, _HEAD = re.compile(r"[\u4e00-\u9fff]{1,5}(?:[村屯]|社区|嘎查)"), re.compile(r"[ \d()、.]*")
#: What leads to the home within a stretch that begins before it, and told no place till then.
_INNER = re.compile(r"^[^省市县区镇乡村组号路街]{2,}(?:住在|家住|居住在|租住在?)(?=[^,。;]{3})")
#: What makes a stretch the name or the seat of an institution: 老院 behind it, a firm and 住所 before it.
_HALL = re.compile(r"敬?老院|福利院")
_SEAT = re.compile(
    r"(?:公司|局|厅|委员会|政府|中心|法院|检察院|医院|学校|[^饭]店|厂|银行|支行)[^。;\n]{0,3}"
    r"(?:住所地?|地址|位于|坐落于?)[:为 ]{0,2}$"
)
#: The seat of an institution that is a party, in the line below its name or behind a stop; what a person's form tells
#: above it, where the institution is but whom somebody works for.
_PARTY = re.compile(
    r"(?:[人方]|(?P<form>单位|名称))(?:\([^()\n]{1,8}\))? ?: ?(?:[^\s,。;:()]|\([^()\n]{1,6}\)){2,24}"
    r"(?:公司|局|厅|委员会|政府|中心|法院|检察院|医院|学校|[大中小]学|学院|厂|银行|合作社|协会|街道办事处)"
    r"(?:\([^()\n]{1,8}\))?[。;\n ]{1,8}(?:住所地?|地址)[: ]{1,3}$"
)
_PERSON = re.compile(
    r"姓 ?名|性 ?别|身份证|出生|年龄|籍贯|民族|职[业务]|学生|患者|(?:工作|[在就任现原]职?)$|申请人"
    r"|来[访信电]人|信访人|反映人"
)
#: What still belongs to the door: the unit's own word.
_UNIT = re.compile(
    r"(?<=[区园苑院里村舍])\d{1,3}#\d{3,4}|(?<=\d)(?:[户室号](?!码)|房(?![屋产间子东主款改价]|租[金户]))|(?<=[东西南北左右])户|(?<=院)子(?=[人,。);])"
    r"|(?<=[\d一二三四五六七八九十])[组社屯](?![长织会员里干])|(?<=村[坪湾坝沟坡塘冲])组|(?<=村[\u4e00-\u9fff][坪湾坝沟坡塘冲谷院场])组"
    r"|(?<=村[\u4e00-\u9fff]{2})[坪湾坝沟坡塘冲]组|(?<=\d)(?:号楼|栋|幢|座)(?![\u4e00-\u9fff]{0,3}(?:业主|居民|住户))"
)
#: A clause that still says which door, which room.
_WHERE = re.compile(
    r"[,、]?(?:门口|门前|屋前|屋后|房前|房后|院里|村口|楼上|楼下|[二三四五六]楼)[\u4e00-\u9fff\d]{1,14}(?=[,。;)\n|]|$)"
    r"|[,、]?(?:第?[一二三四五六七八九\d]{1,2}楼(?:[靠朝]?[东西南北里外左右]{1,2}[手边侧头户间面]?)?"
    r"|楼[上下](?:\d{3,4})?)(?= *(?:[,。;)\n|”\"]|$))"
    r"|(?:后面|旁边|对面|隔壁)[\u4e00-\u9fff]{2,8}(?:\d{3,4}室?|[屋房楼店院])(?=[,。;)\n|]|$)"
    r"|,(?:(?![的在到去来有说称把被将对从跟因了着过是不没住与父母妻夫子女]|[电手]话)[\u4e00-\u9fff]){2,7}"
    r"(?:[旁边]边|[屋楼门][边侧旁上下内后前]|[左右][边手]|对面|隔壁|屋背|坎[上下]|铁门|第[一二三四五六七八九十]家)(?=[,。;)\n|]|$)"
    r"|[,、]门牌\d{1,4}号|(?<=对面)的?[\u4e00-\u9fff]{0,3}[屋房棚库](?![\u4e00-\u9fff])|的?那[间家栋户](?![\u4e00-\u9fff])"
)
#: A place never begins so: what stands before it, up to the nearest stop, belongs to its name.
_CUT = re.compile(r"[区县市镇乡村州旗省]|[街路巷院](?=[\u4e00-\u9fff\d])")
_NAME = re.compile(r"(?:^|[,。;:()|\n ])(?P<name>[\u4e00-\u9fff]{1,4})$")
_WHOLE = re.compile(r"(?:^|[,。;:()|\n ])(?P<name>[\u4e00-\u9fff]{2,5}[路街巷弄里村镇乡])$")
_STREET = re.compile(r"[\u4e00-\u9fff]{2}[路街巷弄]$")
_NUMBER = re.compile(r"(?<![\d.\-])(?:\d{1,3}-)+$|(?<![\d.\-])\d{1,3}$")
_WORD = re.compile(r"[\u4e00-\u9fff\d](?<![住在于])")
_VERB = re.compile(r"[住在于到至寄往送达租搬迁去从你我贵该本]")
#: A remark in brackets that says which house it is.
_REMARK = re.compile(r"\([^()\n\d]{0,12}(?:[房屋楼边旁处院户号租家树井桥]|门[口前外]|对面|隔壁)[^()\n\d]{0,4}\)")
#: The last unit of a home, by which it is told again (402室, 18栋); a room's number may stand without its word.
_LAST = re.compile(r"(?<!\d)(?:(?P<room>\d{3,4})(?:[室户房]|$)|(?P<building>\d{2,4})(?P<unit>栋|幢)[^\d,。;\n]{0,3}$)")
#: A home told by building and room alone (3幢502), and more rooms of that building behind it.
_FLAT = r"(?<!\d)\d{1,3}(?:幢|栋|座|号楼)(?:\d{1,2}单元)?\d{3,4}"
_AT_END = re.compile(_FLAT + "$")
_TOLD = re.compile(rf"(?=(?P<flat>{_FLAT})(?!\d)(?P<rooms>(?:、\d{{3,4}}(?![\d.元年户人]))*))")
_AGAIN = re.compile(r"(?<![\d\-.,号第建共有计达为约])(\d{2,4})(室|户|房|栋|幢)(?![\d\-])")
_LABEL = re.compile(
    r"(?:经营场所|经营地址|经营地点|单位地址|公司地址|营业场所|注册地址|办公地址|机构住所|生产地址)"
    r"[: ]{0,3}[^,。;:\n| ]{0,20}$"
    r"|(?:项目名称|工程名称|项目地点|项目位置|建设位置|建设地点"
    r"|(?:捡拾|事故|案发|抓获|会议)地点)[: ]{1,3}"
    r"(?:(?!家[住在中]|[租居]住|住[在处所宅]|[受被]害人|农户|村民|住户)[^,。;:\n|]){0,20}$"
)
NEAR = 30
OFFICE = 18
PARTY = 70
ROOM = 3
MOST = 200


def home(text: str, span: Span) -> Span | None:
    """A stretch that tells a home, from its first place to its door; None for the seat of a firm or an office."""
    inner = _INNER.match(span.of(text))
    span = Span(span.start + inner.end(), span.end) if inner else span
    lead = _LEAD.match(text, span.start, span.end)
    start = lead.end() if lead and span.end - lead.end() > 2 else _named(text, span.start)
    piece = text[start : span.end]
    following = _NEXT.search(piece, 4)
    span = Span(span.start, start + following.start()) if following else span
    piece = text[start : span.end]
    tail = _TAIL.search(piece)
    end = span.end - len(tail.group()) if tail and len(piece) > 4 else span.end
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - NEAR) : start]
    public = _is_seat(text, start, before) or _HALL.match(text, span.end) or _LABEL.search(before)
    told = Span(start, max(end, start + 1))
    if public or _no_home(text, told, line) or WORKING.search(text[start:end]) or _OTHER.search(text[start:end]):
        return None
    return told


def _is_seat(text: str, start: int, before: str) -> bool:
    """Whether a place is led to as the seat of an institution, not as the home of who works there."""
    party = _PARTY.search(text, max(0, start - PARTY), start)
    told = party and party["form"] and _PERSON.search(text, max(0, party.start() - PARTY), party.start())
    return bool(_SEAT.search(before[-OFFICE:]) or (party and not told))


def _no_home(text: str, span: Span, line: int) -> bool:
    """Whether a stretch is a township or what is above it, a village that heads its row, or a firm's by its code."""
    piece = span.of(text)
    if _HIGH.fullmatch(piece):
        return not _LOWER.match(text, span.end)
    if _VILLAGE.fullmatch(piece):
        return bool(_HEAD.fullmatch(text, line, span.start))
    return bool(CREDIT.search(text, max(line, span.start - ROW), span.start)) and not FLAT.search(piece)


def _named(text: str, start: int) -> int:
    """Where the name of a place begins of which a stretch has only the end (区 of a district)."""
    if text[start] == "-" or (text[start].isdigit() and text[start - 1 : start] == "-"):
        number = _NUMBER.search(text, max(0, start - 8), start)
        return number.start() if number else start
    before = _NAME.search(text, max(0, start - 5), start) if _CUT.match(text, start) else None
    before = before or _WHOLE.search(text, max(0, start - 7), start)
    if before and not _VERB.search(before["name"]):
        return before.start("name")
    street = _STREET.search(text, max(0, start - 3), start) if text[start].isdigit() else None
    return start if not street or _VERB.search(street[0]) else street.start()


def whole(finding: Finding, text: str, others: bytearray) -> Finding:
    """A home that is hidden, with what still tells its door; a remark that names somebody (`others`) stays apart."""
    if finding.kind != "ADDR_HOME" or finding.action != Action.mask:
        return finding
    end = finding.span.end
    for more in (_UNIT, _WHERE, _REMARK):
        match = more.match(text, end)
        end = match.end() if match and not any(others[match.start() : match.end()]) else end
    return replace(finding, span=Span(finding.span.start, end)) if end > finding.span.end else finding


def again(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """Rooms and buildings of hidden homes where they are told by their number alone: 402室, 18栋."""
    known: dict[tuple[str, bool], Finding] = {}
    for finding in findings:
        if finding.kind == "ADDR_HOME" and finding.action == Action.mask and len(finding.span) > ROOM:
            last = _LAST.search(finding.span.of(text))
            if last:
                known[last["room"] or last["building"], bool(last["room"])] = finding
    taken = covered((f.span for f in findings), len(text))
    yield from _flats(findings, text, taken)
    yield from _parts(findings, text)
    yield from _bridged(findings, text)
    for match in _AGAIN.finditer(text) if known else ():
        first = known.get((match[1], match[2] in "室户房"))
        if first and not any(taken[match.start() : match.end()]):
            yield replace(first, span=Span(*match.span()), source=first.source + ":again")


def _flats(findings: Sequence[Finding], text: str, taken: bytearray) -> Iterator[Finding]:
    """Homes hidden as building and room wherever they are told again, with other rooms told behind them."""
    homes = [f for f in findings if f.kind == "ADDR_HOME" and f.action == Action.mask]
    flats = {flat[0]: f for f in homes if (flat := _AT_END.search(f.span.of(text)))}
    end = 0
    for match in _TOLD.finditer(text) if flats else ():
        first = flats.get(match["flat"])
        if first and match.start() >= end:
            end = match.end("rooms")
            if not all(taken[match.start() : end]):
                yield replace(first, span=Span(match.start(), end), source=first.source + ":again")


def _bridged(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """One home of which two parts were seen, with the comma between them (七组，大坝底下)."""
    homes = sorted((f for f in findings if f.kind == "ADDR_HOME" and f.action == Action.mask), key=lambda f: f.span)
    for one, other in pairwise(homes):
        gap = text[one.span.end : other.span.start]
        if gap.strip(" ") in (",", "、") and len(gap) < 3 and not _FULL.match(other.span.of(text)):
            yield replace(one, span=Span(one.span.start, other.span.end), source=one.source + ":again")


def _parts(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """Homes of which only a part was seen where they are told again: 57号院 with the street that stands before it."""
    homes = [f for f in findings if f.kind == "ADDR_HOME" and f.action == Action.mask]
    values = {f.span.of(text) for f in homes}
    for finding in homes if 1 < len(homes) < MOST else ():
        start, end = finding.span.start, finding.span.end
        longer = [value for value in values if len(value) > end - start and text[start:end] in value]
        while start and _WORD.match(text, start - 1) and any(text[start - 1 : end] in value for value in longer):
            start -= 1
        if start < finding.span.start:
            yield replace(finding, span=Span(start, end), source=finding.source + ":again")
