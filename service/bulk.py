"""Several files redacted into a folder: formats stay, one bad file never stops the others, nothing half is written."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from gongkai.model.errors import ClassifiedDocument, GongkaiError, OutputError, ProofFailed
from gongkai.service.desk import Desk
from gongkai.service.mapping import Pair, Seal, write_mapping
from gongkai.service.output import identity, remove, write_private_bytes
from gongkai.service.redacting import Copy, Options
from gongkai.service.report import page, pairs, renamed, report, sha256
from gongkai.service.rewriting import OPENERS

_UNMAPPED = "对照表写不出来，已写出的副本没有对照表：请确认目录可写、磁盘没有满，删去这些副本后重新遮蔽。"
_STALE = "旁边有另一份副本的遮蔽报告，和新的副本对不上：请加 --report 重新写报告，或者先把那份报告移走。"


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
        return _reports(target) if self.reports else ()


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
    later = folder and order.rename
    try:
        for path in files:
            try:
                target = _target(path, order.out / path.name if folder else order.out)
                if not later:
                    _free([target, *order.beside(target)], originals, taken)
                with nullcontext() if later else _no_copy(target):
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


@contextmanager
def _no_copy(target: Path) -> Iterator[None]:
    """Where no copy may be given out, none that an earlier run wrote there stays either, nor the report of it."""
    try:
        yield
    except (ProofFailed, ClassifiedDocument) as error:
        if not target.is_file():
            raise
        for path in (target, *_own_reports(target)):
            remove(path)
        raise type(error)(f"{error.message}以前写在那里的副本已删去。") from error


def _reports(target: Path) -> tuple[Path, Path]:
    """Where the report of a copy stands, as data and as a page."""
    return target.with_name(f"{target.name}.report.json"), target.with_name(f"{target.name}.report.html")


def _told(target: Path) -> str:
    """Which copy an earlier report beside this one tells of, by its digest; empty without one."""
    try:
        return str(json.loads(_reports(target)[0].read_bytes())["copy"]["sha256"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _own_reports(target: Path) -> tuple[Path, ...]:
    """The report of the copy that stands there, where there are both and the report tells of this one."""
    told = _told(target)
    return _reports(target) if told and target.is_file() and told == sha256(target.read_bytes()) else ()


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
    """The copy and its reports, or none of them; the report of a copy that is written over goes with it.

    Raises OutputError, also where a report of some other copy would contradict this one.
    """
    files = {target: copy.written.data}
    stale: tuple[Path, ...] = ()
    if not order.reports and _told(target) not in ("", sha256(copy.written.data)):
        stale = _own_reports(target)
        if not stale:
            raise OutputError(_STALE)
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
    for path in stale:
        remove(path)
