"""Ranking the catalog."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from papers import PAPERS

from gongkai.model import catalog, clauses
from gongkai.model.document import Document, Span
from gongkai.model.finding import Attribute
from gongkai.model.linear import sigmoid
from gongkai.model.needles import grams
from gongkai.model.negative import with_personal

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
        ("某县规范性文件清理结果一览", "G0105"),
        ("护林员选聘公示", "G0203"),
        ("审计取证单（第3号）", "G0703"),
        ("污水处理特许经营项目实施机构公告", "G10"),
        ("矿业权交易结果公示", "N0502"),
        ("地块成交确认书", "N0403"),
        ("关于土地确权信访事项的复查意见", "N13"),
        ("行政规范性文件备案审查意见书", "G0105"),
        ("中心校岗位设置方案", "G0201"),
        ("终止低保待遇告知书", "G1101"),
        ("政策文件废止和失效目录", "G0105"),
        ("取消一批行政审批事项的决定", "G0504"),
        ("延长窗口服务时间的通知", "G0506"),
        ("解放路封闭施工通告", "G21"),
        ("青禾县第十四个五年规划纲要", "G0301"),
        ("青禾县“十二五”规划纲要", "G0301"),
    ],
)
def test_titles_speak_for_their_category(screener, title, code):
    row = screener.rules.category[code]
    assert catalog.cue_scores(row, title, "", grams("")).title == 1.0


def test_a_district_is_no_price_by_zone(screener):
    row = screener.rules.category["N0209"]
    assert catalog.cue_scores(row, "城东片区改造方案", "", grams("")).title == 0.0


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("青禾镇人民政府关于聘请法律顾问的函", "G21"),
        ("农村住户收入调查数据说明", "G21"),
        ("道路交通事故认定书", "G21"),
        ("回复：会议室调整", "G18"),
        ("转发：周五的材料", "G18"),
        ("工程咨询公司资信评价", "G18"),
        ("某单位报销审批表的评审意见", "G0103"),
        ("对《实施方案》的意见", "G0102"),
        ("抽查结果公示", "N0403"),
        ("预备役人员名单公示", "G1101"),
        ("耕地地力保护补贴公示", "G1101"),
        ("绩效工资核定表", "G0703"),
        ("生态环境保护督察整改情况", "N0702"),
        ("噪声扰民信访事项的处理意见", "N13"),
        ("工程规划许可批前公示", "G0106"),
        ("青禾省“十二五”科技发展规划纲要", "G0301"),
        ("人才申办常住户口办法", "G04"),
        ("海洋经济发展规划", "N0102"),
        ("暂停医保服务协议的通知", "G0506"),
        ("调整养老服务补贴标准的通知", "G0506"),
        ("取消某公司施工资质的决定", "G0504"),
        ("注销失效排污许可证公告", "G0105"),
        ("工程规划核实公示", "G0106"),
        ("事业单位岗位设置管理办法", "G0201"),
        ("下达衔接资金及绩效目标的通知", "G0703"),
        ("养殖场环境影响评价信息公开", "G19"),
        ("行政许可信息公开表", "G19"),
        ("水利发展五年规划", "G0301"),
        ("青禾县卫生事业发展“十一五”规划纲要", "G0301"),
        ("法治宣传教育的第八个五年规划", "G0301"),
        ("延长《校园保安服务管理规定》有效期的通知", "G0506"),
        ("加油站经营许可听证会公告", "G15"),
    ],
)
def test_titles_that_name_a_place_or_another_matter_say_nothing(screener, title, code):
    row = screener.rules.category[code]
    assert catalog.cue_scores(row, title, "", grams("")).title == 0.0


@pytest.mark.parametrize(
    ("title", "first", "second"),
    [
        ("《犬只管理办法（征求意见稿）》公开征求意见公告", "G0106", "G0102"),
        ("《犬只管理办法》意见采纳情况反馈", "G0107", "G0106"),
        ("《犬只管理办法》解读", "G0104", "G0102"),
        ("行政许可事项取消下放决定", "G0504", "G0502"),
        ("中介服务事项清单", "G0505", "G0503"),
        ("采矿权挂牌出让公告", "N0501", "N0402"),
        ("用地预审意见", "N0301", "G0502"),
        ("12345热线教育类工单", "G18", "G11"),
        ("拟吊销许可证行政处罚公告", "G0602", "G0502"),
        ("政府信息公开申请补正告知书", "G19", "G0502"),
    ],
)
def test_the_special_goes_before_the_general_where_the_title_names_it(screener, title, first, second):
    rows = screener.rules.categories
    codes = [row.code for row in rows]
    scores = [3.0 if code == second else 0.0 for code in codes]
    cues = [catalog.cue_scores(row, title, "", grams("")) for row in rows]
    lifted = dict(zip(codes, catalog.specials_first(scores, rows, cues), strict=True))
    assert lifted[first] > lifted[second] == 3.0
    silent = [catalog.NO_CUES] * len(rows)
    assert catalog.specials_first(scores, rows, silent) == scores


def test_a_row_that_leads_stays_where_it_is(screener):
    rows = screener.rules.categories
    scores = [5.0 if row.code == "G0106" else 3.0 if row.code == "G0102" else 0.0 for row in rows]
    cues = [catalog.Cues(float(row.code == "G0106"), 0.0, 0.0) for row in rows]
    assert catalog.specials_first(scores, rows, cues) == scores


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


@pytest.mark.parametrize(("kind", "clause"), [("MINOR", "NL-10"), ("REPORTER", "NL-11"), ("NAME", "NL-09")])
def test_people_whose_data_has_to_be_masked_are_a_hit_themselves(screener, kind, clause):
    case, _ = screener.case(screener.reading(Document("", "关于停水的公告\n\n因管道检修，城东片区停水。\n")))
    hits = with_personal(case.hits, case.reading, {kind: Span(0, 2)})
    told = {name: clauses.shown(hit, 0.1) for name, hit in hits.items()}
    assert told == {name: clauses.FOUND if name == clause != "NL-09" else 0.1 for name in hits}
    assert clauses.shown(hits[clause], 0.9) == 0.9
