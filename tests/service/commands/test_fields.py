"""The command fields: a document under its item, a plan against the catalog."""

from __future__ import annotations

import json

import pytest

NOTICE = "青禾县人民政府征收土地公告\n一、征收范围：石桥村一组。\n青禾县人民政府\n2024年8月20日\n"


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "公告.txt"
    path.write_text(NOTICE, "utf-8")
    return path


def test_fields_of_a_named_item(run, notice) -> None:
    code, out, _ = run("fields", notice, "--category", "N0207")
    assert code == 1
    assert out.splitlines()[0].endswith("N0207 征收土地公告（结果公开；土地管理法实施条例第三十一条）")
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["缺", "有", "缺", "缺", "缺"]


def test_the_item_is_suggested_and_json_holds_no_words(run, notice) -> None:
    code, out, _ = run("fields", notice, "--format", "json")
    told = json.loads(out)
    assert (code, told["category"]["code"], told["complete"]) == (1, "N0207", False)
    assert "石桥村" not in out


def test_a_plan_is_recognised(run, tmp_path) -> None:
    plan = tmp_path / "方案.txt"
    plan.write_text("及時公開“壹書四圖”(建設用地項目申報說明、農用地轉用計劃、補充耕地計劃)。", "utf-8")
    code, out, _ = run("fields", "--list", plan)
    assert (code, "认出 1 个目录事项" in out) == (0, True)
    assert "N0205 “一书四方案”（文中写作“一书四图”），没有列出：征收土地方案、供地方案" in out


def test_an_item_that_is_not_there(run, notice) -> None:
    code, _, err = run("fields", notice, "--category", "N9999")
    assert (code, "目录里没有这一项" in err) == (1, True)
