"""The ledger in a database: tasks kept, found, done, gone on to the next period, changed, taken out; who sees whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import accounts
import pytest
from sqlalchemy import select

from gongkai.model.duties.clocks import State, state
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.duties import catalogupdates, ledger
from gongkai.service.duties.dues import due_of
from gongkai.service.duties.following import lists_changed
from gongkai.service.duties.occasions import occasion_of, occasions
from gongkai.service.duties.taskplan import Task, tasks
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.rules import versions
from gongkai.service.rules.catalogimport import CATALOG, CLOCKS
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.rows import row_of
from gongkai.service.settings import Settings
from gongkai.service.store.database import Database
from gongkai.service.store.duties import Duty
from gongkai.service.store.tables import Trail

BOOK, AT = Rulebook.load(), datetime(2026, 4, 28, 2, tzinfo=UTC)
TODAY = date(2026, 4, 28)


@pytest.fixture
def reviewer(session):
    return accounts.actor(session, "reviewer")


def kept(session, actor, *terms, source="方案"):
    found = [Task(place, f"任务{place}", "要求", "办公室", term) for place, term in enumerate(terms, 1)]
    ledger.bring(session, actor, source, ledger.planned(found, BOOK, TODAY, TODAY), at=AT)
    session.flush()
    return ledger.listed(session, actor, ledger.Filter(source=source), TODAY)


def test_what_has_a_day_comes_first(session, reviewer):
    found = kept(session, reviewer, "长期坚持", "2026年10月底前", "本方案发布之日起20个工作日内")
    assert [(one.place, one.due) for one in found] == [(3, "2026-05-28"), (2, "2026-10-31"), (1, "")]


def test_a_plan_is_brought_once(session, reviewer):
    kept(session, reviewer, "长期坚持")
    with pytest.raises(Conflicting, match="已经导入过"):
        kept(session, reviewer, "长期坚持")
    with pytest.raises(RequestError, match="方案名称"):
        ledger.bring(session, reviewer, " ", ledger.planned([Task(1, "甲", "", "", "")], BOOK, None, TODAY), at=AT)
    with pytest.raises(RequestError, match="1 到"):
        ledger.bring(session, reviewer, "空方案", (), at=AT)


def test_a_unit_sees_its_own_and_the_office_all(session, reviewer):
    kept(session, reviewer, "长期坚持")
    everything = ledger.Filter()
    assert len(ledger.listed(session, accounts.actor(session, "office"), everything, TODAY)) == 1
    assert len(ledger.listed(session, accounts.actor(session, "drafter"), everything, TODAY)) == 1
    assert ledger.listed(session, accounts.actor(session, "neighbour"), everything, TODAY) == []
    assert ledger.listed(session, accounts.actor(session, "admin"), everything, TODAY) == []


def test_a_task_is_done_and_taken_back(session, reviewer):
    (one,) = kept(session, reviewer, "2026年10月底前")
    ledger.done(session, reviewer, one.id, "2026-10-20", 1, at=AT)
    assert (one.done, one.version) == ("2026-10-20", 2)
    with pytest.raises(Conflicting):
        ledger.done(session, reviewer, one.id, "2026-10-20", 2, at=AT)
    ledger.reopened(session, reviewer, one.id, 2, at=AT)
    assert one.done == ""
    with pytest.raises(RequestError, match="办结日期"):
        ledger.done(session, reviewer, one.id, "昨天", 3, at=AT)


def test_one_that_comes_again_goes_on(session, reviewer):
    (one,) = kept(session, reviewer, "按季度公布")
    for following in ("2026-09-30", "2026-12-31", "2027-03-31"):
        ledger.done(session, reviewer, one.id, "2026-06-20", one.version, at=AT)
        assert (one.due, one.done) == (following, "")


def test_a_changed_day_is_a_day_by_hand(session, reviewer):
    (one,) = kept(session, reviewer, "按季度公布")
    ledger.amended(session, reviewer, one.id, 1, {"due": "2026-05-06", "note": "提前", "responsible": "法规科"}, at=AT)
    assert (one.due, one.note, one.responsible) == ("2026-05-06", "提前", "法规科")
    assert "人工改为2026年5月6日" in due_of(one, BOOK, TODAY).told
    with pytest.raises(RequestError):
        ledger.amended(session, reviewer, one.id, 2, {"due": "后天"}, at=AT)
    ledger.amended(session, reviewer, one.id, 2, {"due": "", "category": "G19"}, at=AT)
    assert (one.due, one.category) == ("", "G19")


def test_nobody_changes_what_others_changed_or_own(session, reviewer):
    (one,) = kept(session, reviewer, "长期坚持")
    with pytest.raises(Outdated):
        ledger.amended(session, reviewer, one.id, 7, {}, at=AT)
    with pytest.raises(NotFound):
        ledger.dropped(session, accounts.actor(session, "neighbour"), one.id, 1, at=AT)
    ledger.dropped(session, reviewer, one.id, 1, at=AT)
    session.flush()
    assert session.scalar(select(Duty.id)) is None


def test_every_change_leaves_a_trace():
    database = Database.open("sqlite://")
    with database.writing() as session:
        accounts.fill(session, AT)
        actor = accounts.actor(session, "reviewer")
        (one,) = kept(session, actor, "长期坚持")
        ledger.done(session, actor, one.id, "2026-05-01", 1, at=AT)
        ledger.dropped(session, actor, one.id, 2, at=AT)
    with database.reading() as session:
        assert session.scalars(select(Trail.action).order_by(Trail.seq)).all() == ["plan", "done-task", "drop-task"]
    database.close()


def test_words_and_states_are_looked_for(session, reviewer):
    kept(session, reviewer, "长期坚持", "2026年3月底前", "2026年10月底前")
    for wanted, places in (
        (ledger.Filter("任务2"), [2]), (ledger.Filter(state="late"), [2]), (ledger.Filter(state="open"), [2, 3, 1]),
        (ledger.Filter(state="done"), []), (ledger.Filter("100%"), []), (ledger.Filter(source="别的"), []),
    ):  # fmt: skip
        assert [one.place for one in ledger.listed(session, reviewer, wanted, TODAY)] == places


#: Occasion, its day, and the last days of the tasks that follow (counted by hand for 2026: 5-09 is worked).
FOLLOWS = {
    "interpretation": ("2026-04-28", ["2026-05-06"]),
    "decision": ("2026-04-28", ["2026-05-14"]),
    "approved": ("2026-04-28", ["2026-05-18"]),
    "double-publicity": ("2026-04-28", ["2026-05-11"]),
    "penalty-revoked": ("2026-04-28", ["2026-05-06"]),
    "conditions": ("2026-04-28", ["2026-04-29"]),
    "list-changed": ("2026-04-28", ["2026-05-28"]),
    "plan-issued": ("2026-04-28", ["2026-05-28"]),
    "publicity": ("2026-04-28", ["2026-05-08"]),
    "consultation": ("2026-04-28", ["2026-05-28"]),
    "requisition-notice": ("2026-04-28", ["2026-05-14"]),
    "requisition-survey": ("2026-04-28", ["2026-05-08"]),
    "requisition-plan": ("2026-04-28", ["2026-05-28"]),
    "requisition-approved": ("2026-04-28", ["2026-05-21"]),
    "budget": ("2026-04-28", ["2026-05-18"]),
    "emergency": ("2026-04-28T22:30", ["2026-04-29", "2026-04-29"]),
    "hazard-warning": ("2026-04-28", ["2026-04-28"]),
    "annual-report": ("2026-04-28", ["2027-01-31"]),
    "annual-report-government": ("2026-04-28", ["2027-03-31"]),
    "overdue-payments": ("2026-04-28", ["2027-03-31"]),
    "land-data": ("2026-04-28", ["2026-06-30"]),
    "hazard-season": ("2026-04-28", ["2026-05-01"]),
    "policy-evaluation": ("2026-04-28", ["2026-12-31"]),
}


@pytest.mark.parametrize("code", [one.code for one in occasions()])
def test_what_happens_has_its_term(session, reviewer, code):
    start, last = FOLLOWS[code]
    begin = datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start)
    rows = ledger.raised(session, reviewer, BOOK, occasion_of(code), "青河路", begin, at=AT)
    assert [row.due for row in rows] == last
    assert all(row.task.endswith("：青河路") and "依据" in row.requirement for row in rows)
    assert all(row.category in BOOK.category for row in rows)


def test_an_hour_counts_to_the_minute(session, reviewer):
    begin = datetime(2026, 4, 28, 22, 30)
    rows = ledger.raised(session, reviewer, BOOK, occasion_of("emergency"), "", begin, at=AT)
    moments = [due_of(row, BOOK, TODAY).moment for row in rows]
    assert moments == [datetime(2026, 4, 29, 3, 30), datetime(2026, 4, 29, 22, 30)]


def test_an_unknown_occasion_is_refused():
    with pytest.raises(RequestError, match="没有这种事项"):
        occasion_of("holiday")


def test_a_changed_list_has_to_be_published_anew(session):
    office = accounts.actor(session, "office")
    before = shipped()
    changed = before | {CATALOG: before[CATALOG].replace('name = "政策解读"', 'name = "政策解读材料"', 1)}
    assert lists_changed(session, office, BOOK, before, before | {CATALOG: before[CATALOG] + "\n# 注\n"}, at=AT) == ()
    assert lists_changed(session, office, BOOK, before, changed, at=AT) == ("公开目录",)
    session.flush()
    (one,) = ledger.listed(session, office, ledger.Filter(), TODAY)
    assert (one.task, one.due) == ("公开调整后的清单：公开目录", "2026-05-28")


def test_a_term_that_the_rulebook_lacks_comes_with_the_draft(session):
    office = accounts.actor(session, "office")
    (one,) = kept(session, office, "信息形成之日起9个工作日内公开")
    one.category = "G0602"
    (update,) = catalogupdates.updates([one], BOOK)
    assert (update.deadline, update.fresh) == (("作出决定之日起7个工作日", "信息形成之日起9个工作日内公开"), True)
    number = catalogupdates.drafted(session, office, Settings(), [update], {"G0602"}, "方案", at=AT)
    files = versions.version(session, Settings(), number).files
    assert row_of(files[CATALOG], "category", "G0602").values["deadline"] == "D9"
    assert row_of(files[CLOCKS], "deadline", "D9").values["count"] == 9


@pytest.mark.parametrize(
    ("term", "category", "becomes"),
    [
        ("决策文件出台后的10个工作日内", "G0103", "决策文件出台后10个工作日"),
        ("按季度公布", "G04", "按季度"),
        ("每年3月31日前", "G04", "每年3月31日前"),
        ("信息形成或变更之日起20个工作日内", "G0103", None),
        ("本方案发布之日起20个工作日内", "G0704", None),
        ("2026年10月底前", "G0103", None),
        ("3个工作日内", "G0106", None),
    ],
)
def test_only_terms_of_the_catalog_change_it(session, term, category, becomes):
    office = accounts.actor(session, "office")
    (one,) = kept(session, office, term)
    one.category = category
    (update,) = catalogupdates.updates([one], BOOK)
    assert (update.deadline and update.deadline[1]) == becomes
    assert update.publisher == ("没有", "办公室")


def test_a_paper_without_a_task_table_is_refused():
    for text in ("关于召开会议的通知\n请准时参加。", "序号\t姓名\t电话\n1\t赵一鸣\t无"):
        with pytest.raises(RequestError, match="没有找到任务分解表"):
            tasks(text)


def test_headings_that_plans_use():
    text = "序号\t重点任务\t主要措施\t牵头单位\t配合单位\t完成时限\n1\t甲\t乙\t办公室\t法规科\t6月底前\n说明：略"
    (one,) = tasks(text)
    assert (one.task, one.requirement, one.deadline) == ("甲", "乙", "6月底前")
    assert ledger.planned([one], BOOK, TODAY, TODAY)[0].responsible == "办公室牵头，法规科配合"
    short = "任务\t责任单位\t时限\n甲\t办公室\t及时"
    assert tasks(short) == (replace(one, task="甲", requirement="", responsible="办公室", deadline="及时"),)


def test_states_of_tasks_follow_their_day(session, reviewer):
    (one,) = kept(session, reviewer, "2026年3月底前")
    assert state(due_of(one, BOOK, TODAY), TODAY) == State.late
