"""Where a backlog's documents lie: folders, archives, mails, registers and JSONL become bundles.

`found` lists: it opens no document and no container, so the parent process may call it (of JSONL it reads the lines).
`read_registers`, `expand` and `contents` parse what others made: call them in a child with limits on time and memory.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from gongkai.model.errors import MissingDocument, OversizedDocument, RequestError
from gongkai.service.limits import Limits
from gongkai.service.screening.intake import archives, folders, lines, registers, remote
from gongkai.service.screening.intake.archives import Ready as Ready
from gongkai.service.screening.intake.bundles import bundled
from gongkai.service.screening.intake.registers import NONE, Registers
from gongkai.service.screening.records import Bundle, Locator, Part, Role

#: A bundle to screen, a file with its failure, or a Part alone: a container, to be given to `expand`.
Item = Ready | Part

_DEFAULTS = Limits()
_MISSING = "文件不存在或无法读取，请检查文件名和访问权限。"


def is_container(part: Part) -> bool:
    """Whether a file holds other files (zip, rar, 7z, tar, eml, msg), by its name alone."""
    return archives.kind(part.locator.name) is not None


def read_registers(sources: Sequence[Path], limits: Limits = _DEFAULTS) -> Registers:
    """For a child: what is said by those sources that are registers (CSV or XLSX with a column of file names).

    Raises RequestError for a register that can't be read.
    """
    return registers.read([_absolute(source) for source in sources], limits)


def found(
    sources: Sequence[Path], registered: Registers = NONE, left_out: Counter[str] | None = None
) -> Iterator[Item]:
    """For the parent: everything below the sources in a stable order, each file once; at most one folder in memory.

    Hidden files, locks, links and the like are counted in `left_out` by a Chinese name. Raises RequestError, before or
    on the way, when a source is missing, empty or no longer there; what came before stays valid.
    """
    counts: Counter[str] = Counter() if left_out is None else left_out
    check_reachable(sources)
    yield from registered.failures
    rest = set(registered.rows) | registered.taken
    for root in _roots(sources):
        if root in registered.sources:
            continue
        for parts, failures in _groups(root, counts):
            rest.difference_update(part.locator.path for part in parts)
            yield from failures
            yield from _grouped(parts, registered)
        if root.suffix.lower() == lines.SUFFIX:
            yield from lines.read(root)
    for _, paths in groupby(sorted(rest), key=lambda path: path.parent):
        parts, failures = folders.listed(paths)
        yield from failures
        yield from _grouped(parts, registered)


def check_reachable(sources: Sequence[Path]) -> None:
    """Raises RequestError when a source is missing, empty or no longer there.

    To be called as well when a file turns out missing: a network folder that vanished must stop the run, not turn
    every further file into a failure.
    """
    for source in sources:
        if remote.is_url(source):
            remote.check(source)
        else:
            folders.check(_absolute(source))
    if not sources:
        raise RequestError("没有要筛查的来源，请给出文件夹、压缩包、登记表或 JSONL。")


def expand(
    part: Part, spool: Path, limits: Limits = _DEFAULTS, left_out: Counter[str] | None = None
) -> Iterator[Ready]:
    """For a child: what a container holds, containers in it too (to a depth of 5), in a stable order.

    Zip is read in place; of rar, 7z, tar and mails the members are written to the private folder `spool`, where
    `contents` finds them until `release`. A container or member that can't be read comes out with its failure, and the
    others with their bundles. Allow time by size: unpacking runs at some 20 MB a second. Raises OutputError when the
    spool is full.
    """
    return archives.expand(part, spool, limits, Counter() if left_out is None else left_out)


def contents(part: Part, limits: Limits = _DEFAULTS, spool: Path | None = None) -> bytes:
    """For a child: the bytes of one part, to be read by the extension of `part.locator.name`.

    Without `spool` a container's members are unpacked for this one call. Raises DocumentError; MissingDocument also
    when the source vanished, which `check_reachable` tells apart.
    """
    if part.text is not None:
        return part.text.encode("utf-8", "surrogatepass")
    locator = part.locator
    if locator.inside and locator.path.suffix.lower() == lines.SUFFIX:
        return lines.text(locator).encode("utf-8", "surrogatepass")
    return archives.read(locator, limits, spool) if locator.inside else _plain(locator.path, limits)


def release(part: Part, spool: Path) -> None:
    """For the parent: remove what a container left in the spool, once all its members are done."""
    archives.release(part.locator.path, spool)


def located(shown: str) -> Locator:
    """The place that `Locator.shown` told, for files that are still where they were."""
    pieces = shown.split("!")
    paths = [(n, _on_disk(Path("!".join(pieces[:n])))) for n in range(len(pieces), 0, -1)]
    count, path = next(((n, path) for n, path in paths if path.is_file()), (len(pieces), Path(shown)))
    inside: list[str] = []
    for piece in pieces[count:]:
        if inside and archives.kind(inside[-1]) is None:  # an exclamation mark of the name itself
            inside[-1] += f"!{piece}"
        else:
            inside.append(piece)
    return Locator(path, tuple(inside))


def _on_disk(path: Path) -> Path:
    """The path as the disk has it, where a name is in GBK there."""
    if path.exists():
        return path
    found = Path(path.anchor)
    for piece in path.relative_to(found).parts:
        there = found / piece
        found = there if there.exists() else found / os.fsdecode(piece.encode("gb18030", "replace"))
    return found


def _absolute(path: Path) -> Path:
    """Without following links: a path must stay the same from run to run."""
    return path if remote.is_url(path) else Path(os.path.abspath(path))


def _roots(sources: Sequence[Path]) -> list[Path]:
    """Sorted, each once, and none that lies below another."""
    given = sorted({_absolute(source) for source in sources})
    return [path for path in given if not any(other in path.parents for other in given)]


def _groups(root: Path, left_out: Counter[str]) -> Iterator[folders.Group]:
    if remote.is_url(root):
        yield from remote.walked(root, left_out)
    elif root.is_dir():
        yield from folders.walked(root, left_out)
    elif root.suffix.lower() != lines.SUFFIX:
        yield folders.listed([root])


def _grouped(parts: Sequence[Part], registered: Registers) -> Iterator[Item]:
    """The parts of one folder as bundles and containers, sorted by path; what a register joins stays joined."""
    free: list[Part] = []
    items: list[tuple[Locator, Item]] = []
    known = registered.taken | registered.sources
    for part in (_told(part, registered) for part in parts if part.locator.path not in known):
        if part.locator.path in registered.attached:
            bundle = _joined(part, registered)
            items.append((part.locator, bundle))
        elif is_container(part):
            items.append((part.locator, part))
        else:
            free.append(part)
    items += [(bundle.main.locator, bundle) for bundle in bundled(free)]
    yield from (item for _, item in sorted(items, key=lambda pair: pair[0]))


def _told(part: Part, registered: Registers) -> Part:
    fields = registered.rows.get(part.locator.path)
    return Part(part.locator, part.role, part.size, part.stamp, fields) if fields else part


def _joined(part: Part, registered: Registers) -> Bundle:
    attached, _ = folders.listed(registered.attached[part.locator.path])
    return Bundle((part, *(Part(p.locator, Role.attachment, p.size, p.stamp) for p in attached)))


def _plain(path: Path, limits: Limits) -> bytes:
    if remote.is_url(path):
        return remote.contents(path, limits.max_bytes)
    try:
        if path.stat().st_size > limits.max_bytes:
            raise OversizedDocument(f"文件超过 {limits.max_bytes / 2**20:g} MB，请压缩图片或拆分后再提交。")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise MissingDocument(_MISSING) from error
