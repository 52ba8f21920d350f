"""The form: who may fill it in and when, and what it never takes from whoever fills it in."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from walking import CLOSED, OPEN, POLICY, RELEASED, RULES, SIGNED, Walk

from gongkai.model.errors import RequestError
from gongkai.service.errors import Conflicting, Outdated
from gongkai.service.passages.importance import suggested
from gongkai.service.passages.sheet import proposed, values_of
from gongkai.service.passages.stepping import steps_of
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept, Trail


def test_nothing_of_the_machine_counts_as_submitted(shared):
    one = Walk(shared)
    with shared.reading() as session:
        kept = session.get(Kept, one.id)
        assert proposed(session, kept, RULES)["unit"] == "青禾县水务局"
    case = one.case()
    assert [case.values[key] for key in ("attribute", "reason", "basis")] == ["", "", ""]
    assert "attribute-missing" in [gap.code for gap in case.answer.gaps]


def test_reviews_are_told_by_their_steps_only(walk):
    boasting = {**OPEN, "secrecy": "已审查，不涉密", "office": "已审查，同意"}
    values = walk(boasting).case().values
    assert (values["secrecy"], values["office"]) == ("尚未审查", "不需要")
    assert walk({**CLOSED, "policy": "是"}).case().values["office"] == "尚未送审"
    values = walk(boasting, *SIGNED).case().values
    assert (values["secrecy"], values["office"]) == ("已审查，不涉密", "不需要")
    agreed = ("office", "clear", {"outcome": "同意不予公开", "basis": "条例第十六条"})
    assert walk(CLOSED, agreed).case().values["office"] == "已审查，同意"
    refused = ("office", "clear", {"outcome": "不同意，应当公开", "basis": "条例第五条"})
    assert walk(CLOSED, refused).case().values["office"] == "已审查，不同意"


def test_what_was_mended_is_kept_beside_the_rest(walk):
    one = walk({**CLOSED, "reason": ""}, ("drafter", "submit", {}), ("reviewer", "return", {}))
    one.form({"reason": "属于本机关内部管理，对外没有影响"})
    values = one.case().values
    assert (values["reason"], values["basis"]) == ("属于本机关内部管理，对外没有影响", "条例第十六条第一款")


def test_a_reason_that_was_chosen_brings_its_words_and_basis(shared):
    one = Walk(shared)
    for code in ("W-161", "W-163"):
        one.form({**CLOSED, "reason": "", "basis": ""} if code == "W-161" else {}, reason=code)
        row = RULES.reason[code]
        assert [one.case().values[key] for key in ("reason", "basis")] == [row.text, row.basis]
    one.form({"reason": "值班安排，对外没有影响"}, reason="W-161")
    assert one.case().values["reason"] == "值班安排，对外没有影响"


@pytest.mark.parametrize("steps", [SIGNED[:1], SIGNED[:3], RELEASED])
def test_a_form_on_its_way_is_not_changed(walk, steps):
    with pytest.raises(Conflicting, match="现在不能改报送单"):
        walk(OPEN, *steps).form({"policy": "是"}, "reviewer")


def test_after_the_signature_only_a_reviewer_changes_it_and_never_the_attribute(walk):
    one = walk(OPEN, *SIGNED)
    with pytest.raises(Conflicting):
        one.form({"channel": "公报"})
    one.form({"channel": "公报", "attribute": "不予公开", "basis": "别的"}, "reviewer")
    values = one.case().values
    assert (values["channel"], values["attribute"], values["basis"]) == ("公报", "主动公开", "")


@pytest.mark.parametrize(
    ("more", "why"),
    [({"reason": "X-1"}, "没有这个理由代码"), ({"flagged": ["fire"]}, "没有“fire”这种情形")],
)
def test_codes_are_those_of_the_tables(shared, more, why):
    with pytest.raises(RequestError, match=why):
        Walk(shared).form(OPEN, **more)


def test_what_was_signed_as_a_policy_document_stays_one(walk):
    one = walk(POLICY, *SIGNED)
    one.form({"policy": "否", "channel": "公报"}, "reviewer")
    assert (one.case().values["policy"], one.case().values["channel"]) == ("是", "公报")


def test_a_stale_form_is_refused(walk):
    one = walk(OPEN)
    one.form({"channel": "公报"}, version=1 + one.passage().version - 1)
    with pytest.raises(Outdated):
        one.form({"channel": "门户"}, version=1)


def test_that_it_was_filled_in_is_noted_without_its_words(walk, shared):
    one = walk(CLOSED)
    with shared.reading() as session:
        noted = session.scalars(select(Trail).where(Trail.action == "fill", Trail.object == one.id)).one()
        assert noted.detail == {"version": session.get(Passage, one.id).version}
        kept = session.get(Kept, one.id)
        passage = session.get(Passage, one.id)
        assert values_of(session, kept, passage, steps_of(session, one.id), RULES)["reason"] == CLOSED["reason"]


BEHALF = {"mode": "代拟稿", "reason": "面向社会", "basis": "条例第二十条"}


@pytest.mark.parametrize(
    ("form", "codes"),
    [
        (POLICY, []),
        ({**POLICY, "plan": "尚未报送", "interpretation": "尚未报送"}, ["plan-missing", "material-missing"]),
        (
            {**POLICY, "mode": "代拟稿", "plan": "随文报送", "reason": "面向社会", "basis": "条例第二十条"},
            ["plan-unapproved"],
        ),
        ({**OPEN, "mode": "代拟稿"}, ["reason-missing-behalf", "basis-missing-behalf"]),
        ({**CLOSED, "basis": ""}, ["basis-missing"]),
        ({**CLOSED, "policy": "是"}, ["office-missing"]),
        ({**POLICY, "policy": "", "genre": "办法", "interpretation": "尚未报送"}, ["material-missing"]),
        ({**OPEN, "number": "", "deadline": " ", "channel": ""}, ["form-incomplete"] * 3),
    ],
)
def test_grounds_to_return(walk, form, codes):
    gaps = walk(form).case().answer.gaps
    assert [gap.code for gap in gaps if gap.level == "return"] == codes


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"category": "G0102 行政规范性文件"}, {"normative"}),
        ({"genre": "办法"}, {"normative"}),
        ({"category": "G15 重大行政决策", "genre": "通知"}, {"major"}),
        ({"category": "G0101 法规规章", "genre": "通告"}, set()),
        ({}, set()),
    ],
)
def test_what_is_ticked_to_begin_with(values, expected):
    assert suggested(values, RULES) == expected
