"""What the OpenAPI document allows, and what it doesn't: no 5xx, every answer is as described (schemathesis)."""

from __future__ import annotations

import itertools

import pytest
import schemathesis
from accounts import keyed
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from papers import LIST, NOTICE
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from gongkai.service.api.routes import ROUTERS
from gongkai.service.app import create_app
from gongkai.service.precedents.routes import router as precedents
from gongkai.service.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW = trying(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations():
    """Method and path of every route, told without opening a service."""
    app = FastAPI()
    for router in (*ROUTERS, precedents):
        app.include_router(router)
    return [
        (verb.upper(), path) for path, verbs in app.openapi()["paths"].items() for verb in verbs if path != "/healthz"
    ]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of its own: its jobs stay in the queue, and pictures are not read, which takes seconds each."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), workers=0, rate=1_000_000, job_workers=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gongkai.service.rewriting.scan.ocr_available", lambda: False)
        patch.setattr("gongkai.service.api.progress.LOOKS", 1)
        with TestClient(create_app(settings)) as client:
            yield client.app


@pytest.fixture(scope="module")
def office(service):
    """A key that may do most of what the API has."""
    return keyed(service, "office")


@pytest.fixture(scope="module")
def described(service):
    async def always_open(scope, receive, send):
        """The application without its beginning and end: schemathesis would begin and end it with every request."""
        if scope["type"] != "lifespan":
            await service(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return schemathesis.openapi.from_asgi("/openapi.json", always_open)


@pytest.fixture(scope="module")
def real(office):
    """Ids of what there is, so that not every path leads to 404."""
    kept = office.post("/v1/suggestions", json={"text": NOTICE + "（试）"}).headers["location"]
    decision = office.post(f"{kept}/decisions", json={"attribute": "proactive"}).json()["id"]
    copy = office.post("/v1/redactions", files={"file": ("a.txt", LIST.encode())}).json()["id"]
    job = office.post("/v1/jobs", files={"file": ("a.txt", LIST.encode())}, data={"kind": "redact"}).json()["id"]
    return {"documents": kept.rpartition("/")[2], "redactions": copy, "jobs": job, "decision": decision}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation(office, described, real, method, path, mode):
    turn = itertools.count()
    ids = {"id": real.get(path.split("/")[2], ""), "decision": real["decision"]} if "{id}" in path else {}

    @FEW
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def run(case):
        if ids and next(turn) % 2 and method != "DELETE":
            case.path_parameters = {
                **(case.path_parameters or {}),
                **{k: v for k, v in ids.items() if f"{{{k}}}" in path},
            }
        case.call_and_validate(headers={"authorization": office.headers["authorization"]}, checks=CHECKS)

    run()
