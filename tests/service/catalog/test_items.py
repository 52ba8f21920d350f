"""The catalog as it ships: every duty's items are there with all their elements, and are found in any script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.items import LEVELS, STEPS, Chosen, areas, channels, found, items

RULES = Rulebook.load()
ITEMS = {item.row.code: item for item in items(RULES)}
LEAVES = [item for item in ITEMS.values() if item.row.code != "G99"]

#: What a founding duty names, and the items that stand for it.
DUTIES = {
    "S0-02": ["G0503", "G0504", "G0502", "G0505"],
    "S0-04": ["G0101", "G0103", "G0302", "N11"],
    "S0-08": ["G20"],
    "S0-09": ["N0206", "N0302"],
    "S0-15": ["N0401", "N0402", "N0403", "N0404"],
    "S0-16": ["N05", "N0501", "N0502", "N0503"],
    "S0-17": ["N0701", "G0604"],
    "S0-19": ["N0702"],
    "S0-20": ["N11"],
    "S0-21": ["N09", "N0503"],
    "S0-22": ["G0701", "G09"],
    "S1-11": ["G0603", "N07"],
    "S1-12": ["G0501"],
    "S1-15": ["G0303", "G11", "G20"],
    "S2-05": ["N0301"],
    "S2-10": ["G09"],
    "S2-17": ["N0401"],
    "S2-19": ["G0502"],
    "S3-46": ["G0201", "G0703"],
    "S3-66": ["G09", "G10", "N0402"],
    "S3-76": ["G0601", "G0602"],
    "S4-01": ["N0401", "N0402", "N0403", "N0404"],
    "S4-03": ["N0501", "N0502", "N0503"],
    "S4-04": ["N0201", "N0202", "N0203", "N0205", "N0206", "N0207", "N0209"],
    "S4-10": ["G0701", "G09", "G0704"],
    "S4-14": ["G0503", "G0501"],
    "S4-16": ["G0603"],
    "S4-17": ["G15"],
}


@pytest.mark.parametrize(("duty", "codes"), DUTIES.items())
def test_items_of_a_duty(duty: str, codes: list[str]) -> None:
    rows = [ITEMS[code].row for code in codes]
    assert [row.code for row in rows if row.attribute != "proactive" or not (row.basis and row.deadline)] == []
    assert [row.code for row in rows if row.duty not in RULES.reason] == []


#: Words of the duties of S0 to S2 as they stand there (some in Traditional script), and the item that they find.
CALLED = """
權力清單 G0503 | 行政許可事項 G0503 | 已取消和下放的行政審批事項 G0504 | 調整為政府內部審批的事項 G0504
行政審批中介服務事項清單 G0505 | 部門規章 G0101 | 重要政策措施 G0103 | 规划 G0302 | 國土資源標準 N11 | 科技成果 N11
檢查中發現的問題 G20 | 整改落實情況 G20 | 獎懲情況 G20 | 问责情况 G20 | 建設項目用地批準文件 N0206
土地供應計劃 N0401 | 出讓公告 N0402 | 成交公告 N0403 | 供應結果 N0404 | 礦業權審批 N05 | 國土資源違法案件 N0701
掛牌督辦 N0701 | 土地督察公告 N0702 | 土地利用變更調查 N09 | 儲量評估備案 N0503 | 三公經費 G0701 | 政府采購 G09
监管信息 G0603 | 办事指南 G0501 | 改革任务 G0303 | 民生举措 G0303 | 规范性文件清理结果 G0105 | 建設用地預審 N0301
招標公告 G09 | 中標結果 G09 | 住房用地供應計劃 N0401 | 审批结果 G0502 | 重点信访事项处理结果 N13 | 權責清單 G0503
"""


@pytest.mark.parametrize("called", CALLED.replace("\n", "|").strip("|").split("|"), ids=str.strip)
def test_the_words_of_a_duty_find_its_item(called: str) -> None:
    words, code = called.split()
    assert code in {item.row.code for item in found(ITEMS.values(), Chosen(words))}


@pytest.mark.parametrize("item", LEAVES, ids=lambda item: item.row.code)
def test_every_item_has_all_its_elements(item) -> None:
    row = item.row
    assert row.name and row.basis and item.deadline and item.publisher and item.manner and item.scope
    assert item.channels and row.audience and row.five_public in STEPS
    assert set(item.levels) <= set(LEVELS)
    assert row.key_fields or not item.leaf or row.code == "N0802"


#: The areas as S1 二(九) names them.
AREAS = "政策法规 工作规划 行政许可 土地征收征用 资源配置 执法督察 地质灾害预报预警 行业标准和科技成果 监测统计数据 "
AREAS += "管理备案信息 重点信访事项处理结果 部门财政预决算"


def test_twelve_areas_of_natural_resources() -> None:
    assert [area.name for area in areas()] == AREAS.split()
    assert [area.name for area in areas() if not found(ITEMS.values(), Chosen(area=area.name))] == []
    land = {item.row.code for item in found(ITEMS.values(), Chosen(area="土地征收征用"))}
    assert {"N02", "N0205"} <= land and "N0401" not in land


FOUND = [
    (Chosen("壹書四圖"), "N0205"),
    (Chosen("一书四方案"), "N0205"),
    (Chosen("征地補償安置方案"), "N0203"),
    (Chosen("预公告 村公示栏"), ""),
    (Chosen("受让人 容积率"), "N0404"),
    (Chosen(area="N08", channel="登记机构"), "N0802"),
    (Chosen(area="N02", step="结果"), "N0206 N0207 N0208"),
    (Chosen("土地督察", level="国家"), "N0702"),
    (Chosen("土地督察", level="县级"), ""),
]


@pytest.mark.parametrize(("chosen", "codes"), FOUND, ids=str)
def test_items_are_found(chosen: Chosen, codes: str) -> None:
    assert {item.row.code for item in found(ITEMS.values(), chosen)} >= set(codes.split())
    if codes and chosen.words:
        assert len(found(ITEMS.values(), chosen)) == len(codes.split())


def test_land_requisition_goes_to_its_own_column_and_to_the_villages() -> None:
    assert [code for code in ITEMS if code.startswith("N02") and "征地信息" not in ITEMS[code].row.site] == []
    notice = ITEMS["N0207"]
    assert (notice.channels, notice.levels) == (("村公示栏", "征地专栏"), ("市级", "县级"))
    assert notice.scope == "被征收土地所在的乡（镇）、村、村民小组"


def test_the_portal_is_the_channel_where_a_row_names_none() -> None:
    row = replace(RULES.categories[0], channel="")
    (item,) = items(replace(RULES, categories=(row,)))
    assert item.channels == ("门户",)
    assert channels(RULES)[0] == "门户"
    assert {"公报", "政务新媒体", "村公示栏", "短信", "电视", "采购网", "中国土地市场网"} <= set(channels(RULES))


def test_punitive_publicity_keeps_its_items_and_its_exception() -> None:
    assert RULES.category["N0701"].key_fields == ("当事人", "违法事实", "依据", "处理结果")
    assert {row.id: row.name for row in RULES.exceptions}["E1"] == "惩戒公示"


EXCLUDED = [
    ("N0206", "NL-01"),
    ("G0702", "NL-09"),
    ("N0302", "NL-02"),
    ("N09", "NL-02"),
    ("N09", "NL-22"),
    ("N0503", "NL-22"),
    ("G09", "NL-08"),
    ("G1101", "NL-10"),
    ("G0502", "NL-01"),
]


@pytest.mark.parametrize(("code", "clause"), EXCLUDED)
def test_what_stays_out_is_said(code: str, clause: str) -> None:
    assert (clause, RULES.clause[clause].title) in ITEMS[code].exclusions


def test_a_clause_that_no_table_has_is_refused() -> None:
    rows = (replace(RULES.categories[0], unless=("NL-99",)), *RULES.categories[1:])
    with pytest.raises(RulebookError, match="unless"):
        replace(RULES, categories=rows).check()
