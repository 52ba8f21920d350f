"""Numbers that name a person, with their check digits and the labels beside them.

A number with a wrong check digit is still found when its label says what it is, at lower confidence. Look-alikes
(credit codes, case, project, contract and file numbers) stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from gongkai.model.checkdigits import id_check, id_plausible, luhn
from gongkai.model.document import Document, Span
from gongkai.model.finding import Finding
from gongkai.model.grid import Cell
from gongkai.model.rows import parted

_LOOKALIKE = re.compile(
    r"(?:编号|编码|代码|文号|字号|案号|单号|流水|订单|合同|项目|档案|许可证|证书|资产|设备|图斑|宗地|"
    r"单元号|缴款|票据|批次|备案|执法证|工作证|工号|"
    r"登记号|报告号|样品|条码|受理号|信访件|工单|索引|乡字第|地字第|不动产|产权|回执|代号|运单|发票|信"
    r"用|任务号|坐标|经度|纬度|高程|机号|车架|发动机|"
    r"凭证|住院号|病案号|案卷|检查证|资格证|房号|桩号|序列)[^,;。\n]{0,10}$"
)
_LABEL = re.compile(r"身份证|公民身份|手机|电话|联系|账号|帐号|卡号|护照|微信|致电|拨打")
_D = r"[0-9OoIl]"
_SEP = r"(?: ?- ?\n?| ?\n?)"

# A pattern that opens with what its first character can be is spared its look behind at nearly every place.
ID18 = re.compile(rf"(?=[1-9lI])(?<![0-9A-Za-z])[1-9lI](?:{_SEP}{_D}){{16}}{_SEP}[0-9XxOoIl×](?![0-9A-Za-z])")
ID15 = re.compile(r"(?=[1-9lI])(?<![0-9A-Za-z])[1-9lI](?:[ ]?[\dOlI]){14}(?![0-9A-Za-z])")
DISABLED = re.compile(
    r"(?=[1-9])(?<![0-9A-Za-z])(?P<id>[1-9]\d{16}[\dXx])(?:[1-7][1-4][A-Z]?\d?|[XB]\d{1,2})(?![0-9A-Za-z])"
)
ID_LABEL = re.compile(r"(身份证|公民身份|证件|残疾人证|驾驶证)(号码?|件|证号|号)?[^0-9\n]{0,8}$|身份证[^0-9]{0,10}$")
ID_LABELLED = re.compile(
    r"(?:身份证|公民身份|身份证明|残疾人?证)(?:号码?|证号|件号码|编号)?(?:[(（][^0-9\n)）]{1,6}[)）])?"
    r"[^0-9lI\n]{0,6}(?P<id>[\dlI](?:(?: ?- ?| ?\n?)[0-9OoIlXx×]){13,19})(?![0-9])"
)
MOBILE = re.compile(
    rf"(?=[+(018lI])(?<![0-9A-Za-z.])(?:\(?(?:\+|00)?86\)?[- ]?)?[1lI] ?[3-9](?:{_SEP}{_D}){{9}}(?![0-9A-Za-z]|\.\d)"
)
ABROAD = re.compile(
    r"(?=[+(0])(?<![0-9A-Za-z.+])(?:\(?(?:\+|00) ?(?:852|853)\)?[- ]?[5679]\d{3}[- ]?\d{4}|\(?(?:\+|00) ?886\)?"
    r"[- ]?\(?0?\)?9\d{2}[- ]?\d{3}[- ]?\d{3}|09\d{2}[- ]?\d{3}[- ]?\d{3}"
    r"|\+(?!86)\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5})(?![0-9A-Za-z])"
)
HONGKONG = re.compile(
    r"(?:手机|手提|流动电话|联[系络]电话|电话)[^\d\n,。;]{0,6}(?P<n>[569]\d{3}[ -]?\d{4}|6\d{7})(?![\d"
    r"-])"
)
SPOKEN = re.compile(
    r"(?=[一幺])(?<![一二三四五六七八九十百零〇幺])[一幺][三四五六七八九][一二三四五六七八九零〇幺]{9}(?![二三四"
    r"五六七八九十百零〇幺]|一[一二三四五六七八九])"
)
FIXED = re.compile(
    r"(?=[+(048])(?:(?<![\dA-Za-z.\-])(?<!\d{4} )"
    r"(?:\+?86[- ]?)?(?:\( ?0\d{2,3} ?\)|0\d{2,3}) ?[-~]? ?[2-9]\d{2,3} ?-? ?\d{3,4}"
    r"(?!\d)(?: ?(?:转|-|/)\d{1,6})?"
    r"|(?<![\dA-Za-z])0[1-9]\d{1,2} ?- ?[\dOoIl]{7,8}(?![\dA-Za-z])"
    r"|(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)|(?<![\dA-Za-z])\(0[2-8]\) ?\d{3,4}[- ]\d{4}(?!\d))"
)
SHORT_FIXED = re.compile(
    r"(?:电话|热线|传真|咨询|联系|监督|投诉|举报|值班|座机|办公室|内线|宅电)[^\d\n]{0,8}(?P<n>[2-9]\d{"
    r"2,3}[ -]?\d{3,4})(?!\d|[元户人万个年名份]|-\d)"
)
BANK = re.compile(
    r"(?=\d)(?<![0-9A-Za-z])(?:[3-9]\d{3}(?:[ \-]?\n?\d{4}){2,3}(?:[ \-]?\d{1,3})?|\d{16,19})(?![0-9A-Za-z])"
)
BANK_LABELLED = re.compile(
    r"(?:(?:银行|工资|社保|一卡通|存折|收款|开户)?(?:账|帐|卡) ?[号户](?:码)?|一卡通|一折通|存折|社保"
    r"卡|资助卡|工资卡|开户行[^\d\n]{0,24}|"
    r"(?:农商行|信用社|农信社|农商银行|工行|农行|中行|建行|邮储|银行)[^\d\n]{0,12}|(?:打到|打入|汇入|"
    r"转入|转到)[^\d\n]{0,10})"
    r"[^\dA-Za-z\n]{0,8}(?P<n>[\dl](?: ?-?\n?[\dOlI]){8,26})(?![\dA-Za-z,.])"
)
PASSPORT = re.compile(
    r"(?=[EGHM])(?:(?<![0-9A-Za-z\u4e00-\u9fff])(?:E[A-Z]\d{7}|[EG] ?\d{8}|[HM]\d{10})(?![0-9A-Za-z])|(?<=[\u4e00-"
    r"\u9fff])(?:E[A-HJ-NP-Z]\d{7}|[EG]\d{8})(?![0-9A-Za-z]))"
)
PASSPORT_LABELLED = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|居住证|港澳证|证件|香港身份证|澳门身份证)(?:件)?(?:号码?|证号|编号)"
    r"*(?:为|是)?[^0-9A-Za-z\n]{0,6}"
    r"(?P<n>(?=(?:[A-Z O()]*\d){5})[A-Z]{0,2} ?\d[\d O]{3,17}[\dA](?:\([\dA]\))?)(?![0-9A-Za-z])"
)
MILITARY = re.compile(
    r"(?:军官证|士兵证|文职干部证|军人证|退伍证|退役证|退出现役证|转业证|复员证|伤残军人证|残疾军人证)"
    r"(?:件)?(?:号码?|证号|编号)?[^0-9A-Za-z\u4e00-\u9fff(\n]{0,3}"
    r"(?P<n>[(（]?[\u4e00-\u9fff（(A-Za-z]{0,8}[)）]?(?:字|转字)?第? ?[\d\-－]{4,14}号?)"
)
SOCIAL = re.compile(
    r"(?:社(?:会)?保(?:障)?|医(?:疗)?保(?:险)?)(?:卡|个人)?(?:号码?|编号|卡号|证号)[^0-9A-Za-z\n]{0,5}"
    r"(?P<n>[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){7,20})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?P<m>\d{2}[A-Z]\d{12,14})(?![0-9A-Za-z])"
)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼黔滇陇][ ]?[A-HJ-Z](?P<dot>[ ·.\-"
    r"]?)(?P<tail>[A-HJ-NP-Z0-9OlI](?: ?[A-HJ-NP-Z0-9OlI]){4,5}|[A-Z0-9]{4}[学警港澳领试])(?![0-9A-Za-"
    r"z])"
)
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} ?(?:@|\(at\)|#at#|〔at〕) ?[A-Za-z0-9\-"
    r"]{1,63}(?: ?\. ?[A-Za-z0-9\-]{1,63}){1,6}",
    re.I,
)
WECHAT = re.compile(
    r"(?:微信|QQ|企鹅号|钉钉|抖音|快手|支付宝)[\u4e00-\u9fff]{0,6}(?:是|为|加|:|：|,|\(|（|“|\"| )*(?P"
    r"<n>[A-Za-z][A-Za-z0-9_\-]{4,19}|\d[\d ]{4,12}\d)(?![A-Za-z0-9@]|[元年月日次人])",
    re.I,
)
NICK = re.compile(r"(?:昵称|网名|微信名)(?:为|是|叫)?[:( ]{0,2}[“\"「](?P<n>[^”\"」\n]{1,14})[”\"」]")
EXAM = re.compile(r"(?:准考证|考号|考生号|学籍|学号)(?:编?号码?)?[^0-9A-Za-z\n]{0,5}(?P<n>[A-Z]?\d{6,20})")
_OCR = str.maketrans("OoIlXx×", "0011XXX")


def _bare(text: str) -> str:
    return re.sub(r"[ \-\n]", "", text).translate(_OCR)


def _before(text: str, at: int, width: int = 16) -> str:
    return text[max(0, at - width) : at].replace("\n", " ")


def _finding(match: re.Match[str], kind: str, score: float, group: str | int = 0, source: str = "") -> Finding:
    start, end = match.span(group)
    piece = match.group(group)
    end -= len(piece) - len(piece.rstrip(" -\n"))
    return Finding(Span(start, end), kind, score, source or f"number:{kind}")


def _lookalike(text: str, at: int, width: int = 16) -> bool:
    """Whether the words before a number call it something else (a contract, a permit), and no nearer word private."""
    before = _before(text, at, width)
    other = _LOOKALIKE.search(before)
    return bool(other) and not _LABEL.search(before, other.start() if other else 0)


def id_cards(text: str) -> Iterator[Finding]:
    """Identity cards of 18 and 15 digits, spaced, broken over lines, with letters misread for digits; 残疾人证 too."""
    for match in ID18.finditer(text):
        number = _bare(match.group())
        if not number[:17].isdigit():
            continue
        labelled = bool(ID_LABEL.search(_before(text, match.start())))
        if id_check(number) and id_plausible(number):
            yield _finding(match, "ID_CARD", 0.99)
        elif labelled or (id_plausible(number) and not _lookalike(text, match.start())):
            yield _finding(match, "ID_CARD", 0.8 if labelled else 0.6, source="number:ID_CARD:wrong-check")
    for match in ID15.finditer(text):
        number, before = _bare(match.group()), _before(text, match.start())
        labelled = bool(ID_LABEL.search(before))
        if labelled or (
            id_plausible(number) and not _lookalike(text, match.start()) and not re.search(r"[账帐卡]", before)
        ):
            yield _finding(match, "ID_CARD", 0.9 if labelled else 0.6)
    for match in DISABLED.finditer(text):
        if id_plausible(match["id"].upper()) and (
            id_check(match["id"].upper()) or ID_LABEL.search(_before(text, match.start()))
        ):
            yield _finding(match, "ID_CARD", 0.9)
    for match in ID_LABELLED.finditer(text):
        yield _labelled_id(match)


def _labelled_id(match: re.Match[str]) -> Finding:
    """The number behind its label, without the digits of a next line when the first line holds a whole number."""
    piece = match["id"]
    first, _, rest = piece.partition("\n")
    whole = len(_bare(first)) in (15, 18) and len(_bare(rest)) < 3
    end = match.start("id") + len((first if whole and rest else piece).rstrip(" -\n"))
    return Finding(Span(match.start("id"), end), "ID_CARD", 0.75, "number:ID_CARD:labelled")


def phones(text: str) -> Iterator[Finding]:
    """Mobile and fixed-line numbers, with area codes, extensions, spaces and dashes."""
    taken = set()
    for finding in (*mobiles(text), *abroad(text)):
        taken.add(finding.span.start)
        yield finding
    for match in FIXED.finditer(text):
        if match.start() not in taken:
            yield _finding(match, "PHONE_FIX", 0.9)
    for match in SHORT_FIXED.finditer(text):
        if match.start("n") not in taken:
            yield _finding(match, "PHONE_FIX", 0.7, "n")


def mobiles(text: str) -> Iterator[Finding]:
    """Mainland mobiles in digits and in characters; a number in a list of look-alikes is one itself."""
    other = -9
    for match in MOBILE.finditer(text):
        listed = match.start() - other <= 2 and text[match.start() - 1] in "、,/"
        if listed or _lookalike(text, match.start()):
            other = match.end()
        elif sum(char.isdigit() for char in match.group()) >= 7:
            yield _finding(match, "PHONE_MOBILE", 0.97)
    for match in SPOKEN.finditer(text):
        yield _finding(match, "PHONE_MOBILE", 0.9)


def abroad(text: str) -> Iterator[Finding]:
    """Mobiles of Hong Kong, Macao and Taiwan, and numbers with a country code."""
    for match in ABROAD.finditer(text):
        if 9 <= sum(char.isdigit() for char in match.group()) <= 15 and not _lookalike(text, match.start()):
            yield _finding(match, "PHONE_MOBILE", 0.85)
    for match in HONGKONG.finditer(text):
        if re.search("香港|澳门|港澳", text[max(0, match.start() - 120) : match.end() + 40]):
            yield _finding(match, "PHONE_MOBILE", 0.8, "n")


def bank_accounts(text: str) -> Iterator[Finding]:
    """Bank cards by Luhn's check digit, and any account number behind its label."""
    for match in BANK.finditer(text):
        number = _bare(match.group())
        if 15 <= len(number) <= 19 and luhn(number) and number[0] in "3456" and not _lookalike(text, match.start()):
            yield _finding(match, "BANK", 0.92)
    for match in BANK_LABELLED.finditer(text):
        if len(_bare(match["n"])) >= 10 and not ID_LABEL.search(_before(text, match.start("n"))):
            yield _finding(match, "BANK", 0.88, "n")


