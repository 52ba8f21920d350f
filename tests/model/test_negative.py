"""Clauses as the table sees them: where cues are looked for, what stands near, what speaks against."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from papers import PAPERS

from gongkai.model.clauserow import Clause, Signal
from gongkai.model.document import Document, Span
from gongkai.model.negative import MOST, findings, table_hits
from gongkai.model.reading import Reading

TEXT = "关于食堂管理的情况说明\n\n一、食堂每日供餐，食堂安全由后勤科负责。\n二、菜价另行通知；食堂不对外。\n"


def hit(screener, signals, counters=(), text=TEXT, personal=None):
    clause = Clause("NL-99", "试", "条例", "may", "", "", "", tuple(signals), tuple(counters))
    rules = replace(screener.rules, clauses=(clause,))
    return table_hits(Reading(Document("", text), rules, screener.segmenter), personal or {})["NL-99"]


def cue(where, weight, pattern, near=None):
    return Signal(where, weight, re.compile(pattern, re.M), near and re.compile(near))


@pytest.mark.parametrize(
    ("signals", "counters", "score", "pieces"),
    [
        ([cue("title", 0.6, "食堂")], [], 0.6, ["食堂"]),
        ([cue("title", 0.6, "车队")], [], 0, []),
        ([cue("body", 0.5, "后勤科")], [], 0.5, ["后勤科"]),
        ([cue("body", 0.5, "菜价|后勤科")], [], 1 - 0.5 * 0.9, ["后勤科", "菜价"]),
        ([cue("body", 0.5, "菜价"), cue("title", 0.8, "管理")], [], 1 - 0.5 * 0.2, ["管理", "菜价"]),
        ([cue("body", 0.5, "安全", near="后勤")], [], 0.5, ["安全"]),
        ([cue("body", 0.5, "后勤科"), cue("body", 0.5, "后勤科")], [], 0.75, ["后勤科"]),
        ([cue("body", 0.5, "后勤"), cue("body", 0.4, "由后勤科")], [], 1 - 0.5 * 0.6, ["由后勤科"]),
        ([cue("body", 0.5, "安全", near="菜价")], [], 0, []),
        ([cue("body", 0.5, "菜价", near="食堂")], [], 0, []),
        ([cue("body", 0.5, "后勤科")], [cue("body", 0.8, "不对外")], 0.1, ["后勤科"]),
        ([cue("body", 0.5, "后勤科")], [cue("title", 0.8, "公告")], 0.5, ["后勤科"]),
        ([cue("personal", 0.7, "BANK|FIN")], [], 0, []),
        ([cue("body", 0.5, "x*")], [], 0, []),
    ],
)
def test_scores(screener, signals, counters, score, pieces):
    found = hit(screener, signals, counters)
    assert found.score == pytest.approx(score)
    assert [span.of(TEXT) for span in found.spans] == pieces


def test_personal_data_counts_where_it_stands(screener):
    found = hit(screener, [cue("personal", 0.7, "BANK|FIN")], personal={"NAME": Span(0, 2), "FIN": Span(3, 5)})
    assert (found.score, found.spans) == (pytest.approx(0.7), (Span(3, 5),))


def test_what_speaks_against_words_argues_no_person_away(screener):
    signals, counters = [cue("personal", 0.7, "FIN"), cue("body", 0.5, "后勤科")], [cue("title", 0.6, "说明")]
    assert hit(screener, signals, counters).score == pytest.approx(0.5 * 0.4)
    found = hit(screener, signals, counters, personal={"FIN": Span(3, 5)})
    assert found.score == pytest.approx(1 - (1 - 0.5 * 0.4) * 0.3)


def test_the_head_ends(screener):
    text = "关于事项的说明\n\n" + "开头。" * 200 + "食堂"
    assert hit(screener, [cue("head", 0.5, "食堂")], text=text).score == 0
    assert hit(screener, [cue("body", 0.5, "食堂")], text=text).score == 0.5


def test_only_a_few_places_are_kept(screener):
    found = hit(screener, [cue("body", 0.5, "菜")], text="关于菜的说明\n" + "菜，" * 50)
    assert len(found.spans) == MOST


def test_folded_text_is_matched_and_its_places_are_those_of_the_text(screener):
    text = "关于密码的说明\n𠮷号：ＡＢＣ１２３。\n"
    found = hit(screener, [cue("body", 0.5, "ABC123")], text=text)
    assert found.spans[0].of(text) == "ＡＢＣ１２３"


@pytest.mark.parametrize(("score", "threshold", "count"), [(0.9, 0.5, 3), (0.5, 0.5, 3), (0.49, 0.5, 0), (1.0, 0, 3)])
def test_findings_over_the_threshold(screener, score, threshold, count):
    found = list(findings([(hit(screener, [cue("body", 0.5, "食堂")]), score)], threshold))
    assert [f.score for f in found] == [min(score, 0.99)] * count
    assert {(f.kind, f.source) for f in found} <= {("NL-99", "negative:NL-99")}


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("roster", "NL-13"),
        ("request", "NL-18"),
        ("inside-draft", "NL-16"),
        ("work-secret", "NL-21"),
        ("party", "NL-25"),
    ],
)
def test_the_shipped_table_sees_it(screener, name, clause):
    hits = table_hits(screener.reading(Document("", PAPERS[name])), {})
    assert hits[clause].score >= 0.5


@pytest.mark.parametrize("clause", ["NL-13", "NL-16", "NL-18", "NL-21"])
@pytest.mark.parametrize("name", ["notice", "normative", "penalty"])
def test_and_does_not_see_it_in_public_papers(screener, name, clause):
    assert table_hits(screener.reading(Document("", PAPERS[name])), {})[clause].score < 0.5


SENTENCES = [
    ("NL-01", "矶密*10年\n关于成果移交的函", 0.5),
    ("NL-02", "可征集运力:滚装船2艘,集结时限8小时。国动办汇总。", 0.8),
    ("NL-02", "本项目用地不涉及军事设施和军事管理区。", 0),
    ("NL-03", "兑奖登记:中奖者要求戴面具领奖,姓名住址不对外。", 0.8),
    ("NL-03", "三月份全县工业增加值汇总增长百分之五。", 0),
    ("NL-04", "采集设备的回传地址在境外,服务器由国安机关掌握。", 0.6),
    ("NL-04", "水厂采用反渗透工艺。", 0),
    ("NL-05", "平台有SQL注入和弱口令,扫描结果当面交。", 0.8),
    ("NL-06", "收储上限定在5200元/吨,超过一律不摘。", 0.7),
    ("NL-07", "他一买票就马上打电话,请到镇里喝茶,不许去上访。", 0.7),
    ("NL-11", "来电人怕报复,要求保密,别说是她讲的。", 0.6),
    ("NL-11", "你不服县中心的处理意见，于六月向我局申请复查。", 0.6),
    ("NL-11", "群众打电话说夜里有车拉土，再三说不要讲是他说的。", 0.6),
    ("NL-11", "信没有落名，看字迹像是原来的出纳写的。", 0.5),
    ("NL-11", "当事人不服本认定的，可以申请复核。", 0),
    ("NL-11", "碑上的字漫漶，看笔势像是明代人写的。", 0),
    ("NL-11", "刘某身上有瘀伤，怀疑是同村人打的。", 0),
    ("NL-20", "协助查询名下房产:权利人共有情况为共同共有。", 0.8),
    ("NL-22", "点号3814662.317,交桩点之记见附页。", 0.8),
    ("NL-22", "合同价款3814662.31元。", 0),
    ("NL-23", "开标前一天抽取评标专家5名,封袋骑缝后交招标办。", 0.8),
    ("NL-24", "先不惊动他,等鉴定结果出来再和公安同步收网。", 0.8),
    ("NL-26", "商请你局研究共同制作部分的公开意见。", 0.6),
    ("NL-27", "样本待疾控检测,由县里统一对外发布,个人不得接受采访。", 0.8),
    ("NL-29", "入闱后题干换题,成绩公布前谁也不许说分数。", 0.8),
    ("NL-30", "仲裁庭决定不公开审理,各方对经过保密。", 0.6),
]


@pytest.mark.parametrize(("clause", "text", "least"), SENTENCES)
def test_turns_of_phrase_that_no_one_paper_owns(screener, clause, text, least):
    whole = text if clause == "NL-01" else "情况\n\n" + text + "\n"
    score = table_hits(screener.reading(Document("", whole)), {})[clause].score
    assert score >= least if least else score == 0


def test_a_run_of_spaces_takes_no_time_to_speak_of(screener):
    reading = screener.reading(Document("", "情况\n" + " " * 5000 + "完\n"))
    assert all(hit.score == 0 for hit in table_hits(reading, {}).values())


@pytest.mark.parametrize(
    ("title", "clause", "hit"),
    [
        ("信访事项复查意见书", "NL-11", True),
        ("关于移送线索的函", "NL-17", True),
        ("关于协助核查经营地址的复函", "NL-17", True),
        ("第三方意见征询书", "NL-17", True),
        ("关于移交成果的公告", "NL-17", False),
        ("排水纠纷调解笔录", "NL-24", False),
        ("土地纠纷引发伤害案件侦查进展", "NL-24", True),
        ("征求市民对民生实事项目的意见", "NL-17", False),
        ("征求对管护办法的意见", "NL-17", True),
        ("防汛预案（附件含应急物资清单）", "NL-05", False),
        ("询问笔录", "NL-24", True),
        ("防汛预案附件：力量配置与物资储备", "NL-05", True),
        ("防汛预案", "NL-05", False),
    ],
)
def test_titles_that_speak_for_a_clause(screener, title, clause, hit):
    reading = Reading(Document("", f"{title}\n\n内容从略。\n", title), screener.rules, screener.segmenter)
    assert (table_hits(reading, {})[clause].score >= 0.5) == hit


@pytest.mark.parametrize(
    ("title", "alone"),
    [
        ("青禾县留守儿童补贴对象名单公示", True),
        ("青禾县第二批孤儿花名册", True),
        ("优秀大学生村官名单公示", False),
        ("全省学生资助管理先进单位名单", False),
        ("儿童福利机构和未成年人救助保护机构名单", False),
    ],
)
def test_a_roll_of_children_is_none_of_firms_or_agencies(screener, title, alone):
    reading = Reading(Document("", f"{title}\n\n现予公布。\n"), screener.rules, screener.segmenter)
    hit = table_hits(reading, {})["NL-10"]
    assert (len(hit.clause.signals) - 1 in hit.fired) == alone
