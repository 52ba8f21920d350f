"""The due list within reach: documents on their way, notices, interpretations, tasks, yearly reports; the digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import accounts
import pytest
from icalendar import Calendar
from said import said

from gongkai.model.duties.clocks import State
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties import dues, handset, ledger
from gongkai.service.duties.daily import digest
from gongkai.service.duties.duesheet import due_book
from gongkai.service.duties.occasions import occasion_of
from gongkai.service.duties.recounting import moved, recount
from gongkai.service.duties.reminders import Reminder, feed
from gongkai.service.duties.taskplan import Task
from gongkai.service.duties.terms import asked, moment, settle, terms_of
from gongkai.service.errors import Conflicting
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import new_id
from gongkai.service.store.vault import Vault

BOOK, VAULT = Rulebook.load(), Vault(b"k" * 32)
AT = datetime(2026, 4, 28, 2, tzinfo=UTC)
NOW = datetime(2026, 4, 28, 10)


def paper(session, title="关于青河管护的通知", *, login="drafter", issued="2026-04-01"):
    told = said(f"{title}\n请照此办理。", attribute="proactive")
    told.kept["title"], told.kept["elements"]["issued"] = title, issued
    return keep(session, VAULT, accounts.actor(session, login), told, text="", origin="page", at=AT)


def passing(session, document, category="G0103", start="2026-04-01", *, published=None, **fields):
    row = Passage(
        document=document.id, unit=document.unit, state="released", category=category, codes=[], start="", due="",
        bundle={}, published=published, created=AT, changed=AT, **fields,
    )  # fmt: skip
    session.add(row)
    settle(row, BOOK, start=start, attribute="proactive")
    session.flush()
    return row


def lines(session, login="office", now=NOW):
    return dues.lines(session, accounts.actor(session, login), BOOK, now)


def told(found):
    return [
        (one.kind, one.due.row.code, one.due.last and one.due.last.isoformat(), one.state.value, one.over)
        for one in found
    ]


#: Category and day -> codes, last day. 2026: 5-01 to 5-05 off, 4-06 off, 5-09 worked.
SETTLED = [
    ("G0103", "2026-04-01", ["D20"], "2026-04-30"),
    ("G0104", "2026-04-28", ["D3"], "2026-05-06"),
    ("G0107", "2026-04-28", ["D10"], "2026-05-14"),
    ("G0502", "2026-04-28", ["D7"], "2026-05-11"),
    ("G0506", "2026-04-28", ["D1"], "2026-04-29"),
    ("N0207", "2026-04-28", ["D15"], "2026-05-21"),
    ("N0405", "2026-04-28", ["Q"], "2026-09-30"),
    ("G19", "2025-12-31", ["Y0131"], "2026-01-31"),
    ("N0502", "2026-04-28", ["P10", "D20"], "2026-05-28"),
    ("", "2026-04-28", ["D20"], "2026-05-28"),
    ("N0802", "2026-04-28", ["SPECIAL"], ""),
    ("G0103", "2031-04-28", ["D20"], ""),
    ("G0103", "", ["D20"], ""),
]


@pytest.mark.parametrize(("category", "start", "codes", "last"), SETTLED)
def test_clocks_of_a_category(category, start, codes, last):
    found = terms_of(category, start, BOOK)
    assert (list(found.codes), found.due) == (codes, last)


def test_an_agency_sets_its_own_number_of_days():
    rows = tuple(replace(row, count=15) if row.code == "D10" else row for row in BOOK.deadlines)
    found = terms_of("G0107", "2026-04-28", replace(BOOK, deadlines=rows))
    assert (found.codes, found.due) == (("D10",), "2026-05-21")


def test_the_catalog_has_interpretation_response_and_participation():
    named = {row.name: row.deadline for row in BOOK.categories}
    wanted = {
        "政策解读": "D3",
        "回应关切、政民互动、信访渠道": "D20",
        "征求意见稿/决策预公开": "C30",
        "意见收集采纳反馈": "D10",
    }
    assert {name: named.get(name) for name in wanted} == wanted


def test_what_is_not_made_public_has_no_clock():
    assert terms_of("G0103", "2026-04-28", BOOK, attribute="withheld").codes == ()
    with pytest.raises(RequestError):
        terms_of("G0103", "2026-04-28", BOOK, codes=["D99"])


def test_days_and_times_as_people_type_them():
    assert moment("2026-04-28") == date(2026, 4, 28)
    assert asked(" 2026-04-28 08:30 ") == datetime(2026, 4, 28, 8, 30)
    for wrong in ("2026-02-30", "昨天", ""):
        with pytest.raises(RequestError, match="日期应当写成"):
            asked(wrong)


def test_a_paper_on_its_way_is_due_and_then_late(session):
    passing(session, paper(session))
    assert told(lines(session)) == [("document", "D20", "2026-04-30", "due", 0)]
    late = lines(session, now=NOW + timedelta(days=3))
    assert told(late) == [("document", "D20", "2026-04-30", "late", 1)]


@pytest.mark.parametrize(
    ("day", "state", "over"), [("2026-04-29", "kept", 0), ("2026-05-06", "missed", 6), ("2026-03-31", "odd", 0)]
)
def test_a_published_paper_was_in_time_or_not(session, day, state, over):
    published = datetime.fromisoformat(day).replace(tzinfo=ZONE)
    passing(session, paper(session), published=published)
    (line,) = lines(session, now=datetime(2026, 5, 20, 9))
    assert (line.state.value, line.over, line.waiting) == (state, over, False)


def test_a_notice_runs_from_its_publication(session):
    published = datetime(2026, 4, 20, tzinfo=ZONE)
    passing(session, paper(session, "矿业权交易结果公示"), "N0502", "2026-04-16", published=published)
    found = told(lines(session))
    assert ("notice", "P10", "2026-04-30", "due", 0) in found
    assert ("document", "D20", "2026-05-18", "kept", 0) in found


def test_an_interpretation_follows_in_three_working_days(session):
    document = paper(session)
    row = passing(session, document, published=datetime(2026, 4, 27, tzinfo=ZONE))
    assert [one.kind for one in lines(session)] == ["document"]
    row.bundle = {"form": {"policy": "是", "interpretation": "随文报送"}}
    assert ("interpretation", "D3", "2026-04-30", "due", 0) in told(lines(session))
    session.add(
        Step(
            id=new_id(),
            document=document.id,
            kind="interpret",
            before="published",
            after="published",
            record={"day": "2026-04-29"},
            by=document.owner,
            at=AT,
        )  # fmt: skip
    )
    session.flush()
    assert ("interpretation", "D3", "2026-04-30", "kept", 0) in told(lines(session))


def test_a_decided_paper_that_nobody_passes_on_is_due_by_its_item(session):
    document = paper(session)
    reviewer = accounts.actor(session, "reviewer")
    decide(session, BOOK, reviewer, document, Given("proactive", reason="P-2015", category="G0502"), at=AT)
    session.flush()
    (line,) = lines(session)
    assert (line.due.row.code, line.due.last, line.link) == ("D7", date(2026, 4, 13), f"/documents/{document.id}")


def test_deferred_and_withheld_papers_are_not_due(session):
    for state in ("withheld", "deferred", "withdrawn", "on_request"):
        passing(session, paper(session, f"{state}的通知")).state = state
    session.flush()
    assert lines(session) == ()


@pytest.mark.parametrize(
    ("login", "count"), [("drafter", 1), ("reviewer", 1), ("office", 2), ("neighbour", 1), ("admin", 0)]
)
def test_everybody_sees_what_is_within_reach(session, login, count):
    passing(session, paper(session))
    passing(session, paper(session, "民政局的通知", login="neighbour"))
    assert len(lines(session, login)) == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-10", [("YEARLY", "2026-01-31")]),
        ("2026-02-20", [("YEARLY", "2026-03-31")] * 2),
        ("2026-06-01", []),
        ("2025-12-15", [("YEARLY", "2026-01-31")]),
    ],
)
def test_yearly_reports_are_reminded_of_two_months_ahead(session, day, expected):
    now = datetime.fromisoformat(day)
    assert [(one.due.row.code, one.due.last.isoformat()) for one in lines(session, now=now)] == expected


def test_a_yearly_report_in_the_ledger_is_reminded_of_from_there(session):
    office, now = accounts.actor(session, "office"), datetime(2026, 1, 10)
    (row,) = ledger.raised(session, office, BOOK, occasion_of("annual-report"), "", now, at=AT)
    session.flush()
    assert [(one.kind, one.due.last) for one in lines(session, now=now)] == [("task", date(2026, 1, 31))]
    ledger.done(session, office, row.id, "2026-01-12", 1, at=AT)
    assert [(one.kind, one.due.last) for one in lines(session, now=now)] == [("task", date(2027, 1, 31))]


def test_filters(session):
    passing(session, paper(session))
    office = accounts.actor(session, "office")
    tasks = [Task(1, "甲", "", "办公室", "2026年3月底前"), Task(2, "乙", "", "", "2026年10月底前")]
    ledger.bring(session, office, "方案", ledger.planned(tasks, BOOK, None, NOW.date()), at=AT)
    session.flush()
    every = lines(session)
    for wanted, count in (("open", 3), ("late", 1), ("soon", 2), ("done", 0), ("all", 3)):
        assert len(dues.chosen(every, dues.Filter(wanted), NOW)) == count, wanted
    assert len(dues.chosen(every, dues.Filter("open", "task"), NOW)) == 2
    assert len(dues.chosen(every, dues.Filter("open", "", "青禾县水务局"), NOW)) == 1


def test_years_without_a_notice_are_said(session):
    passing(session, paper(session), start="2026-12-20")
    found = lines(session, now=datetime(2026, 11, 20))
    assert found[0].state == State.untold
    assert dues.missing(BOOK, found, date(2026, 11, 20)) == (2027,)
    assert dues.missing(BOOK, (), date(2026, 12, 1)) == (2027,)
    assert dues.missing(BOOK, (), date(2026, 11, 30)) == ()


def test_the_calendar_and_the_workbook_hold_what_is_due(session):
    passing(session, paper(session))
    found = lines(session)
    events = Calendar.from_ical(
        feed([Reminder(one.key, one.title, one.due) for one in found], BOOK.workdays, "期限", AT)
    ).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == ["时限到期：关于青河管护的通知"]
    assert due_book(found).startswith(b"PK")


def test_the_digest_of_a_day(session):
    passing(session, paper(session))
    office = accounts.actor(session, "office")
    terms = ("2026年3月底前", "2026年4月28日前", "2026年6月底前", "2026年5月6日前")
    tasks = [Task(place, term, "", "", term) for place, term in enumerate(terms)]
    ledger.bring(session, office, "方案", ledger.planned(tasks, BOOK, None, NOW.date()), at=AT)
    session.flush()
    found = digest(session, office, BOOK, AT)
    assert [one.title for one in found.late] == ["2026年3月底前"]
    assert [one.title for one in found.today] == ["2026年4月28日前"]
    assert [one.title for one in found.soon] == ["关于青河管护的通知", "2026年5月6日前"]
    assert (found.waiting, found.revisit, found.missing, found.quiet) == ({"released": 1}, 0, (), False)


def test_a_quiet_day(session):
    assert digest(session, accounts.actor(session, "drafter"), BOOK, AT).quiet


def test_clocks_are_set_by_hand(session):
    document = paper(session)
    drafter = accounts.actor(session, "drafter")
    handset.settled(session, drafter, document, BOOK, "2026-04-28", "G0506", "", at=AT)
    session.flush()
    found = handset.clocks_of(session, VAULT, document, BOOK)
    assert (found.terms.codes, found.terms.due) == (("D1",), "2026-04-29")
    handset.settled(session, drafter, document, BOOK, "2026-04-28", "", "D3", at=AT)
    assert handset.clocks_of(session, VAULT, document, BOOK).terms.due == "2026-05-06"
    document.decided = "withheld"
    with pytest.raises(Conflicting, match="没有定为主动公开"):
        handset.settled(session, drafter, document, BOOK, "2026-04-28", "", "", at=AT)


def test_a_hazard_warning_goes_out_at_once(session):
    document = paper(session, "青禾县地质灾害气象风险橙色预警", issued="2026-04-28")
    found = handset.clocks_of(session, VAULT, document, BOOK)
    assert found.warning.level == "orange"
    assert "接到即发" in found.urgent
    assert "气象台" in found.urgent
    assert found.terms.due == "2026-05-28"


def test_databases_of_each_kind_tell_the_same(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        document = paper(session)
        decide(session, BOOK, accounts.actor(session, "reviewer"), document, Given("proactive", reason="P-2015"), at=AT)
        passing(session, paper(session, "公示"), "N0502", "2026-04-16", published=datetime(2026, 4, 20, tzinfo=ZONE))
        ledger.raised(session, accounts.actor(session, "office"), BOOK, occasion_of("list-changed"), "", NOW, at=AT)
    with database.reading() as session:
        found = digest(session, accounts.actor(session, "office"), BOOK, AT)
        assert {line.due.row.code for line in found.soon} == {"D20", "P10"}
        assert {(line.kind, line.due.row.code) for line in lines(session)} == {
            ("document", "D20"), ("notice", "P10"), ("task", "D20"),
        }  # fmt: skip


def shorter(book, code="D20", count=10):
    """The rulebook with another number of days for a clock."""
    rows = [replace(row, count=count) if row.code == code else row for row in book.deadlines]
    return replace(book, deadlines=tuple(rows))


def test_other_deadlines_move_the_last_days_of_what_is_on_its_way(session):
    mine, other, public, put_off, endless = (
        passing(session, paper(session, f"关于第{number}段的通知"), *of, **more)
        for number, (of, more) in enumerate(
            [((), {}), (("G0107",), {}), ((), {"published": AT}), ((), {}), (("G0103", "2031-04-28"), {})]
        )
    )
    put_off.state = "deferred"
    session.flush()
    before = [row.due for row in (mine, other, public, put_off, endless)]
    assert [one.passage.document for one in moved(session, shorter(BOOK))] == [mine.document]
    assert recount(session, accounts.actor(session, "office"), shorter(BOOK), at=AT) == 1
    assert (before[0], mine.due) == ("2026-04-30", "2026-04-16")
    assert [row.due for row in (other, public, put_off, endless)] == before[1:]
    assert recount(session, accounts.actor(session, "office"), BOOK, at=AT) == 1
    assert mine.due == before[0]
