"""Several files redacted into a folder: formats stay, one bad file never stops the others, nothing half is written."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from gongkai.model.errors import GongkaiError, OutputError
from gongkai.service.desk import Desk
from gongkai.service.mapping import Pair, Seal, write_mapping
from gongkai.service.output import identity, remove, write_private_bytes
from gongkai.service.redacting import Copy, Options
from gongkai.service.report import page, pairs, renamed, report
from gongkai.service.rewriting import OPENERS

_UNMAPPED = "对照表写不出来，已写出的副本没有对照表：请确认目录可写、磁盘没有满，删去这些副本后重新遮蔽。"


@dataclass(frozen=True)
class Order:
    """What one run writes: copies as `out` (a file for a single one, else a folder), reports, an encrypted mapping."""

    out: Path
    options: Options = field(default_factory=Options)
    reports: bool = False
    show_kept: bool = False
    made: str = ""
    mapping: Path | None = None
    seal: Seal | None = None
    rename: bool = False

    def to_folder(self, files: Sequence[Path]) -> bool:
        """Whether `out` means a folder: there is one, or several files, or no extension."""
        return self.out.is_dir() or len(files) > 1 or not self.out.suffix

    def beside(self, target: Path) -> tuple[Path, ...]:
        """Where the report of a copy stands, as data and as a page."""
        return tuple(target.with_name(f"{target.name}.report{end}") for end in (".json", ".html") if self.reports)


def redact_all(
    desk: Desk, files: Sequence[Path], order: Order
) -> Generator[tuple[Path, Copy | GongkaiError], None, None]:
    """Each file with its copy, which is written, or with what went wrong. Raises OutputError for the whole run."""
    folder = order.to_folder(files)
    if folder:
        _make(order.out)
    taken = _places([order.mapping] if order.mapping else [])
    originals = {place for path in files if (place := identity(path))}
    sealed: list[Pair] = []
    try:
        for path in files:
            try:
                target = _target(path, order.out / path.name if folder else order.out)
                later = folder and order.rename
                if not later:
                    _free([target, *order.beside(target)], originals, taken)
                copy = desk.redact_file(path, order.options)
                if later:
                    target = _renamed(copy, target, order, taken)
                    _free([target, *order.beside(target)], originals, taken)
                _write(copy, target, desk, order)
                sealed += (Pair(str(path), *row) for row in pairs(copy))
            except GongkaiError as error:
                yield path, error
                continue
            yield path, copy
    finally:  # a run that is stopped has written copies, too
        if order.mapping and order.seal:
            _map(order.mapping, write_mapping(sealed, order.seal))


def _map(path: Path, data: bytes) -> None:
    try:
        write_private_bytes(path, data)
    except OutputError as error:
        raise OutputError(_UNMAPPED) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError("输出目录建不了，请确认上级目录存在并且可写。") from error


def _target(source: Path, target: Path) -> Path:
    """Where the copy goes. Raises OutputError for the name of another format, which the copy would not be."""
    wanted, own = (OPENERS.get(path.suffix.lower()) for path in (target, source))
    if wanted and own and wanted != own:
        raise OutputError(f"副本保持原来的格式，输出的文件名应当以 {source.suffix.lower()} 结尾，请换一个文件名。")
    return target


def _free(targets: Sequence[Path], originals: set[tuple[int, int]], taken: set[str]) -> None:
    """Take the names of a copy. Raises OutputError for an original, whosever it is, and for what another has taken."""
    if any(identity(target) in originals for target in targets):
        raise OutputError("输出不能是原文件，请换一个文件名。")
    places = _places(targets)
    if places & taken:
        raise OutputError("同名的文件已经写在输出目录里，请分开遮蔽。")
    taken |= places


def _renamed(copy: Copy, target: Path, order: Order, taken: set[str]) -> Path:
    """Where a copy goes that is called without the hidden values, numbered where another is called so; what an earlier
    run left is written again where it is the same."""
    bare = target.with_name(renamed(copy, target.name))
    if bare == target:
        return target
    names = (bare.with_stem(f"{bare.stem}{mark}") for mark in chain(("",), (f"（{n}）" for n in count(2))))
    return next(name for name in names if not _places([name, *order.beside(name)]) & taken and _open_to(copy, name))


def _open_to(copy: Copy, name: Path) -> bool:
    """Whether nothing stands under a name, or the same copy."""
    try:
        return not os.path.lexists(name) or name.read_bytes() == copy.written.data
    except OSError:
        return False


def _places(paths: Iterable[Path]) -> set[str]:
    return {os.path.abspath(path) for path in paths}


def _write(copy: Copy, target: Path, desk: Desk, order: Order) -> None:
    """The copy and its reports, or none of them. Raises OutputError."""
    files = {target: copy.written.data}
    if order.reports:
        told = report(copy, desk.screener.rules, target.name, order.made, order.show_kept)
        whole = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        files |= zip(
            order.beside(target), (whole.encode(errors="replace"), page([told]).encode(errors="replace")), strict=True
        )
    written: list[Path] = []
    try:
        for path, data in files.items():
            write_private_bytes(path, data)
            written.append(path)
    except OutputError:
        for path in written:
            remove(path)
        raise
