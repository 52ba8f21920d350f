"""The job `screen`: an uploaded archive through the machinery of `gongkai screen`, its records into the store."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
from multiprocessing.connection import Connection
from pathlib import Path

from gongkai.model.errors import GongkaiError, OutputError, RequestError
from gongkai.service.jobs.queue import Upload
from gongkai.service.jobs.work import GivenBack, Work
from gongkai.service.review.bringing import Source, bring_in
from gongkai.service.screening.engine.child import seclude
from gongkai.service.screening.engine.orders import Ended, Order
from gongkai.service.screening.engine.progress import Progress, Tally
from gongkai.service.screening.engine.running import run
from gongkai.service.wire import Json

_TICK, _GRACE = 0.5, 30.0
_KIND = re.compile(r"\.[a-z0-9]{1,8}")
_CRASH = "筛查没有做完就中断了，请重新提交；一直这样，请告诉管理员。"
_NO_ROOM = "数据目录写不进去，请确认磁盘没有满、目录可写。"
Told = tuple[int, int] | Ended | GongkaiError


def screen(work: Work) -> Json:
    """Screen an archive, and bring what was found in as a backlog (`name`) of the owner's unit.

    The archive lies in a private folder until the job has ended; the folder of results stays.
    """
    actor, settings = work.actor(), work.house.settings
    folder = settings.data / "screened" / work.claim.id
    archive = _written(work.file(0), folder)
    order = Order(
        (archive,), folder / "out", settings, 1, settings.task_seconds, settings.task_memory >> 20, report=False
    )
    try:
        _screened(work, order)
    except GivenBack:
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    archive.unlink(missing_ok=True)
    name = str(work.order.get("name", "")) or "上传的存量文件"
    brought = bring_in(work.house.database, actor, Source(order.out, name, actor.unit_id), work.house.clock)
    return {key: getattr(brought, key) for key in ("backlog", "new", "changed", "same", "gone", "stopped", "failed")}


def _written(upload: Upload, folder: Path) -> Path:
    kind = Path(upload.name).suffix.lower()
    archive = folder / f"上传{kind if _KIND.fullmatch(kind) else ''}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(upload.data)
    except OSError as error:
        raise OutputError(_NO_ROOM) from error
    return archive


def _screened(work: Work, order: Order) -> Ended:
    """The run in a process of its own, as it wants the main thread; asked to stop when the job has to."""
    context = multiprocessing.get_context("spawn")
    line, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_apart, args=(theirs, order))
    process.start()
    theirs.close()
    try:
        return _heard(work, line)
    finally:
        process.terminate()
        process.join(_GRACE)
        process.kill()
        process.join()
        line.close()


def _heard(work: Work, line: Connection) -> Ended:
    while True:
        work.check()
        if not line.poll(_TICK):
            continue
        try:
            told: Told = line.recv()
        except EOFError:
            raise RequestError(_CRASH) from None
        if isinstance(told, Ended):
            return told
        if isinstance(told, GongkaiError):
            raise told
        work.write(done=told[0], total=told[1])


def _apart(line: Connection, order: Order) -> None:
    seclude()
    try:
        line.send(run(order, _Telling(line)))
    except GongkaiError as error:
        line.send(error)


class _Telling(Progress):
    """Counts for the job instead of a bar."""

    def __init__(self, line: Connection) -> None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            super().__init__(nowhere)
        self._line, self._last = line, 0.0

    def tick(self, tally: Tally) -> None:
        """Tell where the run stands, every other second."""
        if (now := self._clock()) - self._last >= 2:
            self._last = now
            self._line.send((tally.done, max(tally.total, tally.done)))

    def end(self, tally: Tally) -> None:
        """Tell it for the last time."""
        self._line.send((tally.done, tally.done))
