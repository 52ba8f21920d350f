"""Write results so that a failure leaves no half file and nobody else can read them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from gongkai.model.errors import OutputError


def write_private(path: Path, text: str) -> None:
    """Write UTF-8 text readable by its owner only, whole or not at all. Raises OutputError."""
    made = ""
    try:
        handle, made = tempfile.mkstemp(dir=path.parent, prefix=".gongkai-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        os.replace(made, path)
    except (OSError, UnicodeEncodeError) as error:
        if made:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(made)
        raise OutputError("结果写不出来，请确认输出目录存在、可写并且磁盘没有满。") from error
