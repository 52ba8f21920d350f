"""Links lead to the file on disk; reasons of failures have names."""

from __future__ import annotations

import pytest

from gongkai.service.screening.records import Failure, Role
from gongkai.service.screening.results import links
from gongkai.service.screening.results.failures import reason, titles
from gongkai.service.screening.store import FileRow


@pytest.mark.parametrize(
    ("shown", "path"),
    [
        ("档案/一.docx", "档案/一.docx"),
        ("档案/2018.zip!收文/1.docx", "档案/2018.zip"),
        ("档案/2018.ZIP!内.rar!1.docx", "档案/2018.ZIP"),
        ("信/来信.eml!附件.docx", "信/来信.eml"),
        ("要紧!的/一.docx", "要紧!的/一.docx"),
        ("要紧!的/二.7z!a!b.docx", "要紧!的/二.7z"),
        ("导出.jsonl!第3行", "导出.jsonl"),
    ],
)
def test_a_name_inside_a_container_leads_to_the_container(shown, path):
    assert links.outermost(shown) == path


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("一 号.docx", "../src/一%20号.docx"),
        ("100%#1?.pdf", "../src/100%25%231%3F.pdf"),
        ("a.zip!b.docx", "../src/a.zip"),
        ("a\x01\n.txt", "../src/a%01%0A.txt"),
        ("\u202etxt.exe", "../src/%E2%80%AEtxt.exe"),
        ("..\\x.txt", "../src/..%5Cx.txt"),
        ("\ufffe\ud800.txt", "../src/%EF%BF%BE%3F.txt"),
    ],
)
def test_links_are_relative_and_escaped(tmp_path, name, link):
    assert links.to(str(tmp_path / "src" / name), tmp_path / "out") == link


def test_a_name_is_no_scheme(tmp_path):
    assert links.to(str(tmp_path / "javascript:x.docx"), tmp_path) == "./javascript:x.docx"


def test_a_path_on_another_drive_is_absolute(tmp_path, monkeypatch):
    def other_drive(*_):
        raise ValueError

    monkeypatch.setattr(links.os.path, "relpath", other_drive)
    assert links.to(str(tmp_path / "a b.docx"), tmp_path).startswith("file:///")


@pytest.mark.parametrize(
    ("slug", "name"), [("encrypted", "文件已加密"), ("archive-bomb", "压缩内容异常"), ("novel", "novel")]
)
def test_failures_have_the_names_of_their_errors(slug, name):
    assert reason(FileRow("a", Role.main, "", "", "", Failure(slug, "。"), {})) == name


def test_every_error_has_a_name():
    assert all(titles().values())
    assert reason(FileRow("a", Role.main, "", "", "d", None, {})) == ""
