"""The HTTP API: the answers of the command line, and a problem document for everything else."""

from __future__ import annotations

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PAPERS, PRIVATE, VALUES
from starlette.testclient import TestClient

from gongkai.model.document import Document
from gongkai.service import watch as module
from gongkai.service.app import create_app
from gongkai.service.desk import Desk
from gongkai.service.limits import Limits
from gongkai.service.settings import Settings

JSON = {"content-type": "application/json"}
POSTS = ("/v1/suggestions", "/v1/redactions", "/v1/texts")


@pytest.fixture(scope="module")
def client(desk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.Desk, "open", lambda settings: desk)
        app = create_app(Settings(max_request_bytes=200_000))
    with TestClient(app) as client:
        yield client


def upload(text, name="a.txt"):
    return {"files": {"file": (name, text if isinstance(text, bytes) else text.encode(), "text/plain")}}


def problem(answer, status, slug):
    content = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, content["status"], content["type"]) == (status, status, f"urn:gongkai:problem:{slug}")
    assert sorted(content) == ["detail", "status", "title", "type"]
    assert re.search("[\u4e00-\u9fff]", content["title"]) and re.search("[\u4e00-\u9fff]", content["detail"])
    return content


# ---- answers ----


@pytest.mark.parametrize("name", PAPERS)
def test_the_answer_is_that_of_the_command_line(client, desk, name):
    answer = client.post("/v1/suggestions", json={"id": name, "text": PAPERS[name]})
    assert answer.status_code == 200
    assert answer.json() == desk.shown(desk.screen(Document(name, PAPERS[name])))


def test_a_file_gets_the_same_answer(client, desk):
    answer = client.post("/v1/suggestions", **upload(LIST, "名单.txt"))
    assert answer.json() == desk.shown(desk.screen(Document("名单.txt", LIST)))


def test_title_and_id_are_optional(client):
    answer = client.post("/v1/suggestions", json={"text": NOTICE, "title": "停水"}).json()
    assert (answer["id"], answer["title"]) == ("text", "停水")


@pytest.mark.parametrize("body", [{"json": {"id": "a", "text": LIST}}, upload(LIST, "a")])
def test_redactions(client, desk, body):
    if "files" in body:
        body = upload(LIST, "a.txt")
    answer = client.post("/v1/redactions", **body).json()
    assert answer["text"] == desk.redact(Document("a", LIST)).text
    assert answer["hidden"] == 9
    assert [value for value in NUMBERS if value in answer["text"]] == []


def test_texts_of_files(client):
    answer = client.post("/v1/texts", **upload("\ufeff𠮷\r\n" + NOTICE, "通告.txt"))
    assert answer.json() == {"id": "通告.txt", "title": "", "text": "𠮷\n" + NOTICE}


def test_offsets_fit_the_text_that_was_read(client):
    text = client.post("/v1/texts", **upload("𠮷\r\n" + LIST)).json()["text"]
    found = client.post("/v1/suggestions", json={"text": text}).json()["personal"]
    assert [text[p["start"] : p["end"]] for p in found if p["type"] == "ID_CARD"] == list(NUMBERS[:3])


def test_rulebook(client, desk):
    answer, rules = client.get("/v1/rulebook").json(), desk.screener.rules
    assert (answer["digest"], answer["profile"]) == (rules.digest, "default")
    assert [row["code"] for row in answer["clauses"]] == [clause.id for clause in rules.clauses]
    assert {"code": "W-167", "name": rules.reason["W-167"].name, "basis": "条例第十六条第二款"} in answer["reasons"]
    assert {row["code"] for row in answer["categories"]} == set(rules.category)


def test_health(client, desk):
    engine = desk.screener.engine
    expected = {"status": "ok", "version": engine.version, "model": engine.model}
    assert client.get("/healthz").json() == expected | {"rulebook": engine.rulebook, "profile": engine.profile}


@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/rulebook", "/openapi.json", "/static/app.js", "/nowhere"])
def test_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_answers_at_the_same_time_are_those_given_one_by_one(client):
    rows = [{"id": name, "text": text} for name, text in PAPERS.items()] * 2
    serial = [client.post("/v1/suggestions", json=row).json() for row in rows]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda row: client.post("/v1/suggestions", json=row).json(), rows))
    assert together == serial


