"""Stage `suggest`: a warm screener on documents of exactly 2,000 characters, and its memory."""

from __future__ import annotations

import json
import subprocess
import sys

from documents import LENGTH, authored, joined, size
from measure import Plan, Row, Table, interleaved, speed

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

    screener = Screener.load()
    papers = [paper for paper in joined(plan.papers) if screener(paper).handling != Handling.stop_classified]
    known = authored(plan.a_group)
    plain = fitted([paper.text for paper in known], [paper.attribute for paper in known])
    jobs = {
        "ours": lambda paper: screener(Document(paper.id, paper.text)),
        "plain": lambda paper: plain.predict_proba([paper.text]),
    }
    times = interleaved(papers, jobs, plan.rounds)
    volume = len(papers), size([paper.text for paper in papers])
    row = speed("suggest, warm", times["ours"], volume, NAME, times["plain"])
    row |= {"p50 ms": 1000 * times["ours"].quantile(0.5), "p95 ms": 1000 * times["ours"].quantile(0.95)}
    title = f"suggest: {len(papers)} documents of exactly {LENGTH:,} characters"
    note = f"{NAME} answers with an attribute alone: no reasons, evidence, categories, clauses or personal data"
    return Table(title, [row, *_memory([paper.text for paper in papers])], [note])


def _memory(texts: list[str]) -> list[Row]:
    ours, libraries = _peak(SCREEN_ALL, texts), _peak("import onnxruntime, numpy", texts)
    what = f"peak memory, loading and screening all {len(texts)}"
    row: Row = {"what": what, "MB": ours, "baseline": "import onnxruntime, numpy", "baseline MB": libraries}
    return [row | {"ratio": libraries / ours}]


def _peak(script: str, texts: list[str]) -> float:
    """Peak resident memory in MiB; ru_maxrss of a child starts from its parent's, so Linux is asked for VmHWM."""
    run = [sys.executable, "-c", script + PEAK]
    return float(subprocess.run(run, input=json.dumps(texts), check=True, capture_output=True, text=True).stdout)
