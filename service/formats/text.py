"""Plain text: .txt, .md and .csv."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from gongkai.model.errors import CorruptDocument
from gongkai.service.limits import Limits

_UNREADABLE = "无法判断文字编码或文字已损坏，请用记事本另存为 UTF-8 编码后再试。"
_WINDOW = 4096
_HAN = re.compile("[\u4e00-\u9fff]")
_ENOUGH = 4


def read(data: bytes, limits: Limits) -> str:
    """The text as written, in UTF-8, UTF-16 with a mark, or GB18030."""
    return decode(data)


def decode(data: bytes, declared: str = "") -> str:
    """Decode strictly, the byte order mark first, then the declared encoding, UTF-8 and GB18030.

    Many pages declare what they no longer are; Chinese that is valid UTF-8 is nothing else. Raises CorruptDocument
    rather than return characters that nobody wrote.
    """
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        if data.startswith(codecs.BOM_UTF8):
            return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorruptDocument(_UNREADABLE) from error
    first = declared and not _is_chinese_utf8(data)
    return _first_fitting(data, [declared, "utf-8"] if first else ["utf-8"])


def _is_chinese_utf8(data: bytes) -> bool:
    try:
        return len(_HAN.findall(data.decode())) >= _ENOUGH
    except UnicodeDecodeError:
        return False


def _first_fitting(data: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8" and _is_damaged_utf8(data, error.start):
                raise CorruptDocument(_UNREADABLE) from error
    return _decode_gb18030(data)


def _is_damaged_utf8(data: bytes, place: int) -> bool:
    """Around the first bad byte most is UTF-8, which GB18030 would turn into other characters without complaint."""
    nearby = data[max(place - _WINDOW, 0) : place + _WINDOW].decode("utf-8", "replace")
    foreign = [character for character in nearby if character > "\x7f"]
    return foreign.count("\ufffd") * 5 < len(foreign)


def _decode_gb18030(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise CorruptDocument(_UNREADABLE) from error
    foreign = Counter(text)
    for character in map(chr, range(128)):
        del foreign[character]
    common = sum(count for character, count in foreign.items() if _is_common(character))
    # Any pair of high bytes is some GB18030 character, but real text keeps to the 6,763 common ones of GB 2312.
    if common * 5 < foreign.total() * 3:
        raise CorruptDocument(_UNREADABLE)
    return text


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False
