"""Numbers that name a person, with their check digits and the labels beside them.

A number with a wrong check digit is still found when its label says what it is, at lower confidence. Look-alikes
(credit codes, case, project, contract and file numbers) stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from gongkai.model.document import Document, Span
from gongkai.model.finding import Finding
from gongkai.model.grid import Cell

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOKALIKE = re.compile(
    r"(编号|编码|代码|文号|字号|案号|单号|流水|订单|合同|项目|档案|许可证|证书|资产|设备|图斑|宗地|单元号|缴款|票据|批次|备案|"
    r"登记号|报告号|样品|条码|受理号|信访件|工单|索引|乡字第|地字第|不动产|产权|回执|代号|运单|发票|号牌|信用)[^,;。\n]{0,10}$"
)
_D = r"[0-9OoIl]"
_SEP = r"[ \-]?\n?"

ID18 = re.compile(rf"(?<![0-9A-Za-z])[1-9](?:{_SEP}{_D}){{16}}{_SEP}[0-9XxOoIl×](?![0-9A-Za-z])")
ID15 = re.compile(r"(?<![0-9A-Za-z])[1-9](?:[ ]?\d){14}(?![0-9A-Za-z])")
ID_LABEL = re.compile(r"(身份证|公民身份|证件)(号码?|件|证号|号)?[^0-9\n]{0,8}$|身份证[^0-9]{0,10}$")
ID_LABELLED = re.compile(r"(?:身份证|公民身份)(?:号码?|证号|件号码)?[^0-9\n]{0,6}(?P<id>\d(?:[ \-]?\n?[0-9OoIlXx]){13,19})")
MOBILE = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1 ?[3-9](?:[ \-]?\n?[\dOoIl]){9}(?![0-9A-Za-z])")
FIXED = re.compile(
    r"(?<![\dA-Za-z.\-])(?:\+?86[- ]?)?(?:\( ?0\d{2,3} ?\)|0\d{2,3}) ?[-~]? ?[2-9]\d{2,3} ?-? ?\d{3,4}(?!\d)(?: ?(?:转|-|/)\d{1,6})?"
    r"|(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)"
)
SHORT_FIXED = re.compile(r"(?:电话|热线|传真|咨询|联系|监督|投诉|举报|值班|座机|办公室|内线)[^\d\n]{0,8}(?P<n>[2-9]\d{2,3}[ -]?\d{3,4})(?!\d|[元户人万个年名份])")
BANK = re.compile(r"(?<![0-9A-Za-z])(?:[3-9]\d{3}(?:[ \-]?\d{4}){2,3}(?:[ \-]?\d{1,3})?|\d{16,19})(?![0-9A-Za-z])")
BANK_LABELLED = re.compile(
    r"(?:(?:银行|工资|社保|一卡通|存折|收款|开户)?(?:账|帐|卡) ?[号户](?:码)?|一卡通|一折通|存折|尾号|开户行[^\d\n]{0,24}|(?:农商行|信用社|工行|农行|中行|建行|邮储|银行)[^\d\n]{0,12})"
    r"[^\dA-Za-z\n]{0,8}(?P<n>\d[\dO \-]{8,26}\d)(?!\d)"
)
PASSPORT = re.compile(r"(?<![0-9A-Za-z])(?:[EGDSPK][A-Z]?\d{7,8}|[HMC]\d{8,10})(?![0-9A-Za-z])")
PASSPORT_LABELLED = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|居住证|港澳证|证件)(?:号码?|证号|编号)?[^0-9A-Za-z\n]{0,6}(?P<n>[A-Z]{0,2} ?\d[\d O]{5,17}\d)(?![0-9A-Za-z])"
)
MILITARY = re.compile(
    r"(?:军官证|士兵证|文职干部证|军人证|退伍证|退役证|退出现役证|转业证|复员证|伤残军人证|残疾军人证)(?:件)?(?:号码?|证号|编号)?[^0-9A-Za-z\u4e00-\u9fff\n]{0,3}"
    r"(?P<n>[\u4e00-\u9fff（(A-Za-z]{0,8}[)）]?(?:字|转字)?第? ?[\d\-－]{4,14}号?)"
)
SOCIAL = re.compile(
    r"(?:社(?:会)?保(?:障)?|医(?:疗)?保(?:险)?)(?:卡|个人)?(?:号码?|编号|卡号|证号)[^0-9A-Za-z\n]{0,5}(?P<n>[0-9A-Za-z]{8,20})"
    r"|(?<![0-9A-Za-z])(?P<m>\d{2}[A-Z]\d{12,14})(?![0-9A-Za-z])"
)
PLATE = re.compile(
    r"(?<![\u4e00-\u9fff])?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z][ ·.\-]?[A-HJ-NP-Z0-9]{5,6}(?![0-9A-Za-z])"
)
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63} ?(?:@|\(at\)|#at#|〔at〕) ?[A-Za-z0-9\-]+(?: ?\. ?[A-Za-z0-9\-]+)+", re.I)
WECHAT = re.compile(
    r"(?:微信|QQ|企鹅号|钉钉|抖音|快手)(?:账?号|昵称|名|群|工作群|同号)?(?:是|为|加|:|：|\(|（|“|\"| )*(?P<n>[A-Za-z][A-Za-z0-9_\-]{4,19}|\d[\d ]{4,12}\d)(?![A-Za-z0-9@])", re.I
)
EXAM = re.compile(r"(?:准考证|考号|考生号|学籍|学号)(?:编?号码?)?[^0-9A-Za-z\n]{0,5}(?P<n>[A-Z]?\d{6,20})")
_OCR = str.maketrans("OoIlXx×", "0011XXX")


def id_check(number: str) -> bool:
    """Whether the check character of an 18-digit identity number is right (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11] == number[17]


