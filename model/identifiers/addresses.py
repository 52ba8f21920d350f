"""Home addresses, whole: from province down to 单元, 室, 组 and village groups, so that no tail is left in clear."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.reading import Reading
from gongkai.model.rows import parted

_N = r"(?:[0-9OoIl]{1,4}|[一二三四五六七八九十百零〇]{1,4}|[甲乙丙丁])"
_KIND = "号楼|号院|号门|号|弄|支弄|巷|栋|幢|棟|座|楼|层|单元|门|室|户|房|组|队|社|排|院|期|屯|#|[村居]民小组"
#: No door behind its street or group, no room: of such a number more may be told (12号的会议).
_ALONE = "(?<!室)" + "".join(rf"(?<![组队社屯村路街巷弄院区]\d{{{n}}}号)" for n in range(1, 5))
UNIT = re.compile(
    rf"(?:附|之|第|[A-Za-z])? ?{_N}(?: ?[-~之] ?{_N}){{0,3}} ?(?:{_KIND})(?!线|路|文|令|公告|以[上下]"
    rf"|[个名年月日元万岁时分][^院]|{_ALONE}的[^院])"
    rf"(?:(?: ?[-~] ?| ?)(?:附 ?)?{_N}(?: ?[-~之] ?{_N}){{0,3}}(?![0-9元万平个名年月日人岁时分米亩%.号"
    rf"栋幢座室单门户层楼组队社排院期\-]))?"
    r"(?:后进|[东西南北中左右前后](?:侧|户|间|面|座|手)?|一层|底层|阁楼|附房)?"
)
#: What every unit holds: the end of its number before a character that may name it.
NUMBERED = re.compile(r"[0-9OoIl一二三四五六七八九十百零〇甲乙丙丁] ?[号支弄巷栋幢棟座楼层单门室户房组队社排院期屯#]")
CHUNK = re.compile(r"(?:[\u3400-\u9fffA-Za-z0-9#~·\-]| (?! )){4,160}")
ROOM = re.compile(
    r"[0-9OlI一二三四五六七八九十甲乙A-Z] ?(?:栋|幢|棟|座|号楼|单元|弄|号院|院|排)[^号]{0,8}?(?:单元|"
    r"室|户|房|门|号|[0-9OlI]{2,4}|楼|层)"
)
VILLAGE = re.compile(
    r"(?:村|屯|寨|嘎查|社区|庄|塆|湾|坪|坝|沟|营|乡|镇|场|连)[\u4e00-\u9fff ]{0,9}?(?:第? ?[0-9OlI一二"
    r"三四五六七八九十]{1,3} ?(?:组|队|社|屯|号|排|院))"
)
DOOR = re.compile(
    rf"(?:路|街|道|巷|弄|里|胡同|坊|苑|园|村|区|桥|门|条|堂|台|嘴|坡|湾|岭)(?:[东西南北中上下前后]?[一"
    rf"二三四五六七八九十]?[段条巷里弄]?) ?{_N}(?: ?[-之] ?{_N})? ?(?:号|弄)"
)
LOOKS = re.compile(
    r"[省市区县旗镇乡村屯寨庄组队]|街道|嘎查|苏木|社区|[路街巷弄里苑坊坪塆湾坝沟园][\u4e00-\u9fff0-9]|"
    r"第[一二三四五六七八九十\d]{1,2}(?:间|家|户|排)|那[间家栋排]|[屋院楼站厂校]后|后面|隔壁|对面|[耳偏厢柴]房|[土瓦砖木]屋|车库|小区|宿舍|公寓|家属院|花园|新村|平房|自建房|"
    r"\d ?(?:号|栋|幢|座|室|排|组|队|楼)|[一二三四五六七八九十](?:组|队|社|排|楼|栋)|安置|[路街巷弄里苑园]$|信箱|部队"
)
LABEL = re.compile(
    r"(?:家庭(?:住|地)址|户籍(?:所在)?地(?:址)?|户籍地址|户口所在地|(?:居|常|暂)住地(?:址)?|"
    r"老家(?=:)|现?居住?地址|现住址|"
    r"现住地|现住|常住地|住 {0,4}址|住所(?:地)?|家住(?:在)?|居住(?:在|于)|户 {0,4}籍(?= ?:)|原住址?|租住(?:在|于)?|"
    r"暂住(?:在|于|地)?|搬到|搬至|迁往|迁至|迁到|寄往|通[讯信][地住]址|联系地址|邮寄地址|送达地址|寄送地址|"
    r"收件地址|收货(?:地址|住址)|家庭住地|(?<![两各几专国])家在|现?暂住|[预所]留的?地址|"
    r"住于|住在|(?<![入商常同全借留居暂租原现家随进出搬吃接按扣拦抓绑困记得捂堵停站稳靠忍挡拉揪卡撑])住(?!院|所|房|宅|户|建|处|宿|着|持|址|校|"
    r"进|了|的|得|人|不))[^\S\n]{0,4}(?:\([^()\n]{1,4}\))?[^\S\n]{0,3}:?[^\S\n]{0,4}[|“\"]?[^\S\n]?(?:为|是|在)?"
)
#: A second label for the same place (户籍地、执行地均为…).
ALSO = re.compile(r"[、,](?:执行|居住|现住|经常居住)地(?:均为?|[为:])")
STOP = re.compile(
    r"[,;。、!?\n()\"“”「」|│┃\t:→/]|   |  (?=[\u4e00-\u9fff ]{2,8}:)|联系电话|电话|联系|邮编|身份证|"
    r"公民身份|手机|邮箱|出生|于\d{4}|的(?!\w{0,3}[路街巷])|村民(?!小组)|居民(?!委|点|小)|人氏|因(?!特)|(?<=.)"
    r"(?:现住|户籍|家住)|"
    r"驻(?!地)|属(?=\w{2,8}(?:片区|学区))|(?<=[号室组元楼户]) (?=[\u4e00-\u9fff]{2,4}$)|证明|被(?=\w)|"
    r"没人|等候|已由|由(?=\w)|系(?=\w)|至今|办理|提交"
)
LEFT = re.compile(
    r"户籍所在地|户籍地址|户籍地|户籍|现住址|现住地?|家住|住址|住所地?|居住在|居住于|居住|租住在?|暂住"
    r"|住在|住于|收件地址|地址|位于|坐落于?|座落|留的|登记在|名下|取得|房号|涉及|关于|号码|村民|居民|业主|户主|"
    r"先生|女士|同志|公司|老人|你们|他们|我们|你区|[你我][局处]对?|同村|其|楼上|楼下|家住|搬到|迁 ?往|迁至|前往|送往|"
    r"寄往|农户|住户|受害人|申请人|被申请人|等\d+户|该房|其中|反映|家里|来自|老家|就是|房屋|该楼|号房|\d{6,}[Xx]?"
)
SINGLE = "住在到往从由于将对与和及经称其你您我他她该有即系为是至向去被的了说"
OFFICE = re.compile(
    r"(?:办公(?:地点|地址|室)|(?<!家庭)(?<!收件)(?<!居住)(?<!寄送)(?<!留的)地址|地点|位于|窗口|大厅|会"
    r"议室|集合|现场|受理|投递|项目(?:位置|地点|名称)|工程名称|建设位置|建设地点|施工|路口|事发|门诊|医院|学校|公司|局|委员会"
    r"|政府|中心|法院|银行|超市|店|厂|部|网点|支行|培训|考点|会场|站点|接种|采样|售楼)[^,。;\n]{0,14}$"
)
#: What leads to the room of an office: 受理处室：…, 市科协学会部（; who lives in a room rather than works there.
ASKED = re.compile(r"(?:受理|咨询|办理)(?:[处科]室|窗口|部门|地点)|[处科]室[: ]|(?:[局厅委部处科]|中心|办公室)\($")
CALLER = re.compile(r"来电|来访|反映|诉求|投诉|举报|报修|申请人|事发|收到")
DWELLING = re.compile(r"小区|花园|新村|家园|公寓|[苑府庭园]\d|家属院|宿舍|单元")
OWNER = re.compile(
    r"(?:公司|局|委员会|政府|中心|支队|大队|厂|学校|医院|合作社|经营部|[^酒饭]店|企业|协会|名称|信用代"
    r"码|营业执照|经营者|法人)[^。\n]{0,40}$"
)
#: The lines of a firm's form above its seat.
FIRM = re.compile(r"信用代码(?:(?!身份证|身份号)[^。]){0,50}$")
#: What says that a place to which 位于 leads is a house to live in.
LOCATED = re.compile(r"(?:位于|坐落于?)$")
OWNED = re.compile(r"的?[^,。;\n]{0,4}(?:住房|住宅|宅基地|老宅|自建房|农房|民房|危房|房屋)")
#: Words before a home that an office decided on.
DONE = re.compile(r"[你我][局处]对$")
#: The credit code of a firm, whose seat follows in its row.
CREDIT = re.compile(r"(?<![0-9A-Z])[159][1-9]\d{6}(?=\d*[A-Z])[0-9A-Z]{10}(?![0-9A-Z])")
#: How far before a seat its firm's code may stand.
ROW = 300
PERSONAL = re.compile(
    r"身份证|公民身份|出生|\d岁|十岁|手机|1[3-9](?: ?\d){9}|户主|户口|迁移|住户|业主|租户|村民|居民(?!"
    r"委)|监护|家属|患者|病人|户籍|家住|住址|女士|先生|同志|老人|大娘|大爷|[男女][,，]|收件|家里|我家|"
    r"老伴|独居|反映人|来信|留言"
)
WORKING = re.compile(
    r"(?:公司|局|委员会|政府|中心|学校|小学|中学|医院|派出所|法院|检察院|大厦|写字楼|商场|市场|工业园|"
    r"开发区管委会|窗口|服务大厅|办公室|村委会|会议室|支行|分行|门店|厂|招待所|酒店|宾馆|办事处|片区|"
    r"规定|教室|[科股处])$|大厦(?![^,。]{0,8}\d{1,2}(?:楼|层|单元)[^,。]{0,6}[室座户房])|"
    r"写字楼|工业园|产业园|服务中心|会议室|办公楼|行政中心|市民中心|教学楼|医院.{0,8}[楼室床科]"
)
MAIL = re.compile(r"通[讯信]|联系地址|邮寄|寄送|寄往|送达")
COMPANY = re.compile(r"住所|坐落|地址$")
#: An office's own lines of a notice, up to its address.
NOTICE = re.compile(
    r"(?:(?:招标|采购)(?:人|单位|机构)|代理机构|(?:主办|承办|征集|发布)(?:单位|机构|部门))(?:名称)?:"
    r"(?:(?!申请人|当事人|身份证|姓名|住址|户主|[信来]访人|投诉人|举报人|[男女],)[^。]){0,100}$"
)

FLAT = re.compile(
    r"(?:小区|花园|新村|家园|公寓|[苑里府庭园]|家属院|宿舍)[^,。]{0,3}\d{1,3} ?(?:号楼|栋|幢|座|#) ?\d{1,2} ?单元"
    r"|\d ?(?:栋|幢|号楼|座) ?(?:\d{1,2} ?单元 ?)?\d{3,4} ?室"
)


def _continued(text: str, end: int) -> int:
    """Where an address goes on that a page's edge broke before its number; `end` itself when it doesn't."""
    if end >= len(text) or text[end] != "\n" or end - text.rfind("\n", 0, end) < 10:
        return end
    after = re.compile(
        r"\n {0,12}(?:[\u4e00-\u9fff]{0,10}? ?[0-9OlI]{1,4} ?[号栋幢弄巷院排组座][^,;。\n()]{0,24}|[\u4e00"
        r"-\u9fff]{1,8}[村屯寨组街巷][^,;。\n()]{0,12}(?=[,;。(]))"
    ).match(text, end)
    return end + len(after.group().rstrip()) if after else end


def _labelled(reading: Reading) -> Iterator[Finding]:
    text = parted(reading.document)
    for match in LABEL.finditer(text):
        both = ALSO.match(text, match.end())
        start = both.end() if both else match.end()
        start += text[start : start + 1] == "("
        if text[start : start + 1] == "\n":
            continue
        stop = STOP.search(text, start + 1, start + 62)
        end = stop.start() if stop else min(len(text), start + 60)
        end = start + len(text[start:end].rstrip())
        if text[start:end].strip(" 0123456789OlI") and stop and stop.group() == "\n":
            end = _continued(text, stop.start()) if _continued(text, stop.start()) > stop.start() else end
        piece = text[start:end]
        if len(piece) < 3 or not LOOKS.search(piece) or WORKING.search(piece) or not _is_home(reading, match, piece):
            continue
        end += _beside(text, end)
        yield Finding(
            Span(start, end), "ADDR_HOME", 0.9 if len(match.group().strip(" :")) > 1 else 0.8, "address:label"
        )


def _is_home(reading: Reading, match: re.Match[str], piece: str) -> bool:
    """A label that offices and companies use too counts only beside a private person."""
    text, label = reading.text, match.group()
    before = text[max(0, match.start() - 90) : match.start()].rpartition("。")[2]
    register = label.startswith("户籍") and ":" not in label and not re.search(r"地|籍[^在]", label)
    if label.startswith("住所") or register:
        return not (OWNER.search(before) or FIRM.search(text, max(0, match.start() - 90), match.start()))
    if re.match("[迁搬]", label):
        return bool(PERSONAL.search(before)) and not OWNER.search(before)
    if MAIL.search(label):
        around = text[max(0, match.start() - 120) : match.end() + 100]
        told = PERSONAL.search(around) and not _of_notice(text, match.start())
        return bool(told) and not re.search(r"咨询|监督电话|公示|意见建议|邮政编码|邮编", around)
    if re.match(r"(?:[镇县区市乡]|本[镇县区])?(?:敬老|福利|养老)院|[屯村寨]里(?![\u4e00-\u9fff]*[\d头边])", piece):
        return False
    return not re.match(r"[人口证区]|分布|或者?|和|与", piece) and not re.search(r"(?:街道|[镇乡区县市])$", piece)


def _of_notice(text: str, at: int) -> bool:
    return bool(NOTICE.search(text, max(0, at - 120), at))


def _clusters(chunk: str) -> Iterator[Span]:
    """Runs of units that stand within eight characters of each other, none of them across a stop."""
    start, end = -1, -1
    for unit in UNIT.finditer(chunk):
        if start >= 0 and unit.start() - end <= 8 and not STOP.search(chunk, end, unit.start()):
            end = unit.end()
            continue
        if start >= 0:
            yield Span(start, end)
        start, end = unit.span()
    if start >= 0:
        yield Span(start, end)


def _begin(reading: Reading, offset: int, chunk: str, place: Span, floor: int) -> int:
    """Where the address of a cluster begins: after the last word that can't be part of a place."""
    begin = max(floor, place.start - 48)
    for match in LEFT.finditer(chunk, begin, place.start):
        begin = match.end()
    for at in range(place.start - 1, begin - 1, -1):
        word = offset + at
        if chunk[at] in SINGLE and word in reading.starts and word + 1 in reading.ends and at + 2 < place.start:
            begin = at + 1
            break
    lead = re.compile(r"[ \-~·]*(?:(?:19|20)\d\d[-.]\d{1,2}(?:[-.]\d{1,2})? )?(?:住(?=[\u4e00-\u9fff]{2}))?").match(
        chunk, begin
    )
    begin = min(lead.end(), place.start) if lead else begin
    gap = chunk.rfind(" ", begin, place.start)
    return gap + 1 if gap > 0 and not LOOKS.search(chunk[begin:gap]) and LOOKS.search(chunk[gap : place.end]) else begin


