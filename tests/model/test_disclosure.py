"""What stays and what goes, and what stands in its place."""

from __future__ import annotations

import pytest

from gongkai.model.disclosure import decide, role_of
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.reading import Reading


@pytest.mark.parametrize(
    ("kind", "text", "piece", "action"),
    [
        ("PHONE_FIX", "联系电话：0311-58020319", "0311-58020319", "keep"),
        ("PHONE_FIX", "申请人电话：0311-58020319", "0311-58020319", "mask"),
        ("PHONE_MOBILE", "监督电话13812345678（白天晚上都能打）", "13812345678", "keep"),
        ("PHONE_MOBILE", "甲某，手机13812345678", "13812345678", "mask"),
        ("BANK", "退回缴款账户6217001814821507164", "6217001814821507164", "mask"),
        ("BANK", "缴入财政非税专户37090500190000176", "37090500190000176", "keep"),
        ("EMAIL", "投诉邮箱shide@xnjyj.cn", "shide@xnjyj.cn", "keep"),
        ("EMAIL", "甲某的邮箱lihua@qq.com", "lihua@qq.com", "mask"),
        ("PLATE", "改装车牌浙CF94786，能不能走公交道", "浙CF94786", "mask"),
        ("PLATE", "公务车新H·UFQH5留馆备用", "新H·UFQH5", "keep"),
        ("WECHAT", "工作群号QQ群12345678", "12345678", "keep"),
        ("PHONE_FIX", "家中电话0311-58020319", "0311-58020319", "mask"),
        ("PHONE_FIX", "欢迎来电0311-58020319", "0311-58020319", "keep"),
        ("PHONE_MOBILE", "夜间打13812345678（公布）", "13812345678", "keep"),
        ("WECHAT", "QQ咨询群：12345678", "12345678", "keep"),
        ("ID_CARD", "联系电话旁的110101199003074610", "110101199003074610", "mask"),
    ],
)
def test_action_and_basis(screener, kind: str, text: str, piece: str, action: str) -> None:
    start = text.index(piece)
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    settled = decide(Finding(Span(start, start + len(piece)), kind, 0.9, "test"), reading, Attribute.proactive)
    assert settled.action == action
    assert settled.basis and settled.why


@pytest.mark.parametrize(
    ("label", "title", "line", "role"),
    [
        ("withheld", "报告", "核查人员：钱多文（乡村办）、【赵一鸣】", "handler"),
        ("withheld", "报告", "派出所【赵一鸣】到场", "handler-office"),
        ("withheld", "报告", "参加：【赵一鸣】（财政局）、钱多文", "handler-titled"),
        ("withheld", "报告", "来人：【赵一鸣】（103室）", None),
        ("withheld", "报告", "来人：【赵一鸣】（原财政局）", None),
        ("withheld", "笔录", "民警：【赵一鸣】（警号012345）", "handler-numbered"),
        ("withheld", "笔录", "民警：钱多文（警号012345）【赵一鸣】（012346）", "handler-numbered-next"),
        ("withheld", "笔录", "书记员【赵一鸣】", "handler-profession"),
        ("withheld", "笔录", "被询问人：【赵一鸣】", None),
        ("withheld", "报告", "村支书【赵一鸣】说", "handler-village"),
        ("withheld", "报告", "次女【赵一鸣】在外", "private-party"),
        ("withheld", "报告", "见证人【赵一鸣】到场", None),
        ("withheld", "报告", "【赵一鸣】（1960年5月生）", "private-age"),
        ("withheld", "报告", "【赵一鸣】（2014年7月至2019年5月）", None),
        ("withheld", "报告", "【赵一鸣】（住建局）、钱多文", "handler-titled"),
        ("proactive", "处罚决定书", "法定代表人：【赵一鸣】，男，身份证号330101199001010016", "punished-party"),
        ("withheld", "处罚决定书", "法定代表人：【赵一鸣】，男，身份证号330101199001010016", "private-age"),
        ("proactive", "成交公告", "受让人【赵一鸣】，身份证330101199001010016", "transferee"),
        ("proactive", "任前公示", "1.【赵一鸣】，男，1976年8月生，拟任科长", "candidate"),
        ("proactive", "任前公示", "其妻【赵一鸣】，女，1976年8月生", "private-party"),
    ],
)
def test_names_stay_by_duty_and_law(screener, label: str, title: str, line: str, role: str | None) -> None:
    start, text = line.index("【"), line.replace("【", "").replace("】", "")
    reading = Reading(Document("", text + "\n", title), screener.rules, screener.segmenter)
    found = role_of("NAME", Span(start, start + 3), reading, Attribute(label))
    assert (found.id if found else None) == role


@pytest.mark.parametrize(
    ("kind", "title", "text", "piece", "action"),
    [
        ("ADDR_HOME", "火灾事故调查报告", "赵某，住石桥村五组", "石桥村五组", "mask"),
        ("ADDR_HOME", "土地现状调查结果公示", "赵某，石桥村五组", "石桥村五组", "keep"),
        ("ADDR_HOME", "更正登记公告", "赵某，现住石桥村五组", "石桥村五组", "mask"),
        ("PLATE", "公务用车派车单", "浙CF94786 送件", "浙CF94786", "keep"),
        ("PLATE", "违法超限运输处罚公告", "赵某 浙CF94786", "浙CF94786", "keep"),
        ("BIRTH", "劳动模范推荐人选公示", "赵某，1979年11月生", "1979年11月", "keep"),
    ],
)
def test_the_title_decides(screener, kind: str, title: str, text: str, piece: str, action: str) -> None:
    start = text.index(piece)
    reading = Reading(Document("", text + "\n", title), screener.rules, screener.segmenter)
    settled = decide(Finding(Span(start, start + len(piece)), kind, 0.9, "test"), reading, Attribute.proactive)
    assert settled.action == action


@pytest.mark.parametrize(("text", "action"), [("来电：0311-58020319", "mask"), ("请来电0311-58020319", "keep")])
def test_the_line_that_a_caller_used(screener, text: str, action: str) -> None:
    start = text.index("0311")
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    finding = Finding(Span(start, start + 13), "PHONE_FIX", 0.9, "test")
    assert decide(finding, reading, Attribute.withheld).action == action


def test_a_duty_mobile_of_a_withheld_paper_goes(screener) -> None:
    text = "股里值班手机13812345678。"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    finding = Finding(Span(6, 17), "PHONE_MOBILE", 0.9, "test")
    assert decide(finding, reading, Attribute.withheld).action == Action.mask
