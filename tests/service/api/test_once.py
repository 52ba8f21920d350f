"""Idempotency keys: what is repeated is answered as before, and done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from accounts import keyed, user_id
from papers import LIST, NOTICE
from sqlalchemy import func, select
from starlette.responses import JSONResponse

from gongkai.model.errors import EmptyDocument
from gongkai.service.api.once import Answered, Turn
from gongkai.service.errors import Conflicting
from gongkai.service.house import now
from gongkai.service.store.tables import Job, Once, Trail
from gongkai.service.store.vault import Vault

PATH = "/v1/suggestions"


def key(name):
    return {"idempotency-key": name}


def held(service, name):
    with service.state.house.database.reading() as session:
        return session.get(Once, (user_id("drafter"), name))


def trails(service):
    with service.state.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Trail))


def test_a_repeated_request_gets_the_same_answer_and_does_nothing(client, service):
    first = client.post(PATH, json={"text": NOTICE}, headers=key("again"))
    before = trails(service)
    again = client.post(PATH, json={"text": NOTICE}, headers=key("again"))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (again.headers["location"], again.headers["idempotency-replayed"]) == (first.headers["location"], "true")
    assert "idempotency-replayed" not in first.headers
    assert trails(service) == before


@pytest.mark.parametrize("keep", ["true", "false"])
def test_the_boundary_of_a_form_does_not_count(client, upload, keep):
    query = {"keep": keep}
    first, again = (
        client.post(PATH, params=query, **upload(LIST, "名单.txt"), headers=key(f"form-{keep}")) for _ in range(2)
    )
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")


@pytest.mark.parametrize(
    "other",
    [
        {"json": {"text": NOTICE + "。"}},
        {"json": {"text": NOTICE}, "params": {"keep": "false"}},
        {"files": {"file": ("a.txt", NOTICE.encode(), "text/plain")}},
    ],
)
def test_a_key_of_another_request(client, problem, other):
    client.post(PATH, json={"text": NOTICE}, headers=key("mine"))
    problem(client.post(PATH, **other, headers=key("mine")), 409, "conflict")


def test_a_key_of_another_user_is_another_key(client, service):
    client.post(PATH, json={"text": NOTICE}, headers=key("shared"))
    other = keyed(service, "neighbour").post(PATH, json={"text": LIST}, headers=key("shared"))
    assert (other.status_code, "idempotency-replayed" in other.headers) == (200, False)


def test_a_request_that_failed_may_be_tried_again(client, service, problem):
    problem(client.post(PATH, json={"text": " "}, headers=key("failed")), 422, "empty")
    assert held(service, "failed") is None
    assert client.post(PATH, json={"text": NOTICE}, headers=key("failed")).status_code == 200


@pytest.mark.parametrize("name", ["ä".encode("latin-1"), b"two words", b"x" * 201])
def test_keys_that_are_none(client, problem, name):
    problem(client.post(PATH, json={"text": NOTICE}, headers={"idempotency-key": name}), 422, "request")


def test_a_request_under_way_is_told_to_wait(client, service, changed, problem):
    class Crew:
        def do(self, order, **_):
            answers.append(client.post(PATH, json={"text": NOTICE}, headers=key("slow")))
            raise EmptyDocument("空")

    answers = []
    with changed(crew=Crew()):
        client.post(PATH, json={"text": NOTICE}, headers=key("slow"))
    problem(answers[0], 409, "conflict")
    assert answers[0].headers["retry-after"] == "1"


def test_a_request_that_was_broken_off_does_not_block_for_ever(client, service, changed):
    house = service.state.house
    with house.database.writing() as session:
        session.add(Once(actor=user_id("drafter"), key="cut", request="x", status=0, headers={}, created=house.clock()))
    assert client.post(PATH, json={"text": NOTICE}, headers=key("cut")).status_code == 409
    later = house.clock() + timedelta(minutes=11)
    with changed(clock=lambda: later):
        assert client.post(PATH, json={"text": NOTICE}, headers=key("cut")).status_code == 200
    assert held(service, "cut").status == 200


def test_after_an_hour_a_key_is_free(client, service, changed):
    client.post(PATH, json={"text": NOTICE}, headers=key("old"))
    later = service.state.house.clock() + timedelta(minutes=61)
    with changed(clock=lambda: later):
        answer = client.post(PATH, json={"text": LIST}, headers=key("old"))
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (200, False)


def test_many_at_once_are_done_once(client, service, upload):
    body = {"kind": "check"}
    files = {"file": ("a.txt", NOTICE.encode(), "text/plain")}
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(client.post, "/v1/jobs", files=files, data=body, headers=key("many")) for _ in range(8)]
    answers = [one.result() for one in tries]
    assert {answer.status_code for answer in answers} <= {202, 409}
    places = {answer.headers["location"] for answer in answers if answer.status_code == 202}
    assert len(places) == 1
    with service.state.house.database.reading() as session:
        assert session.scalar(select(func.count()).where(Job.id == places.pop().rpartition("/")[2])) == 1


# ---- on both databases ----


@pytest.fixture
def turn(database):
    house = SimpleNamespace(database=database, vault=Vault(bytes(32)), clock=now)
    return lambda request="r", clock=now: Turn(
        SimpleNamespace(**{**vars(house), "clock": clock}), "one", "key", request
    )


def claimed(turn):
    try:
        turn.claim()
    except (Answered, Conflicting) as error:
        return type(error).__name__
    return "ours"


def test_of_many_claims_one_is_ours(turn):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claimed, [turn() for _ in range(16)]))
    assert sorted(set(found)) == ["Conflicting", "ours"]
    assert found.count("ours") == 1


def test_the_life_of_a_key(turn):
    first = turn()
    assert [claimed(first), claimed(turn())] == ["ours", "Conflicting"]
    first.let_go()
    assert claimed(turn()) == "ours"
    first.held(JSONResponse({"a": 1}, 201, {"location": "/there", "x-other": "1"}))
    first.let_go()
    with pytest.raises(Answered) as caught:
        turn().claim()
    answer = caught.value.answer
    assert (answer.status_code, answer.body, answer.headers["location"]) == (201, b'{"a":1}', "/there")
    assert "x-other" not in answer.headers
    assert claimed(turn("other")) == "Conflicting"
    assert claimed(turn("other", lambda: now() + timedelta(hours=2))) == "ours"


def test_of_many_that_take_an_old_key_over_one_does(turn):
    claimed(turn())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claimed, [turn("new", lambda: now() + timedelta(hours=2)) for _ in range(8)]))
    assert found.count("ours") == 1


def test_without_a_key_there_is_nothing_to_let_go():
    Turn(SimpleNamespace(database=None)).let_go()
