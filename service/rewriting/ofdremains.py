"""Everything that can be found in the bytes of an OFD package, read as text, not as its pages."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from gongkai.service.formats.container import open_container
from gongkai.service.limits import Limits

_OBJECT = re.compile(r"<(?:\w+:)?TextObject\b.*?</(?:\w+:)?TextObject\s*>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SETTING = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")
_MEASURES = re.compile(r"[-+\d.\sgeEMLCBQASmlc]*")
_LONG = re.compile(r"\d{6,}")
_RUNS = re.compile(rb"(?:[\x20-\x7e]|[\xe2-\xef][\x80-\xbf]{2}){6,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")
#: Letters and digits of two bytes each, as in the names of a font and in certificates.
_WIDE = re.compile(rb"(?:\x00[\x20-\x7e]){6,}|(?:[\x20-\x7e]\x00){6,}")
_UNPACKED = 1 << 20
#: Stands between two pieces: no letter, so that a number in pieces is still seen as one.
_BETWEEN = "¦"


def remains_ofd(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """Names, text and settings of every part, comments and instructions too, and readable runs in what is no XML."""
    with open_container(data, limits) as box:
        yield "OFD 部件名", _BETWEEN.join([*box.namelist(), box.comment.decode("utf-8", "ignore")])
        for info in box.infolist():
            yield "OFD 部件", _runs(info.extra + info.comment)
            with box.open(info) as stream:
                body = stream.read(limits.max_unpacked)
            yield from _part(body)
    yield "OFD 部件", _outside(data)


def _part(body: bytes) -> Iterator[tuple[str, str]]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start != b"<":
        yield "OFD 部件", _runs(_beside_pixels(body))
        return
    text = body.decode(_encoding(body), "replace")
    said = [html.unescape("".join(_TAG.sub("", found).split("\n"))) for found in _OBJECT.findall(text)]
    yield "OFD 文字", "".join(said)
    yield "OFD 文字", _BETWEEN.join(said)
    yield "OFD 文字", html.unescape(_BETWEEN.join(piece.strip() for piece in _TAG.split(text) if _telling(piece)))
    yield "OFD 属性", html.unescape(_BETWEEN.join(v[1:-1] for v in _SETTING.findall(text) if _telling(v[1:-1])))
    yield "OFD 注释", _BETWEEN.join(re.findall(r"<[!?](.*?)[-?]?>", text, re.DOTALL))


def _telling(text: str) -> bool:
    """Whether a piece says something: not a list of measures."""
    return bool(text.strip()) and (not _MEASURES.fullmatch(text) or bool(_LONG.search(text)))


def _encoding(body: bytes) -> str:
    declared = re.match(rb"[^>]*encoding=[\"']([\w-]+)", body[:200])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return "gb18030" if name.startswith("gb") else name


def _beside_pixels(body: bytes) -> bytes:
    """What stands in a picture beside its packed pixels, and behind its end; other parts whole."""
    if body.startswith(b"\xff\xd8"):
        start = max(0, body.find(b"\xff\xda"))
        end = body.find(b"\xff\xd9", start)
        return body[:start] + body[end + 2 if end >= 0 else start :]
    if body.startswith(b"\x89PNG"):
        return _beside_rows(body)
    return body[int.from_bytes(body[2:6], "little") :] if body.startswith(b"BM") and b"\0" in body[:14] else body


def _beside_rows(body: bytes) -> bytes:
    """The chunks of a PNG without its rows, packed text unpacked, and what stands behind them."""
    told, at = b"", 8
    while at + 12 <= len(body) and body[at + 4 : at + 8] != b"IEND":
        end = at + 12 + int.from_bytes(body[at : at + 4], "big")
        kind, data = body[at + 4 : at + 8], body[at + 8 : end - 4]
        if kind not in (b"IDAT", b"fdAT"):
            told += data + b"\0" + (_unpacked(data) if kind in (b"zTXt", b"iTXt") else b"")
        at = end
    return told + body[at:]


def _unpacked(data: bytes) -> bytes:
    """What is packed behind the keyword of a PNG's text."""
    start = data.find(b"\x78")
    while start >= 0:
        try:
            return zlib.decompressobj().decompress(data[start:], _UNPACKED)
        except zlib.error:
            start = data.find(b"\x78", start + 1)
    return b""


def _runs(body: bytes) -> str:
    wide = [run[at::2] for run in _WIDE.findall(body) for at in (0, 1) if run[at] != 0]
    return _BETWEEN.join(run.decode("utf-8", "ignore") for run in [*_RUNS.findall(body), *wide])


def _outside(data: bytes) -> str:
    """What stands before the first entry and behind the last: an earlier package, an appended note."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        first = min((info.header_offset for info in box.infolist()), default=0)
    end = data.rfind(b"PK\x05\x06")
    return _runs(data[:first] + data[end + 22 :])
