"""Sensitive data beside a private person, marked; the same words without a person stay unmarked."""

from __future__ import annotations

import re
import time

import pytest

from gongkai.model.document import Document, Span
from gongkai.model.facts.sensitive import sensitive
from gongkai.model.reading import Reading

MARK = re.compile(r"⟦([A-Z_]+)\|([^⟧]*)⟧")
PERSON = "甲某某"
LONG = 200_000


def found(screener, text: str, person: str = PERSON) -> set[tuple[str, str]]:
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    people = [Span(*m.span()) for m in re.finditer(person, text)]
    return {(f.kind, f.span.of(text)) for f in sensitive(reading, people)}


@pytest.mark.parametrize(
    "marked",
    [
        "甲某某⟦HEALTH|患风湿性心脏病⟧，家庭困难",
        "甲某某⟦HEALTH|长期服用降压药⟧，其后⟦HEALTH|停打胰岛素⟧",
        "甲某某⟦HEALTH|摔断了腿⟧，现在⟦HEALTH|拄着拐⟧，晚上⟦HEALTH|失眠⟧",
        "甲某某⟦HEALTH|抑郁自评量表得分62分⟧，因⟦HEALTH|抑郁发作⟧休学",
        "甲某某说姓⟦NAME|王⟧的、姓⟦NAME|李⟧的两人打他",
        "甲某某说那人姓⟦NAME|麻⟧，大家叫他“⟦NAME|豆豆⟧”",
        "甲某某⟦HEALTH|引产⟧一次，做过⟦HEALTH|人流⟧，又⟦HEALTH|小产⟧",
        "甲某某这次可补⟦FIN|800元⟧",
        "甲某某生于⟦BIRTH|1956年农历三月初二⟧，",
        "甲某某登记表填的是“⟦BIRTH|十二月廿六⟧”，没有换",
        "甲某某说⟦HEALTH|头疼⟧得厉害",
        "甲某某说那人叫做“⟦NAME|老五⟧”",
        "甲某某每月退休金⟦FIN|三千多⟧，药费⟦FIN|一千二百块钱⟧",
        "甲某某还在⟦HEALTH|哺乳期⟧，讲去年⟦HEALTH|引产⟧，⟦HEALTH|膝盖痛⟧",
        "甲某某⟦HEALTH|因公十级⟧，⟦SPECIAL|享受城市最低生活保障⟧，系⟦SPECIAL|建档困难职工⟧",
        "甲某某一个月在饭店洗碗⟦FIN|两千二⟧，每月药费⟦FIN|四百多⟧，房贷⟦FIN|两千六⟧",
        "甲某某农商行存了⟦FIN|11万⟧，外债⟦FIN|十三万元⟧，⟦FIN|现无收入⟧，靠亲友",
        "甲某某，⟦BIRTH|现年53⟧，农民",
        "甲某某⟦BIRTH|年逾七旬⟧，⟦BIRTH|属虎的⟧，独居",
        "甲某某 男 ⟦BIRTH|77⟧ 石桥村上沟组",
        "甲某某生日⟦BIRTH|3月14日⟧，由其代办",
        "甲某某说“⟦BIRTH|六十一⟧了”，我一个⟦BIRTH|六十五⟧的人",
        "甲某某的举报共3件，2021年11月2日、2022年4月18日、2023年8月30日各一件",
        "甲某某⟦HEALTH|高血压、脑梗⟧，需要照看",
        "甲某某刚做完⟦HEALTH|白内障手术⟧，",
        "甲某某，⟦HEALTH|肢体四级⟧，",
        "甲某某（住院号⟦HEALTH|0090417⟧）",
        "甲某某⟦HEALTH|怀孕七个月⟧",
        "甲某某系⟦SPECIAL|建档立卡贫困户⟧",
        "甲某某与⟦FAMILY|妻子⟧同住",
        "甲某某的月工资⟦FIN|2,260元⟧，",
        "甲某某领到赔偿款⟦FIN|四万七千多元⟧，",
        "甲某某，⟦BIRTH|1953年7月18日出生⟧",
        "甲某某，⟦BIRTH|约60岁⟧，",
        "甲某某是⟦MINOR|柳林小学三年级2班⟧学生",
        "甲某某：材料⟦EDU|52.4⟧　答辩⟦EDU|31.0⟧",
        "甲某某是⟦RELIGION|传道员⟧",
        "甲某某⟦HEALTH|腰椎压缩性骨折⟧，",
        "甲某某评估为⟦HEALTH|中度失能⟧，",
        "甲某某前天⟦HEALTH|放了两个支架⟧",
        "甲某某　养老金 ⟦FIN|2,746.31⟧　",
        "甲某某住院，自付⟦FIN|3.5万元⟧，",
        "甲某某⟦SPECIAL|坐过牢⟧，",
        "甲某某⟦SPECIAL|享受低保⟧，",
        "甲某某是⟦SPECIAL|军队转业干部⟧",
        "甲某某，⟦SPECIAL|父亲服刑已满⟧",
        "甲某某⟦SPECIAL|五保⟧。",
        "甲某某|⟦SPECIAL|低保（B类）⟧|",
        "甲某某	⟦SPECIAL|参战⟧	1960.2",
        "甲某某，⟦SPECIAL|带病回乡⟧，孤身",
        "甲某某（⟦SPECIAL|参战⟧、⟦SPECIAL|涉核⟧）补助标准",
        "甲某某　类别：⟦SPECIAL|独生子女死亡⟧",
        "甲某某，四组，⟦SPECIAL|C类⟧两人",
        "甲某某判处⟦SPECIAL|有期徒刑一年六个月，缓刑二年⟧",
        "分给甲某某⟦FIN|8,350元⟧，甲某某户⟦FIN|1.2万元⟧",
        "甲某某，⟦FIN|没有收入⟧，",
        "向甲某某赔付⟦FIN|5,200元⟧",
        "甲某某每月，⟦HEALTH|每周二、五上午要去做透析⟧",
        "甲某某，证书管理号⟦EDU|26043007715⟧",
        "甲某某的物理⟦EDU|补考一次⟧",
        "甲某某⟦RELIGION|封斋⟧，午间不来",
        "（举报人甲某某，⟦REPORTER|该公司原出纳，2021年离职⟧）",
        "报案人甲某某，⟦REPORTER|镇卫生院护士⟧，称",
    ],
)
def test_found_beside_a_person(screener, marked: str) -> None:
    assert found(screener, MARK.sub(r"\2", marked)) >= set(MARK.findall(marked))


