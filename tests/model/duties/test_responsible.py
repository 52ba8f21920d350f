"""Who leads and who assists, as plans write it."""

from __future__ import annotations

import pytest

from gongkai.model.duties.responsible import in_text, responsible

WRITTEN = {
    "办公室": (["办公室"], []),
    "办公室、法规科、行政许可科": (["办公室", "法规科", "行政许可科"], []),
    "办公室牵头，文件起草科室具体落实": (["办公室"], ["文件起草科室"]),
    "法规科、办公室牵头，文件起草科室具体落实": (["法规科", "办公室"], ["文件起草科室"]),
    "政策法规科牵头，决策承办单位、文件实施部门具体落实": (["政策法规科"], ["决策承办单位", "文件实施部门"]),
    "政策法規司牽頭實施,相關單位配合": (["政策法规司"], ["相关单位"]),
    "(地質環境處(應急辦)牽頭實施)": (["地质环境处(应急办)"], []),
    "辦公廳牽頭,各有關部門負責實施": (["办公厅"], ["各有关部门"]),
    "信息中心负责实施": (["信息中心"], []),
    "民政局、财政局按职责分工负责": (["民政局", "财政局"], []),
    "牵头单位：办公室；配合单位：法规科、信息中心": (["办公室"], ["法规科", "信息中心"]),
    "办公室牵头，办公室、信息中心配合": (["办公室"], ["信息中心"]),
    "": ([], []),
}


@pytest.mark.parametrize(("written", "units"), list(WRITTEN.items()))
def test_units_are_sorted(written: str, units: tuple[list[str], list[str]]) -> None:
    found = responsible(written)
    assert (list(found.lead), list(found.assist)) == units


def test_a_cell_says_it_again() -> None:
    assert responsible("政策法規司牽頭實施,相關單位配合").told == "政策法规司牵头，相关单位配合"
    assert responsible("办公室、法规科").told == "办公室、法规科"


def test_brackets_in_prose_are_found_and_other_brackets_are_not() -> None:
    prose = "做好目錄公開工作。(政策法規司牽頭實施,相關單位配合)做好（含附件）公布。(地質環境處(應急辦)牽頭實施)"
    assert [one.lead for one in in_text(prose)] == [("政策法规司",), ("地质环境处(应急办)",)]
