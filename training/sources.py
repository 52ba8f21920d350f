"""Text from outside for training: published documents and prose, as JSONL, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gongkai.model.document import Document
from gongkai.training.authored import CorpusError

LONGEST = 20_000
SHORTEST = 100


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, `.gz` or not. Raises CorpusError."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in content.decode("utf-8-sig").split("\n"):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
                yield row
    except (ValueError, OSError, EOFError, RecursionError, zlib.error) as error:
        raise CorpusError(f"{path.name} 不是每行一个 JSON 对象的 UTF-8 文件，请改正。") from error


def read_public(path: Path | None) -> list[Document]:
    """Published documents; their text is cut to what the model looks at, the shortest are left out."""
    if path is None:
        return []
    return [
        Document(str(row.get("id", place)), str(row["text"])[:LONGEST], str(row.get("title") or ""))
        for place, row in enumerate(rows(path))
        if len(str(row.get("text") or "").strip()) > SHORTEST
    ]


def read_prose(paths: Sequence[Path]) -> list[str]:
    """The texts of some files."""
    return [str(row["text"]) for path in paths for row in rows(path) if row.get("text")]
