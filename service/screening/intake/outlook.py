"""Outlook's .msg (MS-OXMSG): subject, text and attachments out of the storages of a compound file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from olefile import OleFileIO
from oxmsg.storage import Storage

from gongkai.model.errors import CorruptDocument
from gongkai.service.formats import text

_BROKEN = "邮件已损坏或不完整，请在 Outlook 里重新导出。"
_SUBJECT, _BODY, _HTML, _CONTENT_ID = 0x0037, 0x1000, 0x1013, 0x3712
_NAMES = (0x3707, 0x3704, 0x3001)
_DATA = 0x3701
_ATTACHMENT = "__attach_version1.0_#"
_EMBEDDED = f"__substg1.0_{_DATA:04X}000D"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
_DEEPEST = 5


def read(data: bytes) -> tuple[str, Iterator[tuple[str, bytes, bool]]]:
    """The subject, and name, bytes and whether it is the mail's own text of each file. Raises DocumentError."""
    try:
        with OleFileIO(io.BytesIO(data)) as box:
            root = Storage.from_ole(box)
    except Exception as error:  # half a dozen exception types for a damaged file
        raise CorruptDocument(_BROKEN) from error
    return _words(root, _SUBJECT), _files(root, 0)


def _files(storage: Storage, depth: int) -> Iterator[tuple[str, bytes, bool]]:
    own = depth == 0
    name = "邮件正文" if own else "转发的邮件"
    body = _words(storage, _BODY)
    html = _stream(storage, _HTML, "0102") or _words(storage, _HTML).encode()
    if body.strip():
        yield f"{name}.txt", body.encode("utf-8", "replace"), own
    elif html:
        yield f"{name}.html", html, own
    for inner in storage.storages:
        if inner.name.startswith(_ATTACHMENT):
            yield from _attachment(inner, depth)


def _attachment(storage: Storage, depth: int) -> Iterator[tuple[str, bytes, bool]]:
    name = next((words for pid in _NAMES if (words := _words(storage, pid).strip("\0 "))), "附件.bin")
    data = _stream(storage, _DATA, "0102")
    in_text = name.lower().endswith(_PICTURES) and _words(storage, _CONTENT_ID)
    if data and not in_text:
        yield name, data, False
    for inner in storage.storages:
        if inner.name == _EMBEDDED and depth < _DEEPEST:
            yield from _files(inner, depth + 1)


def _words(storage: Storage, pid: int) -> str:
    """A text property: in UTF-16, or in whatever 8-bit encoding old Outlook had."""
    wide = _stream(storage, pid, "001F")
    if wide:
        return wide.decode("utf-16-le", "replace")
    narrow = _stream(storage, pid, "001E")
    try:
        return text.decode(narrow)
    except CorruptDocument:
        return narrow.decode("gb18030", "replace")


def _stream(storage: Storage, pid: int, kind: str) -> bytes:
    name = f"__substg1.0_{pid:04X}{kind}"
    return next((stream.bytes_ for stream in storage.streams if stream.name == name), b"")
