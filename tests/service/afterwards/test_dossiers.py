"""Papers of one decision find each other; what is missing is told with its article; drafts come back."""

from __future__ import annotations

import re
from types import SimpleNamespace

import accounts
import pytest
from withheld import AT, kept

from gongkai.model.document import Span
from gongkai.model.duties.dossier import Role, missing, role_of, subject, together
from gongkai.model.errors import RequestError
from gongkai.model.finding import Finding
from gongkai.service.afterwards.assembling import Found, mentioned, roles
from gongkai.service.afterwards.dossiers import add, assemble, dossier, remove
from gongkai.service.afterwards.queue import Wanted, queue
from gongkai.service.errors import NotFound

RULES = "青禾县河道管护办法"
TITLES = [
    ("关于《青禾县河道管护办法（征求意见稿）》的起草说明", "explanation"),
    ("《青禾县河道管护办法》解读", "interpretation"),
    ("青禾县河道管护办法（送审稿）", "draft"),
    ("青禾县水务局关于公开征求《青禾县河道管护办法（征求意见稿）》意见的公告", "draft"),
    ("关于青禾县河道管护办法征求意见采纳情况的公告", "consultation"),
    ("青禾县河道管护办法风险评估报告", "risk"),
    ("关于报送青禾县河道管护办法的请示", "request"),
    ("青禾县人民政府关于印发青禾县河道管护办法的通知", "related"),
]


@pytest.mark.parametrize(("title", "role"), TITLES)
def test_papers_of_one_decision(title, role):
    assert subject(title) == RULES
    assert together(title, RULES)
    assert role_of(title, roles()) == role


@pytest.mark.parametrize("title", ["青禾县供水条例", "青禾县河道采砂规划", "通知", "关于开会的通知"])
def test_others_stay_out(title):
    assert not together(title, RULES)


def test_what_a_decision_lacks():
    held = ["draft", "explanation", "basis", "background", "meeting", "result", "interpretation"]
    lacks = missing(held, roles())
    assert [role.code for role in lacks if role.level == "must"] == ["consultation"]
    assert {role.code for role in lacks if role.level == "case"} == {"risk", "expert", "effect", "representatives"}
    assert "第十五条" in lacks[0].basis


def test_all_that_decisions_publish_is_asked_for():
    """国办发〔2016〕80号 and the work plans: 草案全文、草案说明、决策背景、意见收集和采纳、会议审议、决策结果."""
    assert {role.code for role in missing([], roles()) if role.level == "must"} == {
        "draft", "explanation", "basis", "background", "consultation", "meeting", "result", "interpretation",
    }  # fmt: skip


def test_a_level_that_is_none():
    with pytest.raises(ValueError, match="请改正"):
        Role("x", "甲", "maybe")


class Reader:
    """A crew that finds the surname 赵 and its given name, as a screening would."""

    def do(self, order):
        text = order.document.text
        places = [Finding(Span(m.start(), m.end()), "NAME", 0.9, "test") for m in re.finditer("赵一鸣", text)]
        return SimpleNamespace(personal=tuple(places))


TEXT = """青禾县人民政府关于印发青禾县河道管护办法的通知

各乡镇人民政府：
《青禾县河道管护办法》已经县政府常务会议讨论通过，现印发给你们，请遵照执行。本办法自2021年3月1日起施行，有效期5年。
《青禾县河道管理办法》（青政发〔2010〕7号）、《赵一鸣承包河段管理规定》同时废止。

青禾县人民政府
2021年2月1日
"""


def assembled(session, reviewer, document, found=()):
    return assemble(session, reviewer, document, found, at=AT)


