"""Stage `screening`: a generated archive through one process, several, and Ray; then again; then with copies."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiving.checking import checked
from archiving.placing import Placing
from measure import Plan, Row, Table
from watching import Watched, screening, watched

from gongkai.service.screening.engine.tasks import Means, Register, Screen, Unpack, Unpacked
from gongkai.service.screening.engine.working import opened
from gongkai.service.screening.intake import sources
from gongkai.service.screening.intake.registers import Registers
from gongkai.service.screening.records import Bundle, Part
from gongkai.service.settings import Settings

FILES_A_PAPER = 10
JOBS = 2
SOURCES = ("文件", "登记.xlsx", "导出.jsonl")
_MB = 2**20


class _Alone:
    """The line of a child that nobody listens to: no digest is known, and steps are not told."""

    def __init__(self) -> None:
        self._known: set[object] = set()

    def step(self, number: int) -> None:
        """Nothing."""

    def ask(self, digest: object) -> bool:
        """Whether these bytes came before."""
        known = digest in self._known
        self._known.add(digest)
        return known


def measure(plan: Plan) -> Table:
    """Rates and memory of each way, in full mode, with ratios to one process alone."""
    table = Table("screening a backlog: generated, mixed formats, full mode")
    if importlib.util.find_spec("reportlab") is None:
        table.notes.append("left out: reportlab is missing (pip install 'gongkai[bench]')")
        return table
    with tempfile.TemporaryDirectory(prefix="archive-") as folder, _all_cores():
        archive = Path(folder) / "archive"
        with (_new(archive) / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
            Placing(archive, 1, manifest).fill(plan.papers * FILES_A_PAPER)
        _measured(table, archive, Path(folder), ray=plan.rounds > 2)
    return table


def _measured(table: Table, archive: Path, folder: Path, ray: bool) -> None:
    files = [archive / name for name in SOURCES]
    alone = _alone(files, folder)
    first = watched(screening(files, folder / "out", "--jobs", str(JOBS), "--no-report"), folder / "out")
    again = watched(screening(files, folder / "out", "--jobs", str(JOBS), "--no-report"), folder / "out")
    shutil.copytree(archive / SOURCES[0], archive / "副本")
    more = [*files, archive / "副本"]
    copies = watched(screening(more, folder / "out", "--jobs", str(JOBS), "--no-report"), folder / "out")
    idle = _idle(folder)
    table.rows = [alone, _row(f"--jobs {JOBS}", first, alone, JOBS)]
    if ray and importlib.util.find_spec("ray"):
        options = ("--jobs", str(JOBS), "--no-report", "--engine", "ray")
        spread = watched(screening(files, folder / "ray", *options), folder / "ray")
        table.rows.append(_row(f"--engine ray --jobs {JOBS}", spread, alone, JOBS))
    elif ray:
        table.notes.append("Ray is missing (pip install 'gongkai[ray]')")
    table.rows += [
        _share("unchanged, once more", again, first, idle),
        _share("copies of all", copies, first, idle, again),
    ]
    found = checked(archive, folder / "out")
    table.notes.append(f"{found.right.total()} of {found.files.total()} files came out as their manifest says")
    table.notes.append(
        "CPU ratio: files a processor second over those of one process alone; growth: memory at the end over the middle"
    )
    table.notes.append(
        "share of a first read: in processor time, without starting; copies are read and compared, not judged"
    )


def _alone(files: list[Path], folder: Path) -> Row:
    work, _ = opened(Means(Settings(), _new(folder / "spool")))
    line: Any = _Alone()
    registered = work(Register(tuple(path for path in files if path.is_file())), line)
    assert isinstance(registered, Registers)
    count, wall, cpu = 0, time.perf_counter(), time.process_time()
    waiting = list(sources.found(files, registered))[::-1]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Part):
            answer = work(Unpack(item), line)
            assert isinstance(answer, Unpacked)
            waiting += answer.items
        elif isinstance(item, Bundle):
            work(Screen(item), line)
            count += len(item.parts)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return _figures("one process alone", count / wall, 1000 * cpu / count)


def _row(what: str, run: Watched, alone: Row, jobs: int) -> Row:
    whole, driver = (1000 * seconds for seconds in run.cost)
    row = _figures(what, run.rate, whole)
    by_wall = run.rate / (jobs * _number(alone, "files/s"))
    by_cpu = _over(_number(alone, "CPU ms/file"), _number(row, "CPU ms/file"))
    more: Row = {"ratio": by_wall, "CPU ratio": by_cpu, "driver CPU ms": driver}
    row |= {**more, "peak MB": run.peak / _MB, "driver MB": run.own / _MB, "growth": run.growth}
    return row


def _over(part: float, whole: float) -> float | None:
    """A share; none of a run that was over before its processor time was seen."""
    return part / whole if whole > 0 else None


def _figures(what: str, rate: float, cpu: float) -> Row:
    none = dict.fromkeys(("ratio", "CPU ratio", "driver CPU ms", "peak MB", "driver MB", "growth"))
    return {"what": what, "files/s": rate, "CPU ms/file": cpu, **none}


def _share(what: str, run: Watched, first: Watched, idle: float, before: Watched | None = None) -> Row:
    """Of the processor time of the first reading, both without what a run costs that does nothing."""
    least = sum(before.cpu.values()) if before else idle
    spent, whole = sum(run.cpu.values()) - least, sum(first.cpu.values()) - idle
    share = _over(max(0.0, spent), whole)
    return {"what": what, "share of a first read": share, "seconds": run.seconds, "CPU s": sum(run.cpu.values())}


def _idle(folder: Path) -> float:
    """Processor seconds of a run over one document."""
    (_new(folder / "one") / "通知.txt").write_text("关于停电的通知\n\n因检修停电一天。\n", "utf-8")
    run = watched(screening([folder / "one"], folder / "idle", "--jobs", str(JOBS), "--no-report"), folder / "idle")
    return sum(run.cpu.values())


def _number(row: Row, name: str) -> float:
    value = row[name]
    assert isinstance(value, float)
    return value


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@contextmanager
def _all_cores() -> Iterator[None]:
    """For this stage alone: the others run on one."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
