"""The text of a document from the archive: only below the allowed folders, only what can be read."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, CorruptDocument
from gongkai.service.limits import Limits
from gongkai.service.review.archive import Reader, read_again
from gongkai.service.review.marking import cut, marks
from gongkai.service.screening.engine.pool import Caps

TEXT = "青禾县水务局关于河道清淤的通知\n请各镇照办。\n"
BYTES = TEXT.encode()


class Crew:
    """A crew that decodes, or raises what it is given."""

    def __init__(self, error=None):
        self.error = error

    def do(self, order):
        if self.error:
            raise self.error
        return Document(order.name, order.data.decode())


def reader(error=None, most=10**6):
    return Reader(Crew(error), Limits(max_bytes=most), Caps(30, 10**9))


def place(path, data=BYTES):
    return {"files": [[str(path), "main", "sha256:" + hashlib.sha256(data).hexdigest()]]}


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "1.txt").write_text(TEXT, "utf-8")
    with zipfile.ZipFile(folder / "2018.zip", "w") as box:
        box.writestr("收文/2.txt", TEXT)
    (tmp_path / "other.txt").write_text(TEXT, "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "other.txt")
    return folder


def test_a_file_is_read_again(archive):
    shown = read_again(place(archive / "1.txt"), [archive], reader())
    assert (shown.text, shown.exact, shown.note) == (TEXT, True, "")


def test_a_file_in_an_archive_is_read_in_a_child(archive):
    shown = read_again(place(f"{archive / '2018.zip'}!收文/2.txt"), [archive], reader())
    assert (shown.text, shown.exact) == (TEXT, True)


def test_a_file_that_changed_has_no_marks(archive):
    shown = read_again(place(archive / "1.txt", b"before"), [archive], reader())
    assert (shown.text, shown.exact) == (TEXT, False) and "改过" in shown.note


@pytest.mark.parametrize("name", ["../other.txt", "link.txt", "/etc/hostname", "1.txt!/../../other.txt"])
def test_nothing_outside_is_read(archive, name):
    shown = read_again(place(archive / name), [archive], reader())
    assert shown.text == "" and shown.note


@pytest.mark.parametrize("roots", [[], [Path("/nowhere")]])
def test_without_a_folder_nothing_is_read(archive, roots):
    shown = read_again(place(archive / "1.txt"), roots, reader())
    assert shown.text == "" and "允许读取的目录" in shown.note


@pytest.mark.parametrize(
    "made,error,most,words",
    [
        ("1.txt", ClassifiedDocument("停"), 10**6, "密级标志"),
        ("1.txt", CorruptDocument("文件已损坏。"), 10**6, "文件已损坏"),
        ("1.txt", None, 10, "太大"),
        ("none.txt", None, 10**6, "移走"),
        ("none.zip!x.txt", None, 10**6, "移走"),
        ("2018.zip!none.txt", None, 10**6, "读不成文字"),
    ],
)
def test_what_cannot_be_read_is_told(archive, made, error, most, words):
    shown = read_again(place(f"{archive}/{made}"), [archive], reader(error, most))
    assert shown.text == "" and words in shown.note


def test_a_record_without_files():
    assert read_again({}, [], reader()).note


CUTS = [
    ("甲乙丙丁", [], "甲乙丙丁"),
    ("甲乙丙丁", [(1, 3, "A")], "甲[A乙丙]丁"),
    ("甲乙丙丁", [(0, 2, "A"), (1, 4, "B")], "[A甲][AB乙][B丙丁]"),
    ("甲乙丙丁", [(0, 4, "A"), (0, 4, "A"), (1, 2, "")], "[A甲][A*乙][A丙丁]"),
    ("甲乙", [(1, 9, "A"), (2, 2, "B"), (-1, 1, "C")], "甲乙"),
    ("", [(0, 1, "A")], ""),
]


@pytest.mark.parametrize("text,found,expected", CUTS)
def test_a_text_is_cut_at_its_marks(text, found, expected):
    pieces = cut(text, found)
    shown = "".join(
        f"[{''.join(one.codes)}{'*' if one.masked else ''}{one.words}]" if one.codes or one.masked else one.words
        for one in pieces
    )
    assert (shown, "".join(one.words for one in pieces)) == (expected, text)


def test_marks_of_a_screening():
    result = {
        "reasons": [{"code": "W-167", "evidence": [{"start": 1, "end": 2}]}],
        "negative": [{"clause": "NL-18", "start": 3, "end": 4}],
        "personal": [{"action": "mask", "start": 5, "end": 6}, {"action": "keep", "start": 7, "end": 8}],
    }
    assert list(marks(result)) == [(1, 2, "W-167"), (3, 4, "NL-18"), (5, 6, "")]
