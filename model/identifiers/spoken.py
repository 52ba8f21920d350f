"""Numbers in Chinese numerals (一三八…, 幺三九…), digits among them: mobiles, fixed lines, cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.identifiers.checkdigits import id_check, id_plausible, luhn

_SAID = "一二三四五六七八九零〇幺两壹贰叁肆伍陆柒捌玖"
_MEANT = str.maketrans(_SAID, "123456789001212" + "3456789", " -,、")
_MANY = re.compile(rf"[{_SAID}](?=[{_SAID}0-9 \-,、]{{6}})")  # what both of these hold
_RUN = re.compile(
    rf"[{_SAID}](?=[{_SAID}0-9 \-,、]{{6}})(?<![{_SAID}十百千].)"
    rf"(?:[ \-,、]?[{_SAID}0-9]){{9,18}}[xX]?(?![十百千万{_SAID}0-9])"
)
_LINE = re.compile(
    r"[话机拨打](?<=电话|座机|拨打|.拨)(?:号码)?[是为:, ]{0,2}"
    rf"(?P<n>[二三四五六七八两](?:[ \-]?[{_SAID}]){{6,7}})(?![十百千万{_SAID}0-9])"
)
_PHONE = {"PHONE_MOBILE": r"1[3-9]\d{9}", "PHONE_FIX": r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}"}


def spoken(text: str) -> Iterator[Finding]:
    """What stands in numerals; a 一 that begins the next word (一直) is none of it."""
    if not _MANY.search(text):
        return
    for match in _RUN.finditer(text):
        number, end = match.group().translate(_MEANT).upper(), match.end()
        if len(number) == 12 and text[end - 1] == "一":
            number, end = number[:-1], end - 1
        if kind := _kind(number):
            yield Finding(Span(match.start(), end), kind, 0.9, f"number:{kind}")
    for match in _LINE.finditer(text):
        yield Finding(Span(*match.span("n")), "PHONE_FIX", 0.7, "number:PHONE_FIX")


def _kind(number: str) -> str:
    if len(number) == 18 and number[:17].isdigit() and id_check(number) and id_plausible(number):
        return "ID_CARD"
    if 16 <= len(number) <= 19 and number.startswith("62") and luhn(number):
        return "BANK"
    return next((kind for kind, form in _PHONE.items() if re.fullmatch(form, number)), "")
