"""Papers with a number of their own: passports and permits, the military's, social security, examinations; plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.identifiers.digits import Scan, digits, lookalike, marked

PASSPORT = re.compile(
    r"[EGHMDPS](?:(?<![0-9A-Za-z\u4e00-\u9fff].)(?:(?<=E)[A-Z]\d{7}|(?<=[DPS])E\d{7}|(?<=[EG]) ?\d{8}|(?<=[HM])\d{10})"
    r"|(?<=[\u4e00-\u9fff].)(?:(?<=E)[A-HJ-NP-Z]\d{7}|(?<=[EG])\d{8}))(?![0-9A-Za-z])"
)
# Every branch opens with a character of its own, so that the search can run from one such character to the next.
PASSPORT_LABELLED = re.compile(
    r"(?:护照|签证|通行证|台胞证|回乡证|居住证|居留身?份?证|永居证|居留许可|港澳证|证件"
    r"|香港[\u4e00-\u9fff]{0,9}身份证|澳门[\u4e00-\u9fff]{0,9}身份证|台湾[\u4e00-\u9fff]{0,9}身份证|Passport|passport)(?:件)?"
    r"(?:字?号码?|证号|编号| ?[Nn]o\.?)*(?:为|是)?[^0-9A-Za-z\n]{0,6}"
    r"(?P<n>(?=(?:[A-Za-z O()/-]{0,8}\d){5})(?:[A-Z]{0,3}|[egp])[ -]?"
    r"\d(?:/\d{6}/\d|[\d O]{3,17}[\dA])(?:\([\dA-Z]\))?)(?![0-9A-Za-z])"
)
# Looked for from its last character, of which there are few; what stands before it is looked at afterwards.
MILITARY = re.compile(
    r"证(?<=[官兵士部员人伍役业待察]证)件?(?:号码?|证号|编号)?[^0-9A-Za-z\u4e00-\u9fff(\n]{0,3}"
    r"(?P<n>(?:[(（](?:\d{2}|\d{4})[)）])?[(（]?[\u4e00-\u9fff（(A-Za-z]{0,8}[)）]?(?:字|转字)?第? ?[\d\-－]{4,14}号?)"
)
_SOLDIER = re.compile(
    r"(?:军官|士兵|军士|义务兵|文职干部|文职人员|学员|军人|伤残人民警察|退伍|退役|退出现役|转业|复员|伤残军人|残疾军人|优待)证$"
)
SOCIAL = re.compile(
    r"(?:社会?保[障险]?|医疗?保险?|医疗证|新农合|农合|参合|参保|养老保险|个人(?=编号)|接种证?|住院(?=号)|病[案历](?=号)|门诊(?=号)|就诊卡?)"
    r"(?:卡|个人|电子凭证|证|手册|电脑)?"
    r"(?:号码?|编号|卡号|证号|(?=[: |]{1,3}(?:\d{12}|[A-Z]{1,2}\d{7,8}(?!\d))))[^0-9A-Za-z\n]{0,5}"
    r"(?P<n>[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){7,20})(?![0-9A-Za-z])"
)
#: A number that the words lead to from afar (医保号没记住，表上印的是…), or with a letter before it.
_FAR = re.compile(
    r"[医社卡](?:(?<=[医社])保卡?号(?!召)[^。;\n\d]{4,24}[的是为:](?P<n>\d{6}-?\d{4}-?\d{4}|\d{9,10}|\d{12})(?![\dA-Za-z\-年])"
    r"|(?<=卡)号[^。;\n\dA-Za-z]{1,16}[的是为:](?P<k>[A-Z]{1,2}\d{7,9})(?![0-9A-Za-z]))"
)
_ON_DUTY = re.compile(r"执法|检查人员|办案|监察|稽查|民警|警官|公务")
INSURED = re.compile(r"(?<=\d\d[A-Z])(?<![0-9A-Za-z]...)\d{12,14}(?![0-9A-Za-z])")
EXAM = re.compile(
    r"(?:准考证|考号|考生号|学籍|学号|学生证)(?:编?号码?)?[^0-9A-Za-z\n]{0,5}"
    r"(?P<n>(?!0\d{2,3}-\d{7})[A-Z]?\d(?:-?\d){5,19}(?:(?<=\d{17})[Xx])?)"
)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼黔滇陇](?<![锅容梯起管索游车]\d\d.)"
    r"[ \-]?(?:[A-HJ-Za-hj-z](?P<dot> ?(?:[·.*_\-。/]\n?)? ?)"
    r"(?P<tail>[A-HJ-NP-Za-hj-np-z0-9OI](?: ?[A-HJ-NP-Za-hj-np-z0-9OI]){4,5}|[A-Z0-9]{4} ?[学警港澳领试挂超使])"
    r"|[·.]?(?P<police>\d{4,5}警))(?![0-9A-Za-z])"
)
#: Another car of the same province behind a whole plate (湘N7K523、N8M661).
_SECOND = re.compile(r" ?[、,和及或] ?(?P<n>[A-HJ-Z] ?[·.]? ?(?=[A-Z]{0,2}\d)[A-HJ-NP-Z0-9]{5,6})(?![0-9A-Za-z])")
EMBASSY = re.compile(r"使 ?\d{3}[·. ]?\d{3}(?![0-9A-Za-z年月日人元])")
ARMED_POLICE = re.compile(r"WJ ?(?:[\u4e00-\u9fff]? ?[·.\-]? ?\d{4}|\d\d ?[·.\-] ?\d{4})[0-9A-Z](?![0-9A-Za-z])")
#: What only its label tells: a car without two digits, the plate of an electric bicycle with the name of its city.
LABELLED = re.compile(
    r"牌(?<=[车号]牌)(?:号码?)?[为是:( ]{0,3}(?P<n>[\u4e00-\u9fff] ?[A-HJ-Z] ?[·.]? ?[A-HJ-NP-Z0-9]{5,6}"
    r"|[\u4e00-\u9fff]{2,4}(?: ?[A-Z]|(?<=[:(为是]..)|(?<=[:(为是]...)|(?<=[:(为是]....))\d{5,7})"
    r"(?![0-9A-Za-z]| ?[副块辆个张万])"
)


def papers(scan: Scan) -> Iterator[Finding]:
    """Passports and travel permits, military and veterans' papers, social-security and examination numbers."""
    for match in scan.near(PASSPORT):
        if not lookalike(scan.text, match.start(), 10):
            yield marked(match, "PASSPORT", 0.85)
    for kind, pattern in (("PASSPORT", PASSPORT_LABELLED), ("EDU", EXAM), ("SSN", SOCIAL)):
        for match in scan.near(pattern):
            if not (kind == "PASSPORT" and _shown_on_duty(match)):
                yield marked(match, kind, 0.85, "n")
    for match in scan.near(_FAR):
        yield marked(match, "SSN", 0.7, "n" if match["n"] else "k")
    for match in MILITARY.finditer(scan.text):
        if _SOLDIER.search(scan.text, max(0, match.start() - 6), match.start() + 1):
            yield marked(match, "MIL_ID", 0.85, "n")
    for match in scan.at(INSURED, "0123456789", long=True):
        yield Finding(Span(match.start() - 3, match.end()), "SSN", 0.85, "number:SSN")


def _shown_on_duty(match: re.Match[str]) -> bool:
    """Whether somebody on duty shows the number: that of a law officer's own paper, which has no name of its kind."""
    text, at = match.string, match.start()
    own = match[0].startswith("证件") and match["n"].isdigit()
    return own and bool(_ON_DUTY.search(text, max(text.rfind("。", 0, at), text.rfind("\n", 0, at), at - 40, 0), at))


def plates(scan: Scan) -> Iterator[Finding]:
    """Number plates, with and without the middle dot, new-energy, embassy and police ones too (GA 36-2018)."""
    for match in PLATE.finditer(scan.text):
        if match["police"] or "·" in match["dot"] or digits(match["tail"]) >= 2:
            yield marked(match, "PLATE", 0.9)
            if second := _SECOND.match(scan.text, match.end()):
                yield marked(second, "PLATE", 0.8, "n")
    for match in LABELLED.finditer(scan.text):
        yield marked(match, "PLATE", 0.85, "n")
    for match in scan.near(EMBASSY):
        yield marked(match, "PLATE", 0.85)
    for match in ARMED_POLICE.finditer(scan.text) if "WJ" in scan.text else ():
        yield marked(match, "PLATE", 0.85)
