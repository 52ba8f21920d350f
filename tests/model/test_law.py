"""Which rules of law.toml hold, and what they point at."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from papers import PAPERS

from gongkai.model.document import Document
from gongkai.model.law import HEAD, LAW, Ground, grounds, weighed
from gongkai.model.reading import Reading
from gongkai.model.rulebook import LawRule

TEXT = "青禾县水务局关于防汛值班的通知\n\n各科室：\n    请按时到岗。妥否，请批示。\n\n青禾县水务局\n2024年6月1日\n"


def holds(screener, text=TEXT, **cues):
    patterns = {k: re.compile(v, re.M) if isinstance(v, str) else v for k, v in cues.items()}
    rule = LawRule("r", "may", "withheld", "W-167", "条例", "试", 2.0, **patterns)
    reading = Reading(Document("", text), replace(screener.rules, laws=(rule,)), screener.segmenter)
    return [[f.span.of(text) for f in ground.evidence] for ground in grounds(reading)]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ({"title": "值班"}, [["值班"]]),
        ({"title": "请示"}, []),
        ({"body": "妥否"}, [["妥否"]]),
        ({"title": "值班", "body": "妥否"}, [["值班", "妥否"]]),
        ({"title": "值班", "body": "当否"}, []),
        ({"title": "值班", "no_title": "通知$"}, []),
        ({"title": "值班", "no_body": "到岗"}, []),
        ({"title": "值班", "no_body": "食堂"}, [["值班"]]),
        ({"title": "值班", "kinds": ("no-such-kind",)}, []),
        ({"head": "各科室"}, [["各科室"]]),
    ],
)
def test_cues(screener, cues, expected):
    assert holds(screener, **cues) == expected


def test_the_head_ends(screener):
    late = "关于防汛的通知\n" + "一" * HEAD + "各科室"
    assert holds(screener, text=late, head="各科室") == []


def test_a_given_title_that_is_not_in_the_text_points_at_its_beginning(screener):
    text = "\n  正文在此，没有标题，也没有别的什么可看。"
    rule = LawRule("r", "may", "withheld", "W-167", "条例", "试", 2.0, title=re.compile("请示"))
    rules = replace(screener.rules, laws=(rule,))
    (ground,) = grounds(Reading(Document("", text, "关于防汛的请示"), rules, screener.segmenter))
    assert [f.span.of(text) for f in ground.evidence] == ["正文在此，没有标题，也没"]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("consultation", "public-consultation"),
        ("inside-draft", "consultation-letter"),
        ("request", "request-for-instructions"),
        ("request", "asks-for-decision"),
        ("approval", "plan-approved"),
        ("penalty", "penalty-decision"),
        ("list", "publicity-list"),
        ("petition", "one-party-reply"),
        ("roster", "logistics"),
        ("party", "party-paper"),
        ("wrongly-marked", "annotated-proactive"),
    ],
)
def test_the_shipped_rules(screener, name, rule):
    held = {ground.rule.id: ground for ground in grounds(screener.reading(Document("", PAPERS[name])))}
    assert rule in held
    assert held[rule].evidence


@pytest.mark.parametrize(
    ("name", "rule"),
    [("consultation", "draft"), ("inside-draft", "public-consultation"), ("approval", "request-for-instructions")],
)
def test_rules_that_do_not_hold(screener, name, rule):
    assert rule not in {g.rule.id for g in grounds(screener.reading(Document("", PAPERS[name])))}


def test_a_duty_sets_may_rules_aside_but_no_must_rule(screener):
    by_id = {rule.id: rule for rule in screener.rules.laws}
    duty, may, must = by_id["public-notice"], by_id["minutes"], by_id["unrest"]
    assert weighed([Ground(may, ())]) == pytest.approx({"withheld": LAW * may.weight})
    assert weighed([Ground(duty, ()), Ground(may, ())]) == pytest.approx({"proactive": LAW * duty.weight})
    held = weighed([Ground(duty, ()), Ground(may, ()), Ground(must, ())])
    assert held["withheld"] == pytest.approx(LAW * (may.weight + must.weight))


TITLES = [
    ("《青禾县井灌管护办法（草案）》公众意见逐条处理表", "consultation-outcome", True),
    ("关于贵会对管护办法草案所提意见采纳情况的复函", "consultation-outcome", False),
    ("农闲说政策（乡村大喇叭直播文字）", "on-the-air", True),
    ("关于广播直播采购合同的说明", "on-the-air", False),
    ("关于青禾水库工程可行性研究报告的批复", "major-project", True),
    ("关于青禾水库工程可行性研究报告的批复", "one-unit-approval", False),
    ("2022年度营养改善资金绩效评价报告", "performance", True),
    ("项目支出绩效自评复核意见书", "performance", False),
    ("关于青禾县第三批次城镇建设用地的批复", "land-requisition", True),
    ("小水电项目延期审批表", "personnel", False),
    ("因公出国人员审批表", "personnel", True),
    ("关于输变电工程用地预审意见的复函", "consultation-letter", False),
    ("对《某县停车管理办法（送审稿）》的反馈意见", "consultation-letter", True),
    ("第三批次征地社会稳定风险评估报告", "land-requisition", False),
    ("机关工作秘密事项清单", "service-guide", False),
    ("关于李某某涂改干部档案的处理决定", "personnel", True),
    ("居家随访记录（四月）", "private-case", True),
    ("信访件转办单（第3号）", "private-case", True),
    ("关于推进流行病学调查能力建设的通知", "private-case", False),
    ("关于军事设施保护范围的复函", "military", True),
    ("国防教育宣传月方案", "military", False),
    ("工业企业入库税款明细（按户）", "taxpayers", True),
    ("纳税信息查询办事指南", "taxpayers", False),
    ("青禾县防汛应急预案附件二：物资储备点与联络表", "plan-annex", True),
    ("青禾县防汛应急预案附件二：物资储备点与联络表", "emergency-plan", False),
    ("青禾县防汛应急预案", "plan-annex", False),
    ("青禾县防汛应急预案", "emergency-plan", True),
    ("化工企业应急预案备案登记表", "emergency-plan", False),
    ("窗口搬迁告示", "public-notice", True),
    ("水稻病虫情报（第六期）", "public-notice", True),
    ("三张图读懂医保新政", "interpretation", True),
    ("曝光台（第二期）", "inspection-result", True),
    ("关于学位问题的集中答复", "answered-together", True),
    ("关于学位问题的集中答复", "one-party-reply", False),
    ("关于葛某等六户信访事项的集中答复", "answered-together", False),
    ("关于葛某等六户信访事项的集中答复", "one-party-reply", True),
    ("交办线索的集中回应口径", "answered-together", False),
    ("关于集中答复葛某等人信息公开申请的告知书", "answered-together", False),
    ("关于集中答复葛某等人信息公开申请的告知书", "one-party-reply", True),
    ("关于引进高层次等人才政策问题的集中答复", "answered-together", True),
    ("在签约揭牌仪式上的致辞（草拟稿）", "ceremony", False),
    ("在签约揭牌仪式上的致辞（草拟稿）", "draft", True),
    ("在青禾大桥通车仪式上的致辞", "ceremony", True),
    ("在青禾大桥通车仪式上的讲话", "ceremony", True),
    ("局长新年致辞", "ceremony", True),
    ("在农民丰收节开幕式上的讲话（送审稿）", "ceremony", False),
    ("在积案化解行动启动会上的讲话", "ceremony", False),
    ("在禁毒收网行动启动仪式上的讲话", "ceremony", False),
    ("在廉政警示教育会上的致辞", "ceremony", False),
    ("在局务会上的讲话", "ceremony", False),
    ("机关办文流程图解", "interpretation", False),
    ("学位申请流程图解", "interpretation", True),
    ("《机关食堂改革实施方案》政策图解", "interpretation", True),
    ("系列盗窃案人员关系与作案过程图解", "interpretation", False),
    ("青禾县防汛应急预案（附件含应急物资清单）", "plan-annex", False),
    ("青禾县防汛应急预案（附件含应急物资清单）", "emergency-plan", True),
    ("关于公布避难场所和应急救援联络表的通知", "plan-annex", False),
    ("青禾镇应急抢险通讯录", "plan-annex", True),
    ("关于道路封闭施工的通告（拟）", "public-notice", False),
    ("关于道路封闭施工的通告（拟）", "draft", True),
    ("示范农场（拟）认定名单公示", "draft", False),
    ("征求市民对民生实事项目的意见", "consultation-letter", False),
    ("征求对管护办法的意见", "consultation-letter", True),
    ("撤销决定书（拟）及审批意见", "draft", True),
    ("拟录用人员公示", "draft", False),
    ("机关会议室借用登记办法", "logistics", True),
]


@pytest.mark.parametrize(("title", "rule", "expected"), TITLES)
def test_titles(screener, title, rule, expected):
    held = {ground.rule.id for ground in grounds(screener.reading(Document("", title + "\n\n正文如下。\n", title)))}
    assert (rule in held) == expected
