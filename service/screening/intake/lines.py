"""JSONL: one document a line, as other systems and the service's database export it.

Each line is an object with `id` (unique in the file) and `text`; optional are `title`, `number` (发文字号),
`issued` (成文日期, ISO 8601), `issuer` (发文机关), `attribute` (公开属性), `unit` (部门): all text. An id and each of
these has at most 200 characters; what is longer is cut. Other keys are left alone. UTF-8, with or without a mark.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.model.errors import CorruptDocument, EmptyDocument, MissingDocument, RequestError
from gongkai.service.screening.intake.fields import LONGEST, USED, is_plain, told
from gongkai.service.screening.records import Bundle, Failure, Locator, Part

SUFFIX = ".jsonl"
_LONGEST = 64 * 1024 * 1024
_UNREADABLE = "JSONL 文件读不出来，请确认文件存在并且有权读取。"


def read(path: Path) -> Iterator[Bundle | tuple[Part, Failure]]:
    """A bundle a line, named `<id>.txt` inside the file; a failure for each line that is none.

    Raises RequestError when the file can't be read.
    """
    known: set[str] = set()
    for place, _, line in _numbered(path):
        row = _row(line)
        if row is None:
            yield _failed(path, place, "不是含 id 和 text 的 JSON 对象（UTF-8 编码）")
        elif not is_plain(row["id"]):
            yield _failed(path, place, f"的 id 超过 {LONGEST} 字或者含有控制字符")
        elif row["id"] in known:
            yield _failed(path, place, "的 id 和前面的重复")
        elif not row["text"].strip():
            known.add(row["id"])
            yield _part(path, row, line), Failure(EmptyDocument.slug, "这一条没有正文，请补上 text。")
        else:
            known.add(row["id"])
            yield Bundle((_part(path, row, line),))


def text(locator: Locator) -> str:
    """The text of one line, found by its id. Raises MissingDocument."""
    try:
        stamp = locator.path.stat()
        start = _index(locator.path, stamp.st_size, stamp.st_mtime_ns)[locator.inside[-1]]
        with locator.path.open("rb") as file:
            file.seek(start)
            row = _row(file.readline(_LONGEST))
    except (OSError, KeyError, RequestError) as error:
        raise MissingDocument("JSONL 里没有这一条，或者文件读不出来。") from error
    if row is None:
        raise MissingDocument("JSONL 里没有这一条，或者文件读不出来。")
    return str(row["text"])


@lru_cache(maxsize=2)
def _index(path: Path, size: int, stamp: int) -> dict[str, int]:
    """Where the line of each id begins; the first one holds."""
    places: dict[str, int] = {}
    for _, start, line in _numbered(path):
        row = _row(line)
        if row is not None:
            places.setdefault(_name(row), start)
    return places


def _numbered(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Number, offset and bytes of each line that is not blank; one that is longer than any document comes cut."""
    try:
        with path.open("rb") as file:
            place = start = 0
            while line := file.readline(_LONGEST):
                place += 1
                if line.strip():
                    yield place, start, line
                while not line.endswith(b"\n") and (line := file.readline(_LONGEST)):
                    pass
                start = file.tell()
    except OSError as error:
        raise RequestError(_UNREADABLE) from error


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        if isinstance(row, dict) and all(isinstance(row.get(key), str) for key in ("id", "text")) and row["id"].strip():
            "".join(
                [row["id"], row["text"], *_fields(row).values()]
            ).encode()  # half of a surrogate pair is no character
            return row
    except (ValueError, RecursionError):
        pass
    return None


def _fields(row: dict[str, Any]) -> dict[str, str]:
    return {key: row[key] for key in USED if isinstance(row.get(key), str)}


def _name(row: dict[str, Any]) -> str:
    return f"{row['id']}.txt"


def _part(path: Path, row: dict[str, Any], line: bytes) -> Part:
    """Its stamp is made from the line, so that one changed line does not make all others new."""
    stamp = int.from_bytes(hashlib.sha256(line).digest()[:7])
    return Part(Locator(path, (_name(row),)), size=len(line), stamp=stamp, fields=told(_fields(row)), text=row["text"])


def _failed(path: Path, place: int, what: str) -> tuple[Part, Failure]:
    return Part(Locator(path, (f"第{place}行",))), Failure(CorruptDocument.slug, f"第 {place} 行{what}，请改正这一行。")
