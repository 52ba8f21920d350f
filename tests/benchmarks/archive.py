"""python tests/benchmarks/archive.py OUT --documents N --seed S: a backlog of 2016 to 2026 as agencies keep it.

OUT gets `文件/` (years and departments, zips in zips, mails, damaged files, noise), `登记.xlsx` (a register of files
in `文件/登记`), `导出.jsonl` (an export), and `manifest.jsonl`: a line a file with what it is and what may come out.
Screen it with `gongkai screen OUT/文件 OUT/登记.xlsx OUT/导出.jsonl -o RESULT`. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from archiving.placing import Placing

SOURCES = ("文件", "登记.xlsx", "导出.jsonl")
MANIFEST = "manifest.jsonl"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="archive.py", description="A generated backlog of invented documents.")
    top.add_argument("out", type=Path, metavar="OUT", help="a folder that is new or empty")
    top.add_argument("--documents", type=int, default=1_000, metavar="N", help="about how many, default 1000")
    top.add_argument("--seed", type=int, default=1, metavar="S", help="another seed gives another archive, default 1")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Write an archive: 0 done, 2 usage."""
    top = parser()
    options = top.parse_args(arguments)
    if options.documents < 1 or (options.out.exists() and any(options.out.iterdir())):
        top.error("OUT has to be new or empty, and N at least 1")
    print(json.dumps(written(options.out, options.documents, options.seed), ensure_ascii=False))
    return 0


def written(out: Path, documents: int, seed: int) -> dict[str, int]:
    """Write an archive; how many files it has of each kind."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / MANIFEST).open("w", encoding="utf-8") as manifest:
        placing = Placing(out, seed, manifest)
        placing.fill(documents)
    return dict(sorted(placing.counts.items()))


if __name__ == "__main__":
    sys.exit(main())
