"""JSONL: bundles with their text, failures by line, a text found again by its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai.model.errors import MissingDocument
from gongkai.service.screening.intake.lines import read
from gongkai.service.screening.intake.sources import contents, found, located
from gongkai.service.screening.records import Bundle, Locator, Part


def written(path: Path, *lines: object, mark: bytes = b"") -> Path:
    rows = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
    path.write_bytes(mark + b"\n".join(rows))
    return path


ROW = {
    "id": "甲",
    "text": "各乡镇：防汛。",
    "title": "通知",
    "number": "青政发〔2018〕5号",
    "attribute": "",
    "note": "申请人赵一鸣",
    "other": [1],
}


def test_a_line_is_a_bundle(tmp_path):
    path = written(tmp_path / "库.jsonl", ROW, b"", {"id": "a/b!c", "text": "二"}, mark=b"\xef\xbb\xbf")
    one, two = found([path])
    assert isinstance(one, Bundle) and isinstance(two, Bundle)
    assert one.main.fields == {"title": "通知", "number": "青政发〔2018〕5号"}
    assert [bundle.main.text for bundle in (one, two)] == ["各乡镇：防汛。", "二"]
    assert two.main.locator.shown == f"{path}!a/b!c.txt"
    for bundle in (one, two):
        again = Part(located(bundle.main.locator.shown))
        assert again.locator == bundle.main.locator
        assert contents(again) == contents(bundle.main) == bundle.main.text.encode()


@pytest.mark.parametrize("line", [
    b"{", b"[]", b'{"id": "x"}', b'{"text": "x"}', {"id": 1, "text": "x"}, {"id": "x", "text": None},
    {"id": " ", "text": "x"}, b'{"id": "x", "text": "\\ud800"}', b"\xff\xfe", b"[" * 100_000,
    {"id": "a\x1b[2J", "text": "x"}, {"id": "长" * 201, "text": "x"},
])  # fmt: skip
def test_a_bad_line_is_a_failure(tmp_path, line):
    (part, failure), good = read(written(tmp_path / "库.jsonl", line, ROW))
    assert (part.locator.name, failure.slug) == ("第1行", "corrupt")
    assert good.main.text == ROW["text"]


@pytest.mark.parametrize(("second", "name", "slug"), [
    ({"id": "甲", "text": "又一件"}, "第2行", "corrupt"),
    ({"id": "乙", "text": " \n"}, "乙.txt", "empty"),
])  # fmt: skip
def test_ids_are_unique_and_texts_not_empty(tmp_path, second, name, slug):
    _, (part, failure) = read(written(tmp_path / "库.jsonl", ROW, second))
    assert (part.locator.name, failure.slug) == (name, slug)


def test_only_the_changed_line_is_new(tmp_path):
    path = tmp_path / "库.jsonl"
    before = [bundle.main for bundle in read(written(path, ROW, {"id": "乙", "text": "二"}))]
    after = [bundle.main for bundle in read(written(path, ROW, {"id": "乙", "text": "改了"}))]
    assert [(b.size, b.stamp) == (a.size, a.stamp) for b, a in zip(before, after, strict=True)] == [True, False]
    assert contents(Part(Locator(path, ("乙.txt",)))).decode() == "改了"


def test_an_id_that_is_not_there(tmp_path):
    path = written(tmp_path / "库.jsonl", ROW)
    with pytest.raises(MissingDocument):
        contents(Part(Locator(path, ("丙.txt",))))
