"""Withheld and deferred documents come back when their day has come, and leave the queue with a reason."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import accounts
import openpyxl
import pytest
from sqlalchemy import select
from withheld import AT, kept

from gongkai.model.errors import RequestError
from gongkai.service.afterwards.progress import owed, progress
from gongkai.service.afterwards.queue import Wanted, one, queue
from gongkai.service.afterwards.queuebook import of_items, of_owed, of_progress
from gongkai.service.afterwards.rereviewing import Ruling, rereview
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.passages.stepping import step
from gongkai.service.store.duties import Application, Passage, Relation, Step
from gongkai.service.store.tables import Kept


def due(session, who="reviewer", scope="due", at=AT):
    found = queue(session, accounts.actor(session, who), Wanted(scope), at)
    return [item.kept.title for item in found.items]


def settle(session, rules, row, way, who="reviewer", at=AT, **given):
    ruling = Ruling(way, given.pop("reason", "理由仍然成立"), **given)
    return rereview(session, rules, accounts.actor(session, who), row.id, ruling, at=at)


def test_a_year_after_its_decision_a_document_comes_back(session, rules):
    kept(session, rules, "去年的值班安排")
    kept(session, rules, "上月的值班安排", at=AT - timedelta(days=30))
    kept(session, rules, "公开了的通告", decided="proactive", reason="P-192")
    kept(session, rules, "没有决定的通知", decided="")
    assert due(session) == ["去年的值班安排"]
    assert due(session, scope="all") == ["去年的值班安排", "上月的值班安排"]


def test_only_within_reach(session, rules):
    kept(session, rules, "水务局的")
    assert due(session, "office") == ["水务局的"]
    other = accounts.actor(session, "neighbour")
    assert queue(session, other, Wanted(), AT).total == 0
    with pytest.raises(NotFound):
        rereview(session, rules, other, session.scalar(select(Kept.id)), Ruling("retain", "理由"), at=AT)


def test_kept_with_a_reason_it_is_gone_until_the_next_time(session, rules):
    row = kept(session, rules, "去年的值班安排")
    passage = settle(session, rules, row, "retain", until="2026-09-01")
    assert (passage.state, passage.revisit, passage.awaiting) == ("withheld", "2026-09-01", "year")
    assert due(session) == []
    assert due(session, at=datetime(2026, 9, 1, 2, tzinfo=UTC)) == ["去年的值班安排"]
    taken = session.scalars(select(Step).where(Step.document == row.id)).one()
    assert (taken.kind, taken.record["reason"], taken.before, taken.after) == (
        "retain", "理由仍然成立", "withheld", "withheld",
    )  # fmt: skip


def test_the_usual_next_time_is_that_of_its_reason(session, rules):
    row = kept(session, rules, "关于河道方案的请示", reason="W-167")
    assert settle(session, rules, row, "retain", code="W-167").revisit == "2026-09-02"
    plain = kept(session, rules, "值班安排")
    assert settle(session, rules, plain, "retain").revisit == "2027-03-02"


def test_turned_into_disclosure_it_is_owed_until_it_is_public(session, rules):
    row = kept(session, rules, "去年的停水方案")
    passage = settle(session, rules, row, "convert", attribute="proactive", code="P-192", reason="检修已经结束")
    assert (row.decided, passage.state, due(session)) == ("proactive", "signed", [])
    actor = accounts.actor(session, "reviewer")
    debt = owed(session, actor, AT)[0]
    assert (debt.kept.id, debt.since, debt.due, debt.late) == (row.id, date(2026, 3, 2), "2026-03-30", 0)
    assert owed(session, actor, AT + timedelta(days=30))[0].late == 2
    passage.state = "published"
    session.flush()
    assert owed(session, actor, AT) == ()


def test_a_deferral_comes_first_once_it_is_over(session, rules):
    row = kept(session, rules, "灾后重建方案", decided="proactive", reason="P-192", at=AT)
    session.add(Passage(document=row.id, unit=row.unit, state="signed", created=AT, changed=AT))
    session.flush()
    kept(session, rules, "去年的值班安排")
    settle(session, rules, row, "defer", until="2026-04-01", reason="灾情未核实，暂时不宜公开", awaiting="risk")
    assert due(session) == ["去年的值班安排"]
    assert due(session, scope="deferred") == ["灾后重建方案"]
    later = datetime(2026, 4, 11, 2, tzinfo=UTC)
    assert due(session, at=later) == ["灾后重建方案", "去年的值班安排"]
    item = one(session, row, later)
    assert (item.late, item.first.to) == (10, "proactive")
    assert "暂缓公开已过10日" in item.first.why
    office = accounts.actor(session, "office")
    step(session, rules, office, row, "filed", {"filing": "青公开备〔2026〕3号", "day": "2026-03-03"}, AT)
    passage = settle(session, rules, row, "resume", at=later, reason="灾情已经核实")
    assert (passage.state, passage.revisit) == ("signed", "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"reason": " "}, "写明理由"),
        ({"until": "2026-03-02"}, "今天以后"),
        ({"until": "2027-04-02"}, "一年以内"),
        ({"way": "burn"}, "之一"),
        ({"way": "defer"}, "定下重评的日子"),
        ({"way": "convert", "attribute": "withheld"}, "主动公开或者依申请公开"),
    ],
)
def test_what_is_refused(session, rules, given, says):
    row = kept(session, rules, "去年的值班安排")
    with pytest.raises(RequestError, match=says):
        settle(session, rules, row, **{"way": "retain", **given})
    assert session.scalar(select(Step)) is None


def test_what_nobody_decided_has_nothing_to_keep(session, rules):
    row = kept(session, rules, "没有决定的通知", decided="")
    with pytest.raises(Conflicting, match="还没有人作出决定"):
        settle(session, rules, row, "retain")


def test_a_draft_comes_back_once_its_decision_is_there(session, rules):
    draft = kept(session, rules, "河道管护办法（送审稿）", reason="W-165", at=AT - timedelta(days=30))
    final = kept(session, rules, "河道管护办法", decided="proactive", reason="P-2001", at=AT)
    assert due(session) == []
    session.add(Relation(document=final.id, role="draft", target=draft.id, by=accounts.user_id("reviewer"), at=AT))
    session.flush()
    assert due(session) == ["河道管护办法（送审稿）"]
    first = one(session, draft, AT).first
    assert (first.to, first.basis.startswith("条例第十六条第二款")) == ("on_request", True)
    assert "《河道管护办法》已经出来" in first.why
    settle(session, rules, draft, "retain", at=AT + timedelta(hours=1))
    assert due(session, at=AT + timedelta(hours=2)) == []


def test_what_many_ask_for_comes_back_too(session, rules):
    row = kept(session, rules, "征地补偿标准", decided="on_request", reason="A-01", at=AT - timedelta(days=30))
    for number in range(3):
        assert due(session) == []
        session.add(
            Application(
                unit=row.unit,
                number=str(number),
                received="2026-01-05",
                applicant="natural",
                topic="征地补偿标准",
                document=row.id,
                by=accounts.user_id("office"),
                at=AT,
            )  # fmt: skip
        )
        session.flush()
    assert due(session) == ["征地补偿标准"]
    first = one(session, row, AT).first
    assert (first.to, first.basis) == ("proactive", "条例第四十四条第一款")


def test_progress_of_a_year_by_unit(session, rules):
    rows = [kept(session, rules, f"去年的第{place}件") for place in range(4)]
    settle(session, rules, rows[0], "retain")
    settle(session, rules, rows[0], "retain", at=AT + timedelta(days=1))
    settle(session, rules, rows[1], "convert", attribute="on_request", code="A-04", reason="可以提供")
    actor = accounts.actor(session, "office")
    (row,) = progress(session, actor, 2026, AT)
    assert (row.unit, row.held, row.due, row.seen, row.kept, row.converted) == ("青禾县水务局", 3, 2, 2, 1, 1)
    assert row.share == 0.5
    assert progress(session, actor, 2025, AT)[0].seen == 0


def cells(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_lists_as_workbooks(session, rules):
    row = kept(session, rules, "=去年的值班安排")
    actor = accounts.actor(session, "office")
    told = cells(of_items(queue(session, actor, Wanted(), AT).items))
    assert told[0][:3] == ["序号", "标题", "发文字号"]
    assert told[1][1:7] == ["=去年的值班安排", None, "青禾县水务局", "不予公开", "W-163", "条例第十六条"]
    settle(session, rules, row, "convert", attribute="proactive", reason="可以公开")
    assert cells(of_owed(owed(session, actor, AT)))[1][0] == "=去年的值班安排"
    assert cells(of_progress(progress(session, actor, 2026, AT), 2026))[1][:5] == ["青禾县水务局", 0, 0, 1, 0]