def documents(text: str) -> Iterator[Finding]:
    """Passports and travel permits, military and veterans' papers, social-security and examination numbers."""
    for match in PASSPORT.finditer(text):
        if not _lookalike(text, match.start(), 10):
            yield _finding(match, "PASSPORT", 0.85)
    for kind, pattern in (("PASSPORT", PASSPORT_LABELLED), ("MIL_ID", MILITARY), ("EDU", EXAM)):
        for match in pattern.finditer(text):
            yield _finding(match, kind, 0.85, "n")
    for match in SOCIAL.finditer(text):
        yield _finding(match, "SSN", 0.85, "n" if match["n"] else "m")


def plates(text: str) -> Iterator[Finding]:
    """Number plates, with and without the middle dot, new-energy ones too (GA 36-2018)."""
    for match in PLATE.finditer(text):
        if "·" in match["dot"] or sum(char.isdigit() for char in match["tail"]) >= 2:
            yield _finding(match, "PLATE", 0.9)


def accounts_online(text: str) -> Iterator[Finding]:
    """E-mail addresses and WeChat or QQ numbers."""
    for match in EMAIL.finditer(text):
        yield _finding(match, "EMAIL", 0.97)
    for match in WECHAT.finditer(text):
        if match["n"].strip().lower() not in ("gongzhong", "wechat"):
            yield _finding(match, "WECHAT", 0.85, "n")
    for match in NICK.finditer(text):
        yield _finding(match, "WECHAT", 0.7, "n")


