"""When a person has to look, and what law and model say against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from papers import NOTICE, WRONGLY_MARKED

from gongkai.model.attribute import Case
from gongkai.model.document import Document, Span
from gongkai.model.doubt import (
    FEW_WORDS,
    Disagreement,
    agency_kind,
    contradicted,
    disagreement,
    doubts,
    known_words,
    marked_attribute,
    needs_review,
    strange,
)
from gongkai.model.finding import Attribute, Finding, Handling, Opinion
from gongkai.model.law import Ground
from gongkai.model.modelfolder import ModelFolder

PUBLIC, ASKED, WITHHELD = Attribute


@pytest.fixture(scope="module")
def calm(screener) -> Case:
    """The notice, by a model that has seen everything and promises much."""
    case = screener.case(screener.reading(Document("", NOTICE)))[0]
    everything = {"genres": ["通告"], "agencies": ["水务局"], "known_words": 0.0}
    return replace(case, grounds=(), read=None, model=with_card(case.model, 0.5, **everything))


def with_card(model: ModelFolder, confirmed: float, **seen) -> ModelFolder:
    calibrations = {name: {**row, "confirmed": {"0.01": confirmed}} for name, row in model.card["calibrations"].items()}
    return replace(model, card={**model.card, "calibrations": calibrations, "seen": {**model.card["seen"], **seen}})


def judging(case: Case, law: dict[str, float], model: dict[str, float]) -> Case:
    """The same case with rules of these weights and these scores of the linear model."""
    rule = next(rule for rule in case.reading.rules.laws if rule.step == "case")
    held = [replace(rule, attribute=name, weight=weight, why=f"{name}{weight}") for name, weight in law.items()]
    scores = np.array([model.get(name, 0.0) for name in case.model.labels("attribute")])
    return replace(case, grounds=tuple(Ground(r, ()) for r in held), logits={**case.logits, "attribute": scores})


@pytest.mark.parametrize(
    ("law", "model", "expected"),
    [
        ({"withheld": 2.0}, {"proactive": 1.0}, (WITHHELD, PUBLIC, "withheld2.0")),
        ({"proactive": 2.0}, {"withheld": 1.0}, (PUBLIC, WITHHELD, "proactive2.0")),
        ({"proactive": 3.0, "withheld": 1.0}, {"on_request": 1.0}, (PUBLIC, ASKED, "proactive3.0")),
        ({"withheld": 2.0}, {"withheld": 1.0}, None),
        ({"withheld": 1.0}, {"proactive": 1.0}, None),
        ({"withheld": 2.0, "proactive": 1.0}, {"proactive": 1.0}, None),
        ({"withheld": 2.0}, {"proactive": 0.6}, None),
        ({"withheld": 2.0}, {"proactive": 2.0, "on_request": 1.5}, None),
        ({}, {"proactive": 9.0}, None),
        ({"withheld": 9.0}, {}, None),
    ],
)
def test_law_and_model_against_each_other(calm, law, model, expected):
    assert disagreement(judging(calm, law, model)) == (expected and Disagreement(*expected))


def test_the_heaviest_rule_is_named(calm):
    case = judging(calm, {"withheld": 1.0}, {"proactive": 2.0})
    (light,) = case.grounds
    heavy = Ground(replace(light.rule, weight=3.0, why="草案"), ())
    for grounds in ((light, heavy), (heavy, light)):
        assert disagreement(replace(case, grounds=grounds)) == Disagreement(WITHHELD, PUBLIC, "草案")


@pytest.mark.parametrize(
    ("issuer", "kind"),
    [
        ("青禾县自然资源局", "自然资源局"),
        ("某某省某某市自然资源局", "自然资源局"),
        ("青禾县柳林镇人民政府", "人民政府"),
        ("中华人民共和国教育部", "中华人民共和国教育部"),
        ("水务局", "水务局"),
        ("青禾县", "青禾县"),
        ("", ""),
    ],
)
def test_kinds_of_agencies(issuer, kind):
    assert agency_kind(issuer) == kind


@pytest.mark.parametrize(
    ("words", "known", "expected"),
    [(FEW_WORDS, 10, 0.25), (FEW_WORDS, FEW_WORDS, 1.0), (FEW_WORDS - 1, 0, 1.0), (0, 0, 1.0), (80, 60, 0.75)],
)
def test_known_words(words, known, expected):
    assert known_words([str(n) for n in range(words)], {f"W:{n}": n for n in range(known)} | {"T:通告": 0}) == expected


@pytest.mark.parametrize(
    ("seen", "unlike"),
    [
        ({}, []),
        ({"genres": ["通知"]}, ["文种“通告”"]),
        ({"agencies": ["公安局"]}, ["发文机关类别"]),
        ({"known_words": 1.1}, ["用词"]),
        ({"genres": [], "agencies": [], "known_words": 1.1}, ["文种“通告”", "发文机关类别", "用词"]),
    ],
)
def test_what_is_strange(calm, seen, unlike):
    assert list(strange(replace(calm, model=with_card(calm.model, 0.5, **seen)))) == unlike


def view(label: Attribute = PUBLIC, confidence: float = 0.95, *others: Attribute) -> Opinion:
    rest = (1 - confidence) / 2
    return Opinion(label, {name: confidence if name == label else rest for name in Attribute}, (label, *others))


MUST = Finding(Span(0, 2), "NL-05", 0.9, "test")
MAY = Finding(Span(0, 2), "NL-14", 0.9, "test")
AGAINST = Disagreement(WITHHELD, PUBLIC, "规则")


@pytest.mark.parametrize(
    ("changes", "review"),
    [
        ({}, False),
        ({"view": view(PUBLIC, 0.95, WITHHELD)}, True),
        ({"view": view(PUBLIC, 0.79)}, True),
        ({"view": view(PUBLIC, 0.81)}, False),
        ({"view": view(PUBLIC, 0.95), "sure": 0.96}, True),
        ({"view": view(PUBLIC, 0.97), "sure": 0.96}, False),
        ({"negative": [MUST]}, True),
        ({"negative": [MAY]}, False),
        ({"negative": [MUST], "view": view(WITHHELD)}, False),
        ({"against": AGAINST}, True),
        ({"text": WRONGLY_MARKED, "view": view(WITHHELD)}, True),
        ({"text": WRONGLY_MARKED, "view": view(PUBLIC)}, False),
        ({"seen": {"known_words": 1.1}}, True),
        ({"seen": {"genres": [], "agencies": []}}, False),
        ({"way": Handling.out_of_scope}, True),
        ({"way": Handling.stop_classified}, True),
        ({"way": Handling.partial}, False),
        ({"way": Handling.deid}, False),
    ],
    ids=str,
)
def test_who_has_to_look(screener, calm, changes, review):
    model = with_card(calm.model, changes.get("sure", 0.5), **changes.get("seen", {}))
    case = replace(calm, model=model, reading=screener.reading(Document("", changes.get("text", NOTICE))))
    way, negative = changes.get("way", Handling.full), changes.get("negative", [])
    opinion = changes.get("view", view())
    told = replace(doubts(case, opinion), against=changes.get("against"))
    assert needs_review(opinion, way, negative, case, told) is review


@pytest.mark.parametrize(
    ("marked", "label"),
    [
        ("主动公开", "proactive"),
        ("公开发布", "proactive"),
        ("依申请公开", "on_request"),
        ("不予公开", "withheld"),
        ("不公开", "withheld"),
        ("免予公开", "withheld"),
        ("不宜公开", "withheld"),
    ],
)
def test_annotations(marked, label):
    assert marked_attribute(marked).value == label


@pytest.mark.parametrize(
    ("text", "label", "against"),
    [
        (NOTICE, PUBLIC, False),
        (NOTICE + "（此件公开发布）\n", PUBLIC, False),
        (NOTICE + "（此件公开发布）\n", WITHHELD, True),
        (NOTICE + "（此件依申请公开）\n", ASKED, False),
        (NOTICE + "（此件依申请公开）\n", PUBLIC, True),
        (NOTICE + "（此件不予公开）\n", PUBLIC, True),
        (NOTICE + "（此件不予公开）\n", WITHHELD, False),
    ],
)
def test_contradicted_by_the_annotation(screener, text, label, against):
    assert contradicted(view(label), screener.reading(Document("", text))) is against
