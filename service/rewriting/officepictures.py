"""What stands in place of a picture that can't be read, what kind some bytes are, and what a picture says unseen."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from gongkai.model.errors import UnsupportedPart


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


#: A PNG of one grey dot: office files keep the size of a picture beside it.
GREY: Final = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xbf"))
    + _chunk(b"IEND", b"")
)
_STARTS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\xd7\xcd\xc6\x9a", "image/x-wmf"),
    (b"\1\0\x09\0", "image/x-wmf"),
)

#: What a PNG is drawn with; all other chunks are words, dates and copies.
_DRAWN = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs")
#: Segments of a JPEG that hold words, the camera's notes and smaller copies: APP0 to APP15 and COM, but for ...
_SAID = (*range(0xE0, 0xF0), 0xFE)
#: ... those without which its colours would be others.
_COLOURS = (b"ICC_PROFILE\0", b"Adobe")
#: ... and the one that tells its density and holds no copy.
_DENSITY = b"\0\x10JFIF\0"
#: In the packed lines of a JPEG: the next marker that isn't one of theirs.
_MARKER = re.compile(rb"\xff+(?=[^\x00\xff\xd0-\xd7])")
_UNKNOWN = "文件内含无法识别的图片格式，不能原样保留，请改为替换图片后再提交。"


def media_type(data: bytes) -> str:
    """The content type by the first bytes; raises UnsupportedPart for what isn't a known kind of picture."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[40:44] == b" EMF":
        return "image/x-emf"
    raise UnsupportedPart(_UNKNOWN)


def only_drawn(data: bytes) -> bytes:
    """A PNG or JPEG with the same dots and without what it says beside them; others as they are.

    Raises UnsupportedPart where it is cut off.
    """
    cut = {"image/png": _chunks, "image/jpeg": _segments}.get(media_type(data))
    try:
        return data if cut is None else b"".join(cut(data))
    except (struct.error, IndexError):
        raise UnsupportedPart(_UNKNOWN) from None


def _chunks(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at, name = 8, b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, at)
        if name in _DRAWN:
            yield data[at : at + 12 + size]
        at += 12 + size


def _segments(data: bytes) -> Iterator[bytes]:
    """From one marker to the next; behind the start of a scan (DA) come its lines. What follows the end (D9) goes."""
    yield data[:2]
    at, marker = 2, 0
    while marker != 0xD9:
        start = _MARKER.match(data, at)
        if start is None:
            raise IndexError
        at, marker = start.end(), data[start.end()]
        size = 0 if marker == 0xD9 else struct.unpack_from(">H", data, at + 1)[0]
        following = _MARKER.search(data, at + 1 + size) if marker == 0xDA else None
        end = following.start() if following else at + 1 + size
        if marker not in _SAID or data.startswith(_COLOURS, at + 3) or data.startswith(_DENSITY, at + 1):
            yield b"\xff" + data[at:end]
        at = end
