"""Identity cards of 18 and 15 digits in any dress, and the numbers that hold one (残疾人证, tax numbers)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.identifiers.checkdigits import born, id_check, id_plausible
from gongkai.model.identifiers.digits import DIGIT, Scan, bare, before, lookalike, marked

_SEP = r"(?: ?- ?\n?| ?(?:\n {0,4})?)"
_LAST = "[0-9XxOoIl×ⅩⅹХх]"
_BAR = " ?[|│┃] ?"
ID18 = re.compile(
    rf"(?:(?<![0-9A-Za-z])|(?<=ID)|(?<=Id)|(?<=id)|(?<=SFZ)|(?<=(?<![0-9A-Za-z])[GJL]))"
    rf"[1-9lI](?:(?:{_SEP}{DIGIT}){{16}}{_SEP}{_LAST}"
    rf"|{DIGIT}{{5}}(?P<sep> {{2,3}}|[._/·,]){DIGIT}{{4}}(?:(?P=sep)?{DIGIT}{{4}})(?P=sep){DIGIT}{{3}}{_LAST})"
    r"(?![0-9A-Za-z])"
)
ID15 = re.compile(r"(?<![0-9A-Za-z])[1-9lI](?:[ ]?[\dOlI]){14}(?![0-9A-Za-z])")
BOXED = re.compile(
    rf"[1-9](?<![0-9A-Za-z].)(?:(?:{_BAR}\d){{16}}{_BAR}[0-9Xx]|\d{{5}}{_BAR}\d{{4}}(?:{_BAR})?\d{{4}}{_BAR}\d{{3}}[0-9Xx])"
    r"(?![0-9A-Za-z])"
)
HOLDING = re.compile(
    r"(?<![0-9A-Za-z])(?P<id>[1-9]\d{16}[\dXx])(?:[1-7][1-4][A-Z]?\d?|[XB]\d{1,2}|(?P<tax>\d{2}))(?![0-9A-Za-z])"
)
#: An identity number and what a table without borders ran together with it: a mobile, another one.
GLUED = re.compile(
    r"(?<![0-9A-Za-z])(?P<id>[1-9]\d{16}[\dXx])(?:(?P<mobile>1[3-9]\d{9})|(?P<next>[1-9]\d{16}[\dXx]))(?![0-9A-Za-z])"
)
ID_LABEL = re.compile(
    r"(身份证|公民身份|证件|残疾人证|驾驶证|居住证|居留证)(号码?|件|证号|号)?[^0-9\n]{0,8}$|身份证[^0-9]{0,10}$"
)
ID_LABELLED = re.compile(
    r"(?:身份证|公民身份|身份证明|残疾人?证)(?:号码?|证号|件号码|编号)?(?:[(（][^0-9\n)）]{1,6}[)）])?"
    rf"[^0-9lI\n]{{0,6}}(?P<id>[\dlI](?:{_SEP}{_LAST}){{13,19}})(?![0-9])"
)
# Looked for from a character of which there are few; what stands before it is looked at afterwards.
ID_TAIL = re.compile(
    r"证(?:(?<=身份证)|件号|号)(?:号码?|码)?(?:的)?(?:[后末尾]|最后)(?:[四六46]位|号)数?[^\d\n,。]{0,5}"
    r"(?P<n>\d{3,5}[0-9Xx])(?![0-9A-Za-z])"
)
_TAX = re.compile(r"纳税|税号|税务|信用代码|注册号|登记|执照|识别号")
_RECENT = 2005


def identity_cards(scan: Scan) -> Iterator[Finding]:
    """Identity cards, spaced, broken over lines or cells, with letters misread for digits.

    A wrong check digit lowers the score and stands in the source.
    """
    yield from _modern(scan)
    for match in scan.at(ID15, "123456789lI", long=True):
        if finding := _old(scan.text, match):
            yield finding
    yield from _within(scan)
    for match in ID_TAIL.finditer(scan.text):
        yield marked(match, "ID_CARD", 0.7, "n", "number:ID_CARD:labelled")
    for match in scan.near(ID_LABELLED):
        if bare(match["id"])[:-1].count("X") <= 1:
            yield _labelled(match)


def _within(scan: Scan) -> Iterator[Finding]:
    """Numbers that begin with an identity number, two in one run, and one written in the boxes of a form."""
    for match in scan.at(GLUED, "123456789", long=True):
        if _valid(match["id"]) and (match["mobile"] or _valid(match["next"])):
            yield marked(match, "ID_CARD", 0.9, "id")
            other = "mobile" if match["mobile"] else "next"
            yield marked(match, "PHONE_MOBILE" if match["mobile"] else "ID_CARD", 0.9, other)
    for match in scan.at(HOLDING, "123456789", long=True):
        if _holds(scan.text, match):
            yield marked(match, "ID_CARD", 0.9)
    for match in BOXED.finditer(scan.text) if scan.barred else ():
        if _valid(bare(match.group())):
            yield marked(match, "ID_CARD", 0.95)
        elif ID_LABEL.search(before(scan.text, match.start())):
            yield marked(match, "ID_CARD", 0.75, source="number:ID_CARD:labelled")


def _valid(number: str) -> bool:
    return id_check(number.upper()) and id_plausible(number)


def _modern(scan: Scan) -> Iterator[Finding]:
    for match in scan.at(ID18, "123456789lI", long=True):
        number, at = bare(match.group()), match.start()
        if not number[:17].isdigit():
            continue
        labelled = bool(ID_LABEL.search(before(scan.text, at)))
        other = not labelled and lookalike(scan.text, at)
        if id_check(number) and id_plausible(number):
            if not (other and born(number) >= _RECENT):
                yield marked(match, "ID_CARD", 0.99)
        elif (labelled or (id_plausible(number) and not other)) and not match["sep"]:
            yield marked(match, "ID_CARD", 0.8 if labelled else 0.6, source="number:ID_CARD:wrong-check")


def _old(text: str, match: re.Match[str]) -> Finding | None:
    words = before(text, match.start())
    if ID_LABEL.search(words):
        return marked(match, "ID_CARD", 0.9)
    other = lookalike(text, match.start()) or re.search(r"[账帐卡]", words)
    return None if other or not id_plausible(bare(match.group())) else marked(match, "ID_CARD", 0.6)


def _holds(text: str, match: re.Match[str]) -> bool:
    """Whether a longer number begins with an identity number: two digits more make it a tax number, if called so."""
    number, words = match["id"].upper(), before(text, match.start(), 24)
    if not id_plausible(number):
        return False
    if match["tax"]:
        return id_check(number) and bool(_TAX.search(words))
    return id_check(number) or bool(ID_LABEL.search(words))


def _labelled(match: re.Match[str]) -> Finding:
    """The number behind its label, without the digits of a next line when the first line holds a whole number."""
    piece = match["id"]
    first, _, rest = piece.partition("\n")
    whole = len(bare(first)) in (15, 18) and len(bare(rest)) < 3
    end = match.start("id") + len((first if whole and rest else piece).rstrip(" -\n"))
    return Finding(Span(match.start("id"), end), "ID_CARD", 0.75, "number:ID_CARD:labelled")
