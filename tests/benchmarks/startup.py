"""Stage `start`: from the command to the printed suggestion in a new process."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from documents import joined, size
from measure import Plan, Table, interleaved, speed

LIBRARIES = "import onnxruntime, numpy"
SPLIT = """
import json, sys, time
start = time.perf_counter()
from pathlib import Path
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings
imported = time.perf_counter()
desk = Desk.open(Settings())
loaded = time.perf_counter()
desk.screen(desk.file(Path(sys.argv[1])))
print(json.dumps([imported - start, loaded - imported, time.perf_counter() - loaded]))
"""


def measure(plan: Plan) -> Table:
    """Cold `suggest FILE` against a process that only imports onnxruntime and numpy, and where the time goes."""
    text = joined(1)[0].text
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paper.txt"
        file.write_text(text, "utf-8")
        split: list[list[float]] = []
        jobs = {
            "suggest": lambda at: _run("-m", "gongkai.service", "suggest", str(at)),
            "libraries": lambda at: _run("-c", LIBRARIES),
            "split": lambda at: split.append(json.loads(_run("-c", SPLIT, str(at)))),
        }
        times = interleaved([file], jobs, plan.starts, warm=plan.starts > 1)
    row = speed("suggest FILE, cold", times["suggest"], (1, size([text])), LIBRARIES, times["libraries"])
    parts = [1000 * statistics.median(part) for part in zip(*split[-plan.starts :], strict=True)]
    rest = row["ms/document"] - sum(parts)
    labels = ("import", "load model and tables", "first document")
    rows = [row, *({"what": f"  {label}", "ms/document": part} for label, part in zip(labels, parts, strict=True))]
    rows.append({"what": "  interpreter, printing, exit", "ms/document": rest})
    return Table(f"start-up: new process, one document of {len(text)} characters", rows)


def _run(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout
