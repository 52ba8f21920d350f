"""Zip containers (docx, xlsx, ofd) and the XML in them, read with limits.

Sizes are checked before anything is unpacked, and no entry is read past its cap, because headers can lie.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from gongkai.model.errors import ArchiveBomb, CorruptDocument, DocumentError, EncryptedDocument, OversizedDocument
from gongkai.service.limits import Limits

_DAMAGED = "文件已损坏或不完整，请重新获取后再试。"
_MAX_ENTRIES = 10_000
#: Below this an extreme ratio is harmless: a blank picture packs to a thousandth.
_SMALL = 10 * 1024 * 1024
#: A tree takes about eight times the bytes of its XML.
_MAX_XML = 64 * 1024 * 1024
_DOCTYPES = (b"<!DOCTYPE", b"<\x00!\x00D", b"\x00<\x00!\x00D")
_MARKERS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("ofd.xml", "ofd"), ("content.xml", "odf"))


def kind(data: bytes) -> str:
    """`docx`, `xlsx`, `pptx`, `ofd`, `odf` or `zip`, by the names of the entries; `cut` when nothing tells."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in box.namelist()]
    except Exception:  # zipfile answers damage with half a dozen exception types
        seen = data.lower()
        return next((kind for marker, kind in _MARKERS if marker.encode() in seen), "cut")
    return next((kind for marker, kind in _MARKERS if any(name.startswith(marker) for name in names)), "zip")


@contextmanager
def damage_told(said: str = _DAMAGED) -> Iterator[None]:
    """What a damaged file makes a library raise becomes a CorruptDocument that says this, and nothing of the file."""
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except Exception:
        raise CorruptDocument(said) from None


def open_container(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a container whose entries together stay within the limits; the caller closes it.

    Raises ArchiveBomb, EncryptedDocument or CorruptDocument.
    """
    try:
        box = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        raise CorruptDocument(_DAMAGED) from error
    try:
        _check(box.infolist(), len(data), limits)
    except BaseException:
        box.close()
        raise
    return box


def _check(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or unpacked > limits.max_unpacked:
        raise ArchiveBomb("文件解压后过大，疑似压缩炸弹，已停止读取，请核对文件来源。")
    if unpacked > _SMALL and unpacked > packed * limits.max_ratio:
        raise ArchiveBomb("文件压缩比异常，疑似压缩炸弹，已停止读取，请核对文件来源。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedDocument("文件已加密，请去掉密码后再提交。")


def read_part(box: zipfile.ZipFile, name: str, cap: int = _MAX_XML) -> bytes:
    """Unpack one entry; KeyError when there is none, OversizedDocument when it is longer than `cap` bytes."""
    with box.open(name) as stream:
        data = stream.read(cap + 1)
    if len(data) > cap:
        raise OversizedDocument("文件内容过大，请拆分成几个文件后再提交。")
    return data


def refuse_doctype(data: bytes) -> None:
    """Office and OFD files never need a document type; with none there is no entity to expand."""
    if any(mark in data for mark in _DOCTYPES):
        raise CorruptDocument("文件内含不允许的 XML 声明，请用 Office 或 WPS 另存后再试。")


def parse_xml(data: bytes) -> etree._Element:
    """The root element, without entities, network or huge trees; raises lxml's XMLSyntaxError."""
    refuse_doctype(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)
