"""Problem details: every limit has its answer, and nothing of a document is in any of them."""

from __future__ import annotations

import json
import logging
import sqlite3

import pytest
from accounts import keyed, nobody, signed_in
from papers import NOTICE, PRIVATE, VALUES
from sqlalchemy.exc import IntegrityError

from gongkai.service import problems
from gongkai.service.errors import Busy, Stopping, StoreError, TooOften

JSON = {"content-type": "application/json"}
POSTS = ("/v1/suggestions", "/v1/redactions", "/v1/texts", "/v1/checks")


class Failing:
    """A crew that fails in one way."""

    engines = ()

    def __init__(self, error):
        self.error = error

    def do(self, order, **_):
        raise self.error


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/rulebook", "/openapi.json", "/static/frame.css", "/nowhere"])
def test_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", POSTS)
def test_a_body_over_the_limit(client, problem, upload, path):
    problem(client.post(path, **upload("一" * 100_000)), 413, "too-large")


@pytest.mark.parametrize("path", POSTS[:2])
def test_a_body_over_the_limit_that_does_not_say_its_length(client, problem, path):
    def pieces():
        yield b'{"text": "'
        for _ in range(30):
            yield b"x" * 10_000
        yield b'"}'

    answer = client.post(path, content=pieces(), headers=JSON)
    assert problem(answer, 413, "http")["title"] == "超过大小上限"


def test_a_body_in_pieces_under_the_limit(client):
    whole = json.dumps({"text": NOTICE}).encode()
    pieces = (whole[i : i + 7] for i in range(0, len(whole), 7))
    assert client.post(POSTS[0], content=pieces, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Busy("服务繁忙，请稍后再试。", after=7), 503, "busy"),
        (Stopping("服务正在停止，请稍后再试。"), 503, "stopping"),
        (StoreError("数据库正忙，请稍后重试。"), 503, "store"),
        (TooOften("请求过于频繁，请稍后再试。", after=3), 429, "too-often"),
    ],
)
@pytest.mark.parametrize("path", POSTS)
def test_what_passes_is_told_with_the_time_to_wait(client, problem, upload, changed, path, error, status, slug):
    with changed(crew=Failing(error)):
        answer = client.post(path, **upload(NOTICE))
    problem(answer, status, slug)
    assert answer.headers["retry-after"] == str(error.after)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/documents"), ("GET", "/v1/rulebook"), *(("POST", p) for p in POSTS)]
)
def test_nobody_is_told_to_sign_in(service, problem, method, path):
    answer = nobody(service).request(method, path)
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_needs_its_token(service, problem):
    page = signed_in(service, "drafter")
    del page.headers["x-csrf-token"]
    problem(page.post("/v1/suggestions", json={"text": NOTICE}), 403, "not-allowed")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/v1/suggestion", 404),
        ("GET", "/docs", 404),
        ("GET", "/static/none.css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/v1/suggestions", 405),
        ("DELETE", "/v1/rulebook", 405),
        ("PUT", "/healthz", 405),
    ],
)
def test_other_routes_and_methods(client, problem, method, path, status):
    answer = client.request(method, path)
    problem(answer, status, "http")
    assert ("allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize("path", POSTS)
def test_what_nobody_foresaw_leaks_nothing(client, problem, upload, changed, caplog, capfd, path):
    with changed(crew=Failing(KeyError(PRIVATE))), caplog.at_level(logging.DEBUG):
        answer = client.post(path, **upload(PRIVATE))
    problem(answer, 500, "internal")
    assert answer.headers["cache-control"] == "no-store"
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR][0].startswith("unexpected KeyError")
    written = answer.text + caplog.text + "".join(capfd.readouterr())
    assert [value for value in VALUES if value in written] == []


@pytest.mark.parametrize(
    ("said", "status", "slug"),
    [("UNIQUE constraint failed: application.unit", 409, "conflict"), ("NOT NULL constraint failed", 500, "internal")],
)
def test_two_who_save_the_same_at_once(client, problem, upload, changed, said, status, slug):
    with changed(crew=Failing(IntegrityError(PRIVATE, {}, sqlite3.IntegrityError(said)))):
        answer = client.post(POSTS[0], **upload(NOTICE))
    problem(answer, status, slug)
    assert [value for value in VALUES if value in answer.text] == []


@pytest.mark.parametrize("path", POSTS[:2])
def test_personal_data_is_in_no_log_and_no_answer(service, problem, upload, caplog, capfd, path):
    client = keyed(service, "drafter")
    with caplog.at_level(logging.DEBUG):
        answer = client.post(path, json={"text": PRIVATE})
        upload_answer = client.post(path, **upload(PRIVATE))
        wrong = client.post(path, json={"text": PRIVATE, "id": PRIVATE * 9})
    problem(wrong, 422, "request")
    written = answer.text + upload_answer.text + wrong.text + caplog.text + "".join(capfd.readouterr())
    assert [value for value in VALUES if value in written] == []


LARGE = "[" * (problems.STRANGERS + 1)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/v1/precedents/search", {"content": LARGE, "headers": JSON}),
        ("/privacy", {"files": {"file": ("a.txt", LARGE)}}),
        ("/opinion", {"data": {"brief": LARGE}}),
        ("/login", {"data": {"login": LARGE}}),
    ],
)
def test_a_large_body_of_a_stranger_is_not_taken_apart(service, problem, path, content):
    problem(nobody(service).post(path, **content), 401, "not-signed-in")


def test_a_large_body_of_somebody_known_is_read(service, client):
    text = {"text": NOTICE + "一" * problems.STRANGERS}
    assert client.post("/v1/precedents/search", json=text).status_code == 200
    assert signed_in(service, "drafter").post("/v1/precedents/search", json=text).status_code == 200


def test_a_browser_that_is_signed_in_no_more_is_led_to_the_sign_in(service):
    form = {"files": {"file": ("a.txt", b"x" * (problems.STRANGERS + 1))}, "headers": {"accept": "text/html"}}
    answer = nobody(service).post("/privacy", **form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize(
    ("charset", "status"), [("punycode", 415), ("unicode_escape", 415), ("utf-8", 200), ("UTF8", 200)]
)
def test_forms_name_no_encoding_but_utf_8(client, charset, status):
    part = f'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{NOTICE}\r\n--x--\r\n'
    kind = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    assert client.post("/v1/texts", content=part.encode(), headers=kind).status_code == status
