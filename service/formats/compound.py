"""OLE compound files, the container of old Office documents and of encrypted new ones."""

from __future__ import annotations

import struct

from legacy_doc.exceptions import LegacyDocError
from legacy_doc.ole import OLE_MAGIC, OleReader
from legacy_doc.types import ExtractionOptions

from gongkai.model.errors import CorruptDocument

MAGIC: bytes = OLE_MAGIC
_BROKEN = "文件已损坏或不完整，请重新获取，或用 Office、WPS 打开后另存为新文件。"
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)


def open_compound(data: bytes) -> OleReader:
    """Read the directory; chains of sectors are followed within the size of the file only."""
    options = ExtractionOptions(max_file_bytes=max(len(data), 512), max_chain_sectors=len(data) // 512 + 1)
    try:
        return OleReader(data, options=options)
    except (LegacyDocError, struct.error, ValueError, LookupError) as error:
        raise CorruptDocument(_BROKEN) from error


def read_stream(box: OleReader, *names: str) -> bytes:
    """The first of the named streams that is there; raises CorruptDocument when none is, or when it is cut off."""
    name = next((name for name in names if box.has_stream(name)), None)
    if name is None:
        raise CorruptDocument(_BROKEN)
    try:
        return bytes(box.read_stream(name, max_size=len(box.data)))
    except (LegacyDocError, struct.error, ValueError, LookupError) as error:
        raise CorruptDocument(_BROKEN) from error


def kind(data: bytes) -> str:
    """`encrypted`, `doc`, `xls`, `ppt`, or `ole` when the directory says nothing known or can't be read."""
    try:
        box = open_compound(data)
    except CorruptDocument:
        return "ole"
    return next((kind for stream, kind in _STREAMS if box.has_stream(stream)), "ole")
