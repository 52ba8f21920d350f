"""All that can be found in the bytes of a text, by readings of its own, to prove a redaction."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.service.limits import Limits

#: A long number as a spreadsheet exports it.
_EXPONENT = re.compile(r"[0-9]\.[0-9]{2,20}[Ee]\+?1[0-9](?![0-9])")
#: Whatever a program that shows Markdown might take for marks.
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_MARKS = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>\n]*>|[*~`]|\\(?=[!-/:-@\[-`{-~])")


def remains_plain(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """The bytes as text under every encoding that they could be read with, long numbers by their digits too."""
    for text in decodings(data):
        yield "正文", text
        if numbers := written_out(text):
            yield "正文", numbers


def remains_markdown(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """The same, and without marks, escapes and entities."""
    for place, text in remains_plain(data, limits):
        yield place, text
        yield place, _MARKS.sub("", html.unescape(text))
        yield place, _CODE.sub(lambda code: chr(int(code[1], 16)), text)


def decodings(data: bytes) -> Iterator[str]:
    """The text under each encoding, what fits none of its characters marked as such."""
    for codec in ("utf-8", "gb18030", *(("utf-16-le", "utf-16-be") if b"\0" in data[:4096] else ())):
        yield data.decode(codec, "replace")


def written_out(text: str) -> str:
    """The numbers of a text that have an exponent, each by its digits on a line."""
    return "\n".join(format(Decimal(number), "f") for number in _EXPONENT.findall(text))
