"""The benchmarks run and print numbers; how large the numbers are is nobody's business here."""

from __future__ import annotations

import importlib.util
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "benchmarks" / "run.py"
PRESIDIO = importlib.util.find_spec("presidio_analyzer") is not None
SPEED = {"ms/document", "CPU ms", "documents/s", "MB/s"}
#: stage: (rows whose name begins so, figures that each of them gives)
EXPECTED = {
    "start": [("suggest FILE", SPEED | {"ratio"}), ("  import", {"ms/document"}), ("  load", {"ms/document"})],
    "read": [
        (name, SPEED | figures)
        for name, figures in {
            ".txt": {"ratio", "text kept"}, ".csv": {"ratio", "text kept"}, ".html": {"ratio", "text kept"},
            ".docx": {"ratio", "text kept"}, ".pdf": {"ratio", "text kept"}, ".xlsx": {"ratio", "text kept"},
            ".ofd": {"ratio", "text kept"}, ".wps": {"text kept"}, ".doc": {"ratio"}, ".xls": {"ratio"},
        }.items()
    ],
    "suggest": [
        *(
            (f"suggest, warm{kind}", SPEED | {"ratio", "p50 ms", "p95 ms"})
            for kind in ("", ", nobody private in it", ", fast mode")
        ),
        ("peak memory", {"MB", "baseline MB", "ratio"}),
    ],
    "attribute": [("gongkai, refitted", {"accuracy_strict"}), ("TF-IDF", {"accuracy_strict"})],
    "personal": [
        ("gongkai, authored", {"leaked", "leaked numbers", "leaked names", "keep violations", "stray"}),
        ("gongkai, mine.jsonl", {"leaked", "leaked numbers"}),
        *((part, SPEED | {"MB/CPU-s"}) for part in ("numbers", "names", "addresses", "whole")),
    ],
    "tagger": [
        ("ours, whole", SPEED | {"ratio", "characters/CPU-s", "recall", "precision", "in clear", "stray"}),
        ("ours with rules", {"recall", "precision", "in clear", "stray"}),
    ],
    "screening": [
        ("one process alone", {"files/s", "CPU ms/file"}),
        ("--jobs 2", {"files/s", "ratio", "peak MB"}),
        ("unchanged, once more", {"CPU s"}),
        ("copies of all", {"CPU s"}),
    ],
}  # fmt: skip
TEXT = "经查，当事人赵一鸣，身份证号330101199001010016，应予救助。"
GOLD = {
    "id": "g1", "title": "救助决定", "text": TEXT, "attribute": "on_request", "acceptable": ["on_request"],
    "pii": [{"start": 14, "end": 32, "type": "ID_CARD", "action": "mask"}],
}  # fmt: skip


def run(*arguments):
    return subprocess.run([sys.executable, str(RUN), *arguments], capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    pytest.importorskip("sklearn", reason="scikit-learn is missing (pip install 'gongkai[training]')")
    file = tmp_path_factory.mktemp("gold") / "mine.jsonl"
    file.write_text(json.dumps(GOLD, ensure_ascii=False) + "\n", "utf-8")
    done = run("--least", "--json", "--gold", str(file), *EXPECTED, "numbers")  # `peers` is for test_peers.py
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["stages"]


@pytest.mark.parametrize(
    ("stage", "name", "figures"), [(stage, *row) for stage, rows in EXPECTED.items() for row in rows]
)
def test_figures_are_numbers(stages, stage, name, figures):
    rows = [row for row in stages[stage]["rows"] if row["what"].startswith(name)]
    assert rows
    for row in rows:
        assert {figure for figure in figures if not _number(row.get(figure))} == set()


def _number(value):
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0


def test_every_file_gives_its_text_back(stages):
    kept = {row["what"]: row["text kept"] for row in stages["read"]["rows"] if row["text kept"] is not None}
    assert {name for name, share in kept.items() if share < 0.99} == set()


def test_ratio_is_the_baseline_over_ours(stages):
    rows = [row for table in stages.values() for row in table["rows"] if row.get("baseline CPU ms")]
    assert rows
    assert [row["ratio"] for row in rows] == pytest.approx([row["baseline CPU ms"] / row["CPU ms"] for row in rows])


def test_seen_documents_are_said_to_be_seen(stages):
    seen = {row["what"]: row["seen"] for row in stages["personal"]["rows"] if row["what"].startswith("gongkai")}
    assert seen == {"gongkai, authored": "yes", "gongkai, mine.jsonl": "0 of 1"}


def test_presidio_is_measured_or_asked_for(stages):
    table = stages["personal"]
    if not PRESIDIO:
        assert [note for note in table["notes"] if "gongkai[bench]" in note]
        return
    rows = {row["what"]: row for row in table["rows"]}
    assert rows["Presidio + LAC, mine.jsonl"]["leaked numbers"] == 0
    assert _number(rows["Presidio + LAC, authored"]["leaked names"])


def test_a_table_is_printed():
    done = run("--least", "start")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^== start-up: new process, one document of \d+ characters", done.stdout)
    assert "import onnxruntime, numpy" in done.stdout


def test_the_tagger_is_measured_beside_the_package(stages):
    table = stages["tagger"]
    assert re.search(r"^tagger: [\d,]+ characters in \d+ held-out documents", table["title"])
    assert "LAC.run of the package" in json.dumps(table, ensure_ascii=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "there are start, read"),
        (["--gold", "missing.jsonl"], "no such file"),
        (["--quick", "--least"], ""),
    ],
)
def test_wrong_use_is_refused(arguments, words):
    done = run(*arguments)
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)
