"""Ranking the catalog."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from papers import PAPERS

from gongkai.model import catalog, clauses
from gongkai.model.document import Document
from gongkai.model.finding import Attribute
from gongkai.model.linear import sigmoid
from gongkai.model.needles import grams

EVEN = dict.fromkeys(Attribute, 1 / 3)


@pytest.mark.parametrize(
    ("title", "body", "scores"),
    [
        ("供水公告", "", (1.0, 0.0, 0.0)),
        ("通知", "停水检修", (0.0, 1 / 5, 1 / 3)),
        ("供水公告", "停水检修管网", (1.0, 2 / 5, 2 / 3)),
        ("通知", "停水检修" + "一" * catalog.LEAD + "管网", (0.0, 2 / 5, 1 / 3)),
        ("通知", "无关", (0.0, 0.0, 0.0)),
    ],
)
def test_cue_scores(screener, title, body, scores):
    row = replace(
        screener.rules.categories[0], title=(re.compile("公告"),), body=(re.compile("停水"), re.compile("管网"))
    )
    assert catalog.cue_scores(row, title, body, grams(body)) == pytest.approx(scores)


def test_a_row_without_body_cues_scores_nothing_there(screener):
    row = replace(screener.rules.categories[0], title=(), body=())
    assert catalog.cue_scores(row, "任何", "任何", grams("任何")) == catalog.NO_CUES


def test_many_cues_say_no_more_than_enough(screener):
    body = "甲乙丙丁戊己庚"
    row = replace(screener.rules.categories[0], title=(), body=tuple(map(re.compile, body)))
    assert catalog.cue_scores(row, "", body, grams(body)) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("询问笔录（第一次）", "G06"),
        ("行政强制执行催告书", "G06"),
        ("资格复审未通过告知书", "G0203"),
        ("某某案流行病学个案调查报告", "G1202"),
        ("关于下达2021年农机购置补贴资金的通知", "G0702"),
        ("某镇财务收支审计决定", "G0703"),
        ("国有建设用地划拨决定书", "N0404"),
        ("采矿权抵押备案通知书", "N0502"),
        ("查询房屋产权情况的函", "N0802"),
        ("关于发布地方标准的公告", "N11"),
    ],
)
def test_titles_speak_for_their_category(screener, title, code):
    row = screener.rules.category[code]
    assert catalog.cue_scores(row, title, "", grams("")).title == 1.0


def test_a_district_is_no_price_by_zone(screener):
    row = screener.rules.category["N0209"]
    assert catalog.cue_scores(row, "城东片区改造方案", "", grams("")).title == 0.0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("G99", {"rest-not-public": 0.25, "rest-public": 0.75, "general": 0.0}),
        ("G11", {"rest-not-public": 0.0, "rest-public": 0.0, "general": 1.0}),
        ("G1101", {"rest-not-public": 0.0, "rest-public": 0.0, "general": 0.0}),
    ],
)
def test_stage_inputs(code, expected):
    scores = {Attribute.proactive: 0.75, Attribute.on_request: 0.15, Attribute.withheld: 0.1}
    cues = catalog.Cues(1.0, 0.5, 0.25)
    found = catalog.stage_inputs(2.0, cues, code, scores, -1.5)
    assert {key: found[key] for key in expected} == expected
    assert (found["logit"], found["title"], found["body"], found["lead"]) == (2.0, *cues)
    assert (found["encoded"], catalog.stage_inputs(2.0, cues, code, scores)["encoded"]) == (-1.5, 0.0)


@pytest.mark.parametrize("name", PAPERS)
def test_rank_is_sorted_and_short(screener, name):
    reading = screener.reading(Document("", PAPERS[name]))
    logits = np.zeros(len(screener.model.labels("category")))
    ranked = catalog.rank(reading, logits, EVEN, screener.model, {})
    scores = [category.score for category in ranked]
    assert len(ranked) == catalog.SHOWN
    assert scores == sorted(scores, reverse=True)
    for category in ranked:
        row = screener.rules.category[category.code]
        assert (category.name, category.deadline) == (row.name, row.deadline)


def test_the_models_score_moves_a_category_up(screener):
    reading = screener.reading(Document("", PAPERS["few words"]))
    codes = screener.model.labels("category")
    logits = np.full(len(codes), -6.0)
    logits[codes.index("G0602")] = 12.0
    assert catalog.rank(reading, logits, EVEN, screener.model, {})[0].code == "G0602"


def test_the_encoders_score_moves_a_category_up_where_it_was_taught_to(screener):
    card = json.loads(json.dumps(screener.model.card))
    card["calibrations"][screener.model.judged]["stages"]["category"] = {"encoded": 1.0, "bias": 0.0}
    model = replace(screener.model, card=card)
    reading = screener.reading(Document("", PAPERS["few words"]))
    logits = np.zeros(len(model.labels("category")))
    encoded = {row.code: -5.0 for row in screener.rules.categories} | {"G0602": -0.1, "G05": -1.0}
    ranked = catalog.rank(reading, logits, EVEN, model, encoded)
    assert [category.code for category in ranked[:2]] == ["G0602", "G05"]
    assert ranked[0].score == pytest.approx(1 / (1 + np.exp(0.1)), abs=1e-4)


@pytest.mark.parametrize(("probability", "value"), [(0.5, 0.0), (0.0, -9.2102), (1.0, 9.2102), (0.9, 2.1972)])
def test_log_odds(probability, value):
    assert catalog.log_odds(probability) == pytest.approx(value, abs=1e-4)


def test_the_second_stage_weighs_all_clauses_as_each_alone(screener):
    case, _ = screener.case(screener.reading(Document("", "关于停水的通知\n\n因管道检修，城东片区停水。\n")))
    odds = clauses.probabilities(case.hits, case.logits["clause"], case.alone, case.model, {"NL-09": 1.5})
    logits = dict(zip(case.model.labels("clause"), case.logits["clause"].tolist(), strict=True))
    for name, hit in case.hits.items():
        encoded = 1.5 if name == "NL-09" else 0.0
        inputs = clauses.stage_inputs(logits.get(name, -6.0), hit.score, name, case.alone, encoded)
        assert odds[name] == pytest.approx(sigmoid(case.model.weigh("clause", inputs)))
