"""Phone numbers: mainland mobiles, fixed lines with their extensions, Hong Kong, Macao, Taiwan and abroad."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.identifiers.digits import DIGIT, Scan, bare, digits, lookalike, marked

_SEP = r"(?: ?- ?\n?| ?(?:\n {0,4})?)"
MOBILE = re.compile(
    r"(?:(?<![0-9A-Za-z.])|(?<=[Tt][Ee][Ll])|(?<=[\n ]\d\.))(?:\(?(?:\+|00)?86\)?[- ]?|0(?=1[3-9]\d{9}(?!\d)))?(?:"
    rf"[1lI][ -]?[3-9](?:{_SEP}{DIGIT}){{9}}"
    rf"|[1lI][3-9]{DIGIT}(?P<sep> {{2,3}}|[._/·~])(?:{DIGIT}{{4}}(?P=sep){DIGIT}{{4}}))"
    r"(?![0-9A-Za-z]|\.\d|\.s?html?\b| ?(?:元(?:整|[^\u4e00-\u9fff]|$)|平方米|立方米|千瓦|吨|件(?!号)))"
)
ABROAD = re.compile(
    r"(?<![0-9A-Za-z.+])(?:\(?(?:\+|00) ?(?:852|853)\)?[- ]?[5679]\d{3}[- ]?\d{4}|\(?(?:\+|00) ?886\)?"
    r"[- ]?\(?0?\)?9\d{2}[- ]?\d{3}[- ]?\d{3}|09\d{2}[- ]?\d{3}[- ]?\d{3}"
    r"|\+(?!86)\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5})(?![0-9A-Za-z])"
)
HONGKONG = re.compile(
    r"(?:手机|手提|流动电话|联[系络]电话|电话)[^\d\n,。;]{0,6}(?P<n>[569]\d{3}[ -]?\d{4}|6\d{7})(?![\d-])"
)
_EXTENSION = (
    r"(?: ?(?:\((?:转分机|分机号?|转接?|内线) ?:? ?\d{1,6}\)"
    r"|(?:(?:\(?(?:转分机|分机号?|转接?|内线|[Ee]xt\.?|EXT\.?) ?:? ?|-|/)\d{1,6}|[*#×]\d{3,5})(?!\d)))?"
)
_AREA = f"[0O](?:[1lI][0Oo]|2{DIGIT}|[3-9]{DIGIT}{DIGIT})"
FIXED = re.compile(
    rf"(?<![\dA-Za-z.\-])(?<!\d{{4}} )(?:\+?86[- ]?)?(?:[(〔] ?{_AREA} ?[)〕]|{_AREA})(?: ?[-~/一.]? ?| ?-\n)"
    rf"(?:[2-9]{DIGIT}{{2,3}} ?-? ?{DIGIT}{{3,4}}|[2-9](?: ?{DIGIT}){{6,7}})(?![0-9A-DF-Za-df-z]|[Ee](?![Xx]))"
    rf"{_EXTENSION}"
    rf"|(?<![\dA-Za-z])0[1-9]\d{{1,2}} ?- ?{DIGIT}{{7,8}}(?![\dA-Za-z])"
    r"|(?<!\d)(?<!\d )[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d| \d{3})|(?<![\dA-Za-z])\(0[2-8]\) ?\d{3,4}[- ]\d{4}(?!\d)"
    rf"|(?<![\dA-Za-z\-])(?:(?:\+|00)86|86(?=-))[- ]?(?:\(0\))?(?:[1-9]\d{{1,2}}[- ]|\([1-9]\d{{1,2}}\) ?)"
    rf"[2-9]\d{{2,3}}[- ]?\d{{4}}(?!\d){_EXTENSION}"
)
SHORT_FIXED = re.compile(
    r"(?:电话|热线|传真|咨询|联系|监督|投诉|举报|值班|座机|固话|小灵通|办公室|内线|宅电|打(?![款卡入到印击造分]))[^\d\n]{0,8}"
    r"(?P<n>[2-9]\d{2,3}[ -]?\d{3,4})(?![\dA-Za-z]|[元户人万个年名份]|-\d)"
)
#: One parted by signs that no longer number is parted by, and several run together.
SIGNED = re.compile(
    r"1[3-9]\d[,*※](?<![0-9A-Za-z.,*-].{4})(?<=(?P<sep>.))\d{4}(?P=sep)\d{4}(?![0-9A-Za-z,*]| ?(?:毫米|厘米|元))"
)
GLUED = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?=1[3-9])(?:1[3-9]\d{9}){1,3}(?![0-9A-Za-z])")
_ONE = re.compile(r"\d{11}")
#: A mobile in the boxes of a form, one digit in each.
BOXED = re.compile(r"(?:手 ?机|电 ?话|联系)[^\d\n]{0,12}(?P<n>1 ?[|│┃] ?[3-9](?: ?[|│┃] ?\d){9})(?! ?[|│┃]? ?\d)")
_NEXT = re.compile(r" ?[、/或和及] ?(?P<n>[2-9]\d{6,7})(?![\dA-Za-z]|-\d)")
_YEARS = re.compile(r"19\d\d ?- ?(?:19|20)\d\d")
_DAY = re.compile(r"20[0-4]\d[01]\d[0-3]\d$")


def phones(scan: Scan) -> Iterator[Finding]:
    """Mobile and fixed-line numbers, with area codes, extensions, spaces and dashes."""
    taken = set()
    for finding in (*mobiles(scan), *abroad(scan)):
        taken.add(finding.span.start)
        yield finding
    for finding in fixed(scan):
        if finding.span.start not in taken:
            yield finding


def mobiles(scan: Scan) -> Iterator[Finding]:
    """Mainland mobiles; a number in a list of look-alikes is one itself."""
    text, other = scan.text, -9
    for match in scan.at(MOBILE, "+(018lI"):
        listed = match.start() - other <= 2 and text[match.start() - 1] in "、,/"
        if listed or _YEARS.match(match.group()) or lookalike(text, match.start()):
            other = match.end()
        elif digits(match.group()) >= 7:
            yield marked(match, "PHONE_MOBILE", 0.97)
    for match in scan.at(GLUED, "1", long=True):
        for one in _ONE.finditer(text, *match.span()) if not lookalike(text, match.start()) else ():
            yield marked(one, "PHONE_MOBILE", 0.9)
    for match in SIGNED.finditer(text):
        yield marked(match, "PHONE_MOBILE", 0.8)
    for match in BOXED.finditer(text) if scan.barred else ():
        yield marked(match, "PHONE_MOBILE", 0.9, "n")


def abroad(scan: Scan) -> Iterator[Finding]:
    """Mobiles of Hong Kong, Macao and Taiwan, and numbers with a country code."""
    text = scan.text
    for match in scan.at(ABROAD, "+(0"):
        if 9 <= digits(match.group()) <= 15 and not lookalike(text, match.start()):
            end = match.end() - (")" in match.group() and "(" not in match.group())
            yield Finding(Span(match.start(), end), "PHONE_MOBILE", 0.85, "number:PHONE_MOBILE")
    for match in scan.near(HONGKONG) if "港" in text or "澳" in text else ():
        if re.search("香港|澳门|港澳", text[max(0, match.start() - 120) : match.end() + 40]):
            yield marked(match, "PHONE_MOBILE", 0.8, "n")


def fixed(scan: Scan) -> Iterator[Finding]:
    """Fixed lines with their area code, and those that follow one in a list; without it behind a label."""
    text = scan.text
    for match in scan.at(FIXED, "+(〔0O48"):
        plain = match.group().isdigit()
        if digits(match.group()) < 7 or (plain and (len(match.group()) < 9 or _paper(text, match))):
            continue
        yield marked(match, "PHONE_FIX", 0.9)
        following: re.Match[str] | None = match
        while following and (following := _NEXT.match(text, following.end())) and not _DAY.match(following["n"]):
            yield marked(following, "PHONE_FIX", 0.8, "n")
    for match in scan.near(SHORT_FIXED):
        yield marked(match, "PHONE_FIX", 0.7, "n")


def _paper(text: str, match: re.Match[str]) -> bool:
    """Whether bare digits are a paper's number rather than a line's."""
    lead, tail = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return (tail == "号" and lead in tuple("证字第号№")) or lookalike(text, match.start())


def is_mobile(text: str) -> bool:
    """Whether the number in a column is a mobile or a number abroad rather than a fixed line."""
    return bool(re.match(r"^(\+?86(?=\d{11}))?1[3-9]|^\+|^09\d{8}$", bare(text)))
