"""POST /v1/checks: what a published file still tells."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator
from papers import LIST, NOTICE, VALUES

SCHEMA = json.loads((resources.files("gongkai.service") / "check.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "missed"), [(LIST, 9), (NOTICE, 0)])
def test_a_published_file(client, upload, text, missed):
    answer = client.post("/v1/checks", **upload(text, "公示.txt"))
    content = answer.json()
    Draft202012Validator(SCHEMA).validate(content)
    assert (content["file"], content["clean"], content["counts"]["missed"]) == ("公示.txt", not missed, missed)
    assert [value for value in VALUES if value in answer.text] == []


def test_the_attribute_counts(client, upload, problem):
    answer = client.post("/v1/checks", **upload(LIST, "公示.txt", attribute="withheld"))
    assert answer.status_code == 200
    wrong = client.post("/v1/checks", **upload(LIST, "公示.txt", attribute="secret"))
    assert "attribute" in problem(wrong, 422, "request")["detail"]
