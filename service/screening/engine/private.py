"""Folders for temporary files outside the output folder, without what a killed process left."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

from gongkai.model.errors import OutputError

#: Short: Ray puts sockets below it, whose paths have at most 107 characters.
_NAME = "gk-"
_LOCK = ".lock"
#: As mkdtemp names folders: others keep theirs in the same place.
_OURS = re.compile(rf"{_NAME}[a-z0-9_]{{8}}")
_LOST = "临时目录写不进去，请确认磁盘没有满、目录可写，再用同一条命令继续；已完成的部分都在。"
_held: dict[Path, int] = {}


def made() -> Path:
    """A new one, readable by its owner only, until `remove` or the end of the process. Raises OutputError."""
    _tidy(Path(tempfile.gettempdir()))
    try:
        begun = Path(tempfile.mkdtemp(prefix=f".{_NAME}"))
        lock = os.open(begun / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = begun.rename(begun.with_name(begun.name[1:]))  # only now do others look at it
        _held[folder] = lock
    except OSError as error:
        raise OutputError(_LOST) from error
    return folder


def remove(folder: Path) -> None:
    """All that is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.close(_held.pop(folder))


def _tidy(among: Path) -> None:
    """Remove those whose process has ended: the system has given their lock back."""
    for lock in (found for found in among.glob(f"{_NAME}*/{_LOCK}") if _is_ours(found.parent)):
        try:
            handle = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:  # another user's
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # in use
            pass
        finally:
            os.close(handle)


def _is_ours(folder: Path) -> bool:
    """Whether this user made a folder as `made` does, and for nobody else to enter."""
    try:
        known = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(known.st_mode) and stat.S_IMODE(known.st_mode) == 0o700 and known.st_uid == os.getuid()
    return private and bool(_OURS.fullmatch(folder.name))
