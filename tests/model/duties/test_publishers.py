"""The level of an agency by its name."""

from __future__ import annotations

import pytest

from gongkai.model.duties.publishers import level_of

NAMES = {
    "国务院": "国家",
    "自然资源部": "国家",
    "青禾省人民政府": "省级",
    "青禾省自然资源厅": "省级",
    "上海市人民政府": "省级",
    "内蒙古自治区人民政府": "省级",
    "青禾市人民政府": "市级",
    "青禾省白石市自然资源局": "市级",
    "青禾县自然资源局": "县级",
    "青禾縣人民政府": "县级",
    "临江区自然资源局": "县级",
    "白石市临江区人民政府办公室": "县级",
    "上海市浦东新区规划和自然资源局": "县级",
    "青禾市经济技术开发区管理委员会": "市级",
    "石桥镇人民政府": "乡级",
    "石桥街道办事处": "乡级",
    "青禾县石桥镇石桥村民委员会": "村级",
    "经济技术开发区管理委员会": "",
    "": "",
}


@pytest.mark.parametrize(("name", "level"), NAMES.items())
def test_levels(name: str, level: str) -> None:
    assert level_of(name) == level