@pytest.mark.parametrize(
    "text",
    [
        "对患高血压、糖尿病的老年人提供随访服务。",
        "低保户、特困人员按每人每月380元发放。",
        "申请时年满60周岁的本市户籍人员。",
        "肢体四级以上的残疾人可以申请。",
        "一年级新生于9月1日报到。",
        "落实城乡低保、特困供养政策。",
    ],
)
def test_policy_without_a_person_stays(screener, text: str) -> None:
    assert found(screener, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "甲某某的离婚协议",
        "甲某某已到退休年龄55周岁",
        "对甲某某处行政拘留五日",
        "甲某某问低保政策",
        "甲某某交来诊断证明和收据",
        "甲某某的房屋鉴定为C级",
        "甲某某（放疗科主任）",
        "甲某某到场时1人重伤",
        "甲某某的伤未达轻微伤",
        "甲某某离婚时分得一半",
        "甲某某通报一起中毒和窒息事故",
        "甲某某救起轻生女子",
        "甲某某的残疾类别",
        "甲某某一天见了两百人",
        "甲某某说大家叫他“王书记”",
        "甲某某（姓名、地址）",
        "甲某某申请低收入家庭认定",
        "甲某某一年栽了一百二十亩树",
        "甲某某说每天走三千步",
        "甲某某反映商圈人流量大、人流高峰时拥堵",
        "甲某某买的是小产权房",
        "甲某某问招引产业的政策",
        "甲某某说村里姓王的、姓李的多",
        "甲某某统计姓张的人口",
        "甲某某问转入财政专户4100万元的资金",
        "甲某某问买车最高可补5000元",
        "甲某某问养老服务每人可补200元",
        "甲某某建议的改造工程总费用12000万元",
        "甲某某咨询低收入家庭住房保障政策",
        "甲某某引用《低收入家庭保障条例》",
        "甲某某引用享受最低生活保障的有关规定",
        "甲某某反映让人头疼的噪声",
        "甲某某问该项目叫做“阳光食堂”的事",
        "甲某某每天接待两百多人次",
        "甲某某每月走访三百余户",
        "甲某某一年三百六十五天坚守",
        "甲某某每月跑两百多公里",
        "甲某某每月发放三千余份传单",
        "甲某某咨询最低生活保障标准",
        "甲某某电话：三（2）班15例",
        "甲某某备好呕吐包",
        "甲某某参战三年",
        "甲某某讲烈属优待政策",
        "甲某某咨询的（参战、涉核、烈属）优待政策",
        "三属、带病回乡、涉核各1人，甲某某填",
    ],
)
def test_what_tells_nothing_of_the_person_stays(screener, text: str) -> None:
    assert found(screener, text) == set()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("乙方：甲某某\n第三条　乙方系低保边缘户，不停发", {("SPECIAL", "低保边缘户")}),
        ("乙方（承租人）：甲某某\n第三条　乙方工资每月800元。", {("FIN", "800元")}),
        ("乙方：石桥公司\n经办：甲某某\n第三条　乙方工资每月800元。", set()),
        ("丙方：甲某某\n第三条　乙方工资每月800元。", set()),
        ("甲某某：\n您去年自付9,860.00元。", {("FIN", "9,860.00元")}),
    ],
)
def test_a_party_of_a_contract_is_who_is_named_behind_it(screener, text, told) -> None:
    assert found(screener, text) == told