def _shaped(reading: Reading) -> Iterator[Finding]:
    text = parted(reading.document)
    numbered = [match.start() for match in NUMBERED.finditer(text)]
    for found in CHUNK.finditer(text) if numbered else ():
        if bisect_left(numbered, found.start()) == bisect_left(numbered, found.end()):
            continue
        chunk, floor = found.group(), 0
        if re.compile(r"\.\d").match(text, found.end()):
            chunk = chunk.rstrip("0123456789 ")
        for place in _clusters(chunk):
            begin = _begin(reading, found.start(), chunk, place, floor)
            floor = place.end
            piece = chunk[begin : place.end].rstrip()
            start = found.start() + begin
            score = _score(reading, piece, start)
            end = start + len(piece)
            if score:
                yield Finding(Span(start, end + _beside(text, end)), "ADDR_HOME", score, "address:shape")


def _beside(text: str, end: int) -> int:
    """How many characters after a village group still say which house (堰塘边, 戏台后第二户)."""
    match = re.compile(
        r"(?:[\u4e00-\u9fff]{1,6}(?:边|坡|湾|坎下|坎上|隔壁|第[一二三四五六七八九十]户|自建房|平房|老屋|柜子"
        r"里|后座|土屋|东头|西头|那家|家属院|第[一二三四五六七八九十]家)(?![\u4e00-\u9fff]))?"
        r"(?:,? ?[\u4e00-\u9fff]{1,8}(?:[东西南北]侧|隔壁|对面|旁边|底下|单家独户)(?![\u4e00-\u9fff]))?"
        r"(?:\([\u4e00-\u9fff\d]{0,10}(?:[边侧旁上下内外后前]|对面|隔壁|红门|铁门|家属院|东头|西头|处)\))?"
    ).match(text, end)
    return len(match.group()) if match else 0


