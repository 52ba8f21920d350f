"""The job `patrol`: every file of the folder of published files, or every uploaded one, checked and written down.

A file with a secrecy mark leaves only its number; files with findings are kept as long as the results, to be redacted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from gongkai.model.errors import ClassifiedDocument, GongkaiError, MissingDocument, OversizedDocument, RequestError
from gongkai.service.checks import Kind
from gongkai.service.crew.orders import Check
from gongkai.service.errors import StoreError
from gongkai.service.jobs import queue
from gongkai.service.jobs.queue import OUT, Upload, problem
from gongkai.service.jobs.work import Work
from gongkai.service.readers import READERS
from gongkai.service.rewriting import OPENERS
from gongkai.service.wire import Json

CLEAN, FOUND, FAILED, STOPPED = "clean", "found", "failed", "stopped"
LIST, FILE = "list", "file"
MOST = 100_000
_GONE = "文件已经移走或者读不出来，请确认后重新巡查。"
_OUTSIDE = "文件不在公开目录里，没有检查。"
_NO_FOLDER = "没有设置公开文件的目录（GONGKAI_PUBLISHED），或者目录不存在，请告诉系统管理员，或者上传文件巡查。"


def patrol(work: Work) -> Json:
    """Check every file; a bad one never stops the others, and a job that goes on begins where the last one stopped."""
    label = str(work.order.get("label", "proactive"))
    source = _Folder(work) if work.order.get("folder") else _Uploads(work)
    for number in range(work.claim.done, source.total):
        work.check()
        _write(work, source, number, *_checked(work, source, number, label))
    source.end()
    return work.read(work.result)


class _Uploads:
    """Files that came with the job."""

    def __init__(self, work: Work) -> None:
        self.work, self.total, self.keeps = work, work.claim.total, True

    def file(self, number: int) -> Upload:
        return self.work.file(number)

    def end(self) -> None:
        """Nothing is left to do: each file went with its row."""


class _Folder:
    """The files of the folder as it was when the job began; the list goes with the end of the job."""

    def __init__(self, work: Work) -> None:
        self.work, self.keeps = work, False
        self.root = root_of(work.house.settings.published)
        self.names = self._names()
        self.total = len(self.names)

    def _names(self) -> list[str]:
        vault, id, at = self.work.house.vault, self.work.claim.id, self.work.house.clock()
        kept = self.work.read(lambda session: vault.get(session, OUT, id, LIST))
        if kept is not None:
            names: list[str] = json.loads(kept)
            return names
        names = listed(self.root)

        def put(session: Session) -> None:
            vault.drop(session, OUT, id, LIST)
            vault.put(session, OUT, id, json.dumps(names).encode(), role=LIST, at=at)

        self.work.write(put, total=len(names))
        return names

    def file(self, number: int) -> Upload:
        name = self.names[number]
        return Upload(name, read(self.root, name, self.work.house.settings.limits.max_bytes))

    def end(self) -> None:
        vault, id = self.work.house.vault, self.work.claim.id
        self.work.write(lambda session: vault.drop(session, OUT, id, LIST))


def root_of(folder: Path | None) -> Path:
    """The folder of published files, links followed. Raises RequestError."""
    try:
        if folder is not None and folder.is_dir():
            return folder.resolve(strict=True)
    except OSError:
        pass
    raise RequestError(_NO_FOLDER)


def listed(root: Path) -> list[str]:
    """Every file below the folder that can be checked, by its path in it, in a stable order."""
    names = sorted(_names(root))
    if len(names) > MOST:
        raise RequestError(f"公开目录里的文件超过 {MOST} 个，请分目录巡查。")
    return names


def _names(root: Path) -> Iterator[str]:
    known = {*READERS, *OPENERS}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(folder) / name
            if not name.startswith(".") and path.suffix.lower() in known and _plain(path):
                yield path.relative_to(root).as_posix()


def _plain(path: Path) -> bool:
    """Whether it is a file itself: no link, and no pipe, which would be waited at for ever."""
    return not path.is_symlink() and path.is_file()


def read(root: Path, name: str, most: int) -> bytes:
    """A file below the folder, never one outside it. Raises DocumentError."""
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root):
            raise MissingDocument(_OUTSIDE)
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise MissingDocument(_GONE) from error
    if len(data) > most:
        raise OversizedDocument(f"文件超过 {most / 2**20:g} MB，没有检查，请拆分或者压缩图片。")
    return data


def mark(name: str) -> str:
    """What stands for the name of a stopped file: nobody can read it back who doesn't have the folder."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _checked(work: Work, source: _Uploads | _Folder, number: int, label: str) -> tuple[str, Json, bytes]:
    """Status, row and, of a file to be redacted, its bytes."""
    name, data = "", b""
    try:
        upload = source.file(number)
        name, data = upload.name, upload.data
        result: Json = work.ask(Check(data, Path(name).name, label))
    except ClassifiedDocument:
        return STOPPED, {"mark": mark(source.names[number])} if isinstance(source, _Folder) else {}, b""
    except StoreError:
        raise
    except GongkaiError as error:
        name = name or (source.names[number] if isinstance(source, _Folder) else "")
        return FAILED, {"file": name, "problem": problem(error)}, b""
    if result["clean"]:
        return CLEAN, {"file": name, "look": result["look"]}, b""
    return FOUND, {"file": name, "result": result}, data


def _write(work: Work, source: _Uploads | _Folder, number: int, status: str, row: Json, data: bytes) -> None:
    counts = row.get("result", {}).get("counts", {})

    def put(session: Session) -> None:
        products = {FILE: data} if data and source.keeps else {}
        work.keep(session, number, {"number": number, "status": status, "file": ""} | row, **products)
        if source.keeps:
            work.drop(session, number)
        work.count(session, number + 1, status)
        _add_up(work, session, number, status, counts)

    work.write(put)


def _add_up(work: Work, session: Session, number: int, status: str, counts: Json) -> None:
    """Keep which files to look at and how much of each kind there is in the job's result: numbers only."""
    if status == CLEAN:
        return
    result = work.result(session)
    kinds = {kind.value: int(result.get(kind.value, 0)) + int(counts.get(kind.value, 0)) for kind in Kind}
    look = [*result.get("look", []), number]
    queue.held(session, work.claim, at=work.house.clock(), result=result | kinds | {"look": look})
