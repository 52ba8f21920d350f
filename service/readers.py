"""From a file to a Document: one dict of readers, one set of errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gongkai.model.document import Document
from gongkai.model.errors import (
    CorruptDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    MismatchedFormat,
    MissingDocument,
    OversizedDocument,
    UnsupportedFormat,
)
from gongkai.service.formats import html, legacy, ofd, pdf, sheet, text, word
from gongkai.service.formats.kinds import KINDS, kind_of
from gongkai.service.limits import Limits

#: Bytes to text; raises DocumentError, or anything at all for a damaged file.
Reader = Callable[[bytes, Limits], str]

READERS: dict[str, Reader] = {
    ".txt": text.read,
    ".md": text.read,
    ".csv": text.read,
    ".html": html.read,
    ".htm": html.read,
    ".docx": word.read,
    ".doc": legacy.read,
    ".wps": legacy.read,
    ".pdf": pdf.read,
    ".xlsx": sheet.read_xlsx,
    ".xls": sheet.read_xls,
    ".ofd": ofd.read,
}
_DEFAULTS = Limits()
_NONE: Mapping[str, Reader] = MappingProxyType({})
_OLD_OFFICE = {"doc": ".doc", "xls": ".xls"}
#: What the content may be for an extension when the two names differ.
_ALSO = {
    ".txt": ("xml",),
    ".md": ("txt", "html", "xml"),
    ".csv": ("txt",),
    ".html": ("txt", "xml"),
    ".htm": ("html", "txt", "xml"),
    ".doc": ("ole",),
    ".wps": ("ole",),
    ".xls": ("ole",),
    ".docx": ("cut",),
    ".xlsx": ("cut",),
    ".ofd": ("cut",),
}
_ADVICE = {
    "rtf": "这是 RTF 文件，请用 Word 或 WPS 打开后另存为 .docx。",
    "image": "图片里没有可读的文字，请先做文字识别（OCR）后再提交。",
    "archive": "这是压缩包，请先解压，再逐个提交里面的文件。",
    "cut": "请重新获取完整的文件。",
    "zip": "这是压缩包，请先解压，再逐个提交里面的文件。",
}
MISSING = "文件不存在或无法读取，请检查文件名和访问权限。"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?")


def read_file(path: Path, limits: Limits = _DEFAULTS, own: Mapping[str, Reader] = _NONE) -> Document:
    """The document in a file, named after it; raises DocumentError and nothing else."""
    try:
        regular(path)
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise _too_large(limits)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise MissingDocument(MISSING) from error
    return read_bytes(data, path.name, limits, own)


def regular(path: Path) -> None:
    """Raises MissingDocument for a folder, and for a pipe or device, which would be waited for without an end."""
    if path.exists() and not path.is_file():
        raise MissingDocument("这不是普通文件（可能是目录、管道或者设备），请换成文件后再试。")


def read_bytes(data: bytes, name: str, limits: Limits = _DEFAULTS, own: Mapping[str, Reader] = _NONE) -> Document:
    """The document in `data`, read by the extension of `name`, which also becomes its id.

    A reader of an office's `own` comes before ours and sees the bytes unchecked. Raises DocumentError and nothing
    else: a damaged file never shows a library's own exception.
    """
    extension = Path(name).suffix.lower()
    if extension not in READERS and extension not in own:
        raise _unsupported(extension, data)
    if len(data) > limits.max_bytes:
        raise _too_large(limits)
    if not data.strip(b"\0\r\n\t "):
        raise EmptyDocument("文件是空的，请检查是否选错或没有保存完整。")
    reader = own[extension] if extension in own else READERS[_checked(extension, data)]
    found = _tidy(_run(reader, data, limits))
    if len(found) > limits.max_characters:
        raise OversizedDocument(f"文件文字超过 {limits.max_characters} 字，请拆分成几个文件后再提交。")
    return Document(id=name, text=found)


def _run(reader: Reader, data: bytes, limits: Limits) -> str:
    try:
        return reader(data, limits)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise CorruptDocument("文件已损坏或不完整，请重新获取，或打开后另存为新文件再提交。") from error


def _checked(extension: str, data: bytes) -> str:
    """The extension to read by: the given one, or its sibling among the old Office formats.

    Raises MismatchedFormat, EncryptedDocument, CorruptDocument or UnsupportedFormat.
    """
    kind = kind_of(data)
    if kind == extension[1:] or kind in _ALSO.get(extension, ()):
        return extension
    if kind == "encrypted":
        raise EncryptedDocument("Office 文件已加密，请去掉密码后再提交。")
    if kind in _OLD_OFFICE and extension in (".doc", ".wps", ".xls"):
        return _OLD_OFFICE[kind]
    if kind == "rtf":
        raise UnsupportedFormat(_ADVICE[kind])
    raise _mismatched(extension, kind)


def _mismatched(extension: str, kind: str) -> DocumentError:
    label, right = KINDS[kind]
    if kind == "binary" and READERS[extension] is not text.read:
        return CorruptDocument(f"文件已损坏，内容不是有效的 {extension} 文件，请重新获取后再试。")
    if right in READERS:
        advice = f"请把扩展名改为 {right} 后再提交"
    elif kind in _ADVICE:
        return MismatchedFormat(f"扩展名是 {extension}，实际是{label}：{_ADVICE[kind]}")
    else:
        advice = "请用 Office 或 WPS 打开后另存为正确的格式"
    return MismatchedFormat(f"扩展名是 {extension}，内容却是{label}，{advice}。")


def _unsupported(extension: str, data: bytes) -> UnsupportedFormat:
    advice = _ADVICE.get(kind_of(data), "") if data else ""
    if advice:
        return UnsupportedFormat(advice)
    shown = f" {extension} " if re.fullmatch(r"\.[0-9a-z]{1,8}", extension) else "这种"
    return UnsupportedFormat(f"不支持{shown}文件，请改用 {'、'.join(READERS)} 格式。")


def _too_large(limits: Limits) -> OversizedDocument:
    return OversizedDocument(f"文件超过 {limits.max_bytes / 2**20:g} MB，请压缩图片或拆分后再提交。")


def _tidy(found: str) -> str:
    """Line ends as \\n, and a space for every other control character or half of a surrogate pair."""
    return _CONTROLS.sub(" ", _LINE_ENDS.sub("\n", found))
