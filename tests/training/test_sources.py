"""Text from outside: published documents and prose, plain or gzipped."""

from __future__ import annotations

import gzip
import json

import pytest
from papers import NOTICE, PRIVATE, VALUES

from gongkai.training.authored import CorpusError
from gongkai.training.runlog import RunLog
from gongkai.training.sources import LONGEST, read_prose, read_public, rows

ROWS = [{"id": 7, "title": None, "text": NOTICE * 3}, {"text": "太短"}, {"text": None}, {"title": "无"}]
ROWS += [{"text": " " * 500}, {"text": "长" * 30_000}]


@pytest.fixture(params=["p.jsonl", "p.jsonl.gz"])
def path(request, tmp_path):
    content = ("\ufeff" + "\n".join(json.dumps(row) for row in ROWS) + "\n\n").encode()
    found = tmp_path / request.param
    found.write_bytes(gzip.compress(content) if found.suffix == ".gz" else content)
    return found


def test_public_documents(path):
    found = [(d.id, d.title, len(d.text)) for d in read_public(path)]
    assert found == [("7", "", len(NOTICE) * 3), ("5", "", LONGEST)]
    assert read_public(None) == []


def test_prose(path):
    texts = read_prose([path, path])
    assert texts == [NOTICE * 3, "太短", " " * 500, "长" * 30_000] * 2
    assert read_prose([]) == []


def test_a_line_end_inside_a_text_is_no_line(tmp_path):
    text = "甲\u2028乙\x85丙\r丁"
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}, ensure_ascii=False) + "\r\n", "utf-8", newline="")
    assert read_prose([tmp_path / "a.jsonl"]) == [text]


GZIPPED = gzip.compress(json.dumps(ROWS[0]).encode() * 50)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.jsonl", b"{"),
        ("p.jsonl", b"{'text': 1}"),
        ("p.jsonl", b"[1]"),
        ("p.jsonl", b'"text"'),
        ("p.jsonl", b"[" * 100_000),
        ("p.jsonl", '{"text": "通告"}'.encode("gb18030")),
        ("p.jsonl", GZIPPED),
        ("p.jsonl", None),
        ("p.jsonl.gz", json.dumps(ROWS[0]).encode()),
        ("p.jsonl.gz", GZIPPED[: len(GZIPPED) // 2]),
        ("p.jsonl.gz", GZIPPED[:20] + b"\xff" * 20 + GZIPPED[40:]),
        ("p.jsonl.gz", b""),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    if content == b"" and name.endswith("gz"):
        assert list(rows(tmp_path / name)) == []
        return
    with pytest.raises(CorpusError, match=rf"{name} 不是每行一个 JSON 对象的 UTF-8 文件，请改正。"):
        read_prose([tmp_path / name])


def test_the_message_holds_no_text(tmp_path):
    (tmp_path / "p.jsonl").write_text(json.dumps({"text": PRIVATE}, ensure_ascii=False)[:-2], "utf-8")
    with pytest.raises(CorpusError) as error:
        read_prose([tmp_path / "p.jsonl"])
    assert [value for value in VALUES if value in str(error.value)] == []


def test_the_run_log(tmp_path):
    log = RunLog(tmp_path / "deep" / "run.jsonl")
    log.write("teach", run="fold-0", loss=1 / 3, epoch=2)
    RunLog(tmp_path / "deep" / "run.jsonl").write("done")
    RunLog().write("nowhere", loss=1.0)
    first, second = (json.loads(line) for line in log.path.read_text("utf-8").splitlines())
    assert {key: value for key, value in first.items() if key != "at"} == {
        "event": "teach",
        "run": "fold-0",
        "loss": 0.33333,
        "epoch": 2,
    }
    assert (second["event"], first["at"].endswith("+00:00")) == ("done", True)
