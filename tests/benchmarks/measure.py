"""Time several ways to do the same thing in turn, A B A B, on one core; and lay figures out."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, "str | int | float | None"]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ORT_NUM_THREADS")


@dataclass(frozen=True)
class Plan:
    """How much to measure; `papers` is the number of documents that are timed."""

    rounds: int = 5
    starts: int = 5
    papers: int = 24
    a_group: int | None = None
    groups: int | None = None
    gold: Any = None
    cases: Any = None


@dataclass
class Table:
    """Figures of one stage, and what must be known to read them."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Times:
    """Seconds for every round and every item, by the wall clock and by the processor."""

    wall: list[list[float]]
    cpu: list[list[float]]

    def begin(self) -> None:
        """Another round."""
        self.wall.append([])
        self.cpu.append([])

    def take(self, job: Callable[[T], object], item: T) -> None:
        """One item more in the last round."""
        wall, cpu = time.perf_counter(), _processor()
        job(item)
        self.cpu[-1].append(_processor() - cpu)
        self.wall[-1].append(time.perf_counter() - wall)

    @property
    def seconds(self) -> float:
        """All items once, by the wall clock: the median of the rounds."""
        return statistics.median(map(sum, self.wall))

    @property
    def cpu_seconds(self) -> float:
        """All items once, by the processor: the median of the rounds."""
        return statistics.median(map(sum, self.cpu))

    @property
    def busy(self) -> float:
        """Wall clock over processor time: 1 on an idle machine, more where others want the core too."""
        return self.seconds / self.cpu_seconds

    def quantile(self, share: float) -> float:
        """The time that this share of the items stays under, over the items' medians."""
        middle = sorted(statistics.median(item) for item in zip(*self.wall, strict=True))
        return middle[min(len(middle) - 1, int(share * len(middle)))]


def one_core(cpu: int | None = None) -> int:
    """Pin this process and its children to one processor and one thread; call before numpy is imported."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    if not hasattr(os, "sched_setaffinity"):
        return -1
    chosen = max(os.sched_getaffinity(0)) if cpu is None else cpu
    os.sched_setaffinity(0, {chosen})
    return chosen


def interleaved(
    items: Sequence[T], jobs: Mapping[str, Callable[[T], object]], rounds: int, warm: bool = True
) -> dict[str, Times]:
    """Every job on every item in turn, `rounds` times; the order of the jobs turns round from one round to the next."""
    found = {name: Times([], []) for name in jobs}
    for job in jobs.values() if warm else ():
        job(items[0])
    for number in range(rounds):
        gc.collect()
        for times in found.values():
            times.begin()
        for item in items:
            for name in list(jobs)[:: 1 if number % 2 == 0 else -1]:
                found[name].take(jobs[name], item)
    return found


def in_blocks(items: Sequence[T], jobs: Mapping[str, Callable[[T], object]], rounds: int) -> dict[str, Times]:
    """Every job on all items in a row, `rounds` times, the jobs in turn: each as it runs in a process of its own.

    Where jobs of very different size take turns item by item, the small ones always begin with a cold cache.
    """
    found = {name: Times([], []) for name in jobs}
    for number in range(rounds):
        for name in list(jobs)[:: 1 if number % 2 == 0 else -1]:
            gc.collect()
            jobs[name](items[0])
            found[name].begin()
            for item in items:
                found[name].take(jobs[name], item)
    return found


def _processor() -> float:
    """Seconds of processor time of this process and its finished children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def speed(what: str, ours: Times, size: tuple[int, int], baseline: str = "", theirs: Times | None = None) -> Row:
    """A row of speed figures; `size` is (documents, bytes of UTF-8 text).

    The ratio is the baseline's processor time over ours: over 1 means faster than the baseline.
    """
    papers, volume = size
    return {
        "what": what,
        "ms/document": 1000 * ours.seconds / papers,
        "CPU ms": 1000 * ours.cpu_seconds / papers,
        "documents/s": papers / ours.seconds,
        "MB/s": volume / 1e6 / ours.seconds,
        "baseline": baseline,
        "baseline CPU ms": 1000 * theirs.cpu_seconds / papers if theirs else None,
        "ratio": theirs.cpu_seconds / ours.cpu_seconds if theirs else None,
        "wall/CPU": ours.busy,
    }


def shown(table: Table) -> str:
    """A table as plain text; rows with other columns stand under a head of their own."""
    blocks = [_block(list(rows)) for _, rows in groupby(table.rows, key=lambda row: tuple(row))]
    return "\n".join([f"== {table.title}", *"\n\n".join(blocks).splitlines(), *(f"   {note}" for note in table.notes)])


def _block(rows: Sequence[Row]) -> str:
    cells = [list(rows[0])] + [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    words = [all(isinstance(row[name], str) for row in rows) for name in rows[0]]
    return "\n".join(
        "  ".join(c.ljust(w) if left else c.rjust(w) for c, w, left in zip(row, widths, words, strict=True)).rstrip()
        for row in cells
    )


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return str(value)
