"""Fixed-layout documents in the national format (.ofd, GB/T 33190)."""

from __future__ import annotations

import zipfile

import ofdkit

from gongkai.model.errors import CorruptDocument, EncryptedDocument, OversizedDocument, ScannedDocument
from gongkai.service.formats.container import open_container, read_part
from gongkai.service.limits import Limits

_DRAWN = (b"PathObject", b"ImageObject")


def read(data: bytes, limits: Limits) -> str:
    """Text of all pages in reading order, as lines.

    Raises ScannedDocument when the pages hold only pictures or drawn outlines of characters.
    """
    with open_container(data, limits) as box:
        if any(name.lower().endswith("encryptions.xml") for name in box.namelist()):
            raise EncryptedDocument("OFD 文件已加密，请去掉密码后再提交。")
        text = _text(data, limits)
        if not text.strip() and _is_drawn(box):
            raise ScannedDocument("OFD 文件里只有图片或描边字形，没有文字，请先做文字识别。")
    return text


def _text(data: bytes, limits: Limits) -> str:
    with ofdkit.open(data) as document:
        if len(document.pages) > limits.max_pages:
            raise OversizedDocument("文件页数过多，请拆分成几个文件后再提交。")
        pages = [page.text() for page in document.pages]
        if document.warnings:  # a page, template or resource that can't be read: its text would be missed silently
            raise CorruptDocument("OFD 文件缺少部分内容，请重新导出后再试。")
    return "\n".join(line for page in pages for line in page.split("\n") if line.strip())


def _is_drawn(box: zipfile.ZipFile) -> bool:
    pages = (name for name in box.namelist() if name.lower().endswith(".xml"))
    return any(mark in read_part(box, name) for name in pages for mark in _DRAWN)
