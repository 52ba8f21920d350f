"""Requests are numbered, counted by route and logged without what they carry."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from gongkai.service.operating.metrics import Metrics
from gongkai.service.operating.watching import Watched
from gongkai.service.problems import LastResort


@pytest.fixture
def application():
    app = FastAPI()
    app.state.metrics = Metrics(lambda: {"jobs": {"waiting": 2.0}})

    @app.get("/v1/documents/{number}")
    def one(number: str) -> str:
        return number

    @app.post("/v1/suggestions")
    async def read(request: Request) -> int:
        return len(await request.body())

    app.add_middleware(LastResort)
    app.add_middleware(Watched, telling=app.state.metrics)
    return app


@pytest.fixture
def client(application):
    with TestClient(application) as opened:
        yield opened


def test_routes_are_counted_as_they_are_written(client, application):
    for path in ("/v1/documents/a", "/v1/documents/b?text=x", "/none/赵一鸣", "/none/2"):
        client.get(path)
    shown = application.state.metrics.shown().decode()
    assert 'gongkai_requests_total{method="GET",route="/v1/documents/{number}",status="200"} 2.0' in shown
    assert 'gongkai_requests_total{method="GET",route="(none)",status="404"} 2.0' in shown
    assert 'gongkai_jobs{state="waiting"} 2.0' in shown
    assert "赵一鸣" not in shown


@pytest.mark.parametrize(("given", "kept"), [("a-1.b", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_plain_request_id_is_kept(client, given, kept):
    answer = client.get("/v1/documents/a", headers={"x-request-id": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.headers["x-request-id"]


def test_the_log_has_the_route_and_not_the_path(client, caplog):
    with caplog.at_level(logging.INFO, logger="gongkai.requests"):
        client.get("/v1/documents/330102199003074514?q=1")
    (record,) = (r for r in caplog.records if r.name == "gongkai.requests")
    assert (record.route, record.status, record.method) == ("/v1/documents/{number}", 200, "GET")
    assert "330102" not in str(vars(record))


def test_an_odd_method_is_one_label(client, application):
    client.request("BREW", "/v1/documents/a")
    assert 'method="OTHER"' in application.state.metrics.shown().decode()


def test_who_hangs_up_is_no_error_of_ours(application, caplog):
    messages = iter([{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}])
    scope = {"type": "http", "method": "POST", "path": "/v1/suggestions", "headers": [], "query_string": b""}
    sent = []

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    with caplog.at_level(logging.INFO), ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        apart.submit(asyncio.run, application(scope, receive, send)).result()
    assert sent == []
    assert [r.getMessage() for r in caplog.records if r.name == "gongkai"] == [
        "the caller hung up before the request was read"
    ]
    assert [r.status for r in caplog.records if r.name == "gongkai.requests"] == [499]
