"""Hints over the API: of a given text, of a kept document, of none with a secrecy mark."""

from __future__ import annotations

import pytest
from accounts import keyed
from papers import CLASSIFIED

SOURCE = (
    "青禾县水务局关于印发河道管护办法的通知\n青水发〔2024〕3号\n\n各乡镇人民政府：\n    请执行。\n\n"
    "青禾县水务局\n2024年5月6日\n"
)
PAPER = (
    "青禾县青河乡人民政府关于转发河道管护办法的通知\n青河政发〔2024〕9号\n\n各村：\n"
    "    现将《青禾县水务局关于印发河道管护办法的通知》（青水发〔2024〕3号）转发给你们。\n\n"
    "青禾县青河乡人民政府\n2024年5月9日\n"
)


def rows(answer):
    assert answer.status_code == 200
    return {row["code"]: row for row in answer.json()["hints"]}


def test_a_text_is_told_what_to_settle_first(client):
    found = rows(client.post("/v1/hints", json={"text": PAPER}))
    (place,) = found["forwarded"]["places"]
    assert "转发河道管护办法" in PAPER[place["start"] : place["end"]]
    assert (found["forwarded"]["kind"], found["forwarded"]["about"]) == ("source", "青水发〔2024〕3号")
    assert found["forwarded"]["basis"] == "条例第十条第一款、第十一条第一款"


def test_a_file_is_read_alike(client):
    answer = client.post("/v1/hints", files={"file": ("a.txt", PAPER.encode())})
    assert rows(answer) == rows(client.post("/v1/hints", json={"text": PAPER}))


def test_a_kept_document_follows_its_source(client, service):
    client.post("/v1/suggestions", json={"text": SOURCE})
    place = client.post("/v1/suggestions", json={"text": PAPER}).headers["location"]
    answer = client.get(f"{place}/hints")
    source = rows(answer)["forwarded"]["source"]
    assert answer.json()["whole"] is True
    assert (source["title"], source["decided"]) == ("青禾县水务局关于印发河道管护办法的通知", False)
    assert "请先决定来源" in source["says"]


def test_others_see_nothing_of_it(client, service):
    place = client.post("/v1/suggestions", json={"text": PAPER}).headers["location"]
    assert keyed(service, "neighbour").get(f"{place}/hints").status_code == 404


def test_a_secrecy_mark_stops(client, problem):
    problem(client.post("/v1/hints", json={"text": CLASSIFIED}), 409, "classified")


@pytest.mark.parametrize("body", [{}, {"text": ""}])
def test_nothing_to_look_at(client, problem, body):
    assert client.post("/v1/hints", json=body).status_code == 422