DETECTORS: dict[str, Callable[[str], Iterable[Finding]]] = {
    "id_cards": id_cards,
    "phones": phones,
    "bank_accounts": bank_accounts,
    "documents": documents,
    "plates": plates,
    "accounts_online": accounts_online,
}
_COLUMN = {
    "ID_CARD": re.compile(r"^[\dlI][\dXx×OoIl]*(?: ?-?[\dXx×OoIl]+){0,20}"),
    "PHONE_MOBILE": re.compile(r"^\+?[\dlI(][\dOoIl() \-]{6,20}$"),
    "BANK": re.compile(r"(?<![\dA-Za-z])[\dl][\d \-OlI]{8,26}$"),
    "EDU": re.compile(r"^[A-Z]?\d{6,20}$"),
    "SSN": re.compile(r"^[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){7,20}$"),
    "PASSPORT": re.compile(r"^[A-Z]{0,2}\d{6,10}$"),
}


_LEAST = {"ID_CARD": 13, "BANK": 9}


def in_columns(text: str, cells: Iterable[Cell]) -> Iterator[Finding]:
    """Numbers under a heading that says what they are; the column decides even when the check digit is wrong."""
    for cell in cells:
        pattern, piece = _COLUMN.get(cell.kind), cell.span.of(text)
        found = pattern.search(piece) if pattern else None
        if found and len(_bare(found.group())) >= _LEAST.get(cell.kind, 6):
            kind = cell.kind
            if kind == "PHONE_MOBILE" and not re.match(r"^(\+?86)?1[3-9]|^\+|^09\d{8}$", _bare(piece)):
                kind = "PHONE_FIX"
            yield Finding(
                Span(cell.span.start + found.start(), cell.span.start + found.end()), kind, 0.85, "column:" + kind
            )


def numbers(document: Document, cells: Iterable[Cell] = ()) -> Iterator[Finding]:
    """Every number that names a person in the document. A tab ends a number; the columns decide for themselves."""
    text = parted(document)
    for detector in DETECTORS.values():
        yield from detector(text)
    yield from in_columns(document.folded, cells)
