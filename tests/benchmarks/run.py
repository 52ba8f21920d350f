"""python tests/benchmarks/run.py [--quick] [--json] [--gold FILE.jsonl] [STAGE ...]: measure, offline, on one core."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from measure import Plan, Table, one_core, shown

STAGES = {
    "start": "startup",
    "read": "reading",
    "suggest": "suggesting",
    "attribute": "judging",
    "numbers": "digits",
    "personal": "privacy",
    "tagger": "tagging",
    "peers": "peers",
    "screening": "screening",
}
FULL = {"rounds": 5, "starts": 5, "papers": 24}
QUICK = {"rounds": 2, "starts": 2, "papers": 4, "a_group": 4, "groups": 2}
LEAST = {"rounds": 1, "starts": 1, "papers": 2, "a_group": 3, "groups": 1}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="run.py", description="Benchmarks of gongkai: offline, on one core.")
    top.add_argument("stages", nargs="*", metavar="STAGE", help=f"any of {', '.join(STAGES)}; default all")
    size = top.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="fewer documents and rounds, under 40 seconds")
    size.add_argument("--least", action="store_true", help="two documents, one round: only whether it works")
    top.add_argument("--gold", type=Path, metavar="FILE", help="also judge documents of a JSONL file in gold format")
    top.add_argument("--cases", type=Path, metavar="FILE", help="also judge short cases of a JSONL file (stage peers)")
    top.add_argument("--cpu", type=int, help="the processor to run on, default the last one allowed")
    top.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stages: 0 done, 2 usage."""
    top = parser()
    options = top.parse_args(arguments)
    wrong = [stage for stage in options.stages if stage not in STAGES]
    if wrong:
        top.error(f"no such stage: {', '.join(wrong)}; there are {', '.join(STAGES)}")
    for file in filter(None, (options.gold, options.cases)):
        if not file.is_file():
            top.error(f"no such file: {file.name}")
    cpu = one_core(options.cpu)
    plan = Plan(
        **(QUICK if options.quick else LEAST if options.least else FULL), gold=options.gold, cases=options.cases
    )
    machine = {"python": platform.python_version(), "system": platform.platform(), "cpu": cpu, "cpus": os.cpu_count()}
    tables = {}
    for name in options.stages or STAGES:
        tables[name] = _measured(name, plan, not options.json)
    if options.json:
        stages = {name: asdict(table) for name, table in tables.items()}
        print(json.dumps({"machine": machine, "stages": stages}, ensure_ascii=False, indent=1))
    return 0


def _measured(name: str, plan: Plan, visible: bool) -> Table:
    start = time.perf_counter()
    try:
        table = importlib.import_module(STAGES[name]).measure(plan)
    except ImportError as error:
        table = Table(f"{name}: left out, {error.name} is missing (pip install 'gongkai[bench]')")
    if visible:
        print(shown(table), f"   ({name}: {time.perf_counter() - start:.0f} s)", "", sep="\n", flush=True)
    return table


if __name__ == "__main__":
    sys.exit(main())
