"""python tests/benchmarks/soak.py [--documents N] [--seed S] [--jobs N] [--full] [--kills K] [--work FOLDER]

Screen a generated archive without a hand's touch; then the same archive with K kills (SIGKILL) at random moments and a
resume after each. Both stores have to be the same, row for row. Prints memory over time: 0 equal, 1 different.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import archive
from archiving.checking import checked, differences
from watching import Moment, Watched, screening, watched

_MB = 2**20


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="soak.py", description="Kill a screening again and again, and compare.")
    top.add_argument("--documents", type=int, default=2_000)
    top.add_argument("--seed", type=int, default=1)
    top.add_argument("--jobs", type=int, default=2)
    top.add_argument("--kills", type=int, default=3)
    top.add_argument("--full", action="store_true", help="full mode, default is the fast one")
    top.add_argument("--engine", choices=("local", "ray"), default="local", help="of the run that is killed")
    top.add_argument("--work", type=Path, help="an empty folder to work in, kept; default one that is removed")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it: 0 equal, 1 different."""
    options = parser().parse_args(arguments)
    with _folder(options.work) as work:
        print("archive:", archive.written(work / "archive", options.documents, options.seed), flush=True)
        files = [work / "archive" / name for name in archive.SOURCES]
        mode = ["--jobs", str(options.jobs), *([] if options.full else ["--fast"])]
        whole = watched(screening(files, work / "whole", *mode), work / "whole")
        _tell("uninterrupted", whole)
        total = whole.moments[-1].files
        mode += ["--engine", options.engine] if options.engine != "local" else []
        for run in killed(files, work / "killed", mode, _places(options.kills, total, Random(options.seed))):
            _tell("resumed", run)
        found = checked(work / "archive", work / "whole")
        differ = differences(work / "whole", work / "killed")
    print(f"as the manifest says: {found.right.total()} of {found.files.total()} files;", end=" ")
    print(f"{found.together} of {found.bundles} bundles")
    print("other than expected:", *found.wrong[:20])
    print("rows that differ:", differ)
    return int(any(differ.values()))


def _places(kills: int, total: int, random: Random) -> list[int]:
    """How many files are to be in the store when the next kill comes."""
    return sorted(random.randrange(total) for _ in range(kills))


def killed(files: Sequence[Path], out: Path, mode: Sequence[str], places: Sequence[int]) -> Iterator[Watched]:
    """A run that is killed at each place, and the last one, which comes to its end."""
    for place in places:
        yield watched(screening(files, out, *mode), out, _at(place))
    yield watched(screening(files, out, *mode), out)


def _at(place: int) -> Callable[[Moment], bool]:
    return lambda moment: moment.files > place


def _tell(what: str, run: Watched) -> None:
    end = "killed" if run.code < 0 else f"exit {run.code}"
    print(f"{what}: {run.seconds:.0f} s, {end}, {run.moments[-1].files} files kept, {run.rate:.1f} files/s, "
          f"{sum(run.cpu.values()):.0f} CPU s, peak {run.peak / _MB:.0f} MB, growth {run.growth:.3f}")  # fmt: skip
    for at, kept, memory in run.series():
        print(f"    {at:7.0f} s  {kept:7d} files  {memory:7.0f} MB")
    sys.stdout.flush()
    if run.code not in (0, 1, -9):
        print(run.said)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="soak-") as made:
        yield Path(made)


if __name__ == "__main__":
    sys.exit(main())
