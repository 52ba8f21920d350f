"""One application for the API's tests, with people in it, a crew in this process and its jobs at work."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace

import pytest
from accounts import keyed, peopled
from starlette.testclient import TestClient

from gongkai.service.app import create_app
from gongkai.service.settings import Settings

MOST = 200_000


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    settings = Settings(
        data=tmp_path_factory.mktemp("data"), workers=0, rate=1_000_000, max_request_bytes=MOST, keep_text=True
    )
    app = create_app(settings)
    peopled(app)
    with TestClient(app):  # the jobs' threads begin and end with it
        yield app


@pytest.fixture(scope="session")
def client(service):
    """A drafting tool with a drafter's key."""
    return keyed(service, "drafter")


@pytest.fixture
def problem():
    def check(answer, status, slug):
        content = answer.json()
        told = (answer.status_code, content["status"], content["type"])
        assert answer.headers["content-type"] == "application/problem+json"
        assert told == (status, status, f"urn:gongkai:problem:{slug}")
        assert sorted(content) == ["detail", "status", "title", "type"]
        assert re.search("[\u4e00-\u9fff]", content["title"]) and re.search("[\u4e00-\u9fff]", content["detail"])
        return content

    return check


@pytest.fixture
def upload():
    def form(text, name="a.txt", **fields):
        data = text if isinstance(text, bytes) else text.encode()
        return {"files": {"file": (name, data, "application/octet-stream")}, "data": fields}

    return form


@pytest.fixture
def changed(service):
    """A house with other settings, or other parts, for a while."""

    @contextmanager
    def other(*, crew=None, clock=None, **settings):
        house = service.state.house
        parts = {name: part for name, part in (("crew", crew), ("clock", clock)) if part}
        service.state.house = replace(house, settings=replace(house.settings, **settings), **parts)
        try:
            yield service.state.house
        finally:
            service.state.house = house

    return other
