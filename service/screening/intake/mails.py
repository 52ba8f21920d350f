"""Mails, .eml and .msg: the body and the attachments, also those of forwarded mails; not the pictures in a text."""

from __future__ import annotations

import email
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import MIMEPart
from pathlib import Path

from gongkai.model.errors import CorruptDocument, DocumentError, MissingDocument, OversizedDocument
from gongkai.service.formats import text
from gongkai.service.limits import Limits
from gongkai.service.screening.intake import outlook
from gongkai.service.screening.intake.members import unique

_DEEPEST = 5
_MOST_PARTS = 500
_BROKEN = "邮件已损坏或不完整，请重新导出。"
_REPLIED = re.compile(r"^\s*(?:(?:re|fw|fwd|回复|转发|答复)\s*[:：]\s*)+", re.IGNORECASE)
_RAW_NAME = re.compile(r"(?:file)?name=\"?([^\";\r\n]+)", re.IGNORECASE)
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "unknown-8bit": "utf-8"}
_UNSEEN = (".p7s", ".ics", ".vcf", ".asc")
_HTML = "html"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail's subject and its files by name; `bodies` counts how many of them, at the beginning, are its own text."""

    subject: str
    files: dict[str, bytes]
    bodies: int


def read(path: Path, suffix: str, limits: Limits) -> Mail:
    """One mail. Raises DocumentError."""
    try:
        if path.stat().st_size > limits.max_bytes:
            raise OversizedDocument(f"邮件超过 {limits.max_bytes / 2**20:g} MB，请把附件单独保存后提交。")
        data = path.read_bytes()
    except OSError as error:
        raise MissingDocument("邮件读不出来，请确认文件还在并且有权读取。") from error
    try:
        subject, found = outlook.read(data) if suffix == ".msg" else _message(data)
        return _mail(subject, found)
    except DocumentError:
        raise
    except Exception as error:  # the parser of mails answers damage with many exception types
        raise CorruptDocument(_BROKEN) from error


def _mail(subject: str, found: Iterator[tuple[str, bytes, bool]]) -> Mail:
    bodies: dict[str, bytes] = {}
    attached: dict[str, bytes] = {}
    for place, (name, data, is_body) in enumerate(found):
        if place >= _MOST_PARTS:
            raise OversizedDocument("邮件的附件过多，请单独保存后提交。")
        if data.strip() and not name.lower().endswith(_UNSEEN):
            (bodies if is_body else attached)[unique(name, {**bodies, **attached})] = data
    return Mail(_REPLIED.sub("", subject).strip(), {**bodies, **attached}, len(bodies))


def _message(data: bytes) -> tuple[str, Iterator[tuple[str, bytes, bool]]]:
    message = email.message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise CorruptDocument(_BROKEN)
    return str(message.get("subject", "")), _files(message, 0)


def _files(message: MIMEPart, depth: int) -> Iterator[tuple[str, bytes, bool]]:
    """Name, bytes and whether it is the text of the mail itself; of a forwarded mail everything is attached."""
    body = message.get_body(("plain", _HTML))
    if body is not None:
        html = body.get_content_subtype() == _HTML
        name = ("邮件正文" if depth == 0 else "转发的邮件") + (".html" if html else ".txt")
        yield name, _decoded(body, html), depth == 0
    for part in _leaves(message):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if depth < _DEEPEST and isinstance(inner, list) and isinstance(inner[0], MIMEPart):
                yield from _files(inner[0], depth + 1)
        elif part is not body and not _is_alternative(part):
            yield _name(part), _bytes(part), False


def _leaves(message: MIMEPart) -> Iterator[MIMEPart]:
    if message.get_content_maintype() != "multipart":
        yield message
        return
    for part in message.iter_parts():
        yield from _leaves(part)


def _is_alternative(part: MIMEPart) -> bool:
    """The same text again in another form, or a picture in it."""
    if part.get_content_disposition() == "attachment":
        return False
    if part.get_content_maintype() == "image" and part.get("content-id"):
        return True
    return part.get_content_maintype() == "text" and not part.get_filename()


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(body: MIMEPart, html: bool) -> bytes:
    """As UTF-8, with a mark where a page might still name its old encoding."""
    charset = (body.get_content_charset() or "").lower()
    data = _bytes(body)
    try:
        found = text.decode(data, _CHARSETS.get(charset, charset) if _known(charset) else "")
    except CorruptDocument:
        found = data.decode("gb18030", "replace")
    return (b"\xef\xbb\xbf" if html else b"") + found.encode()


def _known(charset: str) -> bool:
    try:
        "".encode(_CHARSETS.get(charset, charset))
    except LookupError:
        return False
    return bool(charset)


def _name(part: MIMEPart) -> str:
    name = part.get_filename() or ""
    if not name or "\ufffd" in name:
        name = _raw_name(part) or name
    if name:
        return name
    return f"附件{mimetypes.guess_extension(part.get_content_type()) or '.bin'}"


def _raw_name(part: MIMEPart) -> str:
    """The name where a program wrote it in GBK without saying so."""
    for key, value in part.raw_items():
        found = _RAW_NAME.search(str(value)) if key.lower() in ("content-disposition", "content-type") else None
        if found:
            raw = found[1].encode("utf-8", "surrogateescape")
            try:
                return text.decode(raw)
            except CorruptDocument:
                continue
    return ""
