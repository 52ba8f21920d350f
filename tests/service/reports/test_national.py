"""The national tables counted from a register: years that applications touch, given cells, and what contradicts."""

from __future__ import annotations

import pytest
from registers import application

from gongkai.model.rulebook import Rulebook
from gongkai.service.afterwards.outcomes import codes, recognised
from gongkai.service.reports.consistency import faults
from gongkai.service.reports.national import (
    CARRIED,
    LEFT,
    NEW,
    applications_table,
    counted,
    disputes_table,
    proactive_tables,
)
from gongkai.service.reports.periods import Period, latest
from gongkai.service.reports.punctual import in_time, last_day, punctual

YEAR = Period.of("2025")


@pytest.fixture(scope="module")
def rules():
    return Rulebook.load()


REGISTER = [
    application("1", "2024-12-20", "2025-01-10", "granted"),
    application("2", "2024-11-01", "2024-12-01", "granted"),
    application("3", "2025-03-01", "2025-03-20", "denied_process", applicant="business", reviews=["upheld", "refused"]),
    application("4", "2025-12-20", "", ""),
    application("5", "2025-12-20", "2026-01-05", "granted", direct=["corrected"]),
    application("6", "2025-05-01", "2025-05-20", "partial", applicant="legal", direct=["pending"], after=["other"]),
    application("7", "2026-01-02", "", ""),
]


def test_which_year_an_application_counts_in():
    counts = counted(REGISTER, YEAR, {})
    assert (counts.line(NEW), counts.line(CARRIED), counts.closed, counts.line(LEFT)) == (4, 1, 3, 2)
    assert (counts.of("business", "denied_process"), counts.group("denied"), counts.group("partial")) == (1, 1, 1)
    before = counted(REGISTER, YEAR.before, {})
    assert (before.line(NEW), before.closed, before.line(LEFT)) == (2, 1, 1)
    assert faults(counts, {}, before, {}) == ()


def test_disputes_that_were_not_accepted_are_told_beside_the_table():
    counts = counted(REGISTER, YEAR, {})
    table = disputes_table(counts)
    assert table.rows[0].cells == (1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1)
    assert "1 件复议机关或者法院未受理" in table.note
    assert (counts.disputed("reviews"), counts.disputed("reviews", refused=True)) == (1, 2)


def test_the_table_has_the_rows_of_the_format():
    names = [row.name for row in applications_table(counted(REGISTER, YEAR, {})).rows]
    assert len(names) == 30
    groups = ["予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理", "总计"]
    assert [name[3:7].rstrip("（") for name in names if name.startswith("（")] == groups
    assert applications_table(counted([], YEAR, {})).heads == (("", 1), ("法人或其他组织", 5), ("", 1))


#: Changes to consistent numbers, and what the sentence about it says.
CONTRADICTIONS = [
    ({"new.natural": 9.0}, "“自然人”一列不平"),
    ({"granted.business": 4.0}, "“商业企业”一列不平"),
    ({"carried.natural": 2.0, "granted.natural": 2.0}, "与上一年度报告的“结转下年度继续办理”1 件不一致"),
]


@pytest.mark.parametrize(("given", "says"), CONTRADICTIONS)
def test_given_cells_that_do_not_agree(given, says):
    counts = counted(REGISTER, YEAR, given)
    assert counts.given == len(given)
    found = faults(counts, {}, counted(REGISTER, YEAR.before, {}), {})
    assert len(found) == 1 and says in found[0]


def test_applications_without_outcome_or_kind_are_told():
    rows = [application("1", "2025-02-01", "2025-03-01", ""), application("2", "2025-02-01", "", applicant="谁")]
    counts = counted(rows, YEAR, {})
    assert (counts.unnamed, counts.unplaced) == (1, 1)
    told = faults(counts, {}, None, {})
    assert ["没有办理结果" in told[1], "没有写明申请人类型" in told[2], len(told)] == [True, True, 3]


VALID = {"normative_made": 4.0, "normative_repealed": 2.0, "normative_valid": 30.0}


@pytest.mark.parametrize(
    ("earlier", "wrong"), [({"normative_valid": 28.0}, 0), ({"normative_valid": 30.0}, 1), ({}, 0)]
)
def test_valid_documents_follow_from_the_year_before(earlier, wrong):
    assert len(faults(counted([], YEAR, {}), VALID, None, earlier)) == wrong


