"""Where a fact told in words begins and ends, and what is none."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document, Span
from gongkai.model.facts.edges import bridged, edged
from gongkai.model.finding import Action, Finding
from gongkai.model.reading import Reading


def told(screener, kind: str, text: str, piece: str) -> list[str]:
    at = text.index(piece)
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    findings = edged([Finding(Span(at, at + len(piece)), kind, 0.9, "spotter:" + kind)], reading)
    return [f.span.of(text) for f in findings]


@pytest.mark.parametrize(
    ("kind", "text", "piece", "facts"),
    [
        ("BIRTH", "|198503|", "198503", ["198503"]),
        ("BIRTH", "男-1985.03-石桥", "1985.03", ["1985.03"]),
        ("BIRTH", "出生日期：1978.03.05，", "日期：1978.03.05", ["1978.03.05"]),
        ("BIRTH", "年龄：44岁，", "年龄：44岁", ["44岁"]),
        ("BIRTH", "护林员，61岁超了，换人", "61岁超了", ["61岁"]),
        ("BIRTH", "68岁的聋哑人", "68岁的聋哑人", ["68岁的聋哑人"]),
        ("BIRTH", "81岁，丧偶", "81岁，丧偶", ["81岁，丧偶"]),
        ("BIRTH", "女|196O.03|", "196O.03", ["196O.03"]),
        ("TRACK", "入户走访后去万达广场吃饭", "入户走访后去万达广场吃饭", ["入户走访后去万达广场吃饭"]),
        ("BIRTH", "本人按1970年1月（公历）", "1970年1月", ["1970年1月"]),
        ("FIN", "26,800 43001538068052504417", "26,800 430015380680525044", ["26,800 43001538068052504417"]),
        ("FIN", "2021.3.15转账50000元", "2021.3.15转账50000元", ["2021.3.15转账50000元"]),
        ("ADDR_HOME", "柳林苑\t7幢1902\t57.34\t172", "柳林苑\t7幢1902\t57.34", ["柳林苑", "7幢1902"]),
        ("BIRTH", "2幢102\t39.80\t119.40", "80\t119.40", []),
        ("HEALTH", "男 16          右肺阴影", "16          右肺阴影", ["16", "右肺阴影"]),
        ("HEALTH", "糖尿病、\n        视网膜病变", "糖尿病、\n        视网膜病变", ["糖尿病、\n        视网膜病变"]),
        ("SPECIAL", "脱贫户|625|", "脱贫户|625", ["脱贫户", "625"]),
        ("FIN", "赔偿金158,210元", "158", ["158,210"]),
        ("FIN", "还欠1,800，10月15日", "1,800", ["1,800"]),
        ("ADDR_HOME", "印刷厂宿舍403，", "印刷厂宿舍40", ["印刷厂宿舍403"]),
        ("FAMILY", "来给女婿送饭", "给女婿", ["女婿"]),
        ("FAMILY", "申请人女儿甲", "申请人女儿", ["女儿"]),
        ("HEALTH", "诊断为抑郁症", "诊断为抑郁症", ["抑郁症"]),
        ("HEALTH", "因病休学", "因病休学", ["因病休学"]),
        ("FIN", "月平均工资3,200元", "平均工资3,200元", ["3,200元"]),
        ("BIRTH", "甲，女，17岁", "女，17岁", ["17岁"]),
        ("FIN", "养老金\n2,035.18\n", "2,035.", ["2,035.18"]),
        ("FIN", "还欠薪七千元", "欠薪七千元", ["七千元"]),
        ("HEALTH", "他腰椎间盘突出", "他腰椎间盘突出", ["腰椎间盘突出"]),
        ("HEALTH", "其实耳朵聋", "其实耳朵聋", ["其实耳朵聋"]),
        ("HEALTH", "本人乳腺结节", "本人乳腺结节", ["乳腺结节"]),
        ("HEALTH", "2016年3月因脑梗住院", "2016年3月因脑梗住院", ["脑梗住院"]),
        ("SPECIAL", "本人自述低保户", "本人自述低保户", ["低保户"]),
        ("FAMILY", "与岳母同住", "与岳母", ["岳母"]),
        ("FAMILY", "与上一户兄弟", "与上一户兄弟", ["与上一户兄弟"]),
        ("FAMILY", "甲方儿媳的小店", "方儿媳的小", ["儿媳"]),
        ("FAMILY", "在大女儿那边", "在大女儿", ["大女儿"]),
        ("FAMILY", "号码是他妻子的", "妻子的", ["妻子"]),
    ],
)
def test_edges(screener, kind: str, text: str, piece: str, facts: list[str]) -> None:
    assert told(screener, kind, text, piece) == facts


@pytest.mark.parametrize(
    ("kind", "text", "piece"),
    [
        ("BIRTH", "1978.10—1981.09　插队", "1978.10—1981.09"),
        ("BIRTH", "1982年工资调级表", "1982年工资调级表"),
        ("RELIGION", "贴到礼拜一", "礼拜一"),
        ("BIRTH", "参加工作时间\n1989-07\n", "1989-07"),
        ("BIRTH", "原退休年龄55周岁", "55周岁"),
        ("BIRTH", "1978年冬由库区后靠", "1978年"),
        ("BIRTH", "1983年分家，", "1983年分家"),
        ("FIN", "等了十几分钟", "十几分钟"),
        ("FIN", "洛凤卷006号（抚养费）", "006号"),
        ("SPECIAL", "到会过三分之二", "会过三分之二"),
        ("FIN", "（2022）浙9901民初6671号", "浙9901民初6671号"),
        ("HEALTH", "去办残疾证", "残疾证"),
        ("FIN", "门宽八十公分", "八十公分"),
        ("FIN", "实测94.8平方米", "94.8平方米"),
        ("FIN", "社退字第0417号", "社退字第0417号"),
        ("FIN", "2027　20,850　15,300\n", "2027　20,850　15,300"),
        ("FIN", "缺口大概三百来斤", "三百来"),
        ("FIN", "每月走访三百余户", "三百"),
        ("FIN", "一年三百六十五天坚守", "三百六十五"),
        ("FIN", "接待两百多人次", "两百多"),
        ("BIRTH", "补偿412,306", "412,306"),
        ("FAMILY", "男13女9", "13女9"),
        ("TRACK", "8月2日到村里入户核查", "8月2日到村里入户核查"),
        ("SPECIAL", "来问低保户的事", "问低保户"),
    ],
)
def test_what_is_none(screener, kind: str, text: str, piece: str) -> None:
    assert told(screener, kind, text, piece) == []


@pytest.mark.parametrize(
    ("kind", "fact"), [("HEALTH", "脑梗|3600|"), ("FAMILY", "父亲服刑|3600|"), ("SPECIAL", "困境儿童|3600|")]
)
def test_a_sum_in_the_cell_beside_a_fact_is_money(screener, kind: str, fact: str) -> None:
    reading = Reading(Document("", fact), screener.rules, screener.segmenter)
    findings = edged([Finding(Span(0, len(fact) - 1), kind, 0.9, "spotter:" + kind)], reading)
    assert [(f.kind, f.span.of(fact)) for f in findings] == [(kind, fact.split("|")[0]), ("FIN", "3600")]


@pytest.mark.parametrize(
    ("text", "kinds", "whole"),
    [
        ("白内障,看不见", ("HEALTH", "HEALTH"), ["白内障,看不见"]),
        ("白内障;看不见", ("HEALTH", "HEALTH"), []),
        ("白内障,看不见", ("HEALTH", "FIN"), []),
        ("白内障,看不见", ("ADDR_HOME", "ADDR_HOME"), []),
    ],
)
def test_one_fact_keeps_no_comma(text: str, kinds: tuple[str, str], whole: list[str]) -> None:
    parts = [
        Finding(Span(at, at + 3), kind, 0.9, "test", action=Action.mask) for at, kind in zip((0, 4), kinds, strict=True)
    ]
    assert [f.span.of(text) for f in bridged(parts, text)] == whole
    stays = [Finding(f.span, f.kind, f.score, f.source, action=Action.keep) for f in parts[:1]]
    assert list(bridged([*stays, *parts[1:]], text)) == []


@pytest.mark.parametrize(
    ("kind", "text", "piece", "found"),
    [
        ("REPORTER", "举报人孙晓雯、李建国称", "孙晓雯、李建国", ["孙晓雯", "李建国"]),
        ("NAME", "申请人李娜(Li Na)称", "Li N", ["Li Na"]),
        ("NAME", "SYMBOL 183", "SYMB", []),
        ("FIN", "IP:10.23.4.56。", ".4.56", []),
        ("HEALTH", "其住院号1234567。", "住院号1234567", []),
        ("HEALTH", "其住院7天。", "住院7天", ["住院7天"]),
    ],
)
def test_names_and_numbers_have_edges_of_their_own(screener, kind, text, piece, found):
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    start = text.index(piece)
    told = edged([Finding(Span(start, start + len(piece)), kind, 0.9, "spotter:" + kind)], reading)
    assert [f.span.of(text) for f in told] == found


def test_two_petitioners_are_not_bridged():
    text = "孙晓雯、李建国"
    told = [Finding(span, "REPORTER", 0.9, "spotter:REPORTER", action=Action.mask) for span in (Span(0, 3), Span(4, 7))]
    assert not list(bridged(told, text))


@pytest.mark.parametrize(
    ("heading", "facts", "expected"),
    [
        ("报销金额", ["7220.7"], ["7220.7", "13220"]),
        ("报销金额", ["甲某"], []),
        ("建筑面积", ["7220.7"], ["7220.7"]),
    ],
)
def test_the_sums_of_a_column_go_together(screener, heading, facts, expected):
    text = f"姓名\t住址\t{heading}\n甲某\t石桥村\t7220.7\n乙某\t石桥村\t13220\n"
    kind = "FIN" if facts[0][0].isdigit() else "NAME"
    assert [piece for piece in told(screener, kind, text, facts[0]) if piece[0].isdigit()] == expected


def test_a_column_of_which_few_sums_are_facts_stays(screener):
    text = "姓名\t住址\t报销金额\n" + "".join(f"甲某\t石桥村\t{sum_}\n" for sum_ in (7220, 1322, 1423))
    assert told(screener, "FIN", text, "7220") == ["7220"]
