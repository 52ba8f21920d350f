"""What stands in place of a picture that can't be read, and what kind of picture some bytes are."""

from __future__ import annotations

import struct
import zlib
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


def media_type(data: bytes) -> str:
    """The content type by the first bytes; raises UnsupportedPart for what isn't a known kind of picture."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[40:44] == b" EMF":
        return "image/x-emf"
    raise UnsupportedPart("文件内含无法识别的图片格式，不能原样保留，请改为替换图片后再提交。")
