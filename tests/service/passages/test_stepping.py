"""先审查、后公开: no way around a review, whatever the order in which people try; every step is kept and chained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts import actor, user_id
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from walking import AGREE, CLOSED, DAY, GATES, OPEN, POLICY, RELEASE, RELEASED, RULES, SECRECY, SIGN, SIGNED, Walk

from gongkai.model.errors import RequestError
from gongkai.service.casework.deciding import Given, decide, decisions_of
from gongkai.service.errors import Conflicting, NotAllowed, Outdated
from gongkai.service.passages.passing import acts, states
from gongkai.service.passages.stepping import step
from gongkai.service.store import trail
from gongkai.service.store.duties import Step
from gongkai.service.store.tables import Kept, Screened, Trail

PUBLISH = {"day": DAY, "channel": "青禾县人民政府门户网站"}
REVIEWS = (("reviewer", "first", AGREE), ("second", "second", AGREE), ("office", "final", AGREE))


def test_a_document_goes_from_its_draft_to_the_site_on_either_database(database):
    walk = Walk(database)
    walk.form(OPEN)
    walk.through(*RELEASED, ("drafter", "publish", PUBLISH))
    passage, document = walk.passage(), walk.document()
    assert (passage.state, passage.channel, document.decided) == ("published", PUBLISH["channel"], "proactive")
    assert passage.published.astimezone(walk.at.tzinfo).date().isoformat() == DAY
    assert walk.kinds() == ["submit", "secrecy", "review", "sign", "release", "publish"]


def test_every_step_is_kept_for_good_and_noted(database):
    walk = Walk(database)
    walk.form(OPEN)
    walk.take("drafter", "submit")
    taken = walk.take("reviewer", "secrecy", **SECRECY)
    with database.reading() as session:
        kept = session.get(Step, taken.id)
        assert (kept.record, kept.by, kept.before, kept.after) == (
            SECRECY,
            actor(session, "reviewer").user,
            *["submitted"] * 2,
        )
        noted = [row.detail for row in session.scalars(select(Trail).where(Trail.action == "pass").order_by(Trail.seq))]
        assert [(row["step"], row["before"], row["after"]) for row in noted] == [
            ("submit", "drafted", "submitted"),
            ("secrecy", "submitted", "submitted"),
        ]
        assert list(trail.verified(session)) == []


def test_the_signature_settles_the_attribute_that_was_proposed(walk, shared):
    one = walk(CLOSED, ("drafter", "submit", {}), ("reviewer", "review", {}), ("drafter", "sign", SIGN), reason="W-161")
    with shared.reading() as session:
        made = decisions_of(session, one.id)[-1]
    assert (made.attribute, made.reason, made.basis, made.category) == (
        "withheld",
        "W-161",
        "条例第十六条第一款",
        "G0101",
    )
    assert (one.passage().due, one.passage().category) == ("", "G0101")


def test_the_suggestion_travels_with_what_is_submitted(walk, shared):
    one = walk(CLOSED)
    taken = one.take("drafter", "submit")
    with shared.reading() as session:
        kept = session.get(Kept, one.id)
        told = {key: taken.record[key] for key in ("attribute", "suggested", "confidence")}
        assert told == {"attribute": "withheld", "suggested": kept.attribute, "confidence": kept.confidence}
        assert session.get(Screened, taken.record["screening"]).document == one.id, "the evidence is found by it"


def test_the_term_runs_from_the_signature(walk):
    assert (walk(OPEN, *SIGNED).passage().start, walk(OPEN, *SIGNED).passage().due) == (
        DAY,
        "2026-06-02",
    )  # 9 May is worked


def _refused(one, login, kind, record):
    with pytest.raises(Conflicting) as caught:
        one.take(login, kind, **record)
    return caught.value.message


@pytest.mark.parametrize(
    ("form", "steps", "login", "kind", "record", "why"),
    [
        (OPEN, (), "reviewer", "release", RELEASE, "现在是“拟稿”"),
        (OPEN, SIGNED, "drafter", "publish", PUBLISH, "现在是“已签发”"),
        (OPEN, [SIGNED[0]], "reviewer", "sign", SIGN, "现在是“已报送”"),
        (OPEN, [SIGNED[0], *SIGNED[2:3]], "drafter", "sign", SIGN, "没有保密审查记录"),
        (OPEN, RELEASED, "reviewer", "withhold", {}, "公开属性是主动公开，不能按不予公开办结"),
        (OPEN, RELEASED, "reviewer", "archive", {}, "不能按依申请公开办结"),
        ({**OPEN, "attribute": ""}, [SIGNED[0]], "reviewer", "review", {}, "没有明确公开属性"),
        ({**CLOSED, "reason": ""}, [SIGNED[0]], "reviewer", "review", {}, "没有说明理由"),
        ({**CLOSED, "policy": "是"}, [SIGNED[0]], "reviewer", "review", {}, "没有送政务公开工作机构审查"),
        ({**POLICY, "interpretation": "尚未报送"}, [SIGNED[0]], "reviewer", "review", {}, "没有同步报送解读材料"),
        ({**POLICY, "plan": "尚未报送"}, [SIGNED[0]], "reviewer", "review", {}, "没有同步报送解读方案"),
        ({**POLICY, "interpretation": "随文报送"}, SIGNED[:3], "drafter", "sign", SIGN, "解读材料没有审签"),
        ({**OPEN, "third": "尚未征求"}, [SIGNED[0]], "reviewer", "review", {}, "第三方意见"),
        (POLICY, SIGNED, "second", "release", RELEASE, "还没有初审、复审、终审"),
        (POLICY, (*SIGNED, REVIEWS[0]), "reviewer", "second", AGREE, "请换一个人"),
        (POLICY, SIGNED, "reviewer", "second", AGREE, "还没有初审"),
        (POLICY, (*SIGNED, *REVIEWS[:2]), "second", "release", RELEASE, "还没有终审"),
    ],
)  # fmt: skip
def test_what_a_step_needs_is_not_there(walk, form, steps, login, kind, record, why):
    assert why in _refused(walk(form, *steps, reason=""), login, kind, record)


@pytest.mark.parametrize(
    ("flag", "kind", "no", "yes", "why"),
    [
        ("consult", "consult", "不同意公开", "同意公开", "涉及其他机关"),
        ("approval", "approve", "没有批准", "批准公开", "公开要经批准"),
        ("normative", "justice", "须修改", "通过", "司法行政部门"),
    ],
)
def test_what_a_document_asks_for_comes_before_its_release(walk, flag, kind, no, yes, why):
    named = {"consult": {"agency": "青禾县民政局"}, "approve": {"authority": "青禾县人民政府"}}.get(kind, {})
    one = walk(OPEN, *SIGNED, flagged=[flag])
    assert why in _refused(one, "second", "release", RELEASE)
    one.take("drafter", kind, outcome=no, day=DAY, **named)
    _refused(one, "second", "release", RELEASE)
    one.take("drafter", kind, outcome=yes, day=DAY, **named)
    one.take("second", "release", **RELEASE)
    assert one.passage().state == "released"


def test_a_major_policy_is_assessed_first(walk):
    one = walk(OPEN, *SIGNED, flagged=["major"])
    assert "风险评估" in _refused(one, "second", "release", RELEASE)
    one.take("drafter", "risk", level="中", note="先解读，避开节假日")
    one.take("second", "release", **RELEASE)


@pytest.mark.parametrize("outcome", ["不得公开", "不能确定，报主管部门或者保密行政管理部门确定"])
def test_a_secrecy_review_that_does_not_clear_stops_it(walk, outcome):
    one = walk(OPEN, *SIGNED, ("reviewer", "secrecy", {"outcome": outcome, "basis": "保守国家秘密法"}))
    assert "不能公开" in _refused(one, "second", "release", RELEASE)


def test_nobody_reviews_their_own_draft(walk, shared):
    one = walk(OPEN, ("drafter", "submit", {}))
    with shared.writing() as session:
        session.get(Kept, one.id).owner = actor(session, "reviewer").user
    for kind, record in (("secrecy", SECRECY), ("review", {})):
        assert "请换一个人" in _refused(one, "reviewer", kind, record)


def test_three_reviews_are_by_three_people_and_all_agree(walk):
    one = walk(POLICY, *SIGNED, *REVIEWS, ("second", "release", RELEASE), ("drafter", "publish", PUBLISH))
    assert (one.passage().important, one.passage().state) == (True, "published")
    one = walk(POLICY, *SIGNED, *REVIEWS[:2], ("office", "final", {"outcome": "不同意发布"}))
    assert "不同意发布" in _refused(one, "second", "release", RELEASE)


def test_important_is_told_by_the_table_or_by_hand(walk):
    assert [walk(form, SIGNED[0]).passage().important for form in (OPEN, POLICY, CLOSED)] == [False, True, False]
    assert walk({**OPEN, "category": "G1201 应急预案"}, SIGNED[0]).passage().important
    by_hand = ("reviewer", "mark", {"important": "重要信息", "note": "群众关心"})
    assert walk(OPEN, by_hand, SIGNED[0]).passage().important


def test_a_refusal_begins_the_reviews_anew(walk):
    one = walk(POLICY, *SIGNED, *REVIEWS, ("second", "refuse", {"note": "标题有错"}), ("drafter", "sign", SIGN))
    assert "还没有初审" in _refused(one, "second", "release", RELEASE)


def test_a_change_begins_all_reviews_anew_and_restarts_the_term(walk):
    one = walk(OPEN, *RELEASED, ("drafter", "publish", PUBLISH))
    one.at += timedelta(days=7)
    one.take("reviewer", "change", reason="更正地名", day="2026-05-12")
    assert (one.passage().start, one.passage().due) == ("2026-05-12", "2026-06-09")
    assert "没有保密审查记录" in _refused(one, "second", "release", RELEASE)
    one.through(("reviewer", "secrecy", SECRECY), ("second", "release", RELEASE))
    assert one.passage().state == "released"


def test_what_was_published_late_needs_its_cause_and_is_marked(walk):
    one = walk(OPEN, *RELEASED)
    one.at += timedelta(days=40)
    late = {"day": "2026-06-05", "channel": "门户"}
    with pytest.raises(RequestError, match="晚了3天，请写明逾期原因"):
        one.take("drafter", "publish", **late)
    taken = one.take("drafter", "publish", **late, late="网站维护")
    assert taken.record["over"] == 3


def test_interpretation_is_due_three_working_days_after_publication(walk):
    one = walk(OPEN, *RELEASED, ("drafter", "publish", PUBLISH))
    one.at += timedelta(days=7)
    assert "over" not in one.take("drafter", "interpret", day="2026-05-09", channel="门户").record  # a made-up day
    assert one.take("drafter", "interpret", day="2026-05-11", channel="门户").record["over"] == 2


@pytest.mark.parametrize(
    ("login", "kind"),
    [
        ("drafter", "review"),
        ("drafter", "secrecy"),
        ("reviewer", "clear"),
        ("reviewer", "final"),
        ("auditor", "submit"),
    ],
)
def test_only_who_may_takes_a_step(walk, login, kind):
    with pytest.raises(NotAllowed, match="的权限，不能办"):
        walk(OPEN, SIGNED[0]).take(login, kind)


@pytest.mark.parametrize(
    ("kind", "record", "why"),
    [
        ("fly", {}, "没有“fly”这一步"),
        ("secrecy", {}, "“结论”没有填"),
        ("secrecy", {**SECRECY, "outcome": "没问题"}, "“结论”应当是"),
        ("secrecy", {**SECRECY, "colour": "红"}, "没有 colour 这一栏"),
        ("secrecy", {**SECRECY, "note": "长" * 2001}, "超过2000字"),
        ("consult", {"agency": "民政局", "outcome": "同意公开", "day": "昨天"}, "应当写成 2026-03-31"),
    ],
)
def test_a_record_fits_its_step(walk, kind, record, why):
    with pytest.raises(RequestError) as caught:
        walk(OPEN, SIGNED[0]).take("reviewer", kind, **record)
    assert why in caught.value.message


def test_the_secrecy_gate_must_be_ticked(walk):
    with pytest.raises(RequestError, match="“保密关”没有填"):
        walk(OPEN, *SIGNED).take("second", "release", **{**RELEASE, "secrecy": ""})
    released = walk(OPEN, *SIGNED).take("second", "release", **RELEASE)
    assert {key: released.record[key] for key in GATES} == GATES
    assert (released.record["phrasing"], released.record["timing"], released.record["manner"]) == (
        "准确规范", "即时公开", "门户网站",
    )  # fmt: skip


def test_what_has_no_elements_is_not_released(walk, shared):
    one = walk(OPEN, *SIGNED)
    with shared.writing() as session:
        session.get(Kept, one.id).issuer = ""
    assert "发布要素不齐，缺发文机关" in _refused(one, "second", "release", RELEASE)


def test_a_stale_page_takes_no_step(walk, shared):
    one = walk(OPEN, SIGNED[0])
    with pytest.raises(Outdated), shared.writing() as session:
        step(session, RULES, actor(session, "reviewer"), session.get(Kept, one.id), "review", {}, one.at, version=1)


def test_steps_can_not_be_changed(database):
    walk = Walk(database)
    walk.form(OPEN)
    walk.take("drafter", "submit")
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(update(Step).values(kind="release"))
    assert walk.kinds() == ["submit"]


def test_no_way_leads_into_published_but_through_both_gates():
    """Whatever rows the table has: what ends in published comes from released, and that from a release review."""
    into = {row.code: row for row in acts().values() if row.to in ("published", "released")}
    assert {code: (row.states, row.may) for code, row in into.items()} == {
        "release": (("signed",), "release"),
        "publish": (("released",), "handle"),
    }
    assert {"secrecy", "reviews", "other"} <= {*into["release"].needs}
    assert {"secrecy", "reviews", "released", "proactive"} <= {*into["publish"].needs}
    assert all(state in states() for row in acts().values() for state in row.states)


@pytest.mark.parametrize(
    ("form", "becomes", "kind", "record"),
    [
        (CLOSED, "proactive", "publish", PUBLISH),
        (OPEN, "withheld", "withhold", {}),
        (OPEN, "on_request", "archive", {}),
    ],
)
def test_a_decision_after_the_release_review_needs_another_one(walk, form, becomes, kind, record):
    """Nobody has a document reviewed as withheld, where little is asked, and publishes it then."""
    one = walk(form, *RELEASED, reason="W-161" if form is CLOSED else "")
    with one.database.writing() as session:
        given = Given(becomes, "" if becomes == "proactive" else "W-161", "条例第十六条第一款", "G0101", source="决定")
        decide(session, RULES, actor(session, "drafter"), session.get(Kept, one.id), given, at=one.at)
    login = "drafter" if kind == "publish" else "reviewer"
    assert "发布审查以后公开属性改过" in _refused(one, login, kind, record)
    assert one.passage().state == "released"


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("mark", {"important": "一般信息", "note": "不重要"}),
        ("clear", {"outcome": "同意不予公开", "basis": "条例第十六条"}),
    ],
)
def test_nobody_clears_or_marks_a_document_of_their_own(shared, kind, record):
    one = Walk(shared, owner=user_id("office"))
    one.form(CLOSED, "office")
    assert "不能是拟稿人本人" in _refused(one, "office", kind, record)


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0001-01-01", "2026-02-31", "20260506", "2026-05-06T08:00", "2026-W19-3", "２０２６-05-06"]
)
def test_a_day_that_nothing_can_be_counted_from_is_refused(walk, day):
    one = walk(OPEN, *SIGNED[:3])
    with pytest.raises(RequestError, match="这样的日期"):
        one.take("drafter", "sign", signer="局长", day=day)


def test_what_was_dealt_with_before_begins_where_it_stands(shared):
    for more, state in (
        ({"backlog": "b" * 32, "decided": "withheld"}, "withheld"),
        ({"backlog": "b" * 32, "decided": "on_request"}, "on_request"),
        ({"backlog": "b" * 32, "decided": "proactive"}, "signed"),
        ({"backlog": "b" * 32, "place": {"published": "2020-01-02"}}, "published"),
        ({"backlog": "b" * 32}, "drafted"),
        ({"decided": "withheld"}, "drafted"),
    ):
        assert Walk(shared, **more).case().passage.state == state


def test_a_deferral_has_its_day_and_comes_back_through_the_gate(walk):
    one = walk(OPEN, *SIGNED)
    with pytest.raises(RequestError, match="今天以后"):
        one.take("reviewer", "defer", reason="时机不成熟", until=DAY)
    one.take("reviewer", "defer", reason="时机不成熟", until="2026-09-01", awaiting="decision")
    assert (one.passage().state, one.passage().revisit, one.passage().awaiting) == (
        "deferred",
        "2026-09-01",
        "decision",
    )
    one.take("office", "filed", filing="青政公备〔2026〕1号", day=DAY)
    one.take("reviewer", "resume", note="原因消失")
    assert (one.passage().state, one.passage().revisit) == ("signed", "")
    assert "没有保密审查记录" in _refused(one, "second", "release", RELEASE)


def test_validity_is_marked(walk):
    one = walk(OPEN, *RELEASED, ("drafter", "publish", PUBLISH))
    one.take("reviewer", "annul", validity="废止", since="2026-05-01", by="青水发〔2026〕10号")
    assert (one.passage().validity, one.passage().validity_since, one.passage().state) == (
        "repealed",
        "2026-05-01",
        "published",
    )
