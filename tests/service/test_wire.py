"""The output contract: what leaves the house fits suggestion.schema.json, which says exactly what may."""

from __future__ import annotations

import copy
import json
from importlib import resources

import jsonschema
import pytest
from papers import CLASSIFIED, LIST, PAPERS, VALUES

from gongkai.model.document import Document
from gongkai.model.finding import Attribute, Handling
from gongkai.service.api.schemas import SuggestionOut

SCHEMA = json.loads((resources.files("gongkai.service") / "suggestion.schema.json").read_text("utf-8"))
CHECK = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", PAPERS)
def test_every_suggestion_fits(desk, name):
    shown = desk.shown(desk.screen(Document(name, PAPERS[name])))
    CHECK.validate(shown)
    assert SuggestionOut.model_validate(shown, strict=True).model_dump(mode="json") == shown
    assert "null" not in json.dumps(shown)
    assert shown["attribute"]["label"] in shown["attribute"]["set"]


def test_the_schema_lists_every_attribute_and_handling():
    assert SCHEMA["$defs"]["label"]["enum"] == [a.value for a in Attribute]
    assert SCHEMA["properties"]["handling"]["enum"] == [h.value for h in Handling]


def nested(schema: dict, path: str = "$") -> list[tuple[str, dict]]:
    found = [(path, schema)] if schema.get("type") == "object" else []
    for key, value in schema.get("properties", {}).items():
        found += nested(value, f"{path}.{key}")
    return found + (nested(schema["items"], path + "[]") if "items" in schema else [])


@pytest.mark.parametrize(("path", "part"), nested(SCHEMA))
def test_nothing_may_be_added_or_left_out(path, part):
    assert part["additionalProperties"] is False
    assert part["required"] == list(part["properties"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["attribute", "label"], "public"),
        (["attribute", "set"], []),
        (["attribute", "confidence"], 1.2),
        (["handling"], "later"),
        (["reasons"], []),
        (["reasons", 0, "code"], "P192"),
        (["reasons", 0, "evidence"], None),
        (["categories"], None),
        (["categories", 0, "extra"], 1),
        (["negative", 0, "start"], -1),
        (["negative", 0, "end"], 1.5),
        (["personal", 0, "action"], "hide"),
        (["elements", "issued"], "2024年5月6日"),
        (["elements", "issued"], None),
        (["digest"], "sha256:abc"),
        (["needs_review"], "yes"),
        (["notes"], ""),
    ],
)
def test_what_does_not_fit(desk, path, value):
    shown = copy.deepcopy(desk.shown(desk.screen(Document("a", LIST))))
    CHECK.validate(shown)
    place = shown
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not CHECK.is_valid(shown)


def test_elements_and_digest(desk):
    document = Document("a-1", LIST)
    shown = desk.shown(desk.screen(document))
    assert shown["elements"] == {
        "number": "",
        "issuer": "青禾县民政局",
        "issued": "2024-05-06",
        "genre": "公示",
        "annotation": "",
    }
    assert (shown["id"], shown["title"]) == ("a-1", "青禾县2024年第二批留守儿童照护补贴对象名单公示")
    assert shown["digest"] == document.digest


@pytest.mark.parametrize(
    ("text", "digest"),
    [("abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")],
)
def test_the_digest_is_that_of_the_text_in_utf_8(text, digest):
    assert Document("", text).digest == digest


def test_a_given_title_is_kept(desk):
    assert desk.shown(desk.screen(Document("a", LIST, "名单")))["title"] == "名单"


def test_offsets_count_code_points(desk):
    text = "𠮷𠮷\t\r\n" + LIST
    shown = desk.shown(desk.screen(Document("a", text)))
    cards = [text[p["start"] : p["end"]] for p in shown["personal"] if p["type"] == "ID_CARD"]
    assert cards == ["330101199001010016", "330101198502030029", "330101197803120023"]


def test_a_stopped_paper_leaves_no_text(desk):
    shown = desk.shown(desk.screen(Document("a", CLASSIFIED, "关于重点目标防护工作的通知")))
    assert (shown["title"], set(shown["elements"].values())) == ("", {""})
    assert (shown["personal"], shown["categories"]) == ([], [])
    written = json.dumps(shown, ensure_ascii=False)
    for piece in ("重点目标", "赵一鸣", "13812345678", "330101", "青政", "青禾", "机密"):
        assert piece not in written


def test_what_is_hidden_is_not_in_the_suggestion(desk):
    written = json.dumps(desk.shown(desk.screen(Document("a", PAPERS["private"]))), ensure_ascii=False)
    assert [value for value in VALUES if value in written] == []