def _score(reading: Reading, piece: str, start: int) -> float:
    """How sure a shaped piece is a home: its depth, private words around, no office before it; 0 when it isn't."""
    text = reading.text
    if len(piece) < 5 or WORKING.search(piece):
        return 0.0
    room, village, door = ROOM.search(piece), VILLAGE.search(piece), DOOR.search(piece)
    line = reading.line(start)
    before = text[max(line.start, start - 18) : start]
    if not (room or village or door):
        return 0.0
    if _of_office(text, start, before) and not DWELLING.search(piece):
        return 0.0
    if FLAT.search(piece):
        return 0.6
    around = text[max(line.start, start - 60) : min(line.end, start + len(piece) + 40)]
    private = bool(PERSONAL.search(around))
    lead = LOCATED.sub("", before) if private and OWNED.match(text, start + len(piece)) else before
    if CREDIT.search(text, max(line.start, start - ROW), start) or OFFICE.search(DONE.sub("", lead)):
        return 0.0
    named = re.search(
        r"(?:身份证|住|岁|手机|户籍|家|迁|1[3-9]\d{9})[^。;]{0,24}$", text[max(line.start, start - 40) : start]
    )
    if private and (room or village or named) and not re.search(r"[到往至]$", before):
        return 0.75
    deep = room and re.search(r"单元(?: ?\d|$)|室|户|(?:栋|幢|座|号楼) ?(?:\d{3,4}|\d{1,2}-\d{1,4})", piece)
    return 0.6 if deep and (re.match(r"[\u3400-\u9fff]{2}", piece) or DONE.search(before)) else 0.0