def id_plausible(number: str) -> bool:
    """Whether province and birth date of an 18- or 15-digit identity number can be."""
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return 11 <= int(number[:2]) <= 82 and 1900 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2030
    except ValueError:
        return False


def luhn(number: str) -> bool:
    """Whether the check digit of a bank card number is right (ISO/IEC 7812-1)."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def credit_check(code: str) -> bool:
    """Whether the check character of a unified social credit code is right (GB 32100-2015)."""
    if len(code) != 18 or any(char not in _CREDIT for char in code):
        return False
    total = sum(_CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _CREDIT[(31 - total % 31) % 31] == code[17]


def _bare(text: str) -> str:
    return re.sub(r"[ \-\n]", "", text).translate(_OCR)


def _before(text: str, at: int, width: int = 16) -> str:
    return text[max(0, at - width) : at].replace("\n", " ")


def _finding(match: re.Match[str], kind: str, score: float, group: str | int = 0, source: str = "") -> Finding:
    start, end = match.span(group)
    piece = match.group(group)
    end -= len(piece) - len(piece.rstrip(" -\n"))
    return Finding(Span(start, end), kind, score, source or f"number:{kind}")


def id_cards(text: str) -> Iterator[Finding]:
    """Identity cards of 18 and 15 digits, spaced, broken over lines, with letters misread for digits."""
    for match in ID18.finditer(text):
        number, before = _bare(match.group()), _before(text, match.start())
        if not number[:17].isdigit():
            continue
        labelled = bool(ID_LABEL.search(before))
        if id_check(number) and id_plausible(number):
            yield _finding(match, "ID_CARD", 0.99)
        elif labelled or (id_plausible(number) and not _LOOKALIKE.search(before)):
            yield _finding(match, "ID_CARD", 0.8 if labelled else 0.6, source="number:ID_CARD:wrong-check")
    for match in ID15.finditer(text):
        number, before = _bare(match.group()), _before(text, match.start())
        labelled = bool(ID_LABEL.search(before))
        if labelled or (id_plausible(number) and not _LOOKALIKE.search(before) and not re.search(r"[账帐卡]", before)):
            yield _finding(match, "ID_CARD", 0.9 if labelled else 0.6)
    for match in ID_LABELLED.finditer(text):
        yield _finding(match, "ID_CARD", 0.75, "id", "number:ID_CARD:labelled")


def phones(text: str) -> Iterator[Finding]:
    """Mobile and fixed-line numbers, with area codes, extensions, spaces and dashes."""
    for match in MOBILE.finditer(text):
        if not _LOOKALIKE.search(_before(text, match.start())):
            yield _finding(match, "PHONE_MOBILE", 0.97)
    for match in FIXED.finditer(text):
        yield _finding(match, "PHONE_FIX", 0.9)
    for match in SHORT_FIXED.finditer(text):
        yield _finding(match, "PHONE_FIX", 0.7, "n")


def bank_accounts(text: str) -> Iterator[Finding]:
    """Bank cards by Luhn's check digit, and any account number behind its label."""
    for match in BANK.finditer(text):
        number = _bare(match.group())
        if 15 <= len(number) <= 19 and luhn(number) and number[0] in "3456" and not _LOOKALIKE.search(_before(text, match.start())):
            yield _finding(match, "BANK", 0.92)
    for match in BANK_LABELLED.finditer(text):
        if len(_bare(match["n"])) >= 10:
            yield _finding(match, "BANK", 0.88, "n")


