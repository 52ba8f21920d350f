"""Containers of files: what they hold, as bundles, and the bytes of each member; containers in containers too."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from gongkai.model.errors import ArchiveBomb, DocumentError, MissingDocument, OversizedDocument
from gongkai.service.limits import Limits
from gongkai.service.screening.intake import folders, mails, packed, remote, spool, zips
from gongkai.service.screening.intake.bundles import bundled
from gongkai.service.screening.intake.fields import told
from gongkai.service.screening.intake.members import Member
from gongkai.service.screening.intake.spool import Budget
from gongkai.service.screening.records import Bundle, Failure, Locator, Part, Role

#: What can be screened at once, and what can't be.
Ready = Bundle | tuple[Part, Failure]

#: Containers in containers are opened so deep.
DEEPEST = 5
_ZIP, _PACKED, _MAIL = "zip", "packed", "mail"
_KINDS = {
    ".zip": _ZIP,
    **dict.fromkeys((".rar", ".7z", ".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz"), _PACKED),
    **dict.fromkeys((".eml", ".msg"), _MAIL),
}
_BLOCK = 1024 * 1024
_TOO_DEEP = f"压缩包套了超过 {DEEPEST} 层，里面的没有筛查，请解压后再提交。"
_NOT_THERE = "压缩包里没有这个文件，或者它读不出来，请确认压缩包没有换过。"


def kind(name: str) -> str | None:
    """How a container of this name is opened; None for a document."""
    return next((kind for suffix, kind in _KINDS.items() if name.lower().endswith(suffix)), None)


def expand(part: Part, into: Path, limits: Limits, left_out: Counter[str]) -> Iterator[Ready]:
    """The bundles in a container and the failures of what can't be read. Raises OutputError when the spool is full."""
    release(part.locator.path, into)
    yield from _expanded(part, into, limits, left_out, Budget())


def read(locator: Locator, limits: Limits, into: Path | None = None) -> bytes:
    """The bytes of one member. Raises DocumentError."""
    if into is None:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as made:
            return read(locator, limits, Path(made))
    box, name = Locator(locator.path, locator.inside[:-1]), locator.inside[-1]
    file = _file(box, into, limits, Budget())
    if _form(box, file) == _ZIP:
        with zips.member(file, name, limits.max_bytes) as stream:
            return stream.read()
    waiting = _file(locator, into, limits, Budget())
    if waiting.stat().st_size > limits.max_bytes:
        raise OversizedDocument(f"文件超过 {limits.max_bytes / 2**20:g} MB，请压缩图片或拆分后再提交。")
    return waiting.read_bytes()


def release(path: Path, into: Path) -> None:
    """Remove what a container left in the spool."""
    spool.release(path, into)


def _expanded(part: Part, into: Path, limits: Limits, left_out: Counter[str], budget: Budget) -> Iterator[Ready]:
    if len(part.locator.inside) >= DEEPEST:
        yield part, _failure(ArchiveBomb(_TOO_DEEP))
        return
    try:
        file = _file(part.locator, into, limits, budget)
        if _form(part.locator, file) == _MAIL:
            ready = _mail(part, file, into, limits, budget)
        else:
            ready = _archive(part, file, into, limits, left_out, budget)
    except DocumentError as error:
        yield part, _failure(error)
        return
    for item in ready:
        if isinstance(item, Part):
            yield from _expanded(item, into, limits, left_out, budget)
        else:
            yield item


def _archive(
    part: Part, file: Path, into: Path, limits: Limits, left_out: Counter[str], budget: Budget
) -> Iterator[Ready | Part]:
    """Members by folder; a Part alone is a container again. Raises DocumentError before the first one."""
    if _form(part.locator, file) == _ZIP:
        members, broken = zips.members(file, limits), None
    else:
        members, broken = packed.unpack(file, _keeper(part.locator, into, limits, budget), limits)
    budget.take(members=len(members))
    return _sorted(part, [m for m in members if _kept(m.name, left_out)], broken)


def _sorted(part: Part, members: Iterable[Member], broken: DocumentError | None) -> Iterator[Ready | Part]:
    if broken is not None:
        yield part, _failure(broken)
    for _, group in groupby(sorted(members, key=lambda m: (_folder(m.name), m.name)), key=lambda m: _folder(m.name)):
        free: list[Part] = []
        for member in group:
            inner = _inner(part, member.name, member.size)
            if member.error is not None:
                yield inner, _failure(member.error)
            elif kind(member.name) is not None:
                yield inner
            else:
                free.append(inner)
        yield from bundled(free)


