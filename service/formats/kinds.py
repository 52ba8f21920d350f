"""What a file really is, by its first bytes and the names inside its container."""

from __future__ import annotations

import re

from gongkai.service.formats import compound, container

#: kind: (what people call it, the extension it should have or "")
KINDS = {
    "txt": ("纯文本", ".txt"),
    "html": ("网页", ".html"),
    "mht": ("网页归档（mht）", ""),
    "xml": ("XML", ""),
    "rtf": ("RTF", ".rtf"),
    "pdf": ("PDF", ".pdf"),
    "docx": ("Word（docx）", ".docx"),
    "xlsx": ("Excel（xlsx）", ".xlsx"),
    "pptx": ("演示文稿", ".pptx"),
    "odf": ("OpenDocument", ""),
    "ofd": ("OFD", ".ofd"),
    "zip": ("压缩包", ".zip"),
    "cut": ("不完整的压缩包", ""),
    "archive": ("压缩包", ""),
    "doc": ("旧版 Word（doc）", ".doc"),
    "xls": ("旧版 Excel（xls）", ".xls"),
    "ppt": ("旧版演示文稿", ".ppt"),
    "ole": ("旧版 Office 文件", ""),
    "encrypted": ("加密的 Office 文件", ""),
    "image": ("图片", ""),
    "binary": ("二进制数据", ""),
}

_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b\x08", "archive"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def kind_of(data: bytes) -> str:
    """The key of KINDS that fits the content, whatever the file is called."""
    if data.startswith(b"PK\x03\x04"):
        return container.kind(data)
    if data.startswith(compound.MAGIC):
        return compound.kind(data)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:1024].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return "pdf"
    return _text_kind(data) if _is_text(data) else _binary_kind(data)


def _is_text(data: bytes) -> bool:
    """Allow one stray control byte in fifty, as old exports have."""
    head = data[:65536]
    return head.startswith(_BOMS) or len(_CONTROLS.findall(head)) * 50 <= len(head)


def _text_kind(data: bytes) -> str:
    head = data[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")[2:]
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(head):
        return "html"
    if head.startswith(b"MIME-Version:"):
        return "mht"
    return "xml" if head.lstrip().startswith(b"<?xml") else "txt"


def _binary_kind(data: bytes) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return "image" if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0" else "binary"
