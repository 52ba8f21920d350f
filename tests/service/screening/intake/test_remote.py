"""Folders that fsspec lists: as local ones are listed, and read through the same functions."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pytest

from gongkai.model.errors import MissingDocument, OversizedDocument, RequestError
from gongkai.service.screening.intake import folders, remote

fsspec = pytest.importorskip("fsspec", reason="fsspec is missing (pip install 'gongkai[ray]')")
FILES = {
    "2018年/1.通知.txt": "通知",
    "2018年/附件/附件1.txt": "名单",
    "2018年/乙/甲.txt": "甲",
    "2018年/~$通知.docx": "",
    "2018年/.隐藏/在内.txt": "x",
    "2019年/空格 与#井号.txt": "词",
    "Thumbs.db": "",
    "顶.txt": "顶",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def stored():
    """The same in a storage that is no folder of this machine."""
    memory = fsspec.filesystem("memory")
    for name, text in FILES.items():
        memory.pipe(f"/archive/{name}", text.encode())
    yield Path("memory://archive")
    memory.rm("/archive", recursive=True)


def listed(groups, root):
    return [
        [(part.locator.path.relative_to(root).as_posix(), part.size) for part in parts] for parts, failures in groups
    ]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("s3://archive/2018", True),
        ("memory://archive", True),
        ("file:///srv/archive", True),
        ("/srv/archive", False),
        ("archive/2018", False),
        ("D:/archive", False),
        ("文件:/a", False),
    ],
)
def test_urls_are_told_from_paths(source, url):
    assert remote.is_url(Path(source)) == url


def test_listed_like_a_folder(folder, stored):
    here, there = Counter(), Counter()
    local = listed(folders.walked(folder, here), folder)
    assert listed(remote.walked(stored, there), stored) == local
    assert there == here
    assert [name for name, _ in local[1]] == ["2018年/1.通知.txt", "2018年/附件/附件1.txt"]


def test_names_go_on_as_they_came(stored):
    (part,) = [p for parts, _ in remote.walked(stored, Counter()) for p in parts if "井号" in p.locator.name]
    assert part.locator.shown == "memory:/archive/2019年/空格 与#井号.txt"
    assert remote.contents(part.locator.path, 100).decode() == "词"
    assert b"".join(remote.blocks(part.locator.path)).decode() == "词"


def test_a_stamp_changes_with_the_file(stored):
    def stamps():
        return {p.locator.name: p.stamp for parts, _ in remote.walked(stored, Counter()) for p in parts}

    before = stamps()
    assert stamps() == before
    fsspec.filesystem("memory").pipe("/archive/顶.txt", "底".encode())
    after = stamps()
    assert {name for name in after if after[name] != before[name]} == {"顶.txt"}


def test_what_cannot_be_read_is_a_failure(stored):
    with pytest.raises(MissingDocument):
        remote.contents(stored / "没有.txt", 100)
    with pytest.raises(MissingDocument):
        list(remote.blocks(stored / "没有.txt"))
    with pytest.raises(OversizedDocument):
        remote.contents(stored / "顶.txt", 2)


@pytest.mark.parametrize("source", ["memory://nowhere", "memory://archive/顶.txt", "file:///nowhere/at/all"])
def test_a_source_that_is_gone_stops_the_run(source, stored):
    with pytest.raises(RequestError, match="读不到了"):
        remote.check(Path(source))


def test_a_source_that_is_there_passes(stored, folder):
    remote.check(stored)
    remote.check(Path(f"file://{folder}"))


def test_an_empty_source_is_told(tmp_path):
    with pytest.raises(RequestError, match="是空的"):
        remote.check(Path(f"file://{tmp_path}"))


def test_a_missing_plug_in_is_named(monkeypatch):
    def missing(_):
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(importlib.import_module("fsspec"), "filesystem", missing)
    remote._storage.cache_clear()
    with pytest.raises(RequestError, match="s3fs"):
        remote.check(Path("s3://archive"))
    remote._storage.cache_clear()
