"""The table of peers: every system has its row, one that is missing says so, and the shares are counted right."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"
SYSTEMS = (
    "gongkai",
    "gongkai, attribute known",
    "gongkai, numbers alone",
    "Presidio, stock zh",
    "Presidio + LAC + CN phone",
    "argus-redact, fast",
    "JioNLP",
    "cloakpii",
)
ABSENT = ("argus_redact", "jionlp", "cloakpii")
TEXT = "经查，当事人赵一鸣，身份证号330101199001010016，手机13812345678，应予救助。"
GOLD = {
    "id": "g1", "title": "救助决定", "text": TEXT, "attribute": "on_request", "acceptable": ["on_request"],
    "pii": [
        {"start": 6, "end": 9, "type": "NAME", "action": "mask"},
        {"start": 14, "end": 32, "type": "ID_CARD", "action": "mask"},
        {"start": 35, "end": 46, "type": "PHONE_MOBILE", "action": "mask"},
    ],
}  # fmt: skip
CASES = [
    {"text": "手机13812345678", "spans": [{"start": 2, "end": 13, "type": "PHONE"}], "polarity": "positive"},
    {"text": "合同总价捌万元整", "spans": [], "polarity": "negative", "must_keep": [{"start": 0, "end": 4}]},
]
#: Run as a script of its own: the benchmarks' modules are no package of the tests.
COUNTS = """
import json, sys
from documents import Mark, Paper
from peers.cases import Case
from peers.tally import figures, judged, tally
marks = (Mark(0, 4, "ID_CARD", False), Mark(5, 7, "NAME", False), Mark(8, 10, "NAME", True))
other = Paper("b", "", "0123456789", "", frozenset(), (Mark(0, 2, "HEALTH", False),))
papers = [Paper("a", "", "0123456789", "", frozenset(), marks), other]
found = [[(0, 3, "phone"), (4, 5, "PERSON"), (9, 10, "PERSON")], [(0, 2, "medical"), (1, 3, "LOCATION")]]
count = tally(papers, found)
cases = [
    Case("0123456789", ((0, 4, "numbers"), (5, 7, "names")), ((8, 9),), False), Case("01", (), (), True),
    Case("01", (), (), True),
]
spans = [[(0, 4, "x"), (5, 6, "x"), (8, 9, "x")], [(1, 2, "x")], []]
kinds = {key: n for key, n in count.items() if key.startswith("stray")}
print(json.dumps([figures(count), kinds, judged(cases, spans)]))
"""


def fresh(code):
    """A process of its own that finds the benchmarks' modules."""
    lines = f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n{code}"
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, encoding="utf-8")


def run(*arguments, absent=()):
    """run.py without the modules named."""
    return fresh(
        f"import runpy\nsys.modules.update(dict.fromkeys({[*absent]!r}))\n"
        f"sys.argv = ['run.py', *{[*arguments]!r}]\n"
        f"runpy.run_path({str(BENCHMARKS / 'run.py')!r}, run_name='__main__')"
    )


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    pytest.importorskip("sklearn", reason="scikit-learn is missing (pip install 'gongkai[training]')")
    folder = tmp_path_factory.mktemp("peers")
    gold, cases = folder / "mine.jsonl", folder / "cases.jsonl"
    gold.write_text(json.dumps(GOLD, ensure_ascii=False) + "\n", "utf-8")
    cases.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in CASES), "utf-8")
    done = run("--least", "--json", "--gold", str(gold), "--cases", str(cases), "peers", absent=ABSENT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["stages"]["peers"]["rows"]


def of(rows, words):
    return {row["what"].partition(" (")[0]: row for row in rows if row["on"].startswith(words) and "what" in row}


@pytest.mark.parametrize("words", ["held out", "mine.jsonl, 0 of 1", "2 cases"])
def test_every_system_has_its_row(rows, words):
    assert tuple(of(rows, words)) == SYSTEMS


@pytest.mark.parametrize("name", ["argus-redact, fast", "JioNLP", "cloakpii"])
def test_a_missing_peer_is_a_row_that_says_so(rows, name):
    for words in ("held out", "mine.jsonl", "2 cases"):
        row = of(rows, words)[name]
        assert "not installed" in row.pop("what")
        assert {value for key, value in row.items() if key != "on"} == {None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gongkai", {"leaked": 0, "leaked names": 0, "leaked numbers": 0, "fully masked": 1, "stray": 0}),
        ("gongkai, numbers alone", {"leaked names": 1, "leaked numbers": 0, "fully masked": 0, "stray": 0}),
    ],
)
def test_figures_of_one_document(rows, name, expected):
    row = of(rows, "mine.jsonl")[name]
    assert {key: row[key] for key in expected} == expected
    assert math.isfinite(row["MB/CPU-s"]) and row["MB/CPU-s"] > 0


