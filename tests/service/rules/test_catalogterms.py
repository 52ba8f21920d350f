"""Words in the cells of agencies' catalogs."""

from __future__ import annotations

import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.rules.catalogterms import article_item, channels, contents, nearest, number, step, term, ticked

CLOCKS = Rulebook.load().deadlines


@pytest.mark.parametrize(
    ("cell", "before", "code"),
    [
        ("自该信息形成或者变更之日起20个工作日内", "", "D20"),
        ("自信息形成或变更之日起二十个工作日内予以公开", "", "D20"),
        ("信息形成（变更）20 个工作日内", "D20", "D20"),
        ("批准后20日内", "", "B20"),
        ("批准之日起20日内", "A20", "A20"),
        ("作出决定之日起7个工作日", "", "D7"),
        ("公示7个自然日", "", "P7"),
        ("公告时间不少于30日", "P30", "P30"),
        ("预公告不少于十个工作日", "", "P10W"),
        ("事发后5小时内", "", "H5"),
        ("每年1月31日前", "", "Y0131"),
        ("每年三月三十一日前公开", "", "Y0331"),
        ("按季度公开", "", "Q"),
        ("及时公开", "", "NOW"),
        ("实时更新", "", "NOW"),
    ],
)
def test_terms_that_the_table_has(cell, before, code):
    found = term(cell)
    assert nearest(found, CLOCKS, cell, before).code == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("4个工作日内", "D4"),
        ("12日内", "B12"),
        ("48小时内", "H48"),
        ("公示期5个工作日", "P5W"),
        ("每年6月30日前", "Y0630"),
    ],
)
def test_terms_that_need_a_row(cell, code):
    found = term(cell)
    assert nearest(found, CLOCKS, cell, "") is None
    assert found.code == code


@pytest.mark.parametrize("cell", ["", "按规定", "视情况", "每年", "0个工作日", "每年13月40日前", "按有关法律执行"])
def test_terms_that_cannot_be_told(cell):
    assert term(cell) is None


def test_several_terms_in_a_cell():
    assert term("20个工作日内；公示7日").several
    assert not term("20个工作日内（二十个工作日）").several


@pytest.mark.parametrize(
    ("words", "value"), [("20", 20), ("二十", 20), ("十五", 15), ("三十一", 31), ("一百二十", 120), ("两", 2)]
)
def test_numbers(words, value):
    assert number(words) == value


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("√", True),
        ("✓", True),
        ("是", True),
        ("■", True),
        ("", False),
        ("/", False),
        ("×", False),
        ("部分", None),
        ("√申请人", None),
    ],
)
def test_ticks(cell, expected):
    assert ticked(cell) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.文件名称；2.文号；3.发布机构；4.全文", ["文件名称", "文号", "发布机构", "全文"]),
        ("征收范围、征收目的\n补偿标准", ["征收范围", "征收目的", "补偿标准"]),
        ("①姓名 ②金额", ["姓名 ②金额"]),
        ("《救助办法（试行；暂行）》全文", ["《救助办法（试行；暂行）》全文"]),
        ("（一）对象；（二）标准；（一）对象", ["对象", "标准"]),
        ("1、政策；2、流程", ["政策", "流程"]),
        ("", []),
    ],
)
def test_contents(cell, expected):
    assert contents(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("■政府网站 □政府公报\n■两微一端 □发布会", "政府网站、两微一端"),
        ("门户网站\n公示栏", "门户网站、公示栏"),
        ("□政府网站", ""),
        ("", ""),
    ],
)
def test_channels(cell, expected):
    assert channels(cell) == expected


@pytest.mark.parametrize(
    ("basis", "item"),
    [
        ("《中华人民共和国政府信息公开条例》第二十条第（五）项", 5),
        ("条例第二十条第（十四）项", 14),
        ("条例第二十一条", 0),
        ("条例第二十条第（二十）项", 0),
    ],
)
def test_article_items(basis, item):
    assert article_item(basis) == item


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("征地批后公告", "结果"),
        ("办事指南", "服务"),
        ("年度供应计划", "执行"),
        ("政策文件", "决策"),
        ("机构职能", "管理"),
    ],
)
def test_steps(name, expected):
    assert step(name) == expected