# ---- problems ----


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "x", "id": 5}, "id"),
        ({"text": "x", "id": "i" * 201}, "id"),
        ({"text": "x", "title": "t" * 501}, "title"),
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "赵一鸣的手机": "13812345678"}, "不认识的字段"),
        ([], "请求体"),
        ("x", "请求体"),
        (None, "请求体"),
    ],
)
@pytest.mark.parametrize("path", POSTS[:2])
def test_bodies_that_do_not_fit(client, path, body, detail):
    content = problem(client.post(path, content=json.dumps(body), headers=JSON), 422, "request")
    assert detail in content["detail"]
    assert "赵一鸣" not in content["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"text": "x"', '{"text": "通告"}'.encode("gb18030"), b'{"text": "\\ud800"}', b"\xff" * 50]
)
def test_bodies_that_are_no_json(client, body):
    problem(client.post("/v1/suggestions", content=body, headers=JSON), 422, "request")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/x-www-form-urlencoded"])
def test_other_content_types(client, kind):
    problem(client.post("/v1/suggestions", content=b"text=x", headers={"content-type": kind}), 422, "request")


def test_a_content_type_may_name_its_encoding(client):
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/suggestions", content=json.dumps({"text": NOTICE}), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "status", "slug"),
    [
        (b"", "a.txt", 422, "empty"),
        (b" \n\t", "a.txt", 422, "empty"),
        (b"MZ\x90\x00", "a.exe", 415, "unsupported-format"),
        (NOTICE.encode(), "a", 415, "unsupported-format"),
        (b"%PDF-1.4\n", "a.txt", 415, "mismatched-format"),
        (CLASSIFIED.encode(), "a.txt", 409, "classified"),
    ],
)
@pytest.mark.parametrize("path", POSTS[1:])
def test_files_that_cannot_be_used(client, path, data, name, status, slug):
    problem(client.post(path, **upload(data, name)), status, slug)


def test_a_text_of_blanks(client):
    problem(client.post("/v1/suggestions", json={"text": " \n"}), 422, "empty")


def test_a_classified_text(client):
    stopped = client.post("/v1/suggestions", json={"id": "a", "text": CLASSIFIED})
    assert (stopped.status_code, stopped.json()["handling"]) == (200, "stop_classified")
    refused = client.post("/v1/redactions", json={"text": CLASSIFIED})
    problem(refused, 409, "classified")
    read = client.post("/v1/texts", **upload(CLASSIFIED))
    for answer in (stopped, refused, read):
        for piece in ("重点目标", "赵一鸣", "13812345678", "青政"):
            assert piece not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"other": ("a.txt", b"x", "text/plain")}},
        {"data": {"file": "x"}, "files": {"other": ("a.txt", b"x", "text/plain")}},
        {"files": [("file", ("a.txt", b"x", "text/plain")), ("file", ("b.txt", b"x", "text/plain"))]},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=x"}},
    ],
)
def test_forms_without_one_file(client, body):
    answer = client.post("/v1/suggestions", **body)
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code, "http" if answer.status_code == 400 else "request")


def test_reading_without_a_file(client):
    problem(client.post("/v1/texts"), 422, "request")


@pytest.mark.parametrize("path", POSTS)
def test_a_body_over_the_limit(client, path):
    problem(client.post(path, **upload("一" * 100_000)), 413, "too-large")


@pytest.mark.parametrize("path", POSTS[:2])
def test_a_body_over_the_limit_that_does_not_say_its_length(client, path):
    def pieces():
        yield b'{"text": "'
        for _ in range(30):
            yield b"x" * 10_000
        yield b'"}'

    answer = client.post(path, content=pieces(), headers=JSON)
    assert problem(answer, 413, "http")["title"] == "超过大小上限"


def test_a_body_in_pieces_under_the_limit(client):
    whole = json.dumps({"text": NOTICE}).encode()
    answer = client.post("/v1/suggestions", content=(whole[i : i + 7] for i in range(0, len(whole), 7)), headers=JSON)
    assert answer.status_code == 200


def test_a_text_over_the_limit(client, desk):
    whole, narrow = client.app.state.desk, Desk(desk.screener, Limits(max_characters=10))
    client.app.state.desk = lambda: narrow
    try:
        answer = client.post("/v1/suggestions", json={"text": NOTICE})
    finally:
        client.app.state.desk = whole
    assert "10" in problem(answer, 422, "request")["detail"]


