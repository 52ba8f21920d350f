"""Several files redacted into a folder: formats stay, one bad file never stops the others, nothing half is written."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

from gongkai.model.errors import ClassifiedDocument, GongkaiError, OutputError, ProofFailed
from gongkai.service.desk import Desk
from gongkai.service.mapping import Pair, Seal, row, write_rows
from gongkai.service.output import identity, remove, write_private_bytes
from gongkai.service.redacting import Copy, Options
from gongkai.service.report import page, pairs, renamed, report, sha256
from gongkai.service.rewriting import OPENERS

_UNMAPPED = "对照表写不出来，所以没有写副本：请确认对照表的目录可写、磁盘没有满，再遮蔽一次。"
_STALE = "旁边有另一份副本的遮蔽报告，和新的副本对不上：请加 --report 重新写报告，或者先把那份报告移走。"


@dataclass(frozen=True)
class Order:
    """What one run writes: copies as `out` (a file for a single one, else a folder), reports, an encrypted mapping.

    With `resume`, a copy that an earlier run finished stays as it is; `mapped` are the mappings of earlier runs.
    """

    out: Path
    options: Options = field(default_factory=Options)
    reports: bool = False
    show_kept: bool = False
    made: str = ""
    mapping: Path | None = None
    seal: Seal | None = None
    rename: bool = False
    resume: bool = False
    mapped: frozenset[str] = frozenset()

    def to_folder(self, files: Sequence[Path]) -> bool:
        """Whether `out` means a folder: there is one, or several files, or no extension."""
        return self.out.is_dir() or len(files) > 1 or not self.out.suffix

    def beside(self, target: Path) -> tuple[Path, ...]:
        """Where the report of a copy stands, as data and as a page."""
        return _reports(target) if self.reports else ()


class Earlier:
    """A copy that an earlier run finished: it stands there with its report, and this run left both as they are."""


class _Mapping:
    """The mapping of a run, on disk before every copy that it tells of: a run may end at any moment."""

    def __init__(self, order: Order) -> None:
        self._order, self._rows, self.id = order, list[str](), uuid.uuid4().hex if order.mapping else ""

    @contextmanager
    def holding(self, path: Path, copy: Copy) -> Iterator[None]:
        """What a copy hides is written down first; where the copy can't be written then, it goes again."""
        more = [row(Pair(str(path), *values)) for values in pairs(copy)]
        self._write([*self._rows, *more])
        try:
            yield
        except GongkaiError:
            with suppress(OutputError):
                self._write(self._rows)
            raise
        self._rows += more

    def end(self) -> None:
        """A run without a copy has an empty one, unless it goes on with the work of another."""
        if not self._rows and not self._order.resume:
            self._write([])

    def _write(self, rows: Sequence[str]) -> None:
        if not self._order.mapping or not self._order.seal:
            return
        try:
            write_private_bytes(self._order.mapping, write_rows(rows, self._order.seal, self.id))
        except OutputError as error:
            raise OutputError(_UNMAPPED) from error


def redact_all(
    desk: Desk, files: Sequence[Path], order: Order
) -> Generator[tuple[Path, Copy | Earlier | GongkaiError], None, None]:
    """Each file with its copy, which is written, or with what went wrong. Raises OutputError for the whole run."""
    folder = order.to_folder(files)
    if folder:
        _make(order.out)
    originals = {place for path in files if (place := identity(path))}
    run = _Run(desk, order, folder, originals, _places([order.mapping] if order.mapping else []), _Mapping(order))
    for path in files:
        try:
            result: Copy | Earlier | GongkaiError = run.one(path)
        except GongkaiError as error:
            result = error
        yield path, result
    run.mapping.end()


@dataclass(frozen=True)
class _Run:
    """What holds for all files of a run, and the names that its copies have taken."""

    desk: Desk
    order: Order
    folder: bool
    originals: set[tuple[int, int]]
    taken: set[str]
    mapping: _Mapping

    def one(self, path: Path) -> Copy | Earlier:
        """The copy of a file, which is written or stands there already. Raises GongkaiError."""
        order, later = self.order, self.folder and self.order.rename
        target = _target(path, order.out / path.name if self.folder else order.out)
        earlier = order.resume and _finished(self.desk, path, target, order)
        if earlier or not later:
            self._take(target)
        if earlier:
            return Earlier()
        with nullcontext() if later else _no_copy(target):
            copy = self.desk.redact_file(path, order.options)
        if later:
            target = _renamed(copy, target, order, self.taken)
            self._take(target)
        with self.mapping.holding(path, copy):
            _write(copy, target, self.desk, order, self.mapping.id)
        return copy

    def _take(self, target: Path) -> None:
        _free([target, *self.order.beside(target)], self.originals, self.taken)


def _finished(desk: Desk, path: Path, target: Path, order: Order) -> bool:
    """Whether a copy and its report stand there that this run would make again: of the same file, by the same engine
    and options, with its values in a mapping where one is wanted. Raises DocumentError for the original."""
    told, engine = _report(target), desk.screener.engine
    try:
        same = (
            told["source"]["sha256"] == sha256(desk._contents(path))
            and told["copy"]["sha256"] == sha256(target.read_bytes())
            and told["engine"] == {"version": engine.version, "model": engine.model, "rulebook": engine.rulebook}
            and (told["profile"], told["style"]) == (engine.profile, order.options.style.name)
            and (told["run"]["pictures"], told["run"]["keyed"]) == (order.options.pictures, False)
            and all(("shown" in entry) == order.show_kept for entry in told["kept"])
            and (not order.mapping or not told["hidden"] or told["run"]["mapping"] in order.mapped)
            and (not order.rename or told["source"]["name"] == path.name)
        )
        return same and all(file.is_file() for file in _reports(target))
    except (OSError, LookupError, TypeError):
        return False


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


def _report(target: Path) -> Any:  # noqa: ANN401
    """What an earlier report beside a copy tells; None without one."""
    try:
        return json.loads(_reports(target)[0].read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _told(target: Path) -> str:
    """Which copy an earlier report beside this one tells of, by its digest; empty without one."""
    try:
        return str(_report(target)["copy"]["sha256"])
    except (LookupError, TypeError):
        return ""


def _own_reports(target: Path) -> tuple[Path, ...]:
    """The report of the copy that stands there, where there are both and the report tells of this one."""
    told = _told(target)
    return _reports(target) if told and target.is_file() and told == sha256(target.read_bytes()) else ()


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


def _write(copy: Copy, target: Path, desk: Desk, order: Order, mapping: str) -> None:
    """The copy and its reports, or none of them; the report of a copy that is written over goes with it.

    The report as data comes last: where it tells of the copy that stands there, all is written.

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
        told["run"] = {
            "pictures": order.options.pictures,
            "keyed": bool(order.options.style.key),
            "mapping": mapping,
        }
        whole = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        told_in, shown_in = order.beside(target)
        files |= {shown_in: page([told]).encode(errors="replace"), told_in: whole.encode(errors="replace")}
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