def documents(text: str) -> Iterator[Finding]:
    """Passports and travel permits, military and veterans' papers, social-security and examination numbers."""
    for match in PASSPORT.finditer(text):
        if not _LOOKALIKE.search(_before(text, match.start(), 8)):
            yield _finding(match, "PASSPORT", 0.85)
    for kind, pattern in (("PASSPORT", PASSPORT_LABELLED), ("MIL_ID", MILITARY), ("EDU", EXAM)):
        for match in pattern.finditer(text):
            yield _finding(match, kind, 0.85, "n")
    for match in SOCIAL.finditer(text):
        yield _finding(match, "SSN", 0.85, "n" if match["n"] else "m")


def plates(text: str) -> Iterator[Finding]:
    """Number plates, with and without the middle dot, new-energy ones too (GA 36-2018)."""
    for match in PLATE.finditer(text):
        tail = match.group()[2:].lstrip(" ·.-")
        if sum(char.isdigit() for char in tail) >= 2:
            yield _finding(match, "PLATE", 0.9)


def accounts_online(text: str) -> Iterator[Finding]:
    """E-mail addresses and WeChat or QQ numbers."""
    for match in EMAIL.finditer(text):
        yield _finding(match, "EMAIL", 0.97)
    for match in WECHAT.finditer(text):
        if match["n"].strip().lower() not in ("gongzhong", "wechat"):
            yield _finding(match, "WECHAT", 0.85, "n")


DETECTORS: dict[str, Callable[[str], Iterable[Finding]]] = {
    "id_cards": id_cards,
    "phones": phones,
    "bank_accounts": bank_accounts,
    "documents": documents,
    "plates": plates,
    "accounts_online": accounts_online,
}
_COLUMN = {
    "ID_CARD": re.compile(r"^[\dXx][\d Xx\-OoIl]{12,24}$"),
    "PHONE_MOBILE": re.compile(r"^\+?[\d() \-]{7,20}$"),
    "BANK": re.compile(r"^\d[\d \-O]{8,26}$"),
    "EDU": re.compile(r"^[A-Z]?\d{6,20}$"),
    "SSN": re.compile(r"^[0-9A-Za-z]{8,20}$"),
}


def in_columns(text: str, cells: Iterable[Cell]) -> Iterator[Finding]:
    """Numbers under a heading that says what they are; the column decides even when the check digit is wrong."""
    for cell in cells:
        pattern, piece = _COLUMN.get(cell.kind), cell.span.of(text)
        if pattern and pattern.match(piece):
            kind = cell.kind
            if kind == "PHONE_MOBILE" and not re.match(r"^(\+?86)?1[3-9]", _bare(piece)):
                kind = "PHONE_FIX"
            yield Finding(cell.span, kind, 0.85, "column:" + kind)


def numbers(document: Document, cells: Iterable[Cell] = ()) -> Iterator[Finding]:
    """Every number that names a person in the document."""
    text = document.folded
    for detector in DETECTORS.values():
        yield from detector(text)
    yield from in_columns(text, cells)
