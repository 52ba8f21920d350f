"""/v1/rulebook, /v1/statistics and /healthz."""

from __future__ import annotations

import pytest
from accounts import nobody, signed_in
from papers import NOTICE

from gongkai.service.api.schemas_figures import StatisticsOut


def test_rulebook(client, desk):
    answer, rules = client.get("/v1/rulebook").json(), desk.screener.rules
    assert (answer["digest"], answer["profile"]) == (rules.digest, "default")
    assert [row["code"] for row in answer["clauses"]] == [clause.id for clause in rules.clauses]
    assert {"code": "W-167", "name": rules.reason["W-167"].name, "basis": "条例第十六条第二款"} in answer["reasons"]
    assert {row["code"] for row in answer["categories"]} == set(rules.category)


def test_a_rulebook_that_is_held_is_not_sent_again(client):
    tag = client.get("/v1/rulebook").headers["etag"]
    again = client.get("/v1/rulebook", headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/v1/rulebook", headers={"if-none-match": "*"}).status_code == 304
    assert client.get("/v1/rulebook", headers={"if-none-match": '"other"'}).status_code == 200


def test_health(service, desk):
    engine = desk.screener.engine
    expected = {"status": "ok", "version": engine.version, "model": engine.model}
    answer = nobody(service).get("/healthz").json()
    assert answer == expected | {"rulebook": engine.rulebook, "profile": engine.profile}


def test_health_while_the_model_is_loading(service, changed, problem):
    class Crew:
        engines = ()

    with changed(crew=Crew()):
        answer = nobody(service).get("/healthz")
    problem(answer, 503, "busy")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("query", "some"),
    [({}, True), ({"since": "2020-01-01"}, True), ({"until": "2020-01-01"}, False), ({"since": "2999-01-01"}, False)],
)
def test_statistics(client, service, query, some):
    client.post("/v1/suggestions", json={"text": NOTICE})
    figures = signed_in(service, "office").get("/v1/statistics", params=query).json()
    StatisticsOut.model_validate(figures, strict=True)
    assert (figures["total"] > 0) is some
    assert sum(figures["attribute"].values()) == figures["total"]


@pytest.mark.parametrize("query", [{"since": "yesterday"}, {"until": "2024-13-01"}])
def test_days_that_are_none(service, problem, query):
    problem(signed_in(service, "office").get("/v1/statistics", params=query), 422, "request")


def test_a_drafter_sees_no_statistics(client, problem):
    problem(client.get("/v1/statistics"), 403, "not-allowed")