def _of_office(text: str, start: int, before: str) -> bool:
    """Whether a room is that of an office: one is named or asked right before, and nobody private."""
    if before.endswith("地址:") and _of_notice(text, start):
        return True
    lead = text[max(0, start - 60) : start].rpartition("。")[2]
    private = PERSONAL.search(lead) or CALLER.search(lead)
    return bool(OFFICE.search(before) and ASKED.search(lead) and not private)


def _columns(reading: Reading) -> Iterator[Finding]:
    for cell in reading.cells:
        piece = cell.span.of(reading.text)
        told = len(piece) > 1 and re.search(r"[\u3400-\u9fff\d]", piece)
        if cell.kind != "ADDR_HOME" or not told or WORKING.search(piece):
            continue
        line = reading.line(cell.span.start).of(reading.text)
        form, heading = cell.row < 0, cell.heading.replace(" ", "")
        if form and (COMPANY.search(heading) and not re.search("住址|家庭|现居|户籍", heading) or MAIL.search(heading)):
            around = reading.text[max(0, cell.span.start - 90) : cell.span.end + 60]
            owned = OWNER.search(around[:90].replace("\n", " ").replace("。", " "))
            private = PERSONAL.search(around) and not re.search(r"咨询|邮编|邮政编码|监督", around)
            if owned or not private or _of_notice(reading.text, cell.span.start):
                continue
        vague = heading == "地址" or re.search(r"同上|^略$", piece)
        if vague or not (line and (LOOKS.search(piece) or re.search(r"\d", piece))):
            continue
        end = re.search(r"\(租\)|\(租住|  |\((?!\d)|[,;。] ?(?:身份证|电话|手机|联系|收[件信]人|邮编|户主)", piece)
        length = end.start() if end and end.start() > 2 else len(piece)
        yield Finding(Span(cell.span.start, cell.span.start + length), "ADDR_HOME", 0.8, "address:column")


def addresses(reading: Reading) -> Iterator[Finding]:
    """Home addresses by label, by shape beside private people, and by column."""
    yield from _labelled(reading)
    yield from _shaped(reading)
    yield from _columns(reading)
