"""Catalogs of other areas that ship: each comes in without a fault, and holds what the founding documents name."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.catalog.domains import contents, domains
from gongkai.service.rules.catalogimport import imported
from gongkai.service.rules.checking import problems
from gongkai.service.rules.memory import loaded, shipped

HELD = {
    "education.csv": {
        "义务教育招生入学工作实施方案、实施细则",
        "公办学校对口招生区域范围",
        "民办学校招生计划、录取办法",
    },
    "health.csv": {"医疗机构、就医服务信息"},
    "environment.csv": {
        "建设项目环境影响报告书（表）受理情况",
        "建设项目环境影响报告书（表）拟审批公示",
        "建设项目环境影响报告书（表）审批决定",
        "重点排污单位名录、强制性清洁生产审核企业名单",
    },
    "finance.csv": {"政府采购意向公开", "单一来源采购项目公示", "惠民补贴发放结果"},
    "traffic.csv": {"违章高发行为和点位"},
    "enforcement.csv": {"执法依据、程序、裁量基准、救济渠道", "执法决定结果公示"},
    "resources.csv": {"国有土地使用权出让", "政府采购项目", "国有产权交易", "工程建设项目招标投标"},
    "township.csv": {"财政收支", "各类专项资金的管理和使用", "拆迁安置", "扶民救济"},
    "policy.csv": {"规范性文件评价结果和运用情况"},
}


@pytest.fixture(scope="module")
def brought():
    """All of them, one after the other into the same tables."""
    files, told = shipped(), {}
    for one in domains():
        told[one.file] = imported(one.file, contents(one.file), files)
        files = told[one.file].files
    return told


def test_each_is_named() -> None:
    assert {one.file for one in domains()} == HELD.keys()
    assert all(one.name and one.basis for one in domains())


@pytest.mark.parametrize("file", HELD)
def test_each_comes_in(file: str, brought) -> None:
    found = brought[file]
    assert (found.wrong, found.remarks) == ((), ())
    assert {one.name for one in found.items if one.new} >= HELD[file]


def test_all_together_hold(brought) -> None:
    files = list(brought.values())[-1].files
    assert problems(files, shipped()) == ()
    rules = loaded(files)
    codes = [one.code for found in brought.values() for one in found.items if one.new and len(one.code) > 3]
    assert len(codes) == len(set(codes)) >= 36
    rows = [rules.category[code] for code in codes]
    assert all(row.basis and row.deadline and row.key_fields and row.publisher and row.site for row in rows)


def test_another_file_is_refused() -> None:
    with pytest.raises(RequestError):
        contents("../items.py")
