"""To whom and how: titles with the audience that they speak for, and what lists of people may show."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.audience import advice, audience
from gongkai.model.elements import read_elements
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()
TITLES = [
    ("关于青河村土地征收的征收土地预公告", "land-requisition", "area"),
    ("青河路片区旧城改造实施公告", "house-expropriation", "area"),
    ("青禾县房屋征收分户补偿情况表", "requisition-households", "group"),
    ("青河村低保对象公示名单", "poor-relief", "area"),
    ("青河村贫困户退出公示", "poverty-lists", "area"),
    ("青河村耕地地力保护补贴花名册", "subsidies", "area"),
    ("青禾县公租房配租结果公示", "housing", "public"),
    ("青禾镇小学新生录取名单", "school-places", "area"),
    ("青禾县2024年度考试录用公务员拟录用名单公示", "recruitment", "public"),
    ("干部任前公示", "appointment", "public"),
    ("关于2024年度考核结果的内部公示", "inside-notice", "inside"),
    ("不动产登记资料查询结果证明", "registry-query", "query"),
    ("青禾县水务局行政处罚决定书", "penalty", "public"),
    ("关于青河路停水检修的通告", "local-notice", "area"),
    ("关于公开征求河道管护办法意见的公告", "consultation", "public"),
    ("关于12345工单举报事项的答复", "informant", "group"),
    ("青禾县河道管护办法", "public", "public"),
    ("不动产登记资料查询办事指南", "public", "public"),
    ("青禾县最低生活保障实施办法", "public", "public"),
]


def given(title, body="请遵照执行。"):
    document = Document("", f"{title}\n\n    {body}\n\n青禾县人民政府\n2024年5月6日\n")
    return document, read_elements(document, RULES)


@pytest.mark.parametrize(("title", "code", "reach"), TITLES)
def test_the_title_speaks_for_an_audience(title, code, reach):
    row = audience(*given(title), RULES)
    assert (row.id, row.reach) == (code, reach)


@pytest.mark.parametrize(
    ("title", "keeps", "hides"),
    [
        ("青河村低保对象公示名单", {"姓名", "村组", "类别", "金额"}, {"身份证号", "银行账号", "电话"}),
        ("青河村贫困户退出公示", {"户主姓名"}, {"致贫的病名、残疾", "未成年人姓名"}),
        ("青禾镇小学新生录取名单", {"报名编号"}, {"未成年人姓名"}),
        ("青禾县水务局行政处罚决定书", {"姓名或者名称", "违法事实"}, {"家庭住址", "未成年人全部"}),
        ("关于12345工单举报事项的答复", set(), {"举报人、信访人姓名"}),
    ],
)
def test_a_list_of_people_shows_what_it_has_to_and_no_more(title, keeps, hides):
    row = audience(*given(title), RULES)
    assert keeps <= {*row.keep}
    assert hides <= {*row.hide}
    (flag,) = advice(*given(title), RULES)
    assert all(word in flag.do for word in keeps | hides)


def test_every_kind_of_publicity_that_names_people_says_what_to_hide():
    assert {row.id for row in RULES.audiences if row.keep and not row.hide} == set()


@pytest.mark.parametrize(
    ("title", "exception"),
    [
        ("青禾县水务局行政处罚决定书", "按“惩戒公示”可以列"),
        ("青禾县2024年度考试录用公务员拟录用名单公示", "按“强制性信息披露”可以列"),
        ("青河村低保对象公示名单", "按“村务/特定范围公示”可以列"),
    ],
)
def test_a_list_names_the_exception_it_stands_on(title, exception):
    (flag,) = advice(*given(title), RULES)
    assert exception in flag.do


def test_what_is_for_everybody_is_said_of_proactive_papers_alone():
    document, elements = given("青禾县河道管护办法")
    said = {label: advice(document, elements, RULES, label) for label in (None, *Attribute)}
    assert [label for label, found in said.items() if found] == [Attribute.proactive]
    assert said[Attribute.proactive][0].about == "向社会公开"


def test_an_offer_to_all_staff_is_no_offer_to_the_public():
    row = audience(*given("关于先进个人推荐人选的公示", "现面向本局干部职工公示，公示期5天。"), RULES)
    assert row.reach == "inside"
