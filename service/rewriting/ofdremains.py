"""Everything that can be found in the bytes of an OFD package, read as text, not as its pages."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator

from gongkai.service.formats.container import open_container
from gongkai.service.limits import Limits

_OBJECT = re.compile(r"<(?:\w+:)?TextObject\b.*?</(?:\w+:)?TextObject\s*>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_SETTING = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")
_MEASURES = re.compile(r"[-+\d.\sgeEMLCBQASmlc]*")
_LONG = re.compile(r"\d{6,}")
_RUNS = re.compile(rb"(?:[\x20-\x7e]|[\xe2-\xef][\x80-\xbf]{2}){6,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")
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
        yield "OFD 部件", _runs(body if not _is_picture(body) else b"")
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


def _is_picture(body: bytes) -> bool:
    """Pixels: what a camera writes beside them is read from the headers."""
    return body.startswith((b"\x89PNG", b"BM"))


def _runs(body: bytes) -> str:
    if body.startswith(b"\xff\xd8"):
        body = body[: max(0, body.find(b"\xff\xda"))] + body[body.rfind(b"\xff\xd9") + 2 :]
    return _BETWEEN.join(run.decode("utf-8", "ignore") for run in _RUNS.findall(body))


def _outside(data: bytes) -> str:
    """What stands before the first entry and behind the last: an earlier package, an appended note."""
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        first = min((info.header_offset for info in box.infolist()), default=0)
    end = data.rfind(b"PK\x05\x06")
    return _runs(data[:first] + data[end + 22 :])
