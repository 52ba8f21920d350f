"""All that can be found in the bytes of an office file, by a parser and rules of its own, to prove a redaction.

XML is read by expat, everything else as bytes in the encodings of this trade; packages inside are opened as well.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import unquote
from xml.parsers import expat

from gongkai.model.errors import CorruptDocument
from gongkai.service.formats.container import damage_told, open_container, read_part
from gongkai.service.limits import Limits

#: Elements that hold a text of their own; what stands in them is one run of characters.
_TEXTS = frozenset(("p", "si", "is", "v", "f", "text", "definedName"))
#: What stands between the characters that are read on: readings, codes of fields, deleted text.
_ASIDE = frozenset(("rt", "rPh", "instrText", "delText", "delInstrText"))
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Sizes, colours and counters: too short to be anybody's, too many to be compared with short values.
_MEASURE = re.compile(
    r"[-+]?[0-9.]{1,9}%?|[0-9A-Fa-f]{8}|#?[0-9A-Fa-f]{6}|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"
)
_EXPONENT = re.compile(r"-?[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{1,6}")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_CHINESE = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "latin-1")
_PLACES = (
    ("header", "页眉"),
    ("footer", "页脚"),
    ("footnotes", "脚注"),
    ("endnotes", "尾注"),
    ("comment", "批注"),
    ("document", "正文"),
    ("sharedstrings", "单元格"),
    ("sheet", "工作表"),
    ("workbook", "工作簿"),
    ("chart", "图表"),
    ("drawing", "图形"),
    ("core", "文档属性"),
    ("app", "文档属性"),
    ("styles", "样式"),
    ("table", "表格定义"),
)
_DEPTH = 3
#: Where symbol fonts have their digits.
_DIGITS = {0xF000 + ord(digit): digit for digit in "0123456789"}


def remains_word(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """Places and texts of a Word file; raises DocumentError."""
    yield from _package(data, limits, _DEPTH)


def remains_sheet(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """Places and texts of a workbook; raises DocumentError."""
    yield from _package(data, limits, _DEPTH)


def _package(data: bytes, limits: Limits, depth: int) -> Iterator[tuple[str, str]]:
    with open_container(data, limits) as box:
        yield "压缩包", "\n".join(_envelope(box))
        for entry in box.infolist():
            place = _place(entry.filename)
            with damage_told():
                content = read_part(box, entry.filename)
            yield from _content(content, place, limits, depth)


def _envelope(box: zipfile.ZipFile) -> Iterator[str]:
    """Names, comments and extra fields of the entries."""
    for data in (box.comment, *(part for entry in box.infolist() for part in (entry.comment, entry.extra))):
        if data:
            yield from (data.decode(encoding, "ignore") for encoding in _ENCODINGS)
    for entry in box.infolist():
        yield entry.filename
        yield _unquoted(entry.filename)


def _place(name: str) -> str:
    short = name.rsplit("/", 1)[-1].lower()
    if short.endswith(".rels"):
        return "链接"
    return next((place for start, place in _PLACES if short.startswith(start)), "其他部件")


def _content(content: bytes, place: str, limits: Limits, depth: int) -> Iterator[tuple[str, str]]:
    if content.startswith(b"PK\3\4") and depth:
        yield from _package(content, limits, depth - 1)
    elif content.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from _markup(content, place)
    else:
        yield from ((place, content.decode(encoding, "ignore")) for encoding in _ENCODINGS)


def _markup(content: bytes, place: str) -> Iterator[tuple[str, str]]:
    reading = _Reading()
    try:
        reading.parse(content)
    except expat.ExpatError:
        yield from ((place, content.decode(encoding, "ignore")) for encoding in _ENCODINGS)
        return
    together, apart = "\n".join(reading.together), "\n".join(reading.apart)
    yield place, together
    if apart != together:
        yield place, apart
    if _CHINESE.search(together):
        yield place, _unquoted(together)
    if reading.between:
        between = "".join(reading.between)
        yield place, between
        if _PERCENT.search(between):
            yield place, _unquoted(between)
    if reading.attributes:
        yield f"{place}的标记", "\n".join(reading.attributes)


class _Reading:
    """Text of one XML part: run together in a paragraph or cell, node by node, and what stands between; attributes."""

    def __init__(self) -> None:
        self.together: list[str] = []
        self.apart: list[str] = []
        self.between: list[str] = []
        self.attributes: dict[str, None] = {}
        self.open: list[str] = []
        self.texts: list[list[str]] = []
        self.node: list[str] = []
        self.asides = 0
        self.index = False

    def parse(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.node.append
        parser.CommentHandler = self._aside
        parser.ProcessingInstructionHandler = lambda target, data: self._aside(f"{target} {data}")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        tag = name.rpartition(":")[2]
        self._aside(tag if not tag.isascii() or len(tag) > 30 else "")
        for key, value in attributes.items():
            self._aside(key if not key.isascii() or len(key) > 40 else "")
            self._aside(value)
        if tag == "c":
            self.index = attributes.get("t") == "s"
        elif tag in _BREAKS and self.open and self.open[-1] in ("r", "p") and self.texts:
            self.texts[-1].append(_BREAKS[tag])
        elif tag in _TEXTS:
            self.texts.append([])
        elif tag == "sym" and self.texts:
            self.texts[-1].append(_sign(attributes))
        elif tag == "fldChar":
            self.between.append("\n")
        self.asides += tag in _ASIDE
        self.open.append(tag)

    def _end(self, name: str) -> None:
        self._flush()
        tag = self.open.pop()
        self.asides -= tag in _ASIDE
        if tag in _TEXTS:
            self.together.append("".join(self.texts.pop()))

    def _flush(self) -> None:
        text = "".join(self.node).translate(_DIGITS)
        self.node.clear()
        if not text or (self.index and self.open[-1] == "v"):  # the number of a shared string
            return
        if self.asides:
            self.between.append(text)
        elif self.texts:
            self.texts[-1].append(text if text.strip() or self.open[-1] == "t" else "")
        elif text.strip():
            self.together.append(text)
        self.apart.extend([text] if text.strip() else [])
        if _EXPONENT.fullmatch(text):
            self.apart.append(format(Decimal(text), "f"))

    def _aside(self, text: str) -> None:
        if text and not _MEASURE.fullmatch(text):
            self.attributes[text] = None
            if _PERCENT.search(text):
                self.attributes[_unquoted(text)] = None

    def _refuse(self, *_: object) -> None:
        raise CorruptDocument("文件内含不允许的 XML 声明，请用 Office 或 WPS 另存后再试。")


def _sign(attributes: dict[str, str]) -> str:
    """A digit that stands in text as a sign of a font."""
    told = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "char"), "")
    number = int(told, 16) if _HEXADECIMAL.fullmatch(told) else 0
    return _DIGITS.get(number if number > 0xFF else 0xF000 + number, "")


def _unquoted(text: str) -> str:
    return "\n".join(unquote(text, encoding, "replace") for encoding in ("utf-8", "gb18030"))
