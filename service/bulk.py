"""Several files redacted into a folder: formats stay, one bad file never stops the others, nothing half is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.model.errors import GongkaiError, OutputError
from gongkai.service.desk import Desk
from gongkai.service.mapping import Pair, Seal, write_mapping
from gongkai.service.output import write_private, write_private_bytes
from gongkai.service.redacting import Copy, Options
from gongkai.service.report import page, pairs, report


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

    def to_folder(self, files: Sequence[Path]) -> bool:
        """Whether `out` means a folder: there is one, or several files, or no extension."""
        return self.out.is_dir() or len(files) > 1 or not self.out.suffix


def redact_all(desk: Desk, files: Sequence[Path], order: Order) -> Iterator[tuple[Path, Copy | GongkaiError]]:
    """Each file with its copy, which is written, or with what went wrong. Raises OutputError for the whole run."""
    folder = order.to_folder(files)
    if folder:
        _make(order.out)
    written: set[Path] = set()
    sealed: list[Pair] = []
    for path in files:
        try:
            target = _target(path, order.out / path.name if folder else order.out, written)
            copy = desk.redact_file(path, order.options)
            _write(copy, target, desk, order)
        except GongkaiError as error:
            yield path, error
            continue
        sealed += (Pair(str(path), *row) for row in pairs(copy))
        yield path, copy
    if order.mapping and order.seal:
        write_private_bytes(order.mapping, write_mapping(sealed, order.seal))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputError("输出目录建不了，请确认上级目录存在并且可写。") from error


def _target(source: Path, target: Path, written: set[Path]) -> Path:
    """Where the copy goes. Raises OutputError for the source itself and for a name that another file has taken."""
    if target.exists() and source.exists() and target.samefile(source):
        raise OutputError("输出不能是原文件，请换一个文件名。")
    if target in written:
        raise OutputError("同名的文件已经写在输出目录里，请分开遮蔽。")
    written.add(target)
    return target


def _write(copy: Copy, target: Path, desk: Desk, order: Order) -> None:
    write_private_bytes(target, copy.written.data)
    if order.reports:
        told = report(copy, desk.screener.rules, target.name, order.made, order.show_kept)
        write_private(beside(target, ".json"), json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        write_private(beside(target, ".html"), page([told]))


def beside(target: Path, extension: str) -> Path:
    """Where the report of a copy stands."""
    return target.with_name(f"{target.name}.report{extension}")