def _folder(name: str) -> str:
    """Where a member lies; what is in a folder named 附件 lies with its matter."""
    folder = name.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    return above if above and folders.ATTACHED.match(last) else folder


def _kept(name: str, left_out: Counter[str]) -> bool:
    reason = next((reason for piece in name.split("/") if (reason := folders.left_out(piece))), "")
    if reason:
        left_out[reason] += 1
    return not reason


def _mail(part: Part, file: Path, into: Path, limits: Limits, budget: Budget) -> Iterator[Ready | Part]:
    """The body with the attachments; without a body the attachments as in a folder. Raises DocumentError."""
    mail = mails.read(file, _suffix(part.locator), limits)
    keep = _keeper(part.locator, into, limits, budget)
    budget.take(members=len(mail.files))
    for name, data in mail.files.items():
        keep(name, [data])
    inner = [_inner(part, name, len(data)) for name, data in mail.files.items()]
    documents = [p for p in inner if kind(p.locator.name) is None]
    boxes = [p for p in inner if kind(p.locator.name) is not None]
    if not mail.bodies:
        return iter([*bundled(documents), *boxes])
    main = replace(documents[0], fields={**told({"title": mail.subject}), **part.fields})
    attached = [replace(p, role=Role.attachment) for p in documents[1:]]
    return iter([Bundle((main, *attached)), *boxes])


def _inner(part: Part, name: str, size: int) -> Part:
    return Part(Locator(part.locator.path, (*part.locator.inside, name)), size=size, stamp=part.stamp)


def _keeper(box: Locator, into: Path, limits: Limits, budget: Budget) -> packed.Keep:
    """Writes a member to its place; a container may be larger than a document."""

    def keep(name: str, blocks: Iterable[bytes]) -> int:
        most = limits.max_bytes if kind(name) is None else _largest(limits)
        return spool.keep(spool.place(Locator(box.path, (*box.inside, name)), into), blocks, most, budget)

    return keep


def _largest(limits: Limits) -> int:
    """The bytes of a container within a container."""
    return 8 * limits.max_unpacked


def _file(locator: Locator, into: Path, limits: Limits, budget: Budget) -> Path:
    """The file that holds these bytes, unpacked when it is not there yet. Raises DocumentError."""
    waiting = spool.place(locator, into)
    if not locator.inside:
        return _fetched(locator.path, waiting, limits, budget) if remote.is_url(locator.path) else locator.path
    if waiting.exists():
        return waiting
    box = Locator(locator.path, locator.inside[:-1])
    file = _file(box, into, limits, budget)
    keep = _keeper(box, into, limits, budget)
    form = _form(box, file)
    if form == _ZIP:
        with zips.member(file, locator.inside[-1], _largest(limits)) as stream:
            keep(locator.inside[-1], iter(lambda: stream.read(_BLOCK), b""))
    elif form == _MAIL:
        for name, data in mails.read(file, _suffix(box), limits).files.items():
            keep(name, [data])
    else:
        packed.unpack(file, keep, limits)
    if not waiting.exists():
        raise MissingDocument(_NOT_THERE)
    return waiting


def _fetched(path: Path, waiting: Path, limits: Limits, budget: Budget) -> Path:
    """A container in object storage is copied into the spool."""
    if not waiting.exists():
        spool.keep(waiting, remote.blocks(path), _largest(limits), budget)
    return waiting


def _form(box: Locator, file: Path) -> str | None:
    """How a container is opened: a zip that is called rar is a zip, and the other way round."""
    told = kind(box.name)
    if told == _MAIL:
        return told
    try:
        with file.open("rb") as opened:
            return _ZIP if opened.read(4) in (b"PK\x03\x04", b"PK\x05\x06") else _PACKED
    except OSError as error:
        raise MissingDocument(_NOT_THERE) from error


def _suffix(locator: Locator) -> str:
    return Path(locator.name).suffix.lower()


def _failure(error: DocumentError) -> Failure:
    return Failure(error.slug, error.message)