def test_the_table_of_article_20():
    tables = proactive_tables({"rules_made": 1.0, "fees": 12.5, "licences": 3.0}, {"normative_made": 7})
    assert [table.title for table in tables] == [f"第二十条第（{item}）项" for item in "一五六八"]
    assert [row.cells for row in tables[0].rows] == [(1, None, None), (7, None, None)]
    assert "规范性文件制发件数" in tables[0].note
    assert [table.rows[0].cells for table in tables[1:]] == [(3,), (None,), (12.5,)]


#: Received, closed, further entries; answered in time or not, or it can't be told.
TIMES = [
    ("2025-03-03", "2025-03-28", {}, True),
    ("2025-03-03", "2025-03-31", {}, True),
    ("2025-03-03", "2025-04-01", {}, False),
    ("2025-03-03", "2025-04-01", {"extended": True}, True),
    ("2025-03-03", "2025-04-20", {"paused": 21}, True),
    ("2018-03-05", "2018-03-27", {}, False),
    ("2018-03-05", "2018-03-26", {}, True),
    ("2012-03-05", "2012-03-20", {}, True),
    ("2012-03-05", "2012-03-29", {}, None),
    ("2012-03-05", "2012-03-29", {"in_time": True}, True),
    ("2025-03-03", "没有", {}, None),
]


@pytest.mark.parametrize(("received", "closed", "extra", "kept"), TIMES)
def test_in_time(rules, received, closed, extra, kept):
    assert in_time(application("1", received, closed, **extra), rules.workdays) is kept


def test_the_last_day_to_answer(rules):
    calendar = rules.workdays
    assert last_day(application("1", "2025-03-03", ""), calendar).isoformat() == "2025-03-31"
    assert last_day(application("1", "2012-03-05", ""), calendar) is None
    told = punctual([application(str(n), r, c, **e) for n, (r, c, e, _) in enumerate(TIMES)], calendar)
    assert (told.kept, told.late, told.untold, told.all_kept) == (7, 2, 2, False)


@pytest.mark.parametrize(
    ("written", "name", "last", "before"),
    [
        ("2025", "2025年", "2025-12-31", "2024"),
        ("2025-Q1", "2025年第一季度", "2025-03-31", "2024-Q4"),
        ("2025-Q4", "2025年第四季度", "2025-12-31", "2025-Q3"),
        ("2024-02", "2024年2月", "2024-02-29", "2024-01"),
        ("2025-01", "2025年1月", "2025-01-31", "2024-12"),
    ],
)
def test_periods(written, name, last, before):
    period = Period.of(written)
    assert (period.name, period.last.isoformat(), period.before.code) == (name, last, before)
    assert period.holds(last) and not period.holds(period.after.isoformat()) and not period.holds("")


@pytest.mark.parametrize("written", ["", "2025-13", "2025-Q5", "25", "1999", "2025-1"])
def test_what_is_no_period(written):
    with pytest.raises(Exception, match="报告期应当写成"):
        Period.of(written)


def test_the_last_whole_period():
    day = Period.of("2026-02").last
    assert [latest(kind, day) for kind in ("year", "quarter", "month")] == ["2025", "2025-Q4", "2026-01"]


def test_the_codes_of_the_register(rules):
    known = codes()
    assert {outcome.group for outcome in known.outcomes.values()} == set(known.groups)
    assert len(known.within("denied")) == 8
    reasons = {reason for outcome in known.outcomes.values() for reason in outcome.reasons}
    assert {row.code for row in rules.reasons if row.attribute == "withheld"} - reasons == {"W-WS"}
    for written, code in WRITTEN:
        rows = known.outcomes if code in known.outcomes else known.applicants
        assert recognised(written, rows) == code


WRITTEN = [
    ("予以公开", "granted"),
    ("3．危及“三安全一稳定”", "denied_safety"),
    ("三安全一稳定", "denied_safety"),
    ("信访", "unprocessed_petition"),
    ("公民", "natural"),
    ("律师事务所", "legal"),
    ("没听说过", ""),
]
