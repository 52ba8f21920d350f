"""What a monitor is told: ready or not, and figures for those who may."""

from __future__ import annotations

import accounts
import pytest
from fastapi.testclient import TestClient

from gongkai.service.app import create_app
from gongkai.service.errors import StoreError
from gongkai.service.settings import Settings


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, job_workers=0))
    with TestClient(app):
        yield app


def test_ready(application):
    answer = accounts.nobody(application).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "crew": True})


def test_not_ready_without_a_database(application, monkeypatch):
    monkeypatch.setattr(type(application.state.house.database), "ready", lambda _: False)
    answer = accounts.nobody(application).get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "crew": True})


def test_figures_are_for_those_who_operate(application):
    assert accounts.nobody(application).get("/metrics").status_code == 401
    assert accounts.signed_in(application, "drafter").get("/metrics").status_code == 403
    text = accounts.signed_in(application, "admin").get("/metrics").text
    assert 'gongkai_crew{state="ready"} 1.0' in text
    assert 'gongkai_database{state="up"} 1.0' in text


def test_figures_without_a_database(application, monkeypatch):
    admin = accounts.signed_in(application, "admin")

    def gone(_):
        raise StoreError("数据库不可用，请稍后再试。")

    from gongkai.service.operating import routes

    monkeypatch.setattr(type(application.state.house.database), "reading", gone)
    assert routes.standing(application.state.house)["database"] == {"up": 0.0}
    monkeypatch.undo()
    assert admin.get("/metrics").status_code == 200
