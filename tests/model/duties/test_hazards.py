"""Warnings of hazards: the level in force, and texts that only speak about warnings."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.hazards import warned

ANNOUNCED = {
    "青禾县发布地质灾害气象风险橙色预警\n预计未来24小时发生地质灾害的风险高。": ("orange", "地质灾害"),
    "关于发布暴雨红色预警信号的通告\n请注意防范。": ("red", "暴雨"),
    "地质灾害气象风险预警\n预警级别：黄色，请做好防范。": ("yellow", "地质灾害"),
    "關於發佈地質災害藍色預警的公告\n請注意。": ("blue", "地质灾害"),
    "关于启动防汛Ⅱ级预警响应的通知\n山洪风险高。": ("orange", "山洪"),
    "森林火险预警\n今日发布森林火险三级预警。": ("yellow", "森林火险"),
    "预警信息\n蓝色预警升级为橙色预警，请转移。": ("orange", ""),
}
SILENT = (
    "关于解除地质灾害橙色预警的公告\n橙色预警解除。",
    "青禾县突发地质灾害应急预案\n预警分为红色预警、橙色预警、黄色预警、蓝色预警。",
    "预警信息发布管理办法\n红色预警由县人民政府发布。",
    "关于召开会议的通知\n请准时参加。",
    "情况通报\n昨日发布的暴雨橙色预警已解除。",
    "关于红色旅游景区的公告\n景区恢复开放。",
)


@pytest.mark.parametrize(("text", "expected"), list(ANNOUNCED.items()))
def test_the_level_is_read(text: str, expected: tuple[str, str]) -> None:
    document = Document("d", text)
    found = warned(document)
    assert found is not None
    assert (found.level, found.hazard) == expected
    assert found.span.of(text)
    assert found.name.endswith("色预警")


@pytest.mark.parametrize("text", SILENT)
def test_what_announces_no_warning_gets_none(text: str) -> None:
    assert warned(Document("d", text)) is None
