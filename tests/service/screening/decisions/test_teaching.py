"""Texts for training: read anew, only what was screened, never what is secret; and what active learning said."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from backlogs import digest, records

from gongkai.model.errors import OutputError, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.status import order_line
from gongkai.service.screening.decisions.teaching import (
    CHANGED,
    DIFFER,
    STOPPED,
    Order,
    export,
    note_order,
    noted_order,
    read_order,
)
from gongkai.service.screening.records import Decision, Locator, Part, PartTold, Role
from gongkai.service.screening.store import Store

RULES = Rulebook.load()
TEXT = "青禾县人民政府关于做好汛期安全检查工作的通知\n各镇人民政府：\n第{}次检查定于六月进行，请提前准备，确保安全。"


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Archive:
    """Files on disk and the store that knows them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, Store(folder / "out")
        self.records = list(records(8))

    def put(self, number: int, *parts: tuple[Locator, bytes, Role], **changed: object) -> None:
        told = tuple(PartTold(at.name, role, sha(data), "proactive", len(data)) for at, data, role in parts)
        self.store.put_record(replace(self.records[number - 1], parts=told if len(told) > 1 else (), **changed))
        for at, data, role in parts:
            self.store.put_file(Part(at, role, len(data), 1), 1, digest(number), sha(data), digest(number))

    def file(self, name: str, text: str) -> tuple[Locator, bytes, Role]:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return Locator(path), text.encode(), Role.main

    def decided(self, number: int, attribute: str = "proactive", by: str = "赵一鸣", **more: str) -> None:
        self.store.add_decisions([Decision(digest(number), attribute, by, "2026-11-22", **more)])

    def exported(self, backlog: bool = False) -> tuple[list[dict], dict[str, int]]:
        to, spool = self.folder / "export.jsonl", self.folder / "spool"
        spool.mkdir(exist_ok=True)
        done = export(self.store, to, RULES, spool, backlog)
        rows = [json.loads(line) for line in to.read_text("utf-8").splitlines()]
        assert done.written == len(rows)
        assert to.stat().st_mode & 0o777 == 0o600
        return rows, {reason: count for reason, count in done.left_out.items() if count}


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path)
    yield made
    made.store.close()


def test_decided_records_with_their_labels(archive):
    archive.put(1, archive.file("一.txt", TEXT.format(1)))
    archive.put(2, archive.file("二.txt", TEXT.format(2)))
    archive.decided(1, "withheld", reason="W-167", category="G0102")
    rows, left_out = archive.exported()
    known = archive.store.record(digest(1))
    assert rows == [{
        "id": digest(1), "title": known.title, "text": TEXT.format(1), "attribute": "withheld", "categories": ["G0102"],
        "reasons": ["W-167"], "number": known.number, "issuer": known.issuer, "date": known.issued,
        "genre": known.genre,
    }]  # fmt: skip
    assert left_out == {}


def test_a_reason_in_words_is_for_people(archive):
    archive.put(1, archive.file("一.txt", TEXT.format(1)))
    archive.decided(1, "withheld", reason="尚在讨论")
    (row,), _ = archive.exported()
    assert (row["reasons"], row["categories"]) == ([], [])


def test_the_backlog_has_texts_and_no_labels(archive):
    archive.put(1, archive.file("一.txt", TEXT.format(1)))
    archive.put(2, archive.file("二.txt", TEXT.format(2)))
    archive.decided(1)
    rows, _ = archive.exported(backlog=True)
    assert [set(row) for row in rows] == [{"id", "title", "text"}] * 2


def test_a_bundle_is_one_text_main_first(archive):
    first, second = archive.file("正文.txt", TEXT.format(1)), archive.file("附件1.txt", "检查表\n项目\t结果")
    archive.put(1, first, (second[0], second[1], Role.attachment))
    archive.decided(1)
    (row,), _ = archive.exported()
    assert row["text"] == f"{TEXT.format(1)}\n附件：附件1.txt\n检查表\n项目\t结果"


