"""Write results so that a failure leaves no half file and nobody else can read them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from gongkai.model.errors import OutputError

_FAILED = "结果写不出来，请确认输出目录存在、可写并且磁盘没有满。"


def write_private(path: Path, text: str) -> None:
    """Write UTF-8 text readable by its owner only, whole or not at all. Raises OutputError."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise OutputError(_FAILED) from error
    write_private_bytes(path, data)


def write_private_bytes(path: Path, data: bytes) -> None:
    """Write bytes readable by their owner only, whole or not at all. Raises OutputError."""
    made = ""
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".gongkai-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a name may outlive a power loss, and what stands under it not
        os.replace(made, path)
        made = ""
    except (OSError, ValueError) as error:
        raise OutputError(_FAILED) from error
    finally:
        if made:
            remove(Path(made))


def remove(path: Path) -> None:
    """Take away what was written, where it is there."""
    with contextlib.suppress(OSError):
        path.unlink()


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands under a name, whatever links lead to it; None where none does."""
    try:
        known = path.stat()
    except (OSError, ValueError):
        return None
    return known.st_dev, known.st_ino
