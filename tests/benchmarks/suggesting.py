"""Stage `suggest`: a warm screener on documents of exactly 2,000 characters, and its memory."""

from __future__ import annotations

import json
import subprocess
import sys

from documents import LENGTH, authored, joined, size
from measure import Plan, Row, Table, interleaved, speed
from sklearn.pipeline import Pipeline

from gongkai.model.document import Document
from gongkai.model.finding import Handling
from gongkai.model.screener import Screener

PEAK = """
import resource, sys
try:
    rows = [line.split() for line in open("/proc/self/status")]
    peak = next(int(row[1]) / 1024 for row in rows if row[0] == "VmHWM:")
except (OSError, StopIteration):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
print(peak)
"""
SCREEN_ALL = """
import json, sys
from gongkai.model.document import Document
from gongkai.model.screener import Screener
screener = Screener.load()
for place, text in enumerate(json.load(sys.stdin)):
    screener(Document(str(place), text))
"""


def measure(plan: Plan) -> Table:
    """Times against a plain text classifier that gives the attribute only, and peak memory."""
    from baseline import NAME, fitted

    screener, fast = Screener.load(), Screener.load(fast=True)
    known = authored(plan.a_group)
    plain = fitted([paper.text for paper in known], [paper.attribute for paper in known])
    everyone, nobody = (_unmarked(screener, joined(plan.papers, private=private)) for private in (True, False))
    kinds = (
        ("suggest, warm", screener, everyone),
        ("suggest, warm, nobody private in it", screener, nobody),
        ("suggest, warm, fast mode", fast, everyone),
    )
    rows = [_row(what, ours, papers, NAME, plain, plan.rounds) for what, ours, papers in kinds]
    title = f"suggest: {len(everyone)} documents of exactly {LENGTH:,} characters"
    note = f"{NAME} answers with an attribute alone: no reasons, evidence, categories, clauses or personal data"
    return Table(title, [*rows, *_memory([paper.text for paper in everyone])], [note])


def _unmarked(screener: Screener, papers: list[Document]) -> list[Document]:
    return [paper for paper in papers if screener(paper).handling != Handling.stop_classified]


def _row(what: str, ours: Screener, papers: list[Document], name: str, plain: Pipeline, rounds: int) -> Row:
    jobs = {
        "ours": lambda paper: ours(Document(paper.id, paper.text)),
        "plain": lambda paper: plain.predict_proba([paper.text]),
    }
    times = interleaved(papers, jobs, rounds)
    row = speed(what, times["ours"], (len(papers), size([paper.text for paper in papers])), name, times["plain"])
    return row | {"p50 ms": 1000 * times["ours"].quantile(0.5), "p95 ms": 1000 * times["ours"].quantile(0.95)}


def _memory(texts: list[str]) -> list[Row]:
    ours, libraries = _peak(SCREEN_ALL, texts), _peak("import onnxruntime, numpy", texts)
    what = f"peak memory, loading and screening all {len(texts)}"
    row: Row = {"what": what, "MB": ours, "baseline": "import onnxruntime, numpy", "baseline MB": libraries}
    return [row | {"ratio": libraries / ours}]


def _peak(script: str, texts: list[str]) -> float:
    """Peak resident memory in MiB; ru_maxrss of a child starts from its parent's, so Linux is asked for VmHWM."""
    run = [sys.executable, "-c", script + PEAK]
    return float(subprocess.run(run, input=json.dumps(texts), check=True, capture_output=True, text=True).stdout)
