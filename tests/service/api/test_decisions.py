"""Decisions: given, read, taken back, and never over a change that nobody saw."""

from __future__ import annotations

import itertools

import pytest
from accounts import keyed, signed_in, user_id
from papers import NOTICE

from gongkai.service.review.opinions import second_key
from gongkai.service.store.tables import Kept

COUNT = itertools.count()


@pytest.fixture
def place(client):
    return client.post("/v1/suggestions", json={"text": f"{NOTICE}（第{next(COUNT)}件）"}).headers["location"]


def decide(client, place, version="", **given):
    headers = {"if-match": version} if version else {}
    return client.post(f"{place}/decisions", json={"attribute": "proactive", **given}, headers=headers)


def test_a_decision_is_kept_and_shown(client, place):
    given = {"attribute": "withheld", "reason": "W-167", "basis": "条例第十六条第二款", "note": "尚在讨论。"}
    answer = decide(client, place, **given)
    row = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')
    assert answer.headers["location"] == f"{place}/decisions/{row['id']}"
    assert {name: row[name] for name in given} == given
    assert (row["by"], row["undoes"], row["second"]) == ("赵一鸣", "", False)
    assert client.get(f"{place}/decisions").json() == {"items": [row], "next": ""}
    document = client.get(place).json()
    assert (document["decided"], document["decisions"], document["version"]) == ("withheld", 1, 2)


def test_a_decision_is_taken_back_by_another(client, place, problem):
    first = decide(client, place).json()
    taken = client.delete(f"{place}/decisions/{first['id']}")
    assert (taken.status_code, taken.json()["undoes"], taken.headers["etag"]) == (200, first["id"], '"3"')
    assert client.get(place).json()["decided"] == ""
    assert len(client.get(f"{place}/decisions").json()["items"]) == 2
    problem(client.delete(f"{place}/decisions/{first['id']}"), 409, "conflict")


def test_nobody_takes_back_what_another_decided(client, place, service, problem):
    first = decide(client, place).json()
    problem(signed_in(service, "reviewer").delete(f"{place}/decisions/{first['id']}"), 409, "conflict")
    problem(signed_in(service, "neighbour").delete(f"{place}/decisions/{first['id']}"), 404, "not-found")


def test_a_decision_of_another_document(client, place, problem):
    other = client.post("/v1/suggestions", json={"text": NOTICE + "（另一件）"}).headers["location"]
    first = decide(client, place).json()
    problem(client.delete(f"{other}/decisions/{first['id']}"), 404, "not-found")


@pytest.mark.parametrize("version", ['"9"', '"0"', '"x"', "1", '"1', '"٣"', f'"{"9" * 30}"'])
def test_a_version_that_is_not_now(client, place, problem, version):
    headers = {"if-match": version.encode()}
    answer = client.post(f"{place}/decisions", json={"attribute": "proactive"}, headers=headers)
    problem(answer, 412, "outdated")
    first = decide(client, place).json()
    problem(client.delete(f"{place}/decisions/{first['id']}", headers=headers), 412, "outdated")


@pytest.mark.parametrize("version", ["", "*", '"1"', 'W/"1"'])
def test_a_version_that_is_now(client, place, version):
    assert decide(client, place, version).status_code == 201


@pytest.mark.parametrize(
    "given",
    [
        {"attribute": "secret"},
        {"attribute": "withheld"},
        {"attribute": "withheld", "reason": "W-999"},
        {"category": "G9999"},
        {"note": "长" * 2001},
        {"second": "perhaps"},
        {"by": "钱多文"},
    ],
)
def test_decisions_that_are_none(client, place, problem, given):
    problem(decide(client, place, **given), 422, "request")
    assert client.get(f"{place}/decisions").json()["items"] == []


def test_a_second_reader_is_somebody_else(client, place, service, problem):
    decide(client, place)
    problem(decide(client, place, second=True), 409, "conflict")
    second = decide(signed_in(service, "reviewer"), place, second=True, attribute="withheld", reason="W-167")
    assert (second.status_code, second.json()["by"]) == (201, "钱多文")
    assert client.get(place).json()["disputed"] is True


def test_who_may_not_decide(service, place, problem):
    problem(decide(signed_in(service, "privacy"), place), 403, "not-allowed")
    problem(decide(keyed(service, "drafter", "documents"), place), 403, "not-allowed")
    problem(decide(signed_in(service, "neighbour"), place), 404, "not-found")


def test_a_blind_second_reader_is_told_nothing_before_deciding(client, place, service, problem):
    decide(client, place)
    with service.state.house.database.writing() as session:
        row = session.get(Kept, place.rpartition("/")[2])
        row.place = {**row.place, "second": second_key(user_id("second"))}
    reader = signed_in(service, "second")
    problem(reader.get(place), 403, "not-allowed")
    problem(reader.get(f"{place}/decisions"), 403, "not-allowed")
    assert decide(reader, place, second=True).status_code == 201
    assert len(reader.get(f"{place}/decisions").json()["items"]) == 2
