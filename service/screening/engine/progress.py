"""How far a run has come: one line drawn anew on a terminal, a plain line every half minute elsewhere."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

_DRAWN, _SAID, _LOOKING_BACK = 0.25, 30.0, 120.0
_BAR = 24


@dataclass(slots=True)
class Tally:
    """What a run has done so far, in files. `total` is an estimate until `whole`: the listing is at its end."""

    total: int = 0
    whole: bool = False
    read: int = 0
    unchanged: int = 0
    failed: int = 0
    reused: int = 0

    @property
    def done(self) -> int:
        """Files that need nothing more in this run."""
        return self.read + self.unchanged


class Progress:
    """Rate and time left, from what was done in the last two minutes."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out, clock
        self._terminal = out.isatty()
        self._begun = self._shown = clock()
        self._past: deque[tuple[float, int]] = deque([(self._begun, 0)])

    def tick(self, tally: Tally) -> None:
        """Show where the run stands, when it is time to."""
        now = self._clock()
        if now - self._shown < (_DRAWN if self._terminal else _SAID):
            return
        self._shown = now
        self._show(tally, now)

    def end(self, tally: Tally) -> None:
        """Show where the run stands for the last time."""
        self._show(tally, self._clock())
        if self._terminal:
            self._write("\n")

    def _show(self, tally: Tally, now: float) -> None:
        self._past.append((now, tally.done))
        while len(self._past) > 2 and now - self._past[0][0] > _LOOKING_BACK:
            self._past.popleft()
        line = said(tally, self._rate())
        self._write(f"\r\x1b[K{bar(tally)} {line}" if self._terminal else f"{line}\n")

    def _rate(self) -> float:
        (first, before), (last, after) = self._past[0], self._past[-1]
        return (after - before) / (last - first) if last > first else 0.0

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def bar(tally: Tally) -> str:
    """A bar of a fixed length."""
    share = min(1.0, tally.done / tally.total) if tally.total else 0.0
    full = round(share * _BAR)
    return f"[{'█' * full}{'░' * (_BAR - full)}]"


def said(tally: Tally, rate: float) -> str:
    """One sentence on where a run stands; `rate` in files a second."""
    about = "" if tally.whole else "约"
    pieces = [f"已处理 {tally.done}/{about}{max(tally.total, tally.done)} 个文件"]
    pieces += [f"其中 {tally.unchanged} 个没有变化"] if tally.unchanged else []
    pieces += [f"{tally.failed} 个没读成"] if tally.failed else []
    if rate > 0:
        pieces.append(f"每秒 {rate:.1f} 个")
        if tally.total > tally.done:
            pieces.append(f"还要{lasting((tally.total - tally.done) / rate)}")
    return "，".join(pieces)


def lasting(seconds: float) -> str:
    """A length of time in words."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "不到 1 分钟"
    return f" {minutes} 分钟" if minutes < 60 else f" {minutes // 60} 小时 {minutes % 60} 分钟"
