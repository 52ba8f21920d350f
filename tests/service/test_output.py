"""Files that are whole and private, or not there."""

from __future__ import annotations

import os
import stat

import pytest

from gongkai.model.errors import OutputError
from gongkai.service.output import write_private, write_private_bytes


def test_written_whole_and_private(tmp_path):
    out = tmp_path / "a.txt"
    write_private(out, "甲\n𠮷\r\n")
    assert out.read_bytes() == "甲\n𠮷\r\n".encode()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.txt"]


def test_bytes_are_written_as_they_are(tmp_path):
    out = tmp_path / "a.docx"
    write_private_bytes(out, b"PK\0\r\n\xff")
    assert (out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (b"PK\0\r\n\xff", 0o600)
    with pytest.raises(OutputError):
        write_private_bytes(tmp_path / "missing" / "a.docx", b"x")


def test_an_older_file_is_replaced_and_becomes_private(tmp_path):
    out = tmp_path / "a.txt"
    out.write_text("旧", "utf-8")
    out.chmod(0o644)
    write_private(out, "新")
    assert (out.read_text("utf-8"), stat.S_IMODE(out.stat().st_mode)) == ("新", 0o600)


@pytest.mark.parametrize("place", ["missing/a.txt", "folder", "file/a.txt"])
def test_nothing_is_left_behind(tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="请"):
        write_private(tmp_path / place, "甲")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


@pytest.mark.parametrize("error", [OSError(28, "disk full"), PermissionError(13, "no")])
def test_a_failure_keeps_the_older_file(tmp_path, monkeypatch, error):
    out = tmp_path / "a.txt"
    out.write_text("旧", "utf-8")

    def fail(source, target):
        raise error

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OutputError):
        write_private(out, "新")
    assert out.read_text("utf-8") == "旧"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_text_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(OutputError):
        write_private(tmp_path / "a.txt", "\ud800")
    assert os.listdir(tmp_path) == []
