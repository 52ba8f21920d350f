"""Containers: what is found in them, what is refused, and the bytes of each member."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from containers import UNPACKS, msg, old_zip, packed, rar, unicode_path
from files import zipped

from gongkai.model.errors import DocumentError, OutputError
from gongkai.service.limits import Limits
from gongkai.service.screening.intake import archives, spool
from gongkai.service.screening.intake.sources import contents, expand, located, release
from gongkai.service.screening.intake.spool import Budget
from gongkai.service.screening.records import Bundle, Part, Role

TWO = {"收文/关于防汛的通知.txt": "防汛".encode(), "收文/附件1.txt": "名单".encode()}
DEFAULTS = Limits()
NOTHING = ["Thumbs.db", "~$关于防汛的通知.docx", ".DS_Store", "__MACOSX/._关于防汛的通知.txt"]


def part(path: Path) -> Part:
    known = path.stat()
    return Part(archives.Locator(path), size=known.st_size, stamp=known.st_mtime_ns)


def opened(path: Path, limits: Limits = DEFAULTS) -> list[str]:
    """Each bundle with the contents of its parts; each failure with its slug."""
    folder, told = path.parent / "临时", []
    for item in expand(part(path), folder, limits):
        if isinstance(item, Bundle):
            pieces = [(p.locator.shown.removeprefix(f"{path}!"), contents(p, limits, folder)) for p in item.parts]
            told.append(" + ".join(f"{name}={data.decode(errors='replace')}" for name, data in pieces))
        else:
            told.append(f"{item[0].locator.shown.removeprefix(str(path)).lstrip('!')}: {item[1].slug}")
    return told


EXPECTED = ["收文/关于防汛的通知.txt=防汛 + 收文/附件1.txt=名单"]


def test_zip(tmp_path):
    path = tmp_path / "档案.zip"
    path.write_bytes(zipped(TWO | dict.fromkeys(NOTHING, b"x")))
    assert opened(path) == EXPECTED
    assert not (tmp_path / "临时").exists(), "read in place"
    counts = Counter()
    list(expand(part(path), tmp_path, Limits(), counts))
    assert counts == {"系统文件": 2, "临时文件和快捷方式": 1, "隐藏文件": 1}


@UNPACKS
@pytest.mark.parametrize(("form", "suffix", "packing"), [
    ("7zip", ".7z", None), ("ustar", ".tar", None), ("pax", ".tar.gz", "gzip"), ("pax", ".txz", "xz"),
])  # fmt: skip
def test_packed(tmp_path, form, suffix, packing):
    path = packed(tmp_path / f"档案{suffix}", form, TWO, packing)
    assert opened(path) == EXPECTED


@UNPACKS
def test_a_tar_with_gbk_names(tmp_path):
    path = tmp_path / "档案.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="gbk") as box:
        for name, data in TWO.items():
            told = tarfile.TarInfo(name)
            told.size = len(data)
            box.addfile(told, io.BytesIO(data))
        link = tarfile.TarInfo("链接.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "收文/附件1.txt"
        box.addfile(link)
    assert opened(path) == EXPECTED


@UNPACKS
def test_rar(tmp_path):
    path = tmp_path / "档案.rar"
    path.write_bytes(rar(TWO))
    assert opened(path) == EXPECTED


@UNPACKS
def test_the_spool_is_private_and_released(tmp_path):
    path, folder = tmp_path / "档案.rar", tmp_path / "临时"
    path.write_bytes(rar({"../../逃逸.txt": b"1", "/绝对.txt": b"2"}))
    names = [item.main.locator.inside for item in expand(part(path), folder)]
    kept = [p for p in folder.rglob("*") if p.is_file()]
    assert sorted(names) == [("绝对.txt",), ("逃逸.txt",)]
    assert [p.relative_to(tmp_path).parts[0] for p in kept] == ["临时", "临时"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o700}
    assert not any("逃逸" in str(p) for p in tmp_path.rglob("*"))
    release(part(path), folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("raw", "extra", "flags", "expected"), [
    pytest.param("收文/通知.txt".encode("gbk"), b"", 0, "收文/通知.txt", id="GBK"),
    pytest.param("收文\\通知.txt".encode("gbk"), b"", 0, "收文/通知.txt", id="backslashes"),
    pytest.param("龍\u4f00.txt".encode("gb18030"), b"", 0, "龍\u4f00.txt", id="GB18030"),
    pytest.param("收文/通知.txt".encode(), b"", 0, "收文/通知.txt", id="UTF-8 without the flag"),
    pytest.param("收文/通知.txt".encode(), b"", 0x800, "收文/通知.txt", id="UTF-8"),
    pytest.param(b"a.txt", unicode_path(b"a.txt", "通知.txt"), 0, "通知.txt", id="Info-ZIP"),
    pytest.param(b"a.txt", unicode_path(b"b.txt", "通知.txt"), 0, "a.txt", id="Info-ZIP of another name"),
    pytest.param(b"../../a\nb.txt", b"", 0, "a\ufffdb.txt", id="no escape, no line break"),
])  # fmt: skip
def test_names_in_a_zip(tmp_path, raw, extra, flags, expected):
    path = tmp_path / "a.zip"
    path.write_bytes(old_zip({raw: b"1"}, {raw: extra}, flags))
    assert opened(path) == [f"{expected}=1"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as box:
        for text in ("1", "2", "3"):
            box.writestr("甲.txt", text)
    assert opened(path) == ["甲(2).txt=2", "甲(3).txt=3", "甲.txt=1"]


def nested(depth: int) -> bytes:
    data = zipped({"底.txt": "到底了"})
    for level in range(depth, 1, -1):
        data = zipped({f"{level}.zip": data})
    return data


@pytest.mark.parametrize(("depth", "expected"), [
    (2, ["2.zip!底.txt=到底了"]),
    (5, ["2.zip!3.zip!4.zip!5.zip!底.txt=到底了"]),
    (6, ["2.zip!3.zip!4.zip!5.zip!6.zip: archive-bomb"]),
])  # fmt: skip
def test_nested(tmp_path, depth, expected):
    path = tmp_path / "套.zip"
    path.write_bytes(nested(depth))
    assert opened(path) == expected


@UNPACKS
def test_every_kind_in_every_other(tmp_path):
    path = tmp_path / "混.zip"
    letter = b"Subject: x\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nhello\n--B\n"
    letter += b'Content-Disposition: attachment; filename="in.zip"\nContent-Transfer-Encoding: 8bit\n\n--B--\n'
    path.write_bytes(zipped({"甲.rar": rar({"乙.zip": zipped({"丙.txt": "丙"})}), "丁.eml": letter}))
    assert opened(path) == ["丁.eml!邮件正文.txt=hello", "甲.rar!乙.zip!丙.txt=丙"]


@UNPACKS
def test_a_member_is_read_again_without_the_spool(tmp_path):
    path = tmp_path / "甲.zip"
    path.write_bytes(zipped({"乙.rar": rar({"丙.zip": zipped({"丁!戊.txt": "丁"})})}))
    (bundle,) = expand(part(path), tmp_path / "临时")
    release(part(path), tmp_path / "临时")
    assert contents(bundle.main).decode() == "丁"
    assert located(bundle.main.locator.shown) == bundle.main.locator


def locked_zip() -> bytes:
    data = bytearray(zipped({"甲.txt": "甲", "乙.txt": "乙"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def other_method() -> bytes:
    data = bytearray(zipped({"甲.txt": "甲" * 99}))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + place] = 9
    return bytes(data)


def damaged_member() -> bytes:
    data = bytearray(old_zip({b"a.txt": b"hello", b"b.txt": b"there"}))
    data[data.index(b"hello")] ^= 1
    return bytes(data)


BOMB = zipped({"零.txt": bytes(80 * 1024 * 1024)})
SLIM = Limits(max_bytes=1000)


@pytest.mark.parametrize(("name", "data", "limits", "expected"), [
    pytest.param("a.zip", b"PK\x03\x04" + b"x" * 50, Limits(), [": corrupt"], id="zip damaged"),
    pytest.param("a.zip", zipped(TWO)[:-30], Limits(), [": corrupt"], id="zip cut"),
    pytest.param("a.zip", b"", Limits(), [": mismatched-format"], marks=UNPACKS, id="empty"),
    pytest.param("a.rar", b"hello", Limits(), [": mismatched-format"], marks=UNPACKS, id="no archive"),
    pytest.param("a.rar", zipped({"甲.txt": "甲"}), Limits(), ["甲.txt=甲"], id="a zip called rar"),
    pytest.param("a.zip", rar({"甲.txt": b"1"}), Limits(), ["甲.txt=1"], marks=UNPACKS, id="a rar called zip"),
    pytest.param("a.zip", locked_zip(), Limits(), ["甲.txt: encrypted", "乙.txt=乙"], id="one member encrypted"),
    pytest.param("a.rar", rar(TWO, encrypted=True), Limits(), [": encrypted"], marks=UNPACKS, id="rar encrypted"),
    pytest.param("a.zip", other_method(), Limits(), ["甲.txt: unsupported-format"], id="deflate64"),
    pytest.param("a.zip", BOMB, Limits(), [": archive-bomb"], id="bomb"),
    pytest.param("a.rar", rar({"大.txt": b"x" * 2000, "小.txt": b"1"}), SLIM,
                 ["大.txt: too-large", "小.txt=1"], marks=UNPACKS, id="a large member of a rar"),
    pytest.param("a.rar", rar({"甲.txt": b"x" * 500, "乙.txt": b"y" * 500})[:-400], Limits(),
                 [": corrupt", "甲.txt=" + "x" * 500], marks=UNPACKS, id="rar cut: what was whole is read"),
    pytest.param("a.eml", b"", Limits(), [": corrupt"], id="empty mail"),
    pytest.param("a.eml", b"\x00\xff" * 99, Limits(), [": corrupt"], id="no mail"),
    pytest.param("a.msg", b"hello", Limits(), [": corrupt"], id="no Outlook mail"),
    pytest.param("a.msg", msg("x", b"y", {})[:2000], Limits(), [": corrupt"], id="Outlook mail cut"),
])  # fmt: skip
def test_bad_containers(tmp_path, name, data, limits, expected):
    path = tmp_path / name
    path.write_bytes(data)
    assert opened(path, limits) == expected


@pytest.mark.parametrize(("data", "limits", "slug"), [
    (damaged_member(), Limits(), "corrupt"),
    (zipped({"a.txt": "x" * 2000}), SLIM, "too-large"),
    (zipped({"b.txt": "x"}), Limits(), "missing"),
])  # fmt: skip
def test_bad_members_of_a_zip(tmp_path, data, limits, slug):
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        contents(Part(archives.Locator(path, ("a.txt",))), limits)
    assert caught.value.slug == slug


@UNPACKS
def test_a_bomb_in_a_7z_is_stopped_and_kept_nowhere(tmp_path, monkeypatch):
    monkeypatch.setattr("gongkai.service.screening.intake.packed.SMALL", 4 * 1024 * 1024)
    path = packed(tmp_path / "a.7z", "7zip", {f"{n}.txt": bytes(3 * 1024 * 1024) for n in range(3)})
    tracemalloc.start()
    assert opened(path) == [": archive-bomb"]
    assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    tracemalloc.stop()
    left = sum(p.stat().st_size for p in (tmp_path / "临时").rglob("*") if p.is_file())
    assert left == 3 * 1024 * 1024, "what was whole before, until it is released"


def test_all_archives_in_one_share_a_budget(tmp_path):
    with pytest.raises(DocumentError):
        Budget(members=3).take(members=4)
    with pytest.raises(DocumentError):
        spool.keep(tmp_path / "a", [b"123", b"456"], 100, Budget(unpacked=5))
    assert list(tmp_path.iterdir()) == []


@UNPACKS
def test_a_full_disk_stops_the_run(tmp_path):
    path = tmp_path / "档案.rar"
    path.write_bytes(rar(TWO))
    blocked = tmp_path / "临时"
    blocked.write_bytes(b"a file where the folder should be")
    with pytest.raises(OutputError):
        list(expand(part(path), blocked))


def test_libarchive_missing(tmp_path, monkeypatch):
    path = tmp_path / "档案.rar"
    path.write_bytes(rar(TWO))
    monkeypatch.setitem(sys.modules, "libarchive", None)
    ((told, failure),) = expand(part(path), tmp_path / "临时")
    assert (told.locator.path, failure.slug) == (path, "unsupported-format")
    assert "libarchive13" in failure.message and "gongkai[archives]" in failure.message


@UNPACKS
def test_names_do_not_depend_on_the_locale(tmp_path):
    path = packed(tmp_path / "a.7z", "7zip", TWO)
    told = "import sys; from pathlib import Path; from gongkai.service.screening.intake.sources import expand\n"
    told += "from gongkai.service.screening.records import Locator, Part\n"
    told += "(b,) = expand(Part(Locator(Path(sys.argv[1]))), Path(sys.argv[2])); print(ascii(b.main.locator.inside))"
    run = [sys.executable, "-c", told, str(path), str(tmp_path / "b")]
    done = subprocess.run(run, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii(("收文/关于防汛的通知.txt",))


def test_fields_and_stamp_of_members(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(TWO))
    (bundle,) = expand(part(path), tmp_path)
    assert [(p.size, p.stamp, p.role) for p in bundle.parts] == [
        (6, path.stat().st_mtime_ns, Role.main),
        (6, path.stat().st_mtime_ns, Role.attachment),
    ]
