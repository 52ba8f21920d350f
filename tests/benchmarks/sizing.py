"""python tests/benchmarks/sizing.py FIGURES.json [--cpu]: how long and how much memory, from what was measured.

FIGURES.json is what `run.py --json screening` printed. The rate of N workers is N times that of one process alone times
the efficiency that two workers had, until the driver, which lists and writes alone, can keep no more. `--cpu` takes the
efficiency in processor time: for figures from a machine that others used too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BACKLOGS = (10**4, 10**6, 10**8)
WORKERS = (1, 2, 8, 32, 128, 512)
JOBS = 2
_ENGINES = {"local": f"--jobs {JOBS}", "ray": f"--engine ray --jobs {JOBS}"}


@dataclass(frozen=True)
class Measured:
    """Files a second of one process alone; efficiency, driver's seconds a file, and megabytes of one engine."""

    alone: float
    efficiency: float
    driver: float
    base: float
    worker: float

    def rate(self, workers: int) -> float:
        """Files a second."""
        most = 1 / self.driver if self.driver else float("inf")
        return min(workers * self.alone * min(1.0, self.efficiency), most)

    def hours(self, files: int, workers: int) -> float:
        """From the first file to the last."""
        return files / self.rate(workers) / 3600

    def gigabytes(self, workers: int) -> float:
        """Memory of all processes together."""
        return (self.base + workers * self.worker) / 1024


def measured(figures: Mapping[str, Any], engine: str, by_cpu: bool) -> Measured | None:
    """What the stage says of one engine; None when it was not measured."""
    rows = {row["what"]: row for row in figures["stages"]["screening"]["rows"]}
    row, alone = rows.get(_ENGINES[engine]), rows["one process alone"]
    if row is None:
        return None
    rate = 1000 / alone["CPU ms/file"] if by_cpu else alone["files/s"]
    efficiency = row["CPU ratio" if by_cpu else "ratio"]
    return Measured(
        rate, efficiency, row["driver CPU ms"] / 1000, row["driver MB"], (row["peak MB"] - row["driver MB"]) / JOBS
    )


def table(figures: Mapping[str, Any], by_cpu: bool) -> Iterator[str]:
    """Lines of Markdown."""
    for engine in _ENGINES:
        found = measured(figures, engine, by_cpu)
        if found is None:
            continue
        yield (
            f"{engine}: {found.alone:.1f} files/s a core, efficiency {found.efficiency:.2f} with {JOBS} workers, "
            f"driver {1000 * found.driver:.1f} ms/file, {found.worker:.0f} MB a worker"
        )
        yield ""
        yield "| workers | " + " | ".join(f"hours for {count:,}" for count in BACKLOGS) + " | files/s | GB |"
        yield "| " + " | ".join(["---:"] * (len(BACKLOGS) + 3)) + " |"
        for workers in WORKERS if engine == "ray" else WORKERS[:4]:
            hours = " | ".join(_shown(found.hours(count, workers)) for count in BACKLOGS)
            yield f"| {workers} | {hours} | {found.rate(workers):,.0f} | {found.gigabytes(workers):,.1f} |"
        yield ""


def _shown(hours: float) -> str:
    return f"{hours:.2f}" if hours < 1 else f"{hours:,.1f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table: 0 done."""
    top = argparse.ArgumentParser(prog="sizing.py", description="Hours and memory by workers.")
    top.add_argument("figures", type=Path)
    top.add_argument("--cpu", action="store_true", help="efficiency in processor time")
    options = top.parse_args(arguments)
    print("\n".join(table(json.loads(options.figures.read_text("utf-8")), options.cpu)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
