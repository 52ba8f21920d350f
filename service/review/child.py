"""Work on other people's bytes that no order of the crew does: filled workbooks, files inside archives."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.service.limits import Limits
from gongkai.service.screening.decisions.filled import Filled, Wrong, read_filled
from gongkai.service.screening.engine.child import Line
from gongkai.service.screening.engine.pool import Caps, Done, Pool
from gongkai.service.screening.intake import sources
from gongkai.service.screening.records import Locator, Part

#: So that many readers at once start no more children than a small machine can hold.
_ROOM = threading.Semaphore(2)
_LOST = "这个文件处理起来太慢、占用内存太多或者内容异常，已经停止，请换一份文件。"


@dataclass(frozen=True, slots=True)
class Rows:
    """Read a filled worklist. Answer: a tuple of Filled and Wrong."""

    data: bytes = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Unpack a file from a container. Answer: its bytes."""

    locator: Locator


Task = Rows | Fetch


def done(task: Task, limits: Limits, caps: Caps) -> Any:  # noqa: ANN401
    """Do a task in a child of its own, which ends with it. Raises GongkaiError."""
    with _ROOM, Pool(partial(opened, limits), 1, caps) as pool:
        pool.hello()
        pool.give(task)
        while not (outcomes := pool.outcomes()):
            pass
    answer = outcomes[0].answer if isinstance(outcomes[0], Done) else RequestError(_LOST)
    if isinstance(answer, GongkaiError):
        raise answer
    return answer


def opened(limits: Limits) -> tuple[Callable[[Task, Line], Any], str]:
    """What the child does."""
    return partial(_answered, limits), ""


def _answered(limits: Limits, task: Task, line: Line) -> Any:  # noqa: ANN401
    try:
        return _rows(task) if isinstance(task, Rows) else sources.contents(Part(task.locator), limits)
    except GongkaiError as error:
        return error


def _rows(task: Rows) -> tuple[Filled | Wrong, ...]:
    suffix = ".jsonl" if task.name.lower().endswith(".jsonl") else ".xlsx"
    with tempfile.TemporaryDirectory(prefix=".gongkai-") as folder:
        path = Path(folder) / f"filled{suffix}"
        path.touch(mode=0o600)
        path.write_bytes(task.data)
        return tuple(replace(row, file=task.name) for row in read_filled(path))
