"""Everything that can be found in the bytes of a PDF, read byte by byte and by pdfium, not by what wrote it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing

import pikepdf
import pypdfium2

from gongkai.service.formats import pdf as reader
from gongkai.service.limits import Limits

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*)\)", re.DOTALL)
_HEX = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]{2,})>(?!>)")
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
_SPELT = re.compile(rb"#([0-9A-Fa-f]{2})")
_COMMENT = re.compile(rb"%([^\r\n]{4,})")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_MAPPED = re.compile(rb"begin(?:bf|cid|notdef|codespace)\w*.*?end\w+", re.DOTALL)
_RUNS = re.compile(rb"(?:[\x20-\x7e]|[\xe2-\xef][\x80-\xbf]{2}){6,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")
_PIXELS = re.compile(rb"/Subtype\s*/Image\b")
_WRITTEN = re.compile(rb"\b(?:Tj|TJ|Do|Tf|re|cm)\b|\A\s*(?:[\d.\-]+\s+){2,6}d[01]\b")  # or outlines of one letter
_OTHERS = ("/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode")
#: Stands between two strings of one object: no letter, so that a number in pieces is still seen as one.
_BETWEEN = "¦"


def remains_pdf(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """Text, metadata and bookmarks as pdfium sees them; strings, names and comments of every object, packed or not."""
    yield from _shown(data)
    left, outside, end = limits.max_unpacked, bytearray(), 0
    for found in _STREAM.finditer(data):
        if found.start() < end:
            continue
        outside += data[end : found.start()]
        head = data[max(data.rfind(b" obj", end, found.start()), end) : found.start()]
        end = data.find(b"endstream", found.end())
        end = len(data) if end < 0 else end
        raw = data[found.end() : end]
        unpacked = _unpacked(raw, left)
        left -= len(unpacked)
        yield "PDF 数据流", _told(head, unpacked if unpacked else raw)
    yield "PDF 对象", _strings(bytes(outside) + data[end:])
    yield from _otherwise_packed(data)


def _shown(data: bytes) -> Iterator[tuple[str, str]]:
    with reader.LOCK, closing(pypdfium2.PdfDocument(data)) as document:
        for index in range(len(document)):
            with closing(document[index]) as page, closing(page.get_textpage()) as text:
                whole = text.get_text_range()
            yield f"第{index + 1}页", whole
            yield f"第{index + 1}页", "".join(whole.split())
        yield "文档属性", _BETWEEN.join(document.get_metadata_dict().values())
        yield "书签", _BETWEEN.join(mark.get_title() for mark in document.get_toc())
        names = [document.get_attachment(index).get_name() for index in range(document.count_attachments())]
        yield "附件", _BETWEEN.join(names)


def _unpacked(raw: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw, max(1, limit))
    except zlib.error:
        return b""


def _told(head: bytes, body: bytes) -> str:
    """What one stream says, by what it is: a picture's headers, a program's text, or strings of anything else."""
    if b"/XRef" in head:
        return ""
    if _PIXELS.search(head):
        return _runs(_picture_headers(body)) + _BETWEEN + _strings(head)
    if b"begincmap" in body:
        return _strings(_MAPPED.sub(b"", body)) + _BETWEEN + _strings(head)
    if b"/ObjStm" in head or _WRITTEN.search(body):
        return _strings(body) + _BETWEEN + _strings(head)
    return _BETWEEN.join((_runs(body), *_decoded(body), _strings(head)))


def _picture_headers(body: bytes) -> bytes:
    if body.startswith(b"\xff\xd8"):
        scan = body.find(b"\xff\xda")
        return body[: scan if scan > 0 else None] + body[body.rfind(b"\xff\xd9") + 2 :]
    return body if body.startswith(b"\0\0\0\x0cjP") else b""


def _runs(body: bytes) -> str:
    return _BETWEEN.join(run.decode("utf-8", "ignore") for run in _RUNS.findall(body))


def _strings(body: bytes) -> str:
    """Strings in every way they may be meant, names and comments."""
    literal = (_ESCAPE.sub(lambda found: _escaped(found[1]), text) for text in _LITERAL.findall(body))
    digits = (b"".join(text.split()) for text in _HEX.findall(body))
    packed = (bytes.fromhex((text + b"0" * (len(text) % 2)).decode("ascii")) for text in digits)
    bare = _LITERAL.sub(b" ", body)
    names = (_SPELT.sub(lambda found: bytes.fromhex(found[1].decode()), name) for name in _NAME.findall(bare))
    every: Iterable[bytes] = (*literal, *packed, *names, *_COMMENT.findall(bare))
    meanings = [_decoded(text) for text in every]
    width = max(map(len, meanings), default=0)
    return _BETWEEN.join(_BETWEEN.join(way[index] for way in meanings if index < len(way)) for index in range(width))


def _escaped(body: bytes) -> bytes:
    if body[:1] in b"01234567":
        return bytes([int(body, 8) & 255])
    return _ESCAPED.get(body, body)


def _decoded(text: bytes) -> tuple[str, ...]:
    """A string as it may be meant: by its mark, or by every encoding that fits."""
    for mark, encoding in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8")):
        if text.startswith(mark):
            return (text[len(mark) :].decode(encoding, "replace"),)
    if text.isascii() and b"\0" not in text:
        return (text.decode("ascii"),)
    ways = ["latin-1", "utf-8", "gb18030"] + (["utf-16-be", "utf-16-le"] if len(text) % 2 == 0 else [])
    return tuple(found for way in ways if (found := _tried(text, way)) is not None)


def _tried(text: bytes, encoding: str) -> str | None:
    try:
        return text.decode(encoding)
    except UnicodeDecodeError:
        return None


def _otherwise_packed(data: bytes) -> Iterator[tuple[str, str]]:
    """Streams in packings that few programs use."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for value in pdf.objects:
            if isinstance(value, pikepdf.Stream) and any(name in repr(value.get("/Filter")) for name in _OTHERS):
                yield "PDF 数据流", _told(b"", value.read_bytes())
