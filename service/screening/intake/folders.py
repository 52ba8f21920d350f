"""Folders walked in a stable order, one at a time; nothing is opened."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongkai.model.errors import MissingDocument, RequestError
from gongkai.service.screening.records import Failure, Locator, Part
from gongkai.service.screening.store import NAME

#: The files of one folder, and what could not be read in it.
Group = tuple[list[Part], list[tuple[Part, Failure]]]

_GONE = {getattr(errno, name, 0) for name in ("ESTALE", "EIO", "ENOTCONN", "EHOSTDOWN", "ETIMEDOUT", "ENODEV", "ENXIO")}
_VANISHED = "来源 {} 读不到了（不存在，或者网络盘没有连上），请恢复后用同一条命令继续；已完成的部分都在。"
_EMPTY = "来源 {} 是空的：请确认目录没有选错，网络盘已经连上。"
_CLOSED = "文件夹无权读取或已损坏，里面的文件没有筛查，请检查访问权限。"
_UNREADABLE = "文件不存在或无法读取，请检查文件名和访问权限。"
_SYSTEM = {"thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information", "__macosx"}
_TEMPORARY = re.compile(r"^(?:~\$|~wr[ald]|\.~)|\.(?:tmp|temp|lnk|crdownload|part)$|~$", re.IGNORECASE)
#: A folder of this name holds attachments of the matter in the folder above.
ATTACHED = re.compile(r"^\d{0,3}[.、_-]?\s*(?:附件|附表|附录)(?:材料|资料|文件|夹)?\s*[\d一二三四五六七八九十]{0,3}$")


def left_out(name: str) -> str:
    """Why a file or folder of this name is no document, in Chinese; nothing for one that may be."""
    if _TEMPORARY.search(name):
        return "临时文件和快捷方式"
    if name.lower() in _SYSTEM:
        return "系统文件"
    return "隐藏文件" if name.startswith(".") else ""


def check(source: Path) -> None:
    """Raises RequestError for a source that can't be listed or is an empty folder, as a lost network folder is."""
    try:
        os.stat(source)
        if source.is_dir():
            with os.scandir(source) as listing:
                if next(listing, None) is None:
                    raise RequestError(_EMPTY.format(source.name))
    except OSError as error:
        raise RequestError(_VANISHED.format(source.name)) from error


def walked(root: Path, counts: Counter[str]) -> Iterator[Group]:
    """Each folder's files, those of its folders named 附件 with it, then the folders below; what is no document is
    counted. Links are not followed. Raises RequestError when the root is gone."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        entries, group = _entries(folder, root, counts)
        below = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        attached = [Path(entry.path) for entry in below if ATTACHED.match(entry.name)] if _files(entries) else []
        rest = [Path(entry.path) for entry in below if Path(entry.path) not in attached]
        _add(group, _files(entries))
        for other in attached:
            inner, more = _entries(other, root, counts)
            rest += [Path(entry.path) for entry in inner if entry.is_dir(follow_symlinks=False)]
            _add(group, _files(inner))
            group[1].extend(more[1])
        if group[0] or group[1]:
            yield group
        waiting += sorted(rest, reverse=True)


def listed(paths: Iterable[Path]) -> Group:
    """Files named one by one; links are followed, for somebody named them."""
    group: Group = ([], [])
    for path in paths:
        try:
            _put(group, path, os.stat(path))
        except OSError:
            group[1].append(_failed(path, _UNREADABLE))
    return group


def _entries(folder: Path, root: Path, counts: Counter[str]) -> tuple[list[os.DirEntry[str]], Group]:
    """What may hold documents, sorted by name; nothing and a failure for a folder that can't be listed."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        if any(entry.name == NAME for entry in entries):
            counts["本程序的输出目录"] += 1
            return [], ([], [])
        return [entry for entry in entries if _kept(entry, counts)], ([], [])
    except OSError as error:
        if error.errno in _GONE or not _there(root):
            raise RequestError(_VANISHED.format(root.name)) from error
        return [], ([], [] if isinstance(error, FileNotFoundError) else [_failed(folder, _CLOSED)])


def _there(root: Path) -> bool:
    try:
        return bool(os.listdir(root))
    except OSError:
        return False


def _kept(entry: os.DirEntry[str], counts: Counter[str]) -> bool:
    reason = left_out(entry.name)
    if not reason and entry.is_symlink():
        reason = "链接"
    if not reason and not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        reason = "设备和管道"
    counts[reason] += 1
    if not reason:
        del counts[reason]
    return not reason


def _files(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    return [entry for entry in entries if entry.is_file(follow_symlinks=False)]


def _add(group: Group, entries: Iterable[os.DirEntry[str]]) -> None:
    for entry in entries:
        try:
            _put(group, Path(entry.path), entry.stat(follow_symlinks=False))
        except OSError:
            group[1].append(_failed(Path(entry.path), _UNREADABLE))


def _put(group: Group, path: Path, known: os.stat_result) -> None:
    if stat.S_ISREG(known.st_mode):
        group[0].append(Part(Locator(path), size=known.st_size, stamp=known.st_mtime_ns))
    else:
        group[1].append(_failed(path, "这是文件夹或设备，不是文件，请改为文件名。"))


def _failed(path: Path, message: str) -> tuple[Part, Failure]:
    return Part(Locator(path)), Failure(MissingDocument.slug, message)
