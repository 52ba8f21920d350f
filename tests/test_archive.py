"""The generated archive: the same every time, of every kind, and readable as its manifest says."""

from __future__ import annotations

import json
import sys
import zipfile
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("reportlab", reason="PDF files are made by reportlab (pip install 'gongkai[bench]')")
sys.path.append(str(Path(__file__).parent / "benchmarks"))

import archive  # noqa: E402
import soak  # noqa: E402
from archiving.checking import checked, differences  # noqa: E402
from archiving.matters import BROKEN, FORMATS, KINDS  # noqa: E402
from archiving.placing import told  # noqa: E402
from archiving.texts import crossed, edited, marked, moved, papers  # noqa: E402
from sizing import main as sizing  # noqa: E402
from sizing import measured  # noqa: E402
from watching import Moment, Watched, alive, watched  # noqa: E402

from gongkai.model.errors import DocumentError  # noqa: E402
from gongkai.service.readers import read_bytes  # noqa: E402

DOCUMENTS = 400


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("archive")
    return out, archive.written(out, DOCUMENTS, seed=7)


@pytest.fixture(scope="module")
def rows(made):
    return list(told(made[0]))


def digests(folder):
    return {
        path.relative_to(folder): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def test_a_seed_gives_the_same_bytes(made, tmp_path):
    again = tmp_path / "again"
    archive.written(again, DOCUMENTS, seed=7)
    assert digests(again) == digests(made[0])


def test_another_seed_gives_another_archive(made, tmp_path):
    other = tmp_path / "other"
    archive.written(other, 30, seed=8)
    assert not {d for p, d in digests(other).items() if p.suffix == ".docx"} & set(digests(made[0]).values())


def test_as_many_as_were_asked_for(made, rows):
    _, counts = made
    documents = sum(counts.values()) - counts["noise"]
    assert DOCUMENTS <= documents < DOCUMENTS + 30
    assert Counter(row["kind"] for row in rows) == counts


def test_every_kind_and_format_is_there(rows):
    assert {row["kind"] for row in rows} >= {*KINDS, "attachment", "form", "mail", "missing", "noise"}
    suffixes = {Path(row["path"]).suffix for row in rows if row["kind"] == "single"}
    assert suffixes == {f".{form.rpartition('.')[2]}" for form in FORMATS}
    assert {row["year"] for row in rows} >= set(range(2016, 2027))


def test_the_manifest_names_what_is_there(made, rows):
    """Every row is a file, or a member of one; every file has a row."""
    out, _ = made
    named = {out / row["path"].split("!")[0] for row in rows}
    assert named == {path for path in out.rglob("*") if path.is_file()} - {out / "manifest.jsonl"}


def test_members_of_zips_are_named(made, rows):
    out, _ = made
    inside = [row["path"].split("!") for row in rows if row["path"].count("!") == 1 and ".zip!收文/" in row["path"]]
    assert inside
    for path, name in inside:
        with zipfile.ZipFile(out / path) as box:
            raw = {member.orig_filename for member in box.infolist()}
        assert name in raw or name.encode("gb18030").decode("cp437") in raw


def test_copies_are_exact_and_near_ones_are_not(made, rows):
    out, _ = made
    plain = {row["path"]: row for row in rows if "!" not in row["path"]}
    by_name = {Path(path).name: out / path for path, row in plain.items() if row["kind"] == "single"}
    pairs = {
        kind: [(out / p, by_name[r["like"]]) for p, r in plain.items() if r["kind"] == kind and r["like"] in by_name]
        for kind in ("copy", "near")
    }
    assert all(pairs.values())
    assert all(one.read_bytes() == other.read_bytes() for one, other in pairs["copy"])
    assert not any(one.read_bytes() == other.read_bytes() for one, other in pairs["near"])


def test_plain_files_are_read_as_expected(made, rows):
    out, _ = made
    for row in rows:
        if "!" not in row["path"] and row["kind"] not in ("noise", "missing"):
            assert outcome(out / row["path"]) in row["expect"], row["path"]


def outcome(path):
    try:
        return "record" if read_bytes(path.read_bytes(), path.name).text else "nothing"
    except DocumentError as error:
        return error.slug


@pytest.mark.parametrize("way", range(len(BROKEN)))
def test_what_is_broken_gives_its_error(way):
    from random import Random

    suffix, data, expect = BROKEN[way](papers()[3].text, Random(way))
    with pytest.raises(DocumentError) as told:
        read_bytes(data, f"坏{suffix}")
    assert told.value.slug in expect


def test_texts_differ_as_they_should():
    from random import Random

    from gongkai.model.likeness import alike, signature

    paper = next(p for p in papers() if len(p.text) > 2_500 and p.attribute == "proactive")
    likes = {
        name: alike(signature(paper.text), signature(other.text))
        for name, other in {
            "near": edited(paper, Random(1)),
            "crossed": crossed(paper, Random(1)),
            "marked": marked(paper, Random(1)),
        }.items()
    }
    assert likes["near"] > 0.85 > likes["crossed"]
    assert moved(paper, Random(1), 2017).text != moved(paper, Random(2), 2017).text
    assert marked(paper, Random(1)).text.split("\n")[0][:2] in ("机密", "秘密")


@pytest.mark.parametrize("arguments", [["{full}"], ["{new}", "--documents", "0"]])
def test_wrong_use_is_refused(arguments, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "x").touch()
    with pytest.raises(SystemExit) as ended:
        archive.main([argument.format(full=full, new=tmp_path / "new") for argument in arguments])
    assert ended.value.code == 2


def test_the_command_writes_and_counts(tmp_path, capsys):
    assert archive.main([str(tmp_path / "new"), "--documents", "20", "--seed", "3"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert sum(counts.values()) >= 20
    assert len(list(told(tmp_path / "new"))) == sum(counts.values())


def test_results_are_compared_row_by_row(tmp_path):
    from gongkai.service.screening.records import Failure, Locator, Part
    from gongkai.service.screening.store import Store

    for name, digest, run in (("one", "sha256:a", 1), ("same", "sha256:a", 2), ("other", "sha256:b", 1)):
        with Store(tmp_path / name) as store:
            store.put_file(Part(Locator(Path("甲.docx"))), run, "甲.docx", digest, "", Failure("empty", "空"))
    assert differences(tmp_path / "one", tmp_path / "same") == {"file": 0, "record": 0, "place": 0}
    assert differences(tmp_path / "one", tmp_path / "other") == {"file": 2, "record": 0, "place": 0}


def test_an_outcome_that_was_not_expected_is_told(tmp_path):
    from gongkai.service.screening.records import Failure, Locator, Part
    from gongkai.service.screening.store import Store

    made = tmp_path / "archive"
    archive.written(made, 10, seed=4)
    wanted = [row for row in told(made) if row["expect"] == ["record"]]
    with Store(tmp_path / "result") as store:
        for row in wanted:
            path = str(made / row["path"])
            store.put_file(Part(Locator(Path(path))), 1, str(made / (row["bundle"] or row["path"])), "d", "r")
        store.put_file(Part(Locator(made / wanted[0]["path"])), 1, "", "d", "", Failure("empty", "空"))
    found = checked(made, tmp_path / "result")
    assert (wanted[0]["path"], "empty") in found.wrong
    assert found.right.total() >= len(wanted) - 1


FIGURES = {
    "stages": {
        "screening": {
            "rows": [
                {"what": "one process alone", "files/s": 10.0, "CPU ms/file": 100.0},
                {
                    "what": "--jobs 2", "ratio": 0.9, "CPU ratio": 0.8, "driver CPU ms": 5.0,
                    "driver MB": 1024.0, "peak MB": 2048.0,
                },
            ]
        }
    }
}  # fmt: skip


@pytest.mark.parametrize(
    ("workers", "by_cpu", "rate", "gigabytes"),
    [(1, False, 9.0, 1.5), (8, False, 72.0, 5.0), (32, False, 200.0, 17.0), (8, True, 64.0, 5.0)],
)
def test_sizes_follow_from_what_was_measured(workers, by_cpu, rate, gigabytes):
    """Two hundred a second is what a driver can keep that needs five milliseconds for each."""
    found = measured(FIGURES, "local", by_cpu)
    assert (found.rate(workers), found.gigabytes(workers)) == pytest.approx((rate, gigabytes))
    assert found.hours(3600, workers) == pytest.approx(1 / rate)


def test_the_sizing_table_has_a_row_for_each_number_of_workers(tmp_path, capsys):
    (tmp_path / "figures.json").write_text(json.dumps(FIGURES), "utf-8")
    assert sizing([str(tmp_path / "figures.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("| 8 |")] == ["| 8 | 0.04 | 3.9 | 385.8 | 72 | 5.0 |"]
    assert not [line for line in lines if line.startswith("ray")]


SPAWNING = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
child.communicate(b"over")
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are watched through /proc")
@pytest.mark.parametrize(("kill", "code"), [(False, 0), (True, -9)])
def test_a_run_is_watched_with_all_its_processes(kill, code, tmp_path):
    def both(moment):
        if moment.memory == moment.own:
            return moment.at > 120  # its child is not seen: it would wait for ever
        (tmp_path / "seen").touch()
        return kill

    run = watched([sys.executable, "-c", SPAWNING, str(tmp_path / "seen")], tmp_path, both)
    assert run.code == code
    assert (tmp_path / "seen").exists()
    assert len(run.cpu) == 2
    assert run.peak > run.own > 2**20
    assert not any(map(alive, run.cpu))


def moments(*rows):
    return [Moment(at, files, memory, 0, cpu, cpu / 10) for at, files, memory, cpu in rows]


def test_rate_and_cost_are_those_of_the_working_time():
    """Two seconds to start, 30 files in 3 seconds for 1.5 processor seconds, and four to put them in order."""
    run = Watched(moments((0, 0, 1, 0), (2, 10, 4, 3), (3, 20, 4, 3.5), (5, 40, 4, 4.5), (9, 40, 2, 9)))
    assert run.rate == 10
    assert run.cost == pytest.approx((0.05, 0.005))
    assert (run.peak, run.seconds) == (4, 9)


@pytest.mark.parametrize(("digest", "code"), [("sha256:a", 0), ("sha256:b", 1)])
def test_a_soak_fails_where_a_killed_run_kept_something_else(digest, code, tmp_path, monkeypatch, capsys):
    """Runs are stood in for: the uninterrupted one keeps one row, the killed ones another or the same."""
    from gongkai.service.screening.records import Failure, Locator, Part
    from gongkai.service.screening.store import Store

    def run(command, out, kill=lambda _: False):
        with Store(out) as store:
            part = Part(Locator(Path("甲.docx")))
            kept = "sha256:a" if out.name == "whole" else digest
            store.put_file(part, 1, "甲.docx", kept, "", Failure("empty", "空"))
        return Watched(moments((0, 1, 1, 0), (1, 1, 1, 0)), code=-9 if kill(Moment(0, 99, 0)) else 0)

    monkeypatch.setattr(soak, "watched", run)
    assert soak.main(["--documents", "5", "--kills", "2", "--work", str(tmp_path / "work")]) == code
    said = capsys.readouterr().out
    assert said.count("resumed: ") == 3
    assert said.count("killed") >= 2
