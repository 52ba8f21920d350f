"""The OpenAPI document: Chinese, complete, with examples that fit."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from accounts import nobody
from jsonschema import Draft202012Validator

from gongkai.service.api.schemas_files import CheckOut, ReportOut

CHINESE = re.compile("[\u4e00-\u9fff]")
EVERYWHERE = {"400", "401", "403", "422", "429", "500", "503"}
PATHS = {
    "/v1/suggestions": "post",
    "/v1/texts": "post",
    "/v1/redactions": "post",
    "/v1/redactions/{id}": "delete get",
    "/v1/redactions/{id}/file": "get",
    "/v1/redactions/{id}/report": "get",
    "/v1/redactions/{id}/page": "get",
    "/v1/checks": "post",
    "/v1/jobs": "get post",
    "/v1/jobs/{id}": "delete get",
    "/v1/jobs/{id}/events": "get",
    "/v1/jobs/{id}/results": "get",
    "/v1/jobs/{id}/results/{number}/{part}": "get",
    "/v1/documents": "get",
    "/v1/documents/{id}": "get",
    "/v1/documents/{id}/decisions": "get post",
    "/v1/documents/{id}/decisions/{decision}": "delete",
    "/v1/rulebook": "get",
    "/v1/statistics": "get",
    "/healthz": "get",
}


@pytest.fixture(scope="module")
def described(service):
    return nobody(service).get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(described):
    return [(f"{verb} {path}", one) for path, verbs in described["paths"].items() for verb, one in verbs.items()]


def fields(schema, place):
    """Every field below a schema, with its place."""
    for name, spec in schema.get("properties", {}).items():
        yield f"{place}.{name}", spec
        yield from fields(spec, f"{place}.{name}")


@pytest.fixture(scope="module")
def every_field(described):
    schemas = described["components"]["schemas"]
    return [found for name, schema in schemas.items() for found in fields(schema, name)]


def test_the_version(described):
    assert described["openapi"].startswith("3.1")
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_the_description_calls_nobody(described):
    assert re.findall(r"https?://[^\"]+", json.dumps(described)) == []


def test_the_routes_of_this_version_stay(described):
    found = {path: " ".join(sorted(verbs)) for path, verbs in described["paths"].items()}
    assert {path: found.get(path) for path in PATHS} == PATHS


def test_every_route_is_described(operations):
    silent = [
        name
        for name, one in operations
        if not (CHINESE.search(one["summary"]) and CHINESE.search(one.get("description", "")))
    ]
    assert silent == []


def test_every_problem_is_described(operations):
    missing = {name: EVERYWHERE - set(one["responses"]) for name, one in operations if " /v1/" in name}
    assert {name: statuses for name, statuses in missing.items() if statuses} == {}
    for _, one in operations:
        for status, answer in one["responses"].items():
            if status >= "400" and "content" in answer:
                assert list(answer["content"]) == ["application/problem+json"]
                assert answer["content"]["application/problem+json"]["example"]["status"] == int(status)


def test_every_parameter_is_described_and_has_an_example(operations):
    missing = [
        f"{name}: {one['name']}"
        for name, operation in operations
        for one in operation.get("parameters", [])
        if not (CHINESE.search(one.get("description", "")) and (one["schema"].get("examples") or one.get("example")))
    ]
    assert missing == []


def test_every_field_is_described(every_field):
    missing = [
        place for place, spec in every_field if "$ref" not in spec and not CHINESE.search(spec.get("description", ""))
    ]
    assert missing == []


def test_every_field_of_a_value_has_an_example(every_field):
    def led(spec):
        return "$ref" in json.dumps(spec)

    missing = [place for place, spec in every_field if not (led(spec) or "examples" in spec)]
    assert missing == []


def test_the_examples_fit(described, every_field):
    for place, spec in every_field:
        for example in spec.get("examples", []):
            whole = {**spec, "components": described["components"]}
            assert list(Draft202012Validator(whole).iter_errors(example)) == [], place


def test_every_body_is_described(operations):
    for name, one in operations:
        for kind, content in one.get("requestBody", {}).get("content", {}).items():
            assert kind in ("application/json", "multipart/form-data"), name
            for field in content["schema"].get("properties", {}).values():
                assert CHINESE.search(field["description"]), name


def test_every_reference_leads_somewhere(described):
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert names <= set(described["components"]["schemas"])


def test_the_example_works(client, described):
    for path in ("/v1/suggestions", "/v1/redactions"):
        body = described["paths"][path]["post"]["requestBody"]["content"]
        assert client.post(path, json=body["application/json"]["example"]).status_code == 200
        assert "multipart/form-data" in body


@pytest.mark.parametrize(
    ("model", "name", "apart"),
    [
        (ReportOut, "redaction.schema.json", {"shown", "run", "pictures", "keyed", "mapping"}),
        (CheckOut, "check.schema.json", {"error"}),
    ],
)
def test_the_models_say_what_the_schemas_of_the_files_say(model, name, apart):
    def names(schema):
        found = set()
        for one in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            found |= names(one)
        return found | set(schema.get("properties", {}) if isinstance(schema, dict) else ())

    file = json.loads((resources.files("gongkai.service") / name).read_text("utf-8"))
    assert names(model.model_json_schema(by_alias=True)) == names(file) - apart
