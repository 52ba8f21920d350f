"""Sources: what is found in which order, what is left out, and what stops the run."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from containers import rar
from files import zipped

from gongkai.model.errors import MissingDocument, OversizedDocument, RequestError
from gongkai.service.limits import Limits
from gongkai.service.screening import store
from gongkai.service.screening.intake import folders
from gongkai.service.screening.intake.sources import check_reachable, contents, found, is_container, located
from gongkai.service.screening.records import Bundle, Locator, Part


def files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def shown(root: Path, items) -> list[str]:
    told = []
    for item in items:
        if isinstance(item, Bundle):
            told.append(" + ".join(str(part.locator.path.relative_to(root)) for part in item.parts))
        elif isinstance(item, Part):
            told.append(f"[{item.locator.path.relative_to(root)}]")
        else:
            told.append(f"{item[0].locator.path.relative_to(root)}: {item[1].slug}")
    return told


def test_a_folder(tmp_path):
    files(
        tmp_path, "乙/通知.txt", "乙/附件1.txt", "甲/a.zip", "甲/b.EML", "甲/c.tar.gz", "甲/深/深/文.txt", "顶.txt",
        "甲/z.txt", "乙/附件/名单.txt", "乙/附件/下/远.txt",
    )  # fmt: skip
    expected = [
        "顶.txt", "乙/通知.txt + 乙/附件1.txt + 乙/附件/名单.txt", "乙/附件/下/远.txt", "[甲/a.zip]", "[甲/b.EML]",
        "[甲/c.tar.gz]", "甲/z.txt", "甲/深/深/文.txt",
    ]  # fmt: skip
    assert shown(tmp_path, found([tmp_path])) == expected
    assert shown(tmp_path, found([tmp_path / "甲", tmp_path, tmp_path / "顶.txt", tmp_path])) == expected


def test_size_and_time_of_a_part(tmp_path):
    files(tmp_path, "甲.txt")
    (bundle,) = found([tmp_path / "甲.txt"])
    known = (tmp_path / "甲.txt").stat()
    assert (bundle.main.size, bundle.main.stamp) == (known.st_size, known.st_mtime_ns)


def test_what_is_left_out_is_counted(tmp_path):
    files(
        tmp_path, "甲.txt", ".隐藏.txt", ".git/x.txt", "~$甲.docx", "~WRL0001.tmp", ".~lock.甲.docx#", "Thumbs.db",
        "desktop.ini", "__MACOSX/甲.txt", "快捷方式.lnk", f"结果/{store.NAME}", "结果/worklist.xlsx",
    )  # fmt: skip
    outside = tmp_path.parent / f"{tmp_path.name}-外"
    files(outside, "外.txt")
    (tmp_path / "出去").symlink_to(outside)
    (tmp_path / "出去.txt").symlink_to(outside / "外.txt")
    (tmp_path / "转圈").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "管道.txt")
    counts = Counter()
    assert shown(tmp_path, found([tmp_path], left_out=counts)) == ["甲.txt"]
    assert counts == {
        "隐藏文件": 2, "临时文件和快捷方式": 4, "系统文件": 3, "链接": 3, "设备和管道": 1, "本程序的输出目录": 1,
    }  # fmt: skip


def test_a_source_may_be_a_link(tmp_path):
    files(tmp_path, "真/甲.txt")
    (tmp_path / "链").symlink_to(tmp_path / "真")
    assert shown(tmp_path, found([tmp_path / "链"])) == ["链/甲.txt"]


@pytest.mark.parametrize("name", ["没有", "空", "没有.jsonl"])
def test_a_source_that_is_not_there_or_empty(tmp_path, name):
    (tmp_path / "空").mkdir()
    files(tmp_path, "甲.txt")
    with pytest.raises(RequestError, match=name):
        next(found([tmp_path / "甲.txt", tmp_path / name]))
    with pytest.raises(RequestError, match=name):
        check_reachable([tmp_path / name])


def test_no_source():
    with pytest.raises(RequestError):
        next(found([]))


def broken(monkeypatch, folder: Path, error: OSError) -> None:
    real = os.scandir
    monkeypatch.setattr(
        folders.os, "scandir", lambda path: (_ for _ in ()).throw(error) if path == folder else real(path)
    )


def test_a_closed_folder_is_one_failure(tmp_path, monkeypatch):
    files(tmp_path, "一/甲.txt", "二/乙.txt", "二/丙.txt", "三/丁.txt")
    broken(monkeypatch, tmp_path / "二", PermissionError(13, "closed"))
    assert shown(tmp_path, found([tmp_path])) == ["一/甲.txt", "三/丁.txt", "二: missing"]


def test_a_folder_removed_on_the_way_is_none(tmp_path, monkeypatch):
    files(tmp_path, "一/甲.txt", "二/乙.txt")
    broken(monkeypatch, tmp_path / "二", FileNotFoundError(2, "gone"))
    assert shown(tmp_path, found([tmp_path])) == ["一/甲.txt"]


def test_a_network_folder_that_vanishes_stops_the_run(tmp_path, monkeypatch):
    files(tmp_path, "一/甲.txt", "二/乙.txt")
    broken(monkeypatch, tmp_path / "二", OSError(116, "stale"))
    items = found([tmp_path])
    assert shown(tmp_path, [next(items)]) == ["一/甲.txt"]
    with pytest.raises(RequestError, match="同一条命令继续"):
        next(items)


def test_a_root_that_vanishes_stops_the_run(tmp_path):
    files(tmp_path, "库/一/甲.txt", "库/二/乙.txt")
    items = found([tmp_path / "库"])
    next(items)
    (tmp_path / "库").rename(tmp_path / "别处")
    with pytest.raises(RequestError, match="库"):
        next(items)


def test_contents(tmp_path):
    files(tmp_path, "甲.txt")
    assert contents(Part(Locator(tmp_path / "甲.txt"))) == "甲.txt".encode()
    with pytest.raises(OversizedDocument):
        contents(Part(Locator(tmp_path / "甲.txt")), Limits(max_bytes=3))
    with pytest.raises(MissingDocument):
        contents(Part(Locator(tmp_path / "乙.txt")))


@pytest.mark.parametrize(
    "inside", [(), ("a.txt",), ("a!b.txt",), ("甲/b.zip", "c.txt"), ("x.tar.gz", "y.eml", "a!.txt")]
)
@pytest.mark.parametrize("name", ["档案.zip", "紧急!档案.zip"])
def test_a_place_is_found_again(tmp_path, name, inside):
    files(tmp_path, name)
    place = Locator(tmp_path / name, inside)
    assert located(place.shown) == place


@pytest.mark.parametrize(("name", "expected"), [
    ("a.zip", True), ("a.RAR", True), ("a.7z", True), ("a.tar.gz", True), ("a.tgz", True), ("a.eml", True),
    ("a.msg", True), ("a.gz", False), ("a.docx", False), ("zip", False),
])  # fmt: skip
def test_containers(name, expected):
    assert is_container(Part(Locator(Path(name)))) is expected


def test_names_in_gbk_on_the_disk(tmp_path):
    folder = os.fsencode(tmp_path) + b"/" + "旧档案".encode("gbk")
    os.mkdir(folder)
    for name in ("关于防汛的通知.txt", "附件1.txt"):
        with open(folder + b"/" + name.encode("gbk"), "wb") as file:
            file.write(name.encode())
    (bundle,) = found([tmp_path])
    shown = [part.locator.shown.removeprefix(str(tmp_path)) for part in bundle.parts]
    assert shown == ["/旧档案/关于防汛的通知.txt", "/旧档案/附件1.txt"]
    assert [contents(part).decode() for part in bundle.parts] == ["关于防汛的通知.txt", "附件1.txt"]
    assert [located(part.locator.shown) for part in bundle.parts] == [part.locator for part in bundle.parts]


def test_listing_opens_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(zipped({"甲.txt": "甲"}))
    (tmp_path / "b.rar").write_bytes(rar({"甲.txt": b"1"}))
    files(tmp_path, "c.docx")
    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr("io.open", None)
    assert shown(tmp_path, found([tmp_path])) == ["[a.zip]", "[b.rar]", "c.docx"]