def test_fast_mode_answers_and_redacts_nothing(client, desk):
    whole, fast = client.app.state.desk, Desk(replace(desk.screener, people=None), desk.limits)
    client.app.state.desk = lambda: fast
    try:
        answer, refused = (client.post(path, json={"text": LIST}) for path in POSTS[:2])
    finally:
        client.app.state.desk = whole
    assert "NAME" not in {finding["type"] for finding in answer.json()["personal"]}
    assert "全面模式" in problem(refused, 422, "request")["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/v1/suggestion", 404),
        ("GET", "/docs", 404),
        ("GET", "/static/none.css", 404),
        ("GET", "/static/../api.py", 404),
        ("GET", "/v1/suggestions", 405),
        ("DELETE", "/v1/rulebook", 405),
        ("PUT", "/healthz", 405),
    ],
)
def test_other_routes_and_methods(client, method, path, status):
    answer = client.request(method, path)
    problem(answer, status, "http")
    assert ("allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize("path", POSTS)
def test_what_nobody_foresaw_leaks_nothing(client, monkeypatch, caplog, capfd, path):
    def fail(self, *arguments):
        raise KeyError(PRIVATE)

    for name in ("screen", "redact", "upload"):
        monkeypatch.setattr(Desk, name, fail)
    body = upload(PRIVATE) if path == "/v1/texts" else {"json": {"text": PRIVATE}}
    with caplog.at_level(logging.DEBUG):
        answer = client.post(path, **body)
    problem(answer, 500, "internal")
    assert answer.headers["cache-control"] == "no-store"
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR][0].startswith("unexpected KeyError")
    written = answer.text + caplog.text + "".join(capfd.readouterr())
    assert [value for value in VALUES if value in written] == []


@pytest.mark.parametrize("path", POSTS[:2])
def test_personal_data_is_in_no_log_and_no_answer(client, caplog, capfd, path):
    with caplog.at_level(logging.DEBUG):
        answer = client.post(path, json={"text": PRIVATE})
        upload_answer = client.post(path, **upload(PRIVATE))
        wrong = client.post(path, json={"text": PRIVATE, "id": PRIVATE * 9})
    problem(wrong, 422, "request")
    written = answer.text + upload_answer.text + wrong.text + caplog.text + "".join(capfd.readouterr())
    assert [value for value in VALUES if value in written] == []


# ---- the description ----


@pytest.fixture(scope="module")
def described(client):
    return client.get("/openapi.json").json()


def test_the_description_calls_nobody(described):
    assert re.findall(r"https?://[^\"]+", json.dumps(described)) == []


def test_every_route_is_described(described):
    assert set(described["paths"]) == {*POSTS, "/v1/rulebook", "/healthz"}
    for operations in described["paths"].values():
        for operation in operations.values():
            assert re.search("[\u4e00-\u9fff]", operation["summary"])
            assert re.search("[\u4e00-\u9fff]", operation["description"])


@pytest.mark.parametrize("path", POSTS)
def test_every_problem_is_described(described, path):
    responses = described["paths"][path]["post"]["responses"]
    assert set(responses) == {"200", "409", "413", "415", "422", "500"}
    for status in set(responses) - {"200"}:
        assert list(responses[status]["content"]) == ["application/problem+json"]


def test_every_field_is_described(described):
    schemas = described["components"]["schemas"]
    missing = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, spec in schema.get("properties", {}).items()
        if "$ref" not in spec and not re.search("[\u4e00-\u9fff]", spec.get("description", ""))
    ]
    assert missing == []


def test_every_reference_leads_somewhere(described):
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert names <= set(described["components"]["schemas"])


def test_the_example_works(client, described):
    for path in POSTS[:2]:
        body = described["paths"][path]["post"]["requestBody"]["content"]
        assert client.post(path, json=body["application/json"]["example"]).status_code == 200
        assert "multipart/form-data" in body


def test_an_upload_never_touches_the_disk(desk, monkeypatch):
    monkeypatch.setattr(module.Desk, "open", lambda settings: desk)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", lambda self: pytest.fail("rolled over to a file"))
    with TestClient(create_app(Settings(max_request_bytes=4_000_000))) as client:
        answer = client.post("/v1/texts", **upload("通知\n" + "各单位：请按时报送。\n" * 60_000))
    assert answer.status_code == 200
