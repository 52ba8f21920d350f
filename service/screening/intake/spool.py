"""The private folder where members of archives wait to be read: files named by digests, whole or not there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gongkai.model.errors import ArchiveBomb, OutputError, OversizedDocument
from gongkai.service.screening.records import Locator

_FULL = "临时目录写不进去：请确认磁盘没有满、目录可写，再用同一条命令继续；已完成的部分都在。"
_BOMB = "压缩包层层解开后过大，疑似压缩炸弹，已停止读取，请核对文件来源。"


@dataclass
class Budget:
    """What may still come out of one archive and all archives in it."""

    members: int = 200_000
    unpacked: int = 16 * 1024**3

    def take(self, members: int = 0, unpacked: int = 0) -> None:
        """Raises ArchiveBomb when it is used up."""
        self.members -= members
        self.unpacked -= unpacked
        if self.members < 0 or self.unpacked < 0:
            raise ArchiveBomb(_BOMB)


def place(locator: Locator, spool: Path) -> Path:
    """Where a member of a container waits."""
    inside = "\0".join(locator.inside).encode("utf-8", "replace")
    return _folder(locator.path, spool) / hashlib.sha256(inside).hexdigest()


def keep(target: Path, blocks: Iterable[bytes], most: int, budget: Budget) -> int:
    """Write one member, readable by its owner only; its size in bytes.

    Raises OversizedDocument above `most` bytes, ArchiveBomb, OutputError when the disk is full, and what `blocks` does.
    """
    with _new(target) as file:
        size = 0
        for block in blocks:
            size += len(block)
            budget.take(unpacked=len(block))
            if size > most:
                raise OversizedDocument(f"压缩包里的文件超过 {most / 2**20:g} MB，请单独解压处理。")
            with _told():
                file.write(block)
    return size


@contextmanager
def _new(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only once it is whole."""
    with _told():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            yield file
        with _told():
            os.replace(made, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(made)
        raise


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(_FULL) from error


def release(path: Path, spool: Path) -> None:
    """Remove all that waits of one archive."""
    shutil.rmtree(_folder(path, spool), ignore_errors=True)


def _folder(path: Path, spool: Path) -> Path:
    return spool / hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
