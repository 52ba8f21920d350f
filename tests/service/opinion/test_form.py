"""How the form is filled in, and what stands against submission."""

from __future__ import annotations

import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import fields, filled, given
from gongkai.service.opinion.submission import submitted, to_fix

DEID = Brief(
    title="关于给予临时救助的公示",
    number="青民〔2024〕3号",
    issuer="青禾县民政局",
    suggested="proactive",
    needs_review=False,
    handling="deid",
    reasons=["P-192", "W-152"],
    categories=["G0102"],
    masked={"ID_CARD": 2},
    annotation="（此件公开发布）",
)
READY = {
    "drafter": "赵一鸣",
    "secrecy": "已审查，不涉密",
    "plan": "随文报送，已审定",
    "interpretation": "随文报送，已审定",
    "third": "不涉及",
}


@pytest.fixture(scope="module")
def rules():
    return Rulebook.load()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "关于给予临时救助的公示"),
        ("unit", "青禾县水务局"),
        ("attribute", "主动公开"),
        ("handling", "去标识化后公开"),
        ("basis", "条例第十九条"),
        ("category", "G0102 行政规范性文件"),
        ("deadline", "形成或变更之日起20个工作日"),
        ("channel", "门户、公报"),
        ("personal", "公开前遮蔽：身份证号2处"),
        ("third", "尚未征求"),
        ("policy", "是"),
        ("office", "不需要"),
        ("plan", "尚未报送"),
        ("interpretation", "尚未报送"),
        ("mode", "自行发文"),
        ("annotation", "（此件公开发布）"),
        ("remark", ""),
    ],
)
def test_fields_are_filled_from_codes(rules, key, value):
    assert filled(DEID, rules, "青禾县水务局", "赵一鸣")[key] == value


def test_an_unsure_suggestion_leaves_the_attribute_to_a_person(rules):
    assert filled(DEID.model_copy(update={"needs_review": True}), rules)["attribute"] == ""


def test_without_a_unit_the_issuer_stands_in(rules):
    assert filled(DEID, rules)["unit"] == "青禾县民政局"


def test_only_the_forms_own_fields_are_taken():
    sent = given({"title": " 标题 ", "csrf": "x", "remark": "字" * 3000})
    assert sent["title"] == "标题"
    assert len(sent["remark"]) == 2000
    assert set(sent) == {field.key for field in fields()}


def ready(rules, brief=DEID, **changes):
    values = filled(brief, rules, "青禾县民政局", "赵一鸣") | READY | changes
    return [(item.level, item.says) for item in to_fix(brief, values, rules) if item.level != "note"]


def test_a_form_that_lacks_nothing_still_says_what_to_mask(rules):
    assert ready(rules) == [("should", "公开前要先遮蔽2处个人信息：身份证号2处。这是机器找到的，请核对。")]


@pytest.mark.parametrize(
    ("changed", "values", "said"),
    [
        ({}, {"number": ""}, ("must", "意见单“发文字号”还没有填。补填“发文字号”。")),
        ({"needs_review": True}, {}, ("should", "机器对公开属性没有把握。请由人判断。")),
        ({}, {"attribute": ""}, ("must", "没有明确公开属性。写明主动公开、依申请公开或者不予公开，随公文一并报批。")),
        ({}, {"annotation": ""}, ("must", "文中还没有注明公开属性。在成文日期下一行写附注：（此件公开发布）")),
        (
            {},
            {"annotation": "（此件不予公开）"},
            (
                "must",
                "文中附注写的是“此件不予公开”，与拟定的主动公开不一致。附注改为（此件公开发布），或者改定公开属性。",
            ),
        ),
        (
            {"clauses": ["NL-18"]},
            {},
            (
                "should",
                "拟主动公开，机器在文中找到负面清单事项：请示报告。"
                "请核对；确属不宜公开的，删改、区分处理，或者改定公开属性。",
            ),
        ),
        (
            {},
            {"attribute": "不予公开"},
            ("should", "拟不予公开，但机器没有找到负面清单事项。请从严把握不予公开的范围。"),
        ),
        (
            {},
            {"attribute": "不予公开"},
            (
                "must",
                "政策性文件拟不予公开，报批前没有送政务公开工作机构审查。先送本单位政务公开工作机构审查，附上审查意见再报。",
            ),
        ),
        (
            {},
            {"interpretation": "尚未报送"},
            (
                "must",
                "主动公开的政策性文件，没有同步报送解读材料。"
                "补上解读材料，与文件同步起草、同步审签、同步发布：不解读不运转。",
            ),
        ),
        (
            {},
            {"secrecy": "尚未审查"},
            ("must", "没有保密审查记录。先审查、后公开：作保密审查，记下审查人、时间、依据和结论。"),
        ),
        (
            {},
            {"third": "尚未征求"},
            ("must", "涉及商业秘密或者个人隐私，没有征求第三方意见。书面征求第三方意见，附上答复。"),
        ),
    ],
)
def test_what_stands_against_submission(rules, changed, values, said):
    assert said in ready(rules, DEID.model_copy(update=changed), **values)
    assert said not in ready(rules)


@pytest.mark.parametrize(
    ("field", "value", "part", "told"),
    [
        ("mode", "代拟稿", "mode", "behalf"),
        ("mode", "", "mode", "own"),
        ("policy", "", "policy", None),
        ("policy", "否", "policy", False),
        ("plan", "不需要", "plan", "missing"),
        ("plan", "随文报送", "plan", "attached"),
        ("interpretation", "随文报送，已审定", "material", "approved"),
        ("office", "已审查，不同意", "office", "refused"),
        ("office", "尚未送审", "office", "none"),
        ("secrecy", "已审查，不涉密", "secrecy", True),
        ("secrecy", "尚未审查", "secrecy", False),
        ("third", "尚未征求", "third_asked", False),
    ],
)
def test_a_field_of_the_form_is_told_to_the_rules(field, value, part, told):
    assert getattr(submitted({field: value}), part) == told


def test_what_has_a_rule_of_its_own_is_not_asked_for_twice(rules):
    said = [line for _, line in ready(rules, attribute="不予公开", reason="", basis="")]
    assert [line for line in said if "理由" in line and "没有" in line] == [
        "拟不予公开，没有说明理由。依法依规写明不予公开的理由。"
    ]


@pytest.mark.parametrize(
    ("annotation", "attribute"),
    [
        ("（此件公开发布）", "主动公开"),
        ("（此件主动公开）", "主动公开"),
        ("（此件依申请公开）", "依申请公开"),
        ("（不公开）", "不予公开"),
    ],
)
def test_an_annotation_that_says_the_same_is_fine(rules, annotation, attribute):
    said = ready(rules, annotation=annotation, attribute=attribute)
    assert [line for _, line in said if "附注" in line] == []


def test_the_worst_comes_first_and_notes_last(rules):
    brief = DEID.model_copy(update={"notes": ["请核对日期。"], "clauses": []})
    values = filled(brief, rules) | {"attribute": "不予公开"}
    levels = [item.level for item in to_fix(brief, values, rules)]
    assert levels == sorted(levels, key=["must", "should", "note"].index)
    assert levels[-1] == "note"