def test_points_beside_a_name_that_stays_are_those_of_an_institution(screener) -> None:
    text = "机构名称|负责人|得分\n石桥护理院|甲某某|94\n"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    name = Span(text.index(PERSON), text.index(PERSON) + len(PERSON))
    assert {f.span.of(text) for f in sensitive(reading, [Span(0, 2)], [name])} == set()
    assert {f.span.of(text) for f in sensitive(reading, [name])} == {"94"}


def test_points_of_a_person_are_found_beside_a_name_that_stays(screener) -> None:
    text = "序号|姓名|笔试成绩\n1|甲某某|78.5\n"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    name = Span(text.index(PERSON), text.index(PERSON) + len(PERSON))
    assert {f.span.of(text) for f in sensitive(reading, [], [name])} == {"78.5"}


def test_what_is_told_of_kin_goes_beside_a_name_that_stays(screener) -> None:
    text = "1 甲某某 79.20 为其父担保被列失信被执行人"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    told = {(f.kind, f.span.of(text)) for f in sensitive(reading, [], [Span(2, 5)])}
    assert told == {("SPECIAL", "为其父担保被列失信被执行人")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "序号\t姓名\t类别等级\t月标准(元)\t备注\n1\t甲某某\t肢体三级\t100\t\n合计\t1户\t\t23.00\t\n",
            {("HEALTH", "肢体三级"), ("FIN", "100")},
        ),
        (
            "案号　申请人　　　岗位　　底薪　　　提成　　合计\n231　甲某某　　　前台　　13,500　—　　　53,260\n",
            {("FIN", "13,500"), ("FIN", "53,260")},
        ),
        ("学号\t姓名\t等级\n2305K30104\t甲某某\t困难\n", {("EDU", "2305K30104")}),
        ("姓名\t失能等级\t宗教信仰\n甲某某\t重度\t佛教\n", {("HEALTH", "重度"), ("RELIGION", "佛教")}),
        ("姓名\t困难等级\t慰问金\n甲某某\t特困\t800\n", {("SPECIAL", "特困"), ("FIN", "800")}),
        ("姓名\t拖欠金额(元)\t公积金\n甲某某\t9800\t560\n", {("FIN", "9800"), ("FIN", "560")}),
        ("姓名\t资助金额(万元)\t检测结果\n甲某某\t80\t合格\n", set()),
        ("序 姓 名 性别 出生年月 学校\n1 甲某某 男 1959.08 石桥小学\n", {("BIRTH", "1959.08")}),
        (
            "姓名 甲某某　　　与参保人关系 长女　　诊断 右侧股骨颈骨折\n",
            {("FAMILY", "长女"), ("HEALTH", "右侧股骨颈骨折")},
        ),
        ("姓名│甲某某│政治面貌│中共党员\n", {("SPECIAL", "中共党员")}),
    ],
)
def test_tables_and_forms(screener, text: str, expected: set[tuple[str, str]]) -> None:
    assert found(screener, text) == expected


@pytest.mark.parametrize("unit", ["1", "村", " ", "癌、", "好。", "女儿子宫肌", "上下左右"])
def test_long_texts_do_not_take_time_with_their_square(screener, unit: str) -> None:
    text = PERSON + (unit * LONG)[:LONG] + PERSON
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    assert reading.cells is not None
    begun = time.process_time()
    assert list(sensitive(reading, [Span(0, 3), Span(len(text) - 3, len(text))])) is not None
    assert time.process_time() - begun < 10