def test_masks_are_the_same_whether_the_attribute_is_timed_or_not(rows):
    every, known = (of(rows, "held out")[name] for name in SYSTEMS[:2])
    assert {key for key in every if every[key] != known[key]} <= {"what", "MB/CPU-s"}


def test_types_are_told_apart(rows):
    types = {row["type"]: row for row in rows if "type" in row and row["on"].startswith("mine.jsonl")}
    assert {name: row["characters"] for name, row in types.items() if name.startswith("leaked")} == {
        "leaked NAME": 3,
        "leaked ID_CARD": 18,
        "leaked PHONE_MOBILE": 11,
    }
    assert types["leaked NAME"]["gongkai, numbers alone"] == 1
    assert types["stray, taken for names"]["gongkai"] == 0


def test_cases_are_judged(rows):
    row = of(rows, "2 cases")["gongkai"]
    assert (row["numbers whole"], row["names whole"], row["false alarms"], row["must stay, hidden"]) == (1, None, 0, 0)


def test_presidio_is_measured_where_it_is_installed(rows):
    pytest.importorskip("presidio_analyzer", reason="Presidio is missing (pip install 'gongkai[bench]')")
    gold = of(rows, "mine.jsonl")
    assert gold["Presidio + LAC + CN phone"]["leaked numbers"] == 0
    assert gold["Presidio, stock zh"]["leaked names"] == 1


@pytest.mark.parametrize(
    ("module", "name"),
    [("argus_redact", "argus"), ("jionlp", "jionlp"), ("cloakpii", "cloakpii")],
)
def test_peers_offsets_are_true(module, name):
    pytest.importorskip(module, reason=f"{module} is missing (pip install 'gongkai[bench]')")
    done = fresh(
        "import json; from documents import Paper; from peers import systems\n"
        f"paper = Paper('x', '', {TEXT!r}, '', frozenset(), ())\n"
        f"print(json.dumps(sorted({{a for s, e, _ in systems.{name}().hides(paper) for a in range(s, e)}})))"
    )
    assert done.returncode == 0, done.stderr
    assert set(range(35, 46)) <= set(json.loads(done.stdout))
    assert not set(range(46, len(TEXT))) & set(json.loads(done.stdout))


def test_counts():
    done = fresh(COUNTS)
    assert done.returncode == 0, done.stderr
    figured, stray, cases = json.loads(done.stdout)
    assert figured == {
        "leaked": 3 / 8,
        "leaked numbers": 1 / 4,
        "leaked names": 1,
        "leaked addresses": None,
        "leaked sensitive": 0,
        "fully masked": 0.5,
        "keep violations": 1,
        "stray": 2 / 20,
    }
    assert stray == {"stray": 2, "stray names": 1, "stray places": 1}
    assert cases == {
        "numbers whole": 1,
        "names whole": 0,
        "addresses whole": None,
        "births whole": None,
        "sensitive whole": None,
        "false alarms": 0.5,
        "must stay, hidden": 1,
    }


def test_missing_files_are_refused():
    done = run("--cases", "missing.jsonl", "peers")
    assert (done.returncode, "no such file" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
