"""Fixed-layout documents in the national format (.ofd, GB/T 33190)."""

from __future__ import annotations

import zipfile
from collections import Counter, defaultdict

from gongkai.model.errors import CorruptDocument, EncryptedDocument, OversizedDocument, ScannedDocument
from gongkai.service.formats.container import open_container, parse_xml, read_part
from gongkai.service.limits import Limits

_DRAWN = (b"PathObject", b"ImageObject")
_UNITS = (b"CompositeObject", "CompositeObject".encode("utf-16-le"), "CompositeObject".encode("utf-16-be"))
#: How deep units in units are read, and how many objects they may draw together.
_DEPTH, _MOST_DRAWN = 32, 1_000_000


def read(data: bytes, limits: Limits) -> str:
    """Text of all pages in reading order, as lines.

    Raises ScannedDocument when the pages hold only pictures or drawn outlines of characters, OversizedDocument for too
    many pages and for units that draw one another too often.
    """
    with open_container(data, limits) as box:
        if any(name.lower().endswith("encryptions.xml") for name in box.namelist()):
            raise EncryptedDocument("OFD 文件已加密，请去掉密码后再提交。")
        _refuse_towers(box)
        text = _text(data, limits)
        if not text.strip() and _is_drawn(box):
            raise ScannedDocument("OFD 文件里只有图片或描边字形，没有文字，请先做文字识别。")
    return text


def _text(data: bytes, limits: Limits) -> str:
    import ofdkit  # loaded with the first .ofd, as few documents are

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


def _refuse_towers(box: zipfile.ZipFile) -> None:
    """Units that draw units twice, and those others twice, are a small file of a page that never ends."""
    parts = (read_part(box, name) for name in box.namelist() if name.lower().endswith(".xml"))
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for part in parts:
        for drawn in parse_xml(part).iter("{*}CompositeObject") if any(mark in part for mark in _UNITS) else ():
            unit = next(drawn.iterancestors("{*}CompositeGraphicUnit"), None)
            inside["" if unit is None else f"unit {unit.get('ID')}"][f"unit {drawn.get('ResourceID')}"] += 1
    counts = dict.fromkeys(inside, 0)
    for _ in range(_DEPTH if len(inside) > 1 else 0):
        counts = {
            name: sum(times * (1 + counts.get(other, 0)) for other, times in drawn.items())
            for name, drawn in inside.items()
        }
        if max(counts.values()) > _MOST_DRAWN:
            raise OversizedDocument("OFD 的图元层层引用，展开后过大，请从原系统重新导出后再提交。")
