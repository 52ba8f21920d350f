"""The recogniser of the extra `ocr` in a process of its own: a picture that takes too long is stopped, not waited for.

`python -m gongkai.service.rewriting.recogniser` is that process. It reads pictures from its standard input (height and
width as four bytes each, then the dots, blue green red) and answers each with one line of JSON.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from gongkai.model.errors import CrashingDocument, SlowDocument

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Wall-clock seconds for one picture, however often it is turned.
SECONDS = 180.0
#: A picture higher than so many times its width gets an edge: it would be blown up until its width were enough.
_SLIM = 3
#: What the recogniser takes for a single line, by its width in heights; between the two pictures get an edge as well.
_LINE = 8
#: Not from the working folder: a document there may be called like a module.
_COMMAND = (sys.executable, "-P", "-m", "gongkai.service.rewriting.recogniser")
_SIZE = struct.Struct(">II")
_LOCK = threading.Lock()
_SLOW = "图片里的文字识别了{:g}秒还没有完成，已停止：请缩小图片或者拆分文件后再试，也可以先做文字识别再提交。"
_CRASHED = "识别图片文字的程序意外退出，可能是内存不足：请缩小图片或者拆分文件后再试。"
#: One line of a picture: its text, how sure it is, its corners, and each character with its corners.
Found = tuple[str, float, list[list[float]], list[tuple[str, list[list[float]] | None]]]
#: left, top, right, bottom in pixels.
Pixels = tuple[float, float, float, float]
_Quad: TypeAlias = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One line read in a picture, the box of every character, and what separates it from the next."""

    text: str
    boxes: tuple[Pixels, ...]
    after: str = "\n"


@dataclass
class _Running:
    """The process, and which process started it: after a fork nobody else may speak to it."""

    owner: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def ready(self) -> subprocess.Popen[bytes]:
        """The process, started when there is none."""
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            self.stop()
            pipe = subprocess.PIPE
            self.process = subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
            self.owner = os.getpid()
            atexit.register(self.stop)
        return self.process

    def stop(self) -> None:
        """End the process."""
        atexit.unregister(self.stop)
        process, self.process = self.process, None
        if process is None or self.owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stdin):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what was not sent yet can't be sent any more
                continue


_running = _Running()


def recognised(dots: npt.NDArray[np.uint8], seconds: float) -> list[Found]:
    """The lines of a picture, rows by columns by blue, green, red.

    Raises SlowDocument when that takes longer than `seconds`, CrashingDocument when the process ends.
    """
    with _LOCK:
        try:
            return _asked(_running.ready(), dots, seconds)
        except BaseException:
            _running.stop()
            raise


def _asked(process: subprocess.Popen[bytes], dots: npt.NDArray[np.uint8], seconds: float) -> list[Found]:
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(max(0.0, seconds), stop)
    timer.daemon = True
    timer.start()
    try:
        answer = _sent(process, dots)
    finally:
        timer.cancel()
        timer.join()
    if late.is_set():
        raise SlowDocument(_SLOW.format(SECONDS))
    if not answer.endswith(b"\n"):
        raise CrashingDocument(_CRASHED)
    found: list[Found] | None = json.loads(answer)
    if found is None:
        raise ValueError("the recogniser could not read a picture")
    return found


def _sent(process: subprocess.Popen[bytes], dots: npt.NDArray[np.uint8]) -> bytes:
    """What the process answers; empty when it ends first."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(_SIZE.pack(*dots.shape[:2]))
        process.stdin.write(dots.tobytes())
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return b""


def boxes(text: str, quad: _Quad, words: Iterable[tuple[str, _Quad | None]]) -> Iterator[Pixels]:
    """A box for each character: the whole line's where the recogniser's can't be trusted."""
    whole = _around(quad)
    known = [(char, _around(box)) for char, box in words if box is not None]
    chars = [char for char in text if not char.isspace()]
    lefts = [box[0] for _, box in known]
    upright = whole[2] - whole[0] > whole[3] - whole[1] or len(text) == 1
    if [char for char, _ in known] != chars or lefts != sorted(lefts) or not upright:
        yield from (whole for _ in text)
        return
    places = iter(known)
    end = whole[0]
    for char in text:
        left, end = (end, end) if char.isspace() else next(places)[1][::2]
        top, bottom = _high(quad, left, end)
        yield left, top, end, bottom


def _high(quad: _Quad, left: float, right: float) -> tuple[float, float]:
    """Top and bottom of a line between two places of it: a page that lies aslant has lines that rise."""
    (a, b), (c, d), (e, f), (g, h) = ((float(x), float(y)) for x, y in quad)
    tops = [b + (d - b) * (x - a) / (c - a) for x in (left, right)] if c - a > 1 else [b, d]
    bottoms = [h + (f - h) * (x - g) / (e - g) for x in (left, right)] if e - g > 1 else [f, h]
    return min(tops), max(bottoms)


def _around(quad: _Quad) -> Pixels:
    across, down = [float(point[0]) for point in quad], [float(point[1]) for point in quad]
    return min(across), min(down), max(across), max(down)


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answer pictures until there are no more; null for one that can't be read."""
    import numpy as np
    from rapidocr import RapidOCR

    # The models of its own wheel: nothing is fetched. Its own turning of single lines mixes up the boxes of characters.
    engine: Any = RapidOCR(params={"Global.log_level": "critical"})
    # What it can't read is told as well: such a line may lie on its side.
    options = {"use_cls": False, "return_word_box": True, "return_single_char_box": True, "text_score": 0.0}
    while len(head := source.read(_SIZE.size)) == _SIZE.size:
        high, wide = _SIZE.unpack(head)
        dots = np.frombuffer(source.read(high * wide * 3), np.uint8).reshape(high, wide, 3)
        try:
            answer = json.dumps(list(_plain(engine(_edged(dots), **options))))
        except Exception:  # whatever a library raises over a picture is told by null, without a word of it
            answer = "null"
        target.write(answer.encode("ascii") + b"\n")
        target.flush()


def _edged(dots: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A copy, with an edge to the right or below in its commonest shade when it is slim and no single line."""
    import numpy as np

    high, wide, _ = dots.shape
    if wide > _LINE * high:
        return dots.copy()
    room = max(high, wide // _SLIM), max(wide, high // _SLIM)
    edged = np.empty((*room, 3), np.uint8)
    edged[:] = np.median(dots.reshape(-1, 3), axis=0)
    edged[:high, :wide] = dots
    return edged


def _plain(found: Any) -> list[Found]:  # noqa: ANN401  # a value of a library without types
    if not found.txts:
        return []
    every = zip(found.txts, found.boxes, found.word_results, found.scores, strict=False)
    return [(str(text), float(score), _corners(quad), _words(words)) for text, quad, words, score in every]


def _corners(quad: Any) -> list[list[float]]:  # noqa: ANN401  # a value of a library without types
    return [[float(point[0]), float(point[1])] for point in quad]


def _words(words: Any) -> list[tuple[str, list[list[float]] | None]]:  # noqa: ANN401  # a value of a library without types
    return [(str(char), None if box is None else _corners(box)) for char, _, box in words or ()]


def _main() -> None:
    """The process: whatever libraries print goes nowhere, so that only answers are read."""
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
