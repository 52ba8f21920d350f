"""/v1/redactions: a text at once, a file as a sealed copy with its report."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import resources

import pytest
from accounts import keyed, signed_in
from jsonschema import Draft202012Validator
from papers import CLASSIFIED, LIST, NUMBERS, PAPERS
from sqlalchemy import select

from gongkai.model.document import Document
from gongkai.service.store.tables import Blob, Trail

PATH = "/v1/redactions"
SCHEMA = json.loads((resources.files("gongkai.service") / "redaction.schema.json").read_text("utf-8"))


@pytest.fixture
def made(client, upload):
    return client.post(PATH, **upload(LIST, "名单.txt"))


def sealed(service):
    with service.state.house.database.reading() as session:
        return list(session.scalars(select(Blob.sealed).where(Blob.kind == "redaction")))


@pytest.mark.parametrize("name", ["list", "notice"] if {"list", "notice"} <= set(PAPERS) else list(PAPERS)[:3])
def test_a_text_comes_back_at_once(client, desk, name):
    text = PAPERS[name]
    answer = client.post(PATH, json={"id": name, "text": text})
    expected = desk.redact(Document(name, text))
    assert answer.status_code == 200
    assert answer.json() == {"id": name, "text": expected.text, "hidden": len(expected.hidden)}


def test_numbers_are_gone(client):
    answer = client.post(PATH, json={"text": LIST}).json()
    assert answer["hidden"] == 9
    assert [value for value in NUMBERS if value in answer["text"]] == []


def test_line_ends_stay(client):
    text = LIST.replace("\n", "\r\n")
    answer = client.post(PATH, json={"text": text}).json()["text"]
    assert answer.count("\r\n") == text.count("\r\n")


def test_a_classified_text(client, problem):
    problem(client.post(PATH, json={"text": CLASSIFIED}), 409, "classified")


def test_a_file_becomes_a_copy_and_a_report(client, made):
    content = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"{PATH}/{content['id']}")
    assert (content["name"], content["hidden"], content["look"]) == ("名单.txt", 9, [])
    copy = client.get(content["links"]["file"])
    assert len(copy.content) == content["bytes"]
    assert copy.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.txt"
    assert [value for value in NUMBERS if value in copy.text] == []
    report = client.get(content["links"]["report"]).json()
    Draft202012Validator(SCHEMA).validate(report)
    assert report["copy"]["bytes"] == content["bytes"]
    page = client.get(content["links"]["page"])
    assert page.text.startswith("<!doctype html>")
    assert page.headers["content-disposition"].startswith("attachment")


def test_a_copy_is_seen_by_its_maker_only(client, service, made, problem):
    for other in (keyed(service, "neighbour"), signed_in(service, "office")):
        for place in (made.headers["location"], *made.json()["links"].values()):
            problem(other.get(place), 404, "not-found")
        problem(other.delete(made.headers["location"]), 404, "not-found")
    assert client.get(made.headers["location"]).json() == made.json()


def test_what_is_held_is_sealed(service, made):
    assert len(sealed(service)) >= 3
    assert [data for data in sealed(service) if "青禾".encode() in data or b"schema" in data] == []


def test_a_copy_is_discarded(client, service, made, problem):
    before = len(sealed(service))
    assert client.delete(made.headers["location"]).status_code == 204
    assert len(sealed(service)) == before - 3
    problem(client.get(made.headers["location"]), 404, "not-found")
    problem(client.delete(made.headers["location"]), 404, "not-found")


def test_an_hour_later_it_is_gone(client, made, changed, service, problem):
    later = service.state.house.clock() + timedelta(minutes=61)
    with changed(clock=lambda: later):
        for place in (made.headers["location"], *made.json()["links"].values()):
            problem(client.get(place), 404, "not-found")


def test_the_trail_tells_who_made_and_who_fetched(client, service, made):
    client.get(made.json()["links"]["file"])
    with service.state.house.database.reading() as session:
        told = session.execute(select(Trail.action, Trail.detail).where(Trail.object == made.json()["id"])).all()
    assert [action for action, _ in told] == ["redact", "download"]
    assert "赵一鸣" not in json.dumps([detail for _, detail in told], ensure_ascii=False)


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"pictures": "show"}, "pictures"),
        ({"rename": "1"}, "rename"),
        ({"style": "没有这种"}, "样式"),
        ({"style": "x" * 200}, "样式"),
    ],
)
def test_options_that_are_none(client, upload, problem, fields, detail):
    assert detail in problem(client.post(PATH, **upload(LIST, "a.txt", **fields)), 422, "request")["detail"]


def test_a_style(client, upload):
    made = client.post(PATH, **upload(LIST, "a.txt", style="strict")).json()
    assert client.get(made["links"]["report"]).json()["style"] == "strict"


def test_a_copy_is_renamed_where_that_is_wanted(client, upload):
    plain, bare = (
        client.post(PATH, **upload(LIST, "赵一鸣补贴.txt", rename=wanted)).json() for wanted in ("no", "yes")
    )
    assert (plain["name"], bare["name"], bare["look"]) == ("赵一鸣补贴.txt", "赵某某补贴.txt", [])
    assert "文件名里有已遮蔽的自然人姓名" in plain["look"][0]
    for part in ("file", "page"):
        assert "%E8%B5%B5%E6%9F%90%E6%9F%90" in client.get(bare["links"][part]).headers["content-disposition"]


@pytest.mark.parametrize("id", ["x", "0" * 31, "../../etc", "G" * 32, "0" * 33])
def test_ids_that_are_none(client, id):
    assert client.get(f"{PATH}/{id}/report").status_code in (404, 422)