def test_a_dossier_is_assembled_by_number_title_and_subject(session, rules, reviewer):
    old = kept(session, rules, "青禾县河道管理办法", number="青政发〔2010〕7号", decided="proactive", reason="P-2001")
    draft = kept(session, rules, "青禾县河道管护办法（送审稿）", reason="W-165")
    told = kept(session, rules, "关于《青禾县河道管护办法（征求意见稿）》的起草说明", decided="")
    final = kept(session, rules, "青禾县人民政府关于印发青禾县河道管护办法的通知", decided="proactive", reason="P-2001")
    named = mentioned(Reader(), rules, TEXT)
    assert assembled(session, reviewer, final.id, named) == 6
    session.flush()
    found = dossier(session, reviewer, final)
    papers = {paper.relation.target or paper.relation.title: paper.role.code for paper in found.papers}
    assert papers == {
        old.id: "repeals",
        draft.id: "draft",
        told.id: "explanation",
        "×××承包河段管理规定": "repeals",
        "青禾县河道管护办法": "source",
        "有效期至2026-02-28": "term",
    }
    assert {paper.relation.issued for paper in found.papers if paper.role.code == "repeals"} == {"2021-03-01"}
    assert found.decision
    assert {role.code for role in found.missing if role.level == "must"} == {
        "basis", "background", "consultation", "meeting", "interpretation",
    }  # fmt: skip
    assert [paper.relation.target for paper in found.reopened] == [draft.id]
    assert assembled(session, reviewer, final.id, named) == 0
    (around,) = dossier(session, reviewer, draft).within
    assert (around.target.id, around.role.code) == (final.id, "draft")


def test_a_draft_finds_its_result(session, rules, reviewer):
    draft = kept(session, rules, "青禾县河道管护办法（送审稿）", reason="W-165", at=AT)
    final = kept(session, rules, "青禾县河道管护办法", decided="proactive", reason="P-2001")
    assert assembled(session, reviewer, draft.id) == 1
    session.flush()
    (paper,) = dossier(session, reviewer, draft).papers
    assert (paper.role.code, paper.target.id) == ("result", final.id)
    due = queue(session, reviewer, Wanted(), AT).items
    assert [(item.kept.id, item.first.to) for item in due] == [(draft.id, "on_request")]


def test_what_an_officer_adds_and_takes_out(session, rules, reviewer):
    final = kept(session, rules, "青禾县河道管护办法", decided="proactive", reason="P-2001")
    basis = kept(session, rules, "青禾市河道条例", number="青市人发〔2019〕2号", decided="proactive", reason="P-2001")
    row = add(session, reviewer, final.id, Found("basis", "青市人发〔2019〕2号"), at=AT)
    session.flush()
    assert (row.target, row.title) == (basis.id, "青禾市河道条例")
    remove(session, reviewer, final.id, row.id, at=AT)
    session.flush()
    assert dossier(session, reviewer, final).papers == ()
    with pytest.raises(NotFound):
        remove(session, reviewer, final.id, row.id, at=AT)
    for one in (Found("friend", "1号"), Found("basis", " ", "")):
        with pytest.raises(RequestError):
            add(session, reviewer, final.id, one, at=AT)


def test_no_ordinary_paper_is_asked_for_a_decisions_papers(session, rules, reviewer):
    row = kept(session, rules, "青河路停水检修的通告", decided="proactive", reason="P-192")
    assert (dossier(session, reviewer, row).decision, dossier(session, reviewer, row).missing) == (False, ())
    assert dossier(session, reviewer, row, "G15").decision


def test_titles_of_other_units_stay_there(session, rules, reviewer):
    row = kept(session, rules, "青禾县河道管护办法", decided="proactive", reason="P-2001")
    foreign = kept(session, rules, "青禾县河道管护办法（送审稿）")
    foreign.unit, foreign.owner = accounts.CIVIL, accounts.user_id("neighbour")
    session.flush()
    assert assembled(session, reviewer, row.id) == 0
    office = accounts.actor(session, "office")
    assert assembled(session, office, row.id) == 1
    session.flush()
    assert dossier(session, reviewer, row).papers[0].target is None
    assert dossier(session, office, row).papers[0].target.id == foreign.id
    with pytest.raises(NotFound):
        assembled(session, accounts.actor(session, "neighbour"), row.id)
