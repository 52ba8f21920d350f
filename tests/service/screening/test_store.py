"""A real SQLite file: what stands, what is whole, what is lost and told."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from gongkai.model.errors import OutputError
from gongkai.service.screening.records import (
    Bundle,
    Cited,
    Decision,
    Failure,
    Locator,
    Part,
    PartTold,
    Pile,
    Place,
    Quote,
    Record,
    Role,
)
from gongkai.service.screening.store import NAME, Store

ENGINE = {"version": "1", "model": "m", "rulebook": "r", "profile": "default"}
JUDGED = '{"model":"m","profile":"default","rulebook":"r","version":"1"}'
TOLD = (
    PartTold("正文.txt", Role.main, "sha256:1", "proactive", 9),
    PartTold("附件.txt", Role.attachment, "", "withheld", 4),
)
RECORD = Record(
    "sha256:a", "关于停水的通告", "青水〔2020〕1号", "青禾县水务局", "2020-05-01", "通告", "proactive", 0.9, "full",
    False, {"engine": ENGINE, "notes": ["无"]}, (Quote("P-20", "现予公布"),), (Cited("forwards", "国发〔2019〕1号"),),
    TOLD, b"\x01", b"\x02", 13,
)  # fmt: skip
STOPPED = replace(RECORD, handling="stop_classified")


def part(name, role=Role.main, size=5, stamp=7, **fields):
    return Part(Locator(path(name)), role, size, stamp, fields)


def path(name):
    from pathlib import Path

    return Path("档案") / name


MAIN, OTHER = part("a.txt"), part("b.txt", Role.attachment)
BOTH = Bundle((MAIN, OTHER))


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "out") as opened:
        yield opened


def keep(store, bundle=BOTH, run=1, record=RECORD, failures=None, means="60"):
    with store.batch():
        store.put_record(record)
        for number, one in enumerate(bundle.parts):
            failure = (failures or {}).get(number)
            owner = "" if failure else record.digest
            store.put_file(one, run, bundle.main.locator.shown, "sha256:f", owner, failure, means)


def test_a_record_comes_back_as_it_went_in(store):
    keep(store)
    assert (store.record(RECORD.digest), store.record("sha256:z")) == (RECORD, None)
    assert list(store.records()) == [RECORD]


def test_only_the_owner_can_read_it(store):
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (store.path.parent, *store.path.parent.iterdir())]
    assert modes[0] == 0o700 and set(modes[1:]) == {0o600}


GONE, BAD = Failure("missing", "没有。"), Failure("corrupt", "坏了。")


@pytest.mark.parametrize(
    ("kept", "asked", "answer"),
    [
        ({}, {}, True),
        ({}, {"engine": JUDGED.replace("m", "n")}, False),
        ({}, {"means": "90"}, True),
        ({}, {"bundle": Bundle((replace(MAIN, size=6), OTHER))}, False),
        ({}, {"bundle": Bundle((MAIN, replace(OTHER, stamp=8)))}, False),
        ({}, {"bundle": Bundle((MAIN,))}, False),
        ({}, {"bundle": Bundle((OTHER, MAIN))}, False),
        ({}, {"bundle": Bundle((MAIN, OTHER, part("c.txt")))}, False),
        ({}, {"bundle": Bundle((MAIN, replace(OTHER, role=Role.form)))}, False),
        ({}, {"bundle": Bundle((replace(MAIN, fields={"title": "新"}), OTHER))}, False),
        ({"failures": {1: BAD}}, {}, True),
        ({"failures": {1: BAD}}, {"means": "90"}, False),
        ({"failures": {0: BAD, 1: BAD}}, {"engine": "{}"}, True),
        ({"failures": {1: GONE}}, {}, False),
        ({"record": STOPPED}, {"bundle": Bundle((replace(MAIN, fields={"title": "新"}), OTHER))}, True),
    ],
)  # fmt: skip
def test_what_counts_as_unchanged(store, kept, asked, answer):
    assert not store.unchanged(BOTH, JUDGED, "60")
    keep(store, **kept)
    assert store.unchanged(**({"bundle": BOTH, "engine": JUDGED, "means": "60"} | asked)) == answer


def test_a_bundle_that_lost_a_part_is_screened_anew_once(store):
    keep(store, run=1)
    alone = Bundle((MAIN,))
    assert not store.unchanged(alone, JUDGED, "60")
    keep(store, alone, run=2)
    assert store.unchanged(alone, JUDGED, "60")


@pytest.mark.parametrize(
    ("record", "engine", "answer"),
    [
        (RECORD, JUDGED, True),
        (RECORD, "{}", False),
        (replace(RECORD, parts=()), JUDGED, True),
        (replace(RECORD, parts=(TOLD[0], replace(TOLD[1], attribute=""))), JUDGED, False),
    ],
)
def test_which_records_need_no_judging(store, record, engine, answer):
    assert not store.reusable(RECORD.digest, engine)
    keep(store, record=record)
    assert store.reusable(RECORD.digest, engine) == answer


def test_files_that_are_gone_leave_the_worklist_and_keep_their_decisions(store):
    decision = Decision(RECORD.digest, "withheld", "周明远", "2024-05-01T08:00:00+08:00")
    keep(store, run=store.begin())
    store.note("run", "1")
    assert (store.run, len(list(store.files())), store.add_decisions([decision])) == (1, 2, 1)
    assert store.begin() == 2
    assert len(list(store.files())) == 2, "an unfinished run takes nothing away"
    store.note("run", "2")
    assert (list(store.files()), list(store.records()), list(store.decisions())) == ([], [], [decision])
    store.seen(BOTH, 2)
    assert [row.path for row in store.files()] == [MAIN.locator.shown, OTHER.locator.shown]


def test_beginning_anew_forgets_all_but_decisions(store):
    keep(store)
    store.replace_places([Place(RECORD.digest, Pile.confirm, 1, 0.1)])
    store.add_decisions([Decision(RECORD.digest, "withheld", "周明远", "2024-05-01")])
    store.put_sample("S1", [(RECORD.digest, Pile.confirm)])
    store.begin(anew=True)
    assert [list(found) for found in (store.files(run=0), store.records(0), store.places())] == [[], [], []]
    assert (len(list(store.decisions())), len(store.samples("S1"))) == (1, 1)


def test_a_batch_is_whole_or_not_there(store):
    with pytest.raises(KeyboardInterrupt), store.batch():
        store.put_record(RECORD)
        raise KeyboardInterrupt
    assert store.record(RECORD.digest) is None
    keep(store)
    assert store.record(RECORD.digest) == RECORD


@pytest.mark.parametrize("content", [b"no database at all, but some text that is long enough", None])
def test_what_is_not_ours_is_refused(tmp_path, content):
    if content is None:
        with Store(tmp_path) as store:
            store.note("schema", "99")
    else:
        (tmp_path / NAME).write_bytes(content)
    with pytest.raises(OutputError, match="不是本程序"):
        Store(tmp_path)


def test_what_belongs_to_another_program_is_not_touched(tmp_path):
    with closing(sqlite3.connect(tmp_path / NAME)) as other:
        other.execute("CREATE TABLE theirs (a)")
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(OutputError, match="不是本程序"):
        Store(tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


@pytest.mark.parametrize("changed", ["result = '{'", "quotes = '[1]'", "parts = '[{}]'", "cited = '[[]]'"])
def test_cells_that_somebody_else_wrote_are_told(store, changed):
    keep(store)
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute(f"UPDATE record SET {changed}")
    with pytest.raises(OutputError, match="不是本程序"):
        list(store.records(run=0))


def test_of_what_a_register_says_only_attribute_and_unit_stay(store):
    said = {"title": "关于赵一鸣的答复", "number": "1号", "attribute": "主动公开", "unit": "水务科"}
    keep(store, Bundle((part("a.txt", **said), part("b.txt", Role.attachment, **said))), failures={1: BAD})
    assert [row.fields for row in store.files(run=0)] == [{"attribute": "主动公开", "unit": "水务科"}, {}]
    assert "赵一鸣".encode() not in b"".join(path.read_bytes() for path in store.path.parent.iterdir())


def test_what_is_forgotten_is_gone(tmp_path):
    with Store(tmp_path) as store:
        keep(store, record=replace(RECORD, title="已经忘记的标题"))
        keep(store, record=replace(STOPPED, title=""))
    assert "已经忘记的标题".encode() not in (tmp_path / NAME).read_bytes()


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="写不进"):
        Store(tmp_path / "file" / "out")


FULL = """
import resource, signal, sys
from pathlib import Path
from test_store import RECORD, replace
from gongkai.model.errors import OutputError
from gongkai.service.screening.store import Store
with Store(Path(sys.argv[1])) as store:
    store.put_record(RECORD)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        with store.batch():
            for number in range(2_000):
                store.put_record(replace(RECORD, digest=f"sha256:{number}", signature=bytes(2_000)))
    except OutputError as error:
        print(error.message)
"""


def test_a_full_disk_is_told_and_the_rest_stays(tmp_path):
    here = os.path.dirname(__file__)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)]),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, env=environment)
    assert "磁盘没有满" in done.stdout, done.stderr
    with sqlite3.connect(tmp_path / NAME) as left:
        assert left.execute("SELECT digest FROM record").fetchall() == [(RECORD.digest,)]
    left.close()
    with Store(tmp_path) as store:
        keep(store)
        assert list(store.records()) == [RECORD]