def test_files_in_archives_and_lines_of_jsonl(archive):
    box, lines = archive.folder / "档案.zip", archive.folder / "导出.jsonl"
    with zipfile.ZipFile(box, "w") as made:
        made.writestr("收文/1.txt", TEXT.format(1))
    lines.write_text(json.dumps({"id": "甲-7", "text": TEXT.format(2)}, ensure_ascii=False), "utf-8")
    archive.put(1, (Locator(box, ("收文/1.txt",)), TEXT.format(1).encode(), Role.main))
    archive.put(2, (Locator(lines, ("甲-7.txt",)), TEXT.format(2).encode(), Role.main))
    archive.decided(1)
    archive.decided(2)
    rows, left_out = archive.exported()
    assert ([row["text"] for row in rows], left_out) == ([TEXT.format(1), TEXT.format(2)], {})


def test_what_is_left_out(archive):
    archive.put(1, archive.file("一.txt", TEXT.format(1)), handling="stop_classified")
    archive.put(2, archive.file("二.txt", TEXT.format(2)))
    archive.put(3, archive.file("三.txt", TEXT.format(3)))
    archive.put(4, archive.file("四.txt", TEXT.format(4)))
    for number in (1, 2, 3, 4):
        archive.decided(number, "withheld", reason="W-167")
    archive.decided(2, "proactive", "钱二白")
    (archive.folder / "三.txt").write_text(TEXT.format(33), "utf-8")
    (archive.folder / "四.txt").unlink()
    rows, left_out = archive.exported()
    assert rows == []
    assert left_out == {STOPPED: 1, DIFFER: 1, CHANGED: 1, "文件不存在或无法读取": 1}


def test_another_copy_of_the_same_file_will_do(archive):
    gone, there = archive.file("一.txt", TEXT.format(1)), archive.file("一（副本）.txt", TEXT.format(1))
    archive.put(1, gone)
    archive.put(1, there)
    archive.decided(1)
    gone[0].path.unlink()
    (row,), _ = archive.exported()
    assert row["text"] == TEXT.format(1)


def test_a_place_that_cannot_be_written(archive):
    with pytest.raises(OutputError):
        export(archive.store, archive.folder / "没有" / "export.jsonl", RULES, archive.folder)


def test_training_reads_it(archive):
    """Both sides meet in this file: every row is an example with its labels, none is odd."""
    corpus = pytest.importorskip("gongkai.training.corpus", reason="needs gongkai[training]")
    for number in (1, 2):
        archive.put(number, archive.file(f"{number}.txt", TEXT.format(number)))
        archive.decided(number, "withheld", reason="W-167", category="G0102")
    archive.exported()
    found = corpus.load_corpus(archive.folder / "export.jsonl")
    assert found.problems == ()
    assert [(e.document.id, e.attribute, e.reasons, e.categories) for e in found.examples] == [
        (digest(number), "withheld", ("W-167",), ("G0102",)) for number in (1, 2)
    ]
    archive.exported(backlog=True)
    sources = pytest.importorskip("gongkai.training.sources")
    archive.put(3, archive.file("3.txt", TEXT.format(3) * 3))
    archive.exported(backlog=True)
    (row,) = sources.read_public(archive.folder / "export.jsonl")
    assert (row.id, row.text) == (digest(3), TEXT.format(3) * 3)


SAID = {"reviewed": 120, "recall_reached": 0.97, "stop": True, "order": [{"id": "a"}, {"id": "b"}]}


def test_what_active_learning_said_is_kept(archive, tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(SAID), "utf-8")
    assert noted_order(archive.store) is None
    note_order(archive.store, read_order(path), "2026-11-22")
    assert noted_order(archive.store) == Order(120, 0.97, True, 2)
    assert order_line(Order(120, 0.97, True, 2)).endswith(
        "估计已经找到 97% 的不予公开文件，可以停止逐件审查，用抽样核实。"
    )


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", json.dumps(SAID | {"recall_reached": 2}), json.dumps(SAID | {"reviewed": -1})]
)
def test_what_is_no_order(tmp_path, told):
    path = tmp_path / "order.json"
    path.write_text(told, "utf-8")
    with pytest.raises(RequestError, match="order.json"):
        read_order(path)
