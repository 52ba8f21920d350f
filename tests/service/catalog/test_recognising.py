"""S0 as a case: some lines of the ministry's plan of 2016 (public) in Traditional script, as a machine mangled it."""

from __future__ import annotations

import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.recognising import mended, numbers, recognised

RULES = Rulebook.load()
LAND = """第三,著力推進征地信息公開。及時主動宣傳用地政策,上報國務院審批建設項目用地批準文件(涉密項目除外)。進壹步推進市縣征地信息公開,加強檢查監督,嚴格落實《關於進壹步做好市縣征地信息公開工作的通知》(國土資發[2065 438+04]29號)精神,辦好網站“征地信息”專欄,及時公開“壹書四圖”(建設用地項目申報說明、農用地轉用計劃、補充耕地計劃、 征地方案,積極推動建立省級征地信息公開平臺,盡快實現省、市、縣三級數據信息公開。
五、繼續做好土地市場和礦業權市場信息公開工作。實時發布全國土地供應計劃、出讓公告、成交公告和供應結果。進壹步細化和規範礦業權審批和公開的範圍、內容、程序、要求等信息。
六、及時向社會公布掛牌督辦和公開通報的國土資源違法案件。完善土地督察公告制度。
七、做好國土資源統計數據公開工作,包括全國土地利用變更調查成果、礦產資源儲量評估備案信息等。做好包括“三公經費”在內的財政信息和政府采購信息公開。
"""  # noqa: E501


@pytest.fixture(scope="module")
def found():
    return recognised(LAND, RULES)


def test_the_land_list_is_recognised(found) -> None:
    codes = [asked.row.code for asked in found.asked]
    assert codes[:3] == ["N02", "N0206", "N0205"]
    wanted = {"N0401", "N0402", "N0403", "N0404", "N05", "N0701", "N0702", "N09", "N0503", "G0701"}
    assert wanted <= set(codes)


def test_the_papers_of_the_mangled_list_are_told_and_the_one_that_is_gone(found) -> None:
    asked = next(one for one in found.asked if one.row.code == "N0205")
    assert (asked.name, asked.span.of(LAND)) == ("一书四图", "壹書四圖")
    assert [one.name for one in asked.listed.found] == [
        "建设用地项目呈报说明书", "农用地转用方案", "补充耕地方案", "征收土地方案",
    ]  # fmt: skip
    assert [one.name for one in asked.listed.missing] == ["供地方案"]


def test_the_cited_number_is_mended(found) -> None:
    assert found.numbers == ("国土资发〔2014〕29号",)


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("[2065 438+04]29号", "[2014]29号"),
        ("〔2065438+06〕7号", "〔2016〕7号"),
        ("〔2014〕29号", "〔2014〕29号"),
        ("12345热线", "12345热线"),
    ],
)
def test_torn_digits(torn: str, whole: str) -> None:
    assert mended(torn) == whole


def test_numbers_are_told_once() -> None:
    assert numbers("国办发〔2016〕19号，国办发[2016]19号、青政发〔2024〕3号") == (
        "国办发〔2016〕19号",
        "青政发〔2024〕3号",
    )


def test_brackets_that_list_no_papers_are_no_list(found) -> None:
    assert next(one for one in found.asked if one.row.code == "N0206").listed is None


def test_a_text_that_asks_for_nothing() -> None:
    assert recognised("今天天气晴朗。", RULES).asked == ()
