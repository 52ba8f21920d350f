"""Files that came for a patrol: those in a zip are taken out by a child, so that no archive harms the server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gongkai.model.errors import GongkaiError, OversizedDocument, RequestError
from gongkai.service.jobs.queue import Upload
from gongkai.service.limits import Limits
from gongkai.service.screening.engine.child import Line
from gongkai.service.screening.engine.pool import Caps, Done, Pool
from gongkai.service.screening.intake import zips

MOST, BYTES = 200, 200 * 2**20
_LOST = "这个压缩包解开太慢、占用内存太多或者内容异常，已经停止，请解开后直接上传文件。"


@dataclass(frozen=True, slots=True)
class Unpack:
    """Take the files out of a zip. Answer: a tuple of Upload."""

    data: bytes = field(repr=False)


def unpacked(uploads: Sequence[Upload], limits: Limits, caps: Caps) -> list[Upload]:
    """The files, those of zips taken out. Raises RequestError or DocumentError."""
    every: list[Upload] = []
    for upload in uploads:
        every += _taken_out(upload, limits, caps) if upload.name.lower().endswith(".zip") else (upload,)
    if not every:
        raise RequestError("没有要巡查的文件，请选择文件后再提交。")
    if len(every) > MOST:
        raise RequestError(f"一次最多巡查 {MOST} 个文件，请分批提交，或者把文件放进公开目录再巡查。")
    return every


def _taken_out(upload: Upload, limits: Limits, caps: Caps) -> tuple[Upload, ...]:
    with Pool(partial(opened, limits), 1, caps) as pool:
        pool.hello()
        pool.give(Unpack(upload.data))
        while not (outcomes := pool.outcomes()):
            pass
    answer = outcomes[0].answer if isinstance(outcomes[0], Done) else RequestError(_LOST)
    if isinstance(answer, GongkaiError):
        raise answer
    files: tuple[Upload, ...] = answer
    return files


def opened(limits: Limits) -> tuple[Callable[[Unpack, Line], Any], str]:
    """What the child does."""
    return partial(_answered, limits), ""


def _answered(limits: Limits, task: Unpack, line: Line) -> Any:  # noqa: ANN401
    try:
        with tempfile.TemporaryFile() as file:  # without a name: nothing is left of it when the child is killed
            file.write(task.data)
            file.flush()
            return tuple(_members(Path(f"/dev/fd/{file.fileno()}"), limits))
    except GongkaiError as error:
        return error


def _members(path: Path, limits: Limits) -> list[Upload]:
    found: list[Upload] = []
    left = BYTES
    for member in zips.members(path, limits)[: MOST + 1]:
        with zips.member(path, member.name, limits.max_bytes) as file:
            data = file.read(limits.max_bytes + 1)
        left -= len(data)
        if left < 0 or len(data) > limits.max_bytes:
            raise OversizedDocument("压缩包解开后太大，请分批提交。")
        found.append(Upload(member.name, data))
    return found
