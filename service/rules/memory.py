"""The tables of a rulebook as texts in memory, so that a version can be checked and tried without files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import TABLES, Rulebook, home
from gongkai.model.tablefile import Folder

Files = dict[str, str]
#: File name -> the name of its rows and what they hold.
ROWS = {file: (table, kind) for file, table, kind in TABLES.values()}
MOST = 1024 * 1024
_BAD = (RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class _Text:
    file: str
    content: str | None

    def read_text(self, encoding: str = "utf-8") -> str:
        if self.content is None:
            raise FileNotFoundError(self.file)
        return self.content

    def read_bytes(self) -> bytes:
        return self.read_text().encode()


@dataclass(frozen=True, slots=True)
class Memory:
    """As much of a folder as the rulebook asks of one."""

    files: Files

    def __truediv__(self, file: str) -> _Text:
        return _Text(file, self.files.get(file))


def shipped(folder: Folder | None = None) -> Files:
    """The tables of a folder, without one those that ship. Raises RulebookError when one can't be read."""
    at = folder or resources.files("gongkai.model.tables")
    return {file: _read(at, file) for file in sorted(ROWS)}


def _read(folder: Folder, file: str) -> str:
    try:
        return (home(folder, file) / file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"规则表 {file} 读不出来，请确认目录里有这个文件，并且是 UTF-8 编码。") from error


def loaded(files: Files, profile: str = "default") -> Rulebook:
    """The rulebook of these tables. Raises RulebookError (file, row, what to do)."""
    large = next((file for file, text in files.items() if len(text) > MOST), "")
    if large:
        raise RulebookError(f"规则表 {large} 超过 {MOST // 2**20} MB，请精简以后再保存。")
    try:
        return Rulebook.load(Memory(files), profile)  # type: ignore[arg-type]  # it asks no more of a folder
    except _BAD as error:
        raise RulebookError("规则表里有嵌套过深或者重复次数过大的写法，请简化正则表达式或者括号。") from error


def digest(files: Files) -> str:
    """The digest that `Rulebook.load` gives the same tables."""
    content = hashlib.sha256()
    for _, (file, _, _) in sorted(TABLES.items()):
        content.update(files.get(file, "").encode())
    return "sha256:" + content.hexdigest()[:16]
