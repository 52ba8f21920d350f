"""POST /v1/suggestions: the answer of the command line, and what is kept of a document."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from accounts import keyed, signed_in
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PAPERS
from sqlalchemy import func, select
from starlette.testclient import TestClient

from gongkai.model.document import Document
from gongkai.service.app import create_app
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Blob, Kept, Screened, Trail

JSON = {"content-type": "application/json"}
PATH = "/v1/suggestions"


def rows(service, table):
    with service.state.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("name", PAPERS)
def test_the_answer_is_that_of_the_command_line(client, desk, name):
    answer = client.post(PATH, json={"id": name, "text": PAPERS[name]})
    assert answer.status_code == 200
    assert answer.json() == desk.shown(desk.screen(Document(name, PAPERS[name])))


def test_a_file_gets_the_same_answer(client, desk, upload):
    answer = client.post(PATH, **upload(LIST, "名单.txt"))
    assert answer.json() == desk.shown(desk.screen(Document("名单.txt", LIST)))


def test_title_and_id_are_optional(client):
    answer = client.post(PATH, json={"text": NOTICE, "title": "停水"}).json()
    assert (answer["id"], answer["title"]) == ("text", "停水")


def test_offsets_fit_the_text_that_was_read(client, upload):
    text = client.post("/v1/texts", **upload("𠮷\r\n" + LIST)).json()["text"]
    found = client.post(PATH, json={"text": text}).json()["personal"]
    assert [text[p["start"] : p["end"]] for p in found if p["type"] == "ID_CARD"] == list(NUMBERS[:3])


def test_answers_at_the_same_time_are_those_given_one_by_one(client):
    given = [{"id": name, "text": text} for name, text in list(PAPERS.items())[:8]] * 2
    serial = [client.post(PATH, json=row).json() for row in given]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda row: client.post(PATH, json=row).json(), given)) == serial


# ---- what is kept ----


def test_the_document_is_kept_once(client, service):
    first = client.post(PATH, json={"text": NOTICE + "（一）"})
    count = rows(service, Kept)
    again = client.post(PATH, json={"text": NOTICE + "（一）"})
    assert first.headers["location"] == again.headers["location"]
    assert rows(service, Kept) == count
    kept = client.get(first.headers["location"]).json()
    assert (kept["digest"], kept["attribute"], kept["origin"]) == (first.json()["digest"], "proactive", "api")


def test_a_session_is_a_page(service):
    page = signed_in(service, "reviewer")
    place = page.post(PATH, json={"text": NOTICE + "（页面）"}).headers["location"]
    assert page.get(place).json()["origin"] == "page"


def test_a_drafting_tool_may_look_without_keeping(client, service):
    before = [rows(service, table) for table in (Kept, Screened, Blob, Trail)]
    answer = client.post(PATH, params={"keep": "false"}, json={"text": NOTICE + "（试看）"})
    assert (answer.status_code, "location" in answer.headers) == (200, False)
    assert [rows(service, table) for table in (Kept, Screened, Blob, Trail)] == before


def test_of_a_classified_document_nothing_is_kept(client, service):
    before = [rows(service, table) for table in (Kept, Screened, Blob)]
    answer = client.post(PATH, json={"id": "a", "text": CLASSIFIED}, headers={"idempotency-key": "classified"})
    assert (answer.status_code, answer.json()["handling"]) == (200, "stop_classified")
    assert "location" not in answer.headers
    assert [rows(service, table) for table in (Kept, Screened, Blob)] == before
    for piece in ("重点目标", "赵一鸣", "13812345678", "青政"):
        assert piece not in answer.text


def test_open_to_everybody_keeps_nothing(tmp_path):
    app = create_app(Settings(data=tmp_path, workers=0, open=True, job_workers=0))
    with TestClient(app, base_url="http://127.0.0.1") as anybody:
        page = {"sec-fetch-site": "same-origin"}
        answer = anybody.post(PATH, json={"text": NOTICE}, headers=page)
        assert (answer.status_code, "location" in answer.headers) == (200, False)
        assert anybody.get("/v1/documents", headers=page).json()["items"] == []


def test_a_key_without_the_scope_is_refused(service, problem):
    answer = keyed(service, "drafter", "rulebook").post(PATH, json={"text": NOTICE})
    problem(answer, 403, "not-allowed")


# ---- bodies that do not fit ----


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
@pytest.mark.parametrize("path", [PATH, "/v1/redactions"])
def test_bodies_that_do_not_fit(client, problem, path, body, detail):
    content = problem(client.post(path, content=json.dumps(body), headers=JSON), 422, "request")
    assert detail in content["detail"]
    assert "赵一鸣" not in content["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"text": "x"', '{"text": "通告"}'.encode("gb18030"), b'{"text": "\\ud800"}', b"\xff" * 50]
)
def test_bodies_that_are_no_json(client, problem, body):
    problem(client.post(PATH, content=body, headers=JSON), 422, "request")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/x-www-form-urlencoded"])
def test_other_content_types(client, problem, kind):
    problem(client.post(PATH, content=b"text=x", headers={"content-type": kind}), 422, "request")


def test_a_content_type_may_name_its_encoding(client):
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post(PATH, content=json.dumps({"text": NOTICE}), headers=headers).status_code == 200


def test_a_text_of_blanks(client, problem):
    problem(client.post(PATH, json={"text": " \n"}), 422, "empty")


TWO = [("file", ("a.txt", b"x", "text/plain")), ("file", ("b.txt", b"x", "text/plain"))]
FORM = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("path", [PATH, "/v1/redactions", "/v1/checks"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"files": {"other": ("a.txt", b"x", "text/plain")}}, "没有名为 file 的文件"),
        ({"data": {"file": "x"}, "files": {"other": ("a.txt", b"x", "text/plain")}}, "没有名为 file 的文件"),
        ({"files": TWO}, "一次最多上传 1 个文件"),
        ({"files": [*TWO, *TWO], "headers": {"idempotency-key": "four-files"}}, "一次最多上传 1 个文件"),
        ({"files": TWO[:1], "data": {f"f{at}": "x" for at in range(20)}}, "表单不完整或者格式不对"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, "表单不完整或者格式不对"),
        ({"content": b"x", "headers": FORM}, "表单不完整或者格式不对"),
        ({"content": b"", "headers": FORM}, "没有名为 file 的文件"),
    ],
)
def test_forms_without_one_file(client, problem, path, body, said):
    assert said in problem(client.post(path, **body), 422, "request")["detail"]


def test_a_text_over_the_limit(service, client, changed, problem):
    limits = replace(service.state.house.settings.limits, max_characters=10)
    with changed(limits=limits):
        answer = client.post(PATH, json={"text": NOTICE})
    assert "10" in problem(answer, 422, "request")["detail"]
