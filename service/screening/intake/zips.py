"""Zip archives, read in place: names in any encoding, one member at a time, never more than was told."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO

from gongkai.model.errors import (
    ArchiveBomb,
    CorruptDocument,
    DocumentError,
    EncryptedDocument,
    MissingDocument,
    OversizedDocument,
    UnsupportedFormat,
)
from gongkai.service.limits import Limits
from gongkai.service.screening.intake.members import Member, unique

#: Below this many bytes a high ratio is nothing but an empty form.
SMALL = 64 * 1024 * 1024
MOST_MEMBERS = 200_000
_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_BOMB = "压缩包解压后过大，疑似压缩炸弹，已停止读取，请核对文件来源。"
_BROKEN = "压缩包已损坏或不完整（或是分卷压缩的一部分），请重新获取完整的文件，或者解压后再提交。"
_LOCKED = "压缩包里的文件加了密码，请解压后再提交。"
_METHOD = "压缩包用了少见的压缩方法，请解压后再提交。"
_GONE = "压缩包读不出来，请确认文件还在并且有权读取。"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, LookupError, OverflowError, NotImplementedError,
    RuntimeError,
)  # fmt: skip


def members(path: Path, limits: Limits) -> list[Member]:
    """What an archive holds, folders aside. Raises DocumentError for one that is damaged or unpacks to far too much."""
    with _told():
        box = _opened(path)
        entries = list(box.values())
        packed = path.stat().st_size
    if len(entries) > MOST_MEMBERS:
        raise ArchiveBomb(_BOMB)
    total = sum(entry.file_size for entry in entries)
    if total > SMALL and total > packed * limits.max_ratio:
        raise ArchiveBomb(_BOMB)
    return [Member(name, entry.file_size, _refusal(entry)) for name, entry in box.items()]


@contextmanager
def member(path: Path, name: str, most: int) -> Iterator[IO[bytes]]:
    """One member to read from. Raises OversizedDocument above `most` bytes, or another DocumentError."""
    with _told():
        entry = _opened(path).get(name)
        if entry is None:
            raise MissingDocument("压缩包里没有这个文件，请确认压缩包没有换过。")
        refusal = _refusal(entry)
        if refusal is not None:
            raise refusal
        if entry.file_size > most:
            raise OversizedDocument(f"压缩包里的文件超过 {most / 2**20:g} MB，请单独解压处理。")
        with _box(path).open(entry) as stream:
            yield stream


def _refusal(entry: zipfile.ZipInfo) -> DocumentError | None:
    if entry.flag_bits & 1:
        return EncryptedDocument(_LOCKED)
    return None if entry.compress_type in _READABLE else UnsupportedFormat(_METHOD)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DocumentError:
        raise
    except _DAMAGE as error:
        raise CorruptDocument(_BROKEN) from error
    except OSError as error:
        raise (MissingDocument(_GONE) if error.errno else CorruptDocument(_BROKEN)) from error


def _box(path: Path) -> zipfile.ZipFile:
    known = path.stat()
    return _read(path, known.st_size, known.st_mtime_ns)[0]


def _opened(path: Path) -> dict[str, zipfile.ZipInfo]:
    known = path.stat()
    return _read(path, known.st_size, known.st_mtime_ns)[1]


@lru_cache(maxsize=4)
def _read(path: Path, size: int, stamp: int) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """The directory of an archive, kept for the members that are read next; each name is there once."""
    box = zipfile.ZipFile(path)
    known: dict[str, zipfile.ZipInfo] = {}
    for entry in box.infolist():
        if not entry.is_dir():
            known[unique(_name(entry), known)] = entry
    return box, known


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows programs in China write GBK where the standard says code page 437."""
    if entry.flag_bits & _UTF8:
        return entry.orig_filename
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.orig_filename
    told = _unicode_path(entry.extra, raw)
    if told:
        return told
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in Info-ZIP's extra field, where it belongs to this entry."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(value) > 5 and value[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return value[5:].decode("utf-8", "replace")
    return ""
