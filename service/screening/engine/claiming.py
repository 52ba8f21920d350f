"""The output folder while a run works in it: one run at a time, and a private folder that is gone afterwards."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from gongkai.model.errors import OutputError, RequestError

_LOCK, _SPOOL = ".lock", ".spool-"
_TAKEN = "输出目录 {} 正被另一次筛查使用，请等它结束，或者换一个输出目录。"
_LOST = "输出目录 {} 用不了，请确认它存在、可写并且磁盘没有满；已完成的部分都在，改正后用同一条命令继续。"


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """Hold a folder alone; a private folder in it for temporary files, without what a killed run left.

    Raises RequestError while another run holds it, OutputError when it can't be written.
    """
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise OutputError(_LOST.format(out.name)) from error
    try:
        _alone(lock, out)
        for left in out.glob(f"{_SPOOL}*"):
            shutil.rmtree(left, ignore_errors=True)
        spool = _spool(out)
        try:
            yield spool
        finally:
            shutil.rmtree(spool, ignore_errors=True)
    finally:
        os.close(lock)


def _alone(lock: int, out: Path) -> None:
    """The system gives the lock back when the process ends, however it ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RequestError(_TAKEN.format(out.name)) from error
    except OSError as error:
        raise OutputError(_LOST.format(out.name)) from error


def _spool(out: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=out, prefix=_SPOOL))
    except OSError as error:
        raise OutputError(_LOST.format(out.name)) from error


class Stop:
    """Whether somebody asked the run to end (Ctrl-C or a plain kill); a second Ctrl-C ends it at once."""

    def __init__(self) -> None:
        self.wanted = False

    def __enter__(self) -> Stop:
        self._before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
