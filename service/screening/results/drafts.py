"""Large results under way: private files beside their place, moved there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.model.errors import OutputError

#: Of large drafts, and of all files under way (`gongkai.service.output`).
PREFIX, SMALL = ".gongkai-draft-", ".gongkai-"
_FAILED = "{} 写不出来，请确认输出目录可写、磁盘没有满、这个文件没有被别的程序打开，再用同一条命令继续。"


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A private file that takes its place when all went well, and is gone otherwise. Raises OutputError."""
    made: Path | None = None
    try:
        made = scratch(path.parent)
        yield made
        os.replace(made, path)
    except OSError as error:
        raise OutputError(_FAILED.format(path.name)) from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def scratch(folder: Path) -> Path:
    """An empty private file that `swept` removes should nobody else do so."""
    handle, made = tempfile.mkstemp(dir=folder, prefix=PREFIX)
    os.close(handle)
    return Path(made)


def swept(folder: Path, seconds: float = 0.0) -> None:
    """Remove what a killed run left half written; only what is so old, where another run may be at work."""
    for left in folder.glob(f"{SMALL}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime >= seconds:
                left.unlink()
