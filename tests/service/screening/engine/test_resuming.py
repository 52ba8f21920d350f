"""The command killed at random moments and run again: row for row what an uninterrupted run gives."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from files import notice_docx, zipped
from papers import CLASSIFIED, NOTICE, PAPERS

from gongkai.service.screening.store import NAME

FILES = "path, size, stamp, role, bundle, digest, record, slug, message, fields, means"
ROWS = {"file": FILES, "record": "*", "place": "*"}
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backlog") / "档案"
    texts = [*PAPERS.values(), NOTICE]
    for year in range(2016, 2020):
        (folder / str(year)).mkdir(parents=True)
        for number in range(30):
            text = f"{texts[(number + year) % len(texts)]}\n{year}年第{number % 25}号"
            (folder / str(year) / f"{number}.txt").write_text(text, "utf-8")
    (folder / "2016" / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "2017" / "密.txt").write_text(CLASSIFIED, "utf-8")
    members = {f"收文/{n}.txt": f"{NOTICE}\n第{n}号" for n in range(20)} | {"附件.docx": notice_docx()}
    (folder / "2018.zip").write_bytes(zipped(members))
    return folder


def command(source, out):
    return [
        sys.executable,
        "-m",
        "gongkai.service",
        "screen",
        source,
        "-o",
        out,
        "--fast",
        "--jobs",
        "2",
        "--no-report",
    ]


def start(source, out):
    return subprocess.Popen(command(source, out), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rows(out):
    store = sqlite3.connect(out / NAME)
    try:
        return {
            table: store.execute(f"SELECT {what} FROM {table} ORDER BY 1").fetchall() for table, what in ROWS.items()
        }
    finally:
        store.close()


def count(out):
    if not (out / NAME).exists():
        return 0
    store = sqlite3.connect(out / NAME, timeout=30)
    try:
        return store.execute("SELECT count(*) FROM file").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        store.close()


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole")
    process = start(source, out)
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 1, errors.decode()
    assert "1 个没读成" in said.decode()
    return rows(out)


def test_a_run_that_was_killed_again_and_again_gives_the_same(source, whole, tmp_path):
    chance, kept = random.Random(5), []
    for _ in range(3):
        before, moment = count(tmp_path), chance.uniform(0.3, 1.2)
        process = start(source, tmp_path)
        deadline = time.monotonic() + 60
        while count(tmp_path) <= before and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        kept.append(count(tmp_path))
    assert kept == sorted(kept) and kept[0] > 0
    process = start(source, tmp_path)
    said, _ = process.communicate(timeout=120)
    assert "没有变化" in said.decode()
    assert rows(tmp_path) == whole
    assert not list(tmp_path.glob(".spool-*"))
