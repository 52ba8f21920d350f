"""RAR, 7z and tar, unpacked by libarchive; the formats are named, for some that it knows open other files."""

from __future__ import annotations

import contextlib
import locale
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai.model.errors import (
    ArchiveBomb,
    CorruptDocument,
    DocumentError,
    EncryptedDocument,
    MismatchedFormat,
    MissingDocument,
    OversizedDocument,
    UnsupportedFormat,
)
from gongkai.service.limits import Limits
from gongkai.service.screening.intake.members import Member, unique
from gongkai.service.screening.intake.zips import MOST_MEMBERS, SMALL

#: Writes the blocks of one member and tells its size; raises OversizedDocument for one that is not kept.
Keep = Callable[[str, Iterable[bytes]], int]

_MAGIC = (
    (0, b"Rar!\x1a\x07\x00", "rar", "none"),
    (0, b"Rar!\x1a\x07\x01", "rar5", "none"),
    (0, b"7z\xbc\xaf\x27\x1c", "7zip", "none"),
    (0, b"\x1f\x8b", "tar", "gzip"),
    (0, b"BZh", "tar", "bzip2"),
    (0, b"\xfd7zXZ", "tar", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "tar", "zstd"),
    (257, b"ustar", "tar", "none"),
)
_BLOCK = 256 * 1024
_FATAL = -30
_NEEDED = "解压 rar、7z、tar 需要安装 gongkai[archives] 和系统库 libarchive13，也可以先解压再筛查。"
_BROKEN = "压缩包已损坏、不完整，或是分卷压缩的一部分：没有读出的文件请重新获取，或者解压后再提交。"
_LOCKED = "压缩包加了密码，请解压后再提交。"
_OTHER = "文件不是 rar、7z、zip 或 tar 压缩包，请确认扩展名，或者解压后再提交。"
_GONE = "压缩包读不出来，请确认文件还在并且有权读取。"
_BOMB = "压缩包解压后过大，疑似压缩炸弹，已停止读取，请核对文件来源。"


def unpack(path: Path, keep: Keep, limits: Limits) -> tuple[list[Member], DocumentError | None]:
    """Give every member to `keep`, in the order of the archive; what was read, and why the rest was not.

    A member that can't be read has its error. Raises DocumentError when nothing can be read at all.
    """
    members: dict[str, Member] = {}
    allowed = _Allowed(max(SMALL, _size(path) * limits.max_ratio))
    with _archive(path) as archive:
        try:
            for entry in archive:
                if entry.isfile and not entry.islnk:
                    name = unique(_name(entry), members)
                    members[name] = _member(name, entry, keep, allowed)
        except archive_error() as error:
            if not members:
                raise _meant(error) from error
            return list(members.values()), _meant(error)
    return list(members.values()), None


class _Allowed:
    """How many bytes an archive may still unpack to, and how many members."""

    def __init__(self, left: int) -> None:
        self.left, self.members = left, MOST_MEMBERS

    def blocks(self, entry: Any) -> Iterator[bytes]:  # noqa: ANN401
        """The entry's bytes. Raises ArchiveBomb."""
        self.members -= 1
        if self.members < 0:
            raise ArchiveBomb(_BOMB)
        for block in entry.get_blocks(_BLOCK):
            self.left -= len(block)
            if self.left < 0:
                raise ArchiveBomb(_BOMB)
            yield block


def _member(name: str, entry: Any, keep: Keep, allowed: _Allowed) -> Member:  # noqa: ANN401
    """One member written. Raises libarchive's error when nothing can follow, ArchiveBomb, OutputError."""
    try:
        return Member(name, keep(name, allowed.blocks(entry)))
    except OversizedDocument as error:
        return Member(name, entry.size or 0, error)
    except archive_error() as error:
        if getattr(error, "retcode", _FATAL) == _FATAL and not _locked(error):
            raise
        return Member(name, entry.size or 0, _meant(error))


def archive_error() -> type[Exception]:
    """The exception of libarchive."""
    from libarchive.exception import ArchiveError

    return ArchiveError  # type: ignore[no-any-return]


@contextmanager
def _archive(path: Path) -> Iterator[Any]:
    """The archive to iterate over. Raises DocumentError."""
    try:
        import libarchive
    except Exception as error:  # the package is missing, or its library: each fails in its own way
        raise UnsupportedFormat(_NEEDED) from error
    logging.getLogger("libarchive").setLevel(logging.CRITICAL)  # its warnings hold names
    try:
        with _unicode(), path.open("rb") as file:
            form, packing = _format(file.read(512))
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            with libarchive.fd_reader(file.fileno(), form, packing) as archive:
                yield archive
    except archive_error() as error:
        raise _meant(error) from error
    except OSError as error:
        raise MissingDocument(_GONE) from error


@contextmanager
def _unicode() -> Iterator[None]:
    """In the C locale libarchive loses every Chinese name."""
    before = locale.setlocale(locale.LC_CTYPE)
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _format(head: bytes) -> tuple[str, str]:
    found = next(((form, packing) for at, magic, form, packing in _MAGIC if head[at:].startswith(magic)), None)
    if found is None:
        raise MismatchedFormat(_OTHER)
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise MissingDocument(_GONE) from error


def _name(entry: Any) -> str:  # noqa: ANN401
    name = entry.pathname
    if not isinstance(name, bytes):
        return name or ""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "replace")


def _locked(error: Exception) -> bool:
    said = str(error).lower()
    return "encrypt" in said or "passphrase" in said


def _meant(error: Exception) -> DocumentError:
    return EncryptedDocument(_LOCKED) if _locked(error) else CorruptDocument(_BROKEN)
