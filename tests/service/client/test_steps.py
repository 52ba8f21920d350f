"""Trying again: how often, how long, and with the same key."""

from __future__ import annotations

import apart
import httpx
import pytest

from gongkai.service.client import AsyncClient, Client, Refused, Unreachable

HEALTH = {"status": "ok", "version": "1", "model": "m", "rulebook": "r", "profile": "default"}
TEXT = {"id": "text", "text": "某", "hidden": 1}
DOWN = httpx.ConnectError("down")


def told(status, slug="busy", **headers):
    content = {"type": f"urn:gongkai:problem:{slug}", "title": "题", "status": status, "detail": "请稍后再试。"}
    return status, {"json": content, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}


def good(content=HEALTH):
    return 200, {"json": content}


class Service:
    """Answers in turn; notes the requests and the pauses between them."""

    def __init__(self, *answers):
        self.answers, self.requests, self.pauses = list(answers), [], []

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, content = answer
        return httpx.Response(status, **content)


def waiting(service, patience):
    return Client(
        "http://s", "gk_1_x", sleep=service.pauses.append, transport=httpx.MockTransport(service), patience=patience
    )


class Beside:
    """An AsyncClient, called as if it were a Client."""

    def __init__(self, service, patience):
        async def sleep(seconds):
            service.pauses.append(seconds)

        transport = httpx.MockTransport(service)
        self.client = AsyncClient("http://s", "gk_1_x", sleep=sleep, transport=transport, patience=patience)

    def __getattr__(self, name):
        call = getattr(self.client, name)
        return lambda *given, **named: apart.run(lambda: call(*given, **named))


@pytest.fixture(params=[waiting, Beside])
def opened(request):
    return lambda service, patience=60.0: request.param(service, patience)


@pytest.mark.parametrize(
    ("answers", "pauses"),
    [
        ([good()], []),
        ([told(503, retry_after="2"), good()], [2]),
        ([told(429, "too-often", retry_after="7"), told(503, retry_after="1"), good()], [7, 1]),
        ([told(409, "conflict", retry_after="1"), good()], [1]),
        ([DOWN, DOWN, DOWN, good()], [0.5, 1, 2]),
        ([httpx.ReadTimeout("slow"), told(503, retry_after="3"), good()], [0.5, 3]),
    ],
)
def test_what_passes_is_tried_again(opened, answers, pauses):
    service = Service(*answers)
    assert opened(service).health().version == "1"
    assert service.pauses == pauses


@pytest.mark.parametrize(
    ("answer", "status", "slug"),
    [
        (told(503), 503, "busy"),
        (told(503, retry_after="Mon, 1 Jan 2024 00:00:00 GMT"), 503, "busy"),
        (told(409, "conflict"), 409, "conflict"),
        (told(422, "empty"), 422, "empty"),
        (told(404, "not-found", retry_after="1"), 404, "not-found"),
        ((502, {"text": "<html>bad gateway</html>"}), 502, "http"),
        ((400, {"json": ["?"]}), 400, "http"),
    ],
)
def test_what_does_not_pass_is_raised_at_once(opened, answer, status, slug):
    service = Service(answer)
    with pytest.raises(Refused) as caught:
        opened(service).health()
    assert (caught.value.status, caught.value.slug, service.pauses) == (status, slug, [])


def test_patience_ends(opened):
    service = Service(*[told(503, retry_after="4")] * 9)
    with pytest.raises(Refused):
        opened(service, 10.0).health()
    assert service.pauses == [4, 4]


def test_a_line_that_stays_down(opened):
    service = Service(*[DOWN] * 9)
    with pytest.raises(Unreachable) as caught:
        opened(service, 3.0).health()
    assert service.pauses == [0.5, 1]
    assert "请检查" in caught.value.message


def test_a_repeated_post_has_the_same_key_and_another_call_another(opened):
    service = Service(DOWN, good(TEXT), good(TEXT))
    client = opened(service)
    client.redact("甲")
    if isinstance(client, Client):
        client.redact("甲")
        keys = [request.headers["idempotency-key"] for request in service.requests]
        assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)
    bodies = {request.content for request in service.requests}
    assert bodies == {'{"id":"text","text":"甲"}'.encode()}
    assert {request.headers["authorization"] for request in service.requests} == {"Bearer gk_1_x"}


def test_a_redirect_is_not_followed(opened):
    service = Service((307, {"headers": {"location": "http://elsewhere/"}, "json": {}}))
    with pytest.raises(ValueError, match="validation"):
        opened(service).health()
    assert len(service.requests) == 1


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://elsewhere:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://elsewhere:3128")
    with Client("https://s") as client:
        assert client._http._mounts == {}


@pytest.mark.parametrize("url", ["", "s:8000", "ftp://s", "file:///etc/passwd"])
def test_addresses_that_are_none(url):
    with pytest.raises(Exception, match="https://"):
        Client(url)


def test_a_key_is_in_no_representation():
    from gongkai.service.client.connecting import Place

    assert "gk_" not in repr(Place("http://s", "gk_1_secret"))
