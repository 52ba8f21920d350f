"""Sources in object storage and the like (extra `ray`): folders that fsspec lists and reads, named by a URL.

A URL goes through the program as a `Path`, as the command line hands it on: `s3://archive/2018` is `s3:/archive/2018`.
Nothing is written there. S3 needs s3fs, other services their own plug-in of fsspec.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from gongkai.model.errors import MissingDocument, OversizedDocument, RequestError
from gongkai.service.screening.intake import folders
from gongkai.service.screening.records import Locator, Part

_URL = re.compile(r"^([a-z][a-z0-9+.-]+):/+(.*)$")
#: What tells that a file has changed, the surest first.
_TELLING = ("ETag", "etag", "mtime", "LastModified", "last_modified", "created")
_BLOCK = 1024 * 1024
_NO_FSSPEC = "读取 {}:// 需要 fsspec 和这种存储的插件（S3 兼容存储：pip install fsspec s3fs），请装好后再试。"
_VANISHED = (
    "来源 {} 读不到了（不存在、不是文件夹、没有权限，或者存储连不上），请恢复后用同一条命令继续；已完成的部分都在。"
)
_EMPTY = "来源 {} 是空的：请确认地址没有写错。"
_MISSING = "文件不存在或无法读取，请检查存储的连接和访问权限。"
_LARGE = "文件超过 {:g} MB，请压缩图片或拆分后再提交。"

_System: TypeAlias = Any
_Entry: TypeAlias = dict[str, Any]


def is_url(path: Path) -> bool:
    """Whether a source is no path of this machine."""
    return bool(_URL.match(path.as_posix())) and not path.is_absolute()


def check(source: Path) -> None:
    """Raises RequestError for a source that can't be listed, or is empty."""
    system, root = _opened(source)
    try:
        system.invalidate_cache()
        there, empty = system.isdir(root), not system.ls(root, detail=False)
    except Exception as error:  # every storage fails in its own way
        raise RequestError(_VANISHED.format(source.name)) from error
    if not there:
        raise RequestError(_VANISHED.format(source.name))
    if empty:
        raise RequestError(_EMPTY.format(source.name))


def walked(source: Path, counts: Counter[str]) -> Iterator[folders.Group]:
    """Each folder's files, those of its folders named 附件 with it, then the folders below, as `folders.walked` does.

    Raises RequestError when the storage can't be listed.
    """
    system, root = _opened(source)
    waiting = [root]
    while waiting:
        files, below = _entries(system, source, waiting.pop(), counts)
        attached = [path for path in below if folders.ATTACHED.match(_name(path))] if files else []
        rest = [path for path in below if path not in attached]
        for path in attached:
            inner, more = _entries(system, source, path, counts)
            files += inner
            rest += more
        if files:
            yield [_part(source, root, entry) for entry in files], []
        waiting += sorted(rest, reverse=True)


def contents(path: Path, most: int) -> bytes:
    """The bytes of one file. Raises MissingDocument, OversizedDocument above `most` bytes."""
    try:
        system, place = _opened(path)
        if system.size(place) > most:
            raise OversizedDocument(_LARGE.format(most / 2**20))
        data: bytes = system.cat_file(place)
    except OversizedDocument:
        raise
    except Exception as error:
        raise MissingDocument(_MISSING) from error
    return data


def blocks(path: Path) -> Iterator[bytes]:
    """The bytes of one file, a megabyte at a time. Raises MissingDocument."""
    try:
        system, place = _opened(path)
        with system.open(place, "rb") as file:
            yield from iter(lambda: file.read(_BLOCK), b"")
    except Exception as error:
        raise MissingDocument(_MISSING) from error


def _opened(path: Path) -> tuple[_System, str]:
    """The storage and the place in it. Raises RequestError when its plug-in is missing."""
    scheme, rest = _URL.findall(path.as_posix())[0]
    url = f"{scheme}:///{rest}" if scheme == "file" else f"{scheme}://{rest}"
    return _storage(scheme), str(_storage(scheme)._strip_protocol(url))


@cache
def _storage(scheme: str) -> _System:
    try:
        import fsspec

        return fsspec.filesystem(scheme)
    except (ImportError, ValueError) as error:
        raise RequestError(_NO_FSSPEC.format(scheme)) from error


def _entries(system: Any, source: Path, folder: str, counts: Counter[str]) -> tuple[list[dict[str, Any]], list[str]]:  # noqa: ANN401
    """The files of one folder with what is known of them, and the folders in it, sorted by name."""
    try:
        listed = sorted(system.ls(folder, detail=True), key=lambda entry: str(entry["name"]))
    except Exception as error:
        raise RequestError(_VANISHED.format(source.name)) from error
    files, below = [], []
    for entry in listed:
        reason = folders.left_out(_name(entry["name"]))
        if str(entry["name"]).rstrip("/") == folder.rstrip("/"):  # some storages list a folder in itself
            continue
        if reason:
            counts[reason] += 1
        elif entry["type"] == "directory":
            below.append(str(entry["name"]))
        else:
            files.append(entry)
    return files, below


def _name(path: str) -> str:
    return str(path).rstrip("/").rpartition("/")[2]


def _part(source: Path, root: str, entry: _Entry) -> Part:
    inside = str(entry["name"])[len(root.rstrip("/")) :].lstrip("/")
    return Part(Locator(source / inside), size=int(entry.get("size") or 0), stamp=_stamp(entry))


def _stamp(entry: _Entry) -> int:
    """A number that changes with the content: its tag where the storage has one, otherwise when it was written."""
    told = next((entry[key] for key in _TELLING if entry.get(key)), "")
    seen = told.isoformat() if isinstance(told, datetime) else str(told)
    return int.from_bytes(hashlib.sha256(seen.encode()).digest()[:7])
