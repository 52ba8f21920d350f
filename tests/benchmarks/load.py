"""python tests/benchmarks/load.py [--rate R] [--seconds S | --minutes M] [--drafters N] [--workers N] [--keep-text]

A real server (accounts, store, children) and 50 drafters from this process, each with think times of its own; distinct
texts of 2,000 characters. One caller alone first, then all at `--rate`, then four times as many, then few again. Prints
percentiles, processor time a request, memory over time, and each as a ratio to the caller alone.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from calling import Caller, Stage, alone, together
from documents import LENGTH, joined
from serving import Serving, flat, serving

ALONE, OVER = 30, 20.0
_LOOK = 5.0
_SEED = 6


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="load.py", description="Drafters at a running service.")
    top.add_argument("--rate", type=float, default=15.0, help="requests a second of all drafters together")
    top.add_argument("--seconds", type=float, default=60.0)
    top.add_argument("--minutes", type=float, help="instead of --seconds: 30 to see whether memory is flat")
    top.add_argument("--drafters", type=int, default=50)
    top.add_argument("--workers", type=int, default=2)
    top.add_argument("--keep-text", action="store_true", help="keep the texts, encrypted")
    top.add_argument("--alone", type=int, default=ALONE, help="requests of the caller alone")
    top.add_argument("--over", type=float, default=OVER, help="seconds of overload, 0 for none")
    return top


def texts() -> Iterator[str]:
    """Texts of 2,000 characters, none twice."""
    papers = joined(400)
    for number in itertools.count():
        mark = f"\n第{number:08d}号"
        yield papers[number % len(papers)].text[: LENGTH - len(mark)] + mark


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it: 0 when no request of the steady stage failed."""
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gongkai-load-") as folder:
        kept = {"KEEP_TEXT": "1"} if options.keep_text else {}
        with serving(Path(folder), options.drafters, options.workers, **kept) as server:
            return asyncio.run(_stages(server, options))


async def _stages(server: Serving, options: argparse.Namespace) -> int:
    callers = [Caller(server.port, key) for key in server.keys]
    given = texts()
    await alone(callers[0], given, 4 * options.workers)  # every child has done something
    one = await _told("alone", server, alone(callers[0], given, options.alone))
    seconds = options.minutes * 60 if options.minutes else options.seconds
    steady = await _told("steady", server, together(callers, given, options.rate, seconds, _SEED))
    print("memory, last third over middle third:", flat(server.moments[1:]))
    if options.over:
        await _told("overload", server, together(callers, given, 4 * options.rate, options.over, _SEED + 1))
        few = await _told("recovered", server, together(callers, given, options.rate / 3, options.over, _SEED + 2))
        print("p50 after overload over alone:", _ratio(few, one))
    print("p50 steady over alone:", _ratio(steady, one))
    for caller in callers:
        await caller.close()
    return int(len(steady.of(200)) != len(steady.answers))


def _ratio(stage: Stage, one: Stage) -> float:
    ours, theirs = stage.of(200), one.of(200)
    return round(ours[len(ours) // 2] / theirs[len(theirs) // 2], 2) if ours and theirs else 0.0


async def _told(name: str, server: Serving, stage: asyncio.Future[Stage]) -> Stage:
    """Do a stage, looking at the server meanwhile; print what came of it."""
    before, watch = server.look(), asyncio.create_task(_watch(server))
    mine = time.process_time()
    done = await stage
    mine = time.process_time() - mine
    watch.cancel()
    after = server.look()
    asked = max(1, len(done.of(200)))
    own, children = after.cpu - before.cpu, after.children_cpu - before.children_cpu
    cost = {"CPU ms server": round(own / asked * 1000, 1), "CPU ms children": round(children / asked * 1000, 1)}
    cost |= {"CPU ms driver": round(mine / asked * 1000, 1)}
    held = {"MB server": after.memory >> 20, "MB children": after.children >> 20}
    print(name, json.dumps(done.figures() | cost | held), flush=True)
    return done


async def _watch(server: Serving) -> None:
    while True:
        await asyncio.sleep(_LOOK)
        now = server.look()
        print(f"  {now.memory >> 20} + {now.children >> 20} MB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
