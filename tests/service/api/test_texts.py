"""POST /v1/texts: what suggestions count in; and files that nothing can be done with."""

from __future__ import annotations

import pytest
from papers import CLASSIFIED, NOTICE

from gongkai.service.api.given import last_part


def test_texts_of_files(client, upload):
    answer = client.post("/v1/texts", **upload("\ufeff𠮷\r\n" + NOTICE, "通告.txt"))
    assert answer.json() == {"id": "通告.txt", "title": "", "text": "𠮷\n" + NOTICE}


@pytest.mark.parametrize("name", ["../../etc/通告.txt", "C:\\公文\\通告.txt", "/通告.txt"])
def test_only_the_last_part_of_a_name_counts(client, upload, name):
    assert client.post("/v1/texts", **upload(NOTICE, name)).json()["id"] == "通告.txt"


@pytest.mark.parametrize(
    ("data", "name", "status", "slug"),
    [
        (b"", "a.txt", 422, "empty"),
        (b" \n\t", "a.txt", 422, "empty"),
        (b"MZ\x90\x00", "a.exe", 415, "unsupported-format"),
        (b"%PDF-1.4\n", "a.txt", 415, "mismatched-format"),
        (CLASSIFIED.encode(), "a.txt", 409, "classified"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/texts", "/v1/redactions", "/v1/checks"])
def test_files_that_cannot_be_used(client, problem, upload, path, data, name, status, slug):
    answer = client.post(path, **upload(data, name))
    problem(answer, status, slug)
    assert "重点目标" not in answer.text


@pytest.mark.parametrize("path", ["/v1/texts", "/v1/checks"])
def test_a_file_without_an_extension(client, problem, upload, path):
    problem(client.post(path, **upload(NOTICE, "a")), 415, "unsupported-format")


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("a/b.txt", "b.txt"),
        ("通\r\n告.txt", "通告.txt"),
        ("", "未命名.txt"),
        ("dir/", "未命名.txt"),
        ("x" * 300, "x" * 200),
    ],
)
def test_names(name, last):
    assert last_part(name) == last


def test_reading_without_a_file(client, problem):
    problem(client.post("/v1/texts"), 422, "request")


def test_an_upload_never_touches_the_disk(client, upload, monkeypatch):
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", lambda self: pytest.fail("rolled over to a file"))
    assert client.post("/v1/texts", **upload("通知\n" + "各单位：请按时报送。\n" * 5_000)).status_code == 200
